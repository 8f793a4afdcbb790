/* States of a run at some of its steps, so that going back repeats few steps
 * instead of all.  Marks are plain data, like parked runs (parked.h).  They are
 * placed at equal distances.  When they fill their memory, every second one is
 * dropped and the distance doubles, until repeating a distance would take noticeable
 * time: then the oldest are moved to a file (mark_file.h), and only when that is full
 * the distance doubles further. */
#ifndef INITVIZ_LAB_MARKS_H
#define INITVIZ_LAB_MARKS_H

#include "lab/mark_file.h"
#include "lab/session.h"

#define MARKS_BYTES ((size_t)128 << 20) /* in memory, of the marks of one run */
#define MARKS_LARGEST ((size_t)1 << 30) /* of one mark, which is in memory while it is written to the file */
#define MARKS_DISTANCE 64               /* steps between marks, at first */
#define MARKS_MOST 4096                 /* of one run */

extern size_t marks_memory; /* MARKS_BYTES; tests set less */

struct mark_lane {
	struct session_checkpoint *checkpoint;
	struct session_ranges scheduled, screen;
};

struct mark {
	unsigned references; /* owned by marks_add(), marks_share() and marks_clear() */
	uint64_t step;       /* > 0 */
	uint64_t target;     /* of the run, at that step */
	size_t edits;        /* changes made before that step */
	size_t bytes;        /* in memory */
	size_t lanes;
	struct mark_lane *lane;   /* [lanes]; NULL when they are in the file */
	struct mark_file *file;   /* that holds them; NULL when they are in memory */
	struct mark_block block;
	const struct warnings *warnings[]; /* [lanes] references, of those in the file */
};

struct marks {
	struct mark *mark[MARKS_MOST]; /* [count], step increasing */
	size_t count;
	size_t bytes;      /* of all marks, in memory */
	uint64_t distance; /* 0: MARKS_DISTANCE */
};

/* Whether the state after `step` steps is to be marked. */
bool marks_are_due(const struct marks *marks, uint64_t step);

/* A mark without references, to be filled: its lanes are zeroed.  ERR_RESOURCE. */
struct mark *mark_create(size_t lanes, struct err *err);

/* For a mark that was not added. */
void mark_destroy(struct mark *mark);

/* The lanes of a mark, [lanes], read from the file if they are there; mark_close() ends their use.
 * NULL with ERR_RESOURCE. */
struct mark_lane *mark_open(const struct mark *mark, struct err *err);
void mark_close(const struct mark *mark, struct mark_lane *lane); /* NULL is allowed */

/* Adds the mark, whose step is larger than all others', and becomes its owner.  If memory is full,
 * others are dropped while the distance is less than `enough` steps, and then moved to the file;
 * without a file (NULL), or when it is full or has a fault, they are dropped.  The mark itself
 * is dropped where it alone is too large. */
void marks_add(struct marks *marks, struct mark *mark, uint64_t enough, struct mark_file *file);

/* Whether the file is needed for a mark of so many bytes. */
bool marks_need_file(const struct marks *marks, size_t bytes, uint64_t enough);

/* Adds to the empty `to` the marks of `from` up to `step`, which both then hold. */
void marks_share(struct marks *to, const struct marks *from, uint64_t step);

/* Drops the last mark, for one that cannot be read. */
void marks_drop_last(struct marks *marks);

void marks_clear(struct marks *marks);

#endif
