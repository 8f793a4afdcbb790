/* The row shown while looking back: where in the run one is, and what happened
 * there. */
#ifndef INITVIZ_VIEW_TIMELINE_H
#define INITVIZ_VIEW_TIMELINE_H

#include "lab/history.h"
#include "draw/canvas.h"

/* A bar from step 0 to the end of the run with a mark for each event, the
 * present's step and a cursor at `now`; beside it the events there, or loss
 * and accuracy where there are none.  present: the latest step; steps: those
 * of the run. */
void timeline_draw(const struct history *history, const struct snapshot *now, uint64_t present, uint64_t steps,
                   struct canvas *canvas, struct rect row);

#endif
