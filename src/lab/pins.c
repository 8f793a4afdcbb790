/* Pinned runs: a bounded list, oldest first. */
#include "lab/pins.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static struct pin *pin_of(const struct history *history, const char *label, struct err *err)
{
	size_t count = history->count;
	struct pin *pin = alloc_array(1, sizeof *pin + count * sizeof pin->point[0], err);
	if (pin == NULL)
		return NULL;
	pin->settings = history->snapshot[0]->settings;
	pin->points = count;
	for (size_t i = 0; i < count; i++) {
		const struct snapshot *s = history->snapshot[i];
		pin->point[i] = (struct pin_point){ s->step, s->loss, s->train_accuracy, s->test_accuracy };
	}
	if (label)
		snprintf(pin->label, sizeof pin->label, "%s", label);
	else
		run_label(pin->label, &pin->settings);
	return pin;
}

static void remove_at(struct pins *pins, size_t i)
{
	alloc_free(pins->pin[i]);
	memmove(&pins->pin[i], &pins->pin[i + 1], (pins->count - i - 1) * sizeof pins->pin[0]);
	pins->count--;
}

bool pins_add(struct pins *pins, const struct history *history, const char *label, struct err *err)
{
	if (history->count == 0)
		return true;
	struct pin *pin = pin_of(history, label, err);
	if (pin == NULL)
		return false;
	for (size_t i = pins->count; i-- > 0;) {
		if (!settings_equal(&pins->pin[i]->settings, &pin->settings))
			continue;
		if (label == NULL)
			memcpy(pin->label, pins->pin[i]->label, sizeof pin->label);
		remove_at(pins, i);
	}
	if (pins->count == PINS_MAX)
		remove_at(pins, 0);
	pins->pin[pins->count++] = pin;
	return true;
}

void pins_drop(struct pins *pins)
{
	if (pins->count)
		remove_at(pins, pins->count - 1);
}

void pins_clear(struct pins *pins)
{
	while (pins->count)
		pins_drop(pins);
}
