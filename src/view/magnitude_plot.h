/* The magnitudes of a tensor's values as bars over a logarithmic axis. */
#ifndef INITVIZ_VIEW_MAGNITUDE_PLOT_H
#define INITVIZ_VIEW_MAGNITUDE_PLOT_H

#include "lab/snapshot.h"
#include "draw/canvas.h"

/* rect.width divides MAGNITUDE_BINS.  With at least three rows, the first
 * row marks the rms and its predicted value (NaN: none) and notes what is
 * not on the axis: zeros, NaN, Inf, and values beyond its ends.  With fewer
 * rows the note is written where there are no bars. */
void magnitude_plot(struct canvas *canvas, struct rect rect, const struct tensor_observation *tensor, double theory);

/* The axis, one row: decades. */
void magnitude_axis(struct canvas *canvas, struct rect rect);

#endif
