/* Pinned runs, and the commands for them. */
#include "view/app_pins.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "view/app_state.h"

#define SAY_SECONDS 4

/* ---- the list ---- */

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

/* ---- the app's ---- */

void pins_keep_finished(struct app *app, size_t lane)
{
	const struct history *history = lanes_history(app, lane);
	const struct snapshot *last = history->count ? history->snapshot[history->count - 1] : NULL;
	if (last && last->step > 0 && last->settings.steps > 0 && last->step >= last->settings.steps)
		pins_add(&app->pins, history, NULL, NULL);
}

/* ---- commands ---- */

bool pins_pin(struct app *app, char *words, struct err *err)
{
	char label[RUN_LABEL_SIZE];
	const struct history *history = lanes_history(app, app->lanes.chosen);
	if (history->count < 2)
		return err_set(err, ERR_USAGE, "pin: there is no course to keep yet: run first");
	text_escape(label, sizeof label, words);
	if (!pins_add(&app->pins, history, words[0] ? label : NULL, err))
		return false;
	app_say(app, ROLE_GOOD, SAY_SECONDS, "pinned: %s", app->pins.pin[app->pins.count - 1]->label);
	return true;
}

bool pins_unpin(struct app *app, char *words, struct err *err)
{
	char safe[64];
	bool all = text_same_name(words, "all");
	if (words[0] && !all)
		return err_set(err, ERR_USAGE, "unpin: '%s' will not do: it stands alone, or with all",
		               text_escape(safe, sizeof safe, words));
	if (app->pins.count == 0)
		app_say(app, ROLE_PLAIN, SAY_SECONDS, "nothing is pinned");
	else
		app_say(app, ROLE_PLAIN, SAY_SECONDS, "unpinned: %s",
		        all ? "all" : app->pins.pin[app->pins.count - 1]->label);
	if (all)
		pins_clear(&app->pins);
	else
		pins_drop(&app->pins);
	return true;
}
