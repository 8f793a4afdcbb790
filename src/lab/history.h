/* The observations of one run, oldest first, bounded: when full, every second one
 * of the later half is dropped, so that the beginning keeps its density. */
#ifndef INITVIZ_LAB_HISTORY_H
#define INITVIZ_LAB_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "lab/runner_edit.h"
#include "lab/snapshot.h"

struct history {
	const struct snapshot **snapshot; /* [count], step increasing */
	size_t count, room;
	size_t bytes, limit; /* of the snapshots, together; the largest allowed */
	struct runner_edit *edit; /* [edits] changes made during the run, for saving */
	size_t edits;
};

#define HISTORY_BYTES ((size_t)64 << 20)

/* Starts as {0} with `limit` set (0: HISTORY_BYTES).  Takes its own reference
 * to the snapshot, which is put in its place by step; it replaces one of the same
 * step.  ERR_RESOURCE. */
bool history_add(struct history *history, const struct snapshot *snapshot, struct err *err);
void history_clear(struct history *history);

/* Appends a change, whose step is not before the last one's.  ERR_RESOURCE. */
bool history_note(struct history *history, const struct runner_edit *edit, struct err *err);

/* The observation of step 0; NULL if there is none, or no history. */
const struct snapshot *history_start(const struct history *history);

/* The last observation at or before `step`; NULL if there is none. */
const struct snapshot *history_at(const struct history *history, uint64_t step);
/* Its index, or count if there is none. */
size_t history_index(const struct history *history, uint64_t step);

#endif
