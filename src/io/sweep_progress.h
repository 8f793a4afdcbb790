/* The line on a terminal that shows how far a sweep is. */
#ifndef INITVIZ_IO_SWEEP_PROGRESS_H
#define INITVIZ_IO_SWEEP_PROGRESS_H

#include "lab/sweep.h"
#include "io/progress_line.h"

struct sweep_progress {
	struct progress_line line;
	const struct sweep_grid *grid;
	uint64_t nets, done, before; /* before: done when this process began */
	double began;                /* clock_seconds() */
	struct sweep_result best;    /* by test accuracy */
	bool has_best;
};

void sweep_progress_begin(struct sweep_progress *progress, const struct sweep_grid *grid, uint64_t nets);
void sweep_progress_add(struct sweep_progress *progress, const struct sweep_result *result);
void sweep_progress_started(struct sweep_progress *progress); /* what was added so far came from the file */

/* Draws the line if a fifth of a second has passed; erases it. */
void sweep_progress_draw(struct sweep_progress *progress);
void sweep_progress_end(struct sweep_progress *progress);

#endif
