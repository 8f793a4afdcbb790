/* Runs that another one has replaced, so that they can be brought back: a stack
 * for undo and one for redo.  A parked run is plain data; it refers to no session,
 * data set or thread.  How runs are parked and brought back is in
 * run_undo.c. */
#ifndef INITVIZ_LAB_PARKED_H
#define INITVIZ_LAB_PARKED_H

#include "lab/history.h"
#include "lab/marks.h"
#include "lab/session.h"

#define PARKED_RUNS 100                  /* on each stack; a further one replaces the oldest */
#define PARKED_BYTES ((size_t)256 << 20) /* of checkpoints, observations and marks, of all runs together */

struct parked_lane {
	struct session_checkpoint *checkpoint;
	struct session_ranges scheduled, screen;
	struct history history;
	const struct snapshot *latest; /* or NULL */
};

struct parked_run {
	size_t lanes;
	struct settings *start;  /* [lanes] as the run was started */
	struct runner_edit *edit; /* [edits] changes made during the run */
	size_t edits;
	uint64_t steps;          /* done when it was parked */
	uint64_t target;         /* step at which "run" ends */
	bool stale, partial;     /* of the lanes' latest: see struct run */
	struct parked_lane *lane; /* [lanes]; NULL where memory was short: the run is repeated from its start instead */
	size_t bytes;            /* of memory in lane[] */
	struct marks marks;      /* of the run, to go back in it when it is restored */
};

void parked_destroy(struct parked_run *parked); /* NULL is allowed */

/* Releases what can be computed again: the marks, and lane[] with its content. */
void parked_lighten(struct parked_run *parked);

struct parked_stack {
	struct parked_run *run[PARKED_RUNS]; /* [count], oldest first */
	size_t count;
};

/* Pushes the run and becomes its owner. */
void parked_push(struct parked_stack *stack, struct parked_run *parked);
struct parked_run *parked_top(const struct parked_stack *stack); /* NULL when empty */
struct parked_run *parked_pop(struct parked_stack *stack);       /* likewise */
void parked_clear(struct parked_stack *stack);

/* Releases the marks of runs, then lane[], the oldest first, until both stacks
 * together use at most `bytes`.  Returns whether any memory was released. */
bool parked_limit(struct parked_stack *undo, struct parked_stack *redo, size_t bytes);

/* Releases the marks of the oldest run that has some in a file; false: none has. */
bool parked_release_file(struct parked_stack *undo, struct parked_stack *redo);

#endif
