/* Strips of bars below the correlation over depth, one bar for each hidden layer in the
 * same columns (depth_column()). */
#ifndef INITVIZ_VIEW_CORRELATION_BARS_H
#define INITVIZ_VIEW_CORRELATION_BARS_H

#include "draw/canvas.h"
#include "lab/snapshot.h"

/* Of the variance of z, the part that differs from unit to unit but not from image to
 * image, 0..1: near 1 all images look alike. NaN where z does not vary. */
double correlation_common_share(const struct layer_observation *layer);

/* The shares, from 0 to 100 %. labels: cells to the left of the strip for its scale, 0: none. */
void correlation_draw_common(const struct snapshot *now, struct canvas *canvas, struct rect strip, int labels);

/* The effective ranks of a on a logarithmic scale from 1 to the largest that any hidden layer can
 * have, the same at every step. What is not measured has no bar. */
void correlation_draw_rank(const struct snapshot *now, struct canvas *canvas, struct rect strip, int labels);

#endif
