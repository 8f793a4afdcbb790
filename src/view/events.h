/* The events of a run: a pure function of its history. */
#ifndef INITVIZ_VIEW_EVENTS_H
#define INITVIZ_VIEW_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"
#include "lab/history.h"
#include "draw/canvas.h"

enum event_kind {
	EVENT_SATURATED, /* the first observation with over half of a layer's outputs saturated */
	EVENT_FALLING,   /* the last observation at the peak of a layer's saturation, before it falls */
	EVENT_RECOVERED, /* the first one with at most half of them saturated after that */
	EVENT_DEAD,      /* the first one with over half of a layer's units dead */
	EVENT_DIVERGED,  /* the first observation with a NaN or Inf */
	EVENT_BEST,      /* the best test accuracy */
	EVENT_LOSS,      /* the lowest loss on the probe */
	EVENT_KINDS
};

/* Their names, in the order above. */
extern const struct table event_kinds;

struct event {
	enum event_kind kind;
	uint64_t step;
	size_t layer; /* 0-based; 0 if the event concerns the whole net */
	double value; /* the share, accuracy or loss at that step */
};

/* Finds the event of a kind (of a layer, for kinds that have one); false if
 * it did not happen. */
bool event_find(const struct history *history, enum event_kind kind, size_t layer, struct event *event);

/* Calls see() for all events, by kind and layer. */
void events_visit(const struct history *history, void (*see)(void *context, const struct event *event), void *context);

/* The nearest step with an event after (by > 0) or before (by < 0) `step`; false,
 * and *found = step, if there is none. */
bool events_next(const struct history *history, uint64_t step, int by, uint64_t *found);

/* Appends a description: "layer 1 70 % saturated". */
void event_describe(const struct event *event, struct text *text);

enum role event_role(enum event_kind kind);

#endif
