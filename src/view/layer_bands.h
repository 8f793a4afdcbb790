/* Deep nets: one line for each layer, with quantile bands of z on an asinh ruler,
 * rms delta on a logarithmic one, and E[z^2]. */
#ifndef INITVIZ_VIEW_LAYER_BANDS_H
#define INITVIZ_VIEW_LAYER_BANDS_H

#include "draw/canvas.h"
#include "view/view.h"

/* Draws the column heads, as many layers as there are rows (if there are too few
 * rows, evenly chosen ones, always with the first, the last and the selected
 * layer), and the axes. */
void layer_bands_draw(const struct scene *scene, struct canvas *canvas, struct rect rect);

#endif
