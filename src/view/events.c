/* The events of a run, found in its history.  Each kind of event is one
 * function over the observations; no state is kept. */
#include "view/events.h"

#include <math.h>

#include "nn/activation.h"
#include "lab/quantity.h"
#include "base/number.h"

#define HALF 0.5
#define FALL 0.02 /* saturation must fall by this share below its peak */

/* ---- finding: each gives the index of an observation, or count ---- */

/* The share of saturated outputs; NaN if a small slope is not called
 * saturated. */
static double saturation(const struct snapshot *now, size_t layer)
{
	const struct layer_observation *o = &now->layer[layer];
	bool squashing = o->activation.entry && activation_of(&o->activation)->saturation == SATURATION_SATURATED;
	return squashing ? o->saturated : NAN;
}

static size_t find_saturated(const struct history *history, size_t layer)
{
	size_t i = 0;
	while (i < history->count && !(saturation(history->snapshot[i], layer) > HALF))
		i++;
	return i;
}

static size_t find_recovered(const struct history *history, size_t layer)
{
	size_t i = find_saturated(history, layer);
	while (i < history->count && !(saturation(history->snapshot[i], layer) <= HALF))
		i++;
	return i;
}

static size_t find_falling(const struct history *history, size_t layer)
{
	size_t peak = history->count;
	bool fell = false;
	double most = 0;
	for (size_t i = 0; i < history->count; i++) {
		double share = saturation(history->snapshot[i], layer);
		if (share >= most && share > 0) {
			most = share;
			peak = i;
			fell = false;
		} else
			fell |= share < most - FALL;
	}
	return fell ? peak : history->count;
}

static size_t find_dead(const struct history *history, size_t layer)
{
	size_t i = 0;
	while (i < history->count && !(history->snapshot[i]->layer[layer].dead > HALF))
		i++;
	return i;
}

static size_t find_diverged(const struct history *history, size_t layer)
{
	(void)layer;
	size_t i = 0;
	while (i < history->count && !history->snapshot[i]->diverged)
		i++;
	return i;
}

static size_t find_best(const struct history *history, size_t layer)
{
	(void)layer;
	size_t best = history->count;
	for (size_t i = 1; i < history->count; i++)
		if (best == history->count ? history->snapshot[i]->test_accuracy >= 0
		                           : history->snapshot[i]->test_accuracy > history->snapshot[best]->test_accuracy)
			best = i;
	return best;
}

static size_t find_loss(const struct history *history, size_t layer)
{
	(void)layer;
	size_t lowest = history->count;
	for (size_t i = 1; i < history->count; i++)
		if (lowest == history->count ? isfinite(history->snapshot[i]->loss)
		                             : history->snapshot[i]->loss < history->snapshot[lowest]->loss)
			lowest = i;
	return lowest;
}

/* ---- the kinds ---- */

struct kind {
	struct entry entry;
	enum role role;
	bool of_layer;
	size_t (*find)(const struct history *history, size_t layer);
	enum quantity_id of; /* the quantity that its value is */
};

static const struct kind list[] = {
	[EVENT_SATURATED] = { .entry = { .name = "saturated", .summary = "over half of a layer's outputs are saturated" },
	                      .role = ROLE_WARNING, .of_layer = true, .find = find_saturated, .of = QUANTITY_SATURATED },
	[EVENT_FALLING] = { .entry = { .name = "falling", .summary = "a layer's saturation begins to fall" },
	                    .role = ROLE_NOTE, .of_layer = true, .find = find_falling, .of = QUANTITY_SATURATED },
	[EVENT_RECOVERED] = { .entry = { .name = "recovered", .summary = "at most half of them are saturated again" },
	                      .role = ROLE_GOOD, .of_layer = true, .find = find_recovered, .of = QUANTITY_SATURATED },
	[EVENT_DEAD] = { .entry = { .name = "dead", .summary = "over half of a layer's units are dead" },
	                 .role = ROLE_WARNING, .of_layer = true, .find = find_dead, .of = QUANTITY_DEAD },
	[EVENT_DIVERGED] = { .entry = { .name = "diverged", .summary = "the first NaN or Inf" },
	                     .role = ROLE_ALARM, .find = find_diverged, .of = QUANTITY_DIVERGED_STEP },
	[EVENT_BEST] = { .entry = { .name = "best", .summary = "the best test accuracy" },
	                 .role = ROLE_GOOD, .find = find_best, .of = QUANTITY_TEST_ACCURACY },
	[EVENT_LOSS] = { .entry = { .name = "loss", .summary = "the lowest loss" },
	                 .role = ROLE_GOOD, .find = find_loss, .of = QUANTITY_LOSS },
};

const struct table event_kinds = TABLE_OF(list, "event", "events");

enum role event_role(enum event_kind kind)
{
	return list[kind].role;
}

bool event_find(const struct history *history, enum event_kind kind, size_t layer, struct event *event)
{
	if (history->count == 0 || layer >= history->snapshot[0]->layers)
		return false;
	size_t i = list[kind].find(history, layer);
	if (i == history->count)
		return false;
	const struct snapshot *there = history->snapshot[i];
	struct quantity_place place = { .snapshot = there, .layer = list[kind].of_layer ? layer : 0 };
	*event = (struct event){ kind, there->step, place.layer, quantity_read(quantity_of(list[kind].of), &place) };
	return true;
}

void events_visit(const struct history *history, void (*see)(void *context, const struct event *event), void *context)
{
	size_t layers = history->count ? history->snapshot[0]->layers : 0;
	struct event event;
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		for (size_t l = 0; l < (list[kind].of_layer ? layers : 1); l++)
			if (event_find(history, (enum event_kind)kind, l, &event))
				see(context, &event);
}

struct nearest {
	uint64_t from, step; /* step: of the nearest event so far */
	int by;
	bool any;
};

static void consider(void *context, const struct event *event)
{
	struct nearest *n = context;
	bool beyond = n->by > 0 ? event->step > n->from : event->step < n->from;
	bool nearer = !n->any || (n->by > 0 ? event->step < n->step : event->step > n->step);
	if (beyond && nearer) {
		n->step = event->step;
		n->any = true;
	}
}

bool events_next(const struct history *history, uint64_t step, int by, uint64_t *found)
{
	struct nearest nearest = { .from = step, .step = step, .by = by };
	events_visit(history, consider, &nearest);
	*found = nearest.step;
	return nearest.any;
}

void event_describe(const struct event *event, struct text *text)
{
	char share[NUMBER_SIZE], readout[TEXT_READOUT_SIZE];
	size_t layer = event->layer + 1;
	number_share(share, event->value);
	switch (event->kind) {
	case EVENT_SATURATED:
		text_addf(text, "layer %zu %s saturated", layer, share);
		break;
	case EVENT_FALLING:
		text_addf(text, "layer %zu saturation begins to fall: %s", layer, share);
		break;
	case EVENT_RECOVERED:
		text_addf(text, "layer %zu under half saturated: %s", layer, share);
		break;
	case EVENT_DEAD:
		text_addf(text, "layer %zu: %s of the units dead", layer, share);
		break;
	case EVENT_DIVERGED:
		text_addf(text, "NaN or Inf since step %.0f", event->value);
		break;
	case EVENT_BEST:
		text_addf(text, "best test accuracy: %s", share);
		break;
	case EVENT_LOSS:
		text_addf(text, "lowest loss: %s", text_readout(readout, event->value));
		break;
	case EVENT_KINDS:
		break;
	}
}
