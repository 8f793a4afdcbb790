/* The row shown while looking back in the history: the position in the run,
 * and the events there. */
#ifndef INITVIZ_VIEW_TIMELINE_H
#define INITVIZ_VIEW_TIMELINE_H

#include "lab/history.h"
#include "draw/canvas.h"

/* A bar from step 0 to the end of the run with a mark for each event, the
 * present step and a cursor at `now`; beside it the events at the cursor, or
 * loss and accuracy if there are none. present: the latest step; steps: the
 * length of the run. */
void timeline_draw(const struct history *history, const struct snapshot *now, uint64_t present, uint64_t steps,
                   struct canvas *canvas, struct rect row);

#endif
