/* One layer seen through its function: its inputs below, its curve above them
 * on the same axis, its outputs at the curve's outlet.  What the Layer view is
 * made of, beside its numbers (layer_story.h). */
#ifndef INITVIZ_VIEW_LAYER_PICTURE_H
#define INITVIZ_VIEW_LAYER_PICTURE_H

#include <stddef.h>

#include "draw/canvas.h"
#include "view/view.h"

void layer_picture_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

#endif
