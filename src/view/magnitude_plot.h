/* The sizes of a tensor's values as bars over a logarithmic axis. */
#ifndef INITVIZ_VIEW_MAGNITUDE_PLOT_H
#define INITVIZ_VIEW_MAGNITUDE_PLOT_H

#include "lab/snapshot.h"
#include "draw/canvas.h"

/* rect.width divides MAGNITUDE_BINS.  From three rows on the first one has a
 * mark at the rms and one at what theory predicts for it (NaN: none), and says
 * what has no place on the axis: zeros, NaN, Inf, and values beyond it.  With
 * fewer rows that is said where there are no bars. */
void magnitude_plot(struct canvas *canvas, struct rect rect, const struct tensor_observation *tensor, double theory);

/* One row under it: decades. */
void magnitude_axis(struct canvas *canvas, struct rect rect);

#endif
