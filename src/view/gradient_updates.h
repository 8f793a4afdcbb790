/* The chart of the Gradients view: how large each update of the weights is, as a
 * part of the weights, over the steps. */
#ifndef INITVIZ_VIEW_GRADIENT_UPDATES_H
#define INITVIZ_VIEW_GRADIENT_UPDATES_H

#include "draw/canvas.h"
#include "view/view.h"

void gradient_updates_draw(const struct scene *scene, struct canvas *canvas, struct rect area);

#endif
