/* The picture of one layer: the histogram of its inputs below, the
 * activation above it on the same axis, the histogram of its outputs beside
 * the curve.  The Layer view shows it beside the numbers (layer_numbers.h). */
#ifndef INITVIZ_VIEW_LAYER_PICTURE_H
#define INITVIZ_VIEW_LAYER_PICTURE_H

#include <stddef.h>

#include "draw/canvas.h"
#include "view/view.h"

void layer_picture_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

#endif
