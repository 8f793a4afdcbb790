/* States of a run at some of its steps, so that going back repeats few steps
 * instead of all.  Marks are plain data, like parked runs (parked.h).  They are
 * placed at equal distances; when they fill their memory, every second one is
 * dropped and the distance doubles. */
#ifndef INITVIZ_LAB_MARKS_H
#define INITVIZ_LAB_MARKS_H

#include "lab/session.h"

#define MARKS_BYTES ((size_t)128 << 20) /* of the marks of one run */
#define MARKS_DISTANCE 64               /* steps between marks, at first */
#define MARKS_MOST 512                  /* of one run */

struct mark_lane {
	struct session_checkpoint *checkpoint;
	struct session_ranges scheduled, screen;
};

struct mark {
	unsigned references; /* owned by marks_add(), marks_share() and marks_clear() */
	uint64_t step;       /* > 0 */
	uint64_t target;     /* of the run, at that step */
	size_t edits;        /* changes made before that step */
	size_t bytes;
	size_t lanes;
	struct mark_lane lane[];
};

struct marks {
	struct mark *mark[MARKS_MOST]; /* [count], step increasing */
	size_t count;
	size_t bytes;      /* of all marks */
	uint64_t distance; /* 0: MARKS_DISTANCE */
};

/* Whether the state after `step` steps is to be marked. */
bool marks_are_due(const struct marks *marks, uint64_t step);

/* A mark without references, to be filled: its lanes are zeroed.  ERR_RESOURCE. */
struct mark *mark_create(size_t lanes, struct err *err);

/* For a mark that was not added. */
void mark_destroy(struct mark *mark);

/* Adds the mark, whose step is larger than all others', and becomes its owner;
 * drops others where there is no room for it, or the mark itself where it alone is
 * too large. */
void marks_add(struct marks *marks, struct mark *mark);

/* Adds to the empty `to` the marks of `from` up to `step`, which both then hold. */
void marks_share(struct marks *to, const struct marks *from, uint64_t step);

void marks_clear(struct marks *marks);

#endif
