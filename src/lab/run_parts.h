/* Functions shared by run*.c. */
#ifndef INITVIZ_LAB_RUN_PARTS_H
#define INITVIZ_LAB_RUN_PARTS_H

#include "lab/run.h"

/* Ends the sessions; data set, threads and parked runs stay. */
void run_end_sessions(struct run *run);

/* Opens data set and threads for so many nets of these settings. */
bool run_prepare(struct run *run, const struct settings *settings, size_t lanes, struct err *err);

/* run_start(), with observations of steps below `quiet` marked as handed to the
 * caller of the sink before. */
bool run_begin(struct run *run, const struct settings *settings, size_t lanes, uint64_t quiet, struct err *err);

/* Restarts the run that `plan` describes, to be repeated up to plan->steps with its
 * changes. */
bool run_repeat(struct run *run, const struct parked_run *plan, uint64_t quiet, struct err *err);

/* Adds a lane that continues from the checkpoint.  It has no observations yet. */
bool run_restore_lane(struct run *run, const struct session_checkpoint *checkpoint, const struct session_ranges *scheduled,
                      const struct session_ranges *screen, struct err *err);

/* Observes every lane for the record, without recording it; false: seen[] is all NULL. */
bool run_observe(struct run *run, enum session_purpose purpose, const struct snapshot **seen, struct err *err);

/* Marks the present state if that is due and memory allows. */
void run_mark(struct run *run);

/* After a step of a run that is repeated. */
bool run_go_on_repeating(struct run *run, struct err *err);

/* A parked run without lane[], from which the run can be repeated up to its present
 * step.  ERR_RESOURCE; parked_destroy() frees. */
struct parked_run *run_plan(const struct run *run, struct err *err);

/* The run in its present state; NULL if there is none or memory runs out. */
struct parked_run *run_parked(const struct run *run);

/* Pushes it (NULL: nothing) on the undo stack and empties the redo stack. */
void run_push_undo(struct run *run, struct parked_run *parked);

#endif
