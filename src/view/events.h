/* What happened in a run, found in its history: a pure function of the
 * observations there are. */
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
	EVENT_FALLING,   /* the last one at the peak of a layer's saturation, which falls from there */
	EVENT_RECOVERED, /* the first one with at most half of them saturated after that */
	EVENT_DEAD,      /* the first one with over half of a layer's units dead */
	EVENT_DIVERGED,  /* the first one with a NaN or Inf met */
	EVENT_BEST,      /* the best test accuracy */
	EVENT_LOSS,      /* the lowest loss on the probe */
	EVENT_KINDS
};

/* Their names, in the order above. */
extern const struct table event_kinds;

struct event {
	enum event_kind kind;
	uint64_t step;
	size_t layer; /* 0-based; 0 where the event is the whole net's */
	double value; /* the share, accuracy or loss there */
};

/* The event of a kind, of a layer where it is a layer's; false if it did not
 * happen. */
bool event_find(const struct history *history, enum event_kind kind, size_t layer, struct event *event);

/* All events, by kind and layer. */
void events_visit(const struct history *history, void (*see)(void *context, const struct event *event), void *context);

/* The nearest step with an event after (by > 0) or before (by < 0) `step`;
 * false when there is none. */
bool events_next(const struct history *history, uint64_t step, int by, uint64_t *found);

/* Appends what happened: "layer 1 70 % saturated". */
void event_describe(const struct event *event, struct text *text);

enum role event_role(enum event_kind kind);

#endif
