/* The course of the batches' loss as a small chart, for screens with many rows. */
#ifndef INITVIZ_VIEW_LOSS_CHART_H
#define INITVIZ_VIEW_LOSS_CHART_H

#include "draw/canvas.h"
#include "lab/snapshot.h"

/* linear: the axis of the loss, else logarithmic.  Nothing is drawn before the
 * first steps. */
void loss_chart_draw(const struct snapshot *now, bool linear, struct canvas *canvas, struct rect area);

#endif
