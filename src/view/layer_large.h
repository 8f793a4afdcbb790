/* A layer with few, large things: the share of saturated outputs in large digits,
 * and the histograms of z and a. */
#ifndef INITVIZ_VIEW_LAYER_LARGE_H
#define INITVIZ_VIEW_LAYER_LARGE_H

#include <stddef.h>

#include "draw/canvas.h"
#include "view/view.h"

#define LAYER_LARGE_ROWS 5 /* that it needs */

void layer_large_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

#endif
