/* One layer seen through its function: its inputs below, its curve above them
 * on the same axis, its outputs at the curve's outlet.  What the Layer view is
 * made of, beside its numbers (layer_story.h). */
#ifndef INITVIZ_VIEW_LAYER_PICTURE_H
#define INITVIZ_VIEW_LAYER_PICTURE_H

#include <stddef.h>

#include "draw/canvas.h"
#include "view/view.h"

void layer_picture_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

/* The layer's function as its picture shows it.  In the output layer: softmax
 * of a z whose rivals are as large as the layer's z are on average. */
struct layer_function {
	const struct layer_observation *layer;
	double rivals; /* ln of the sum of e^z over the other classes; softmax only */
};
struct layer_function layer_function_of(const struct layer_observation *layer);
double layer_function_value(const struct layer_function *function, double z);
double layer_function_slope(const struct layer_function *function, double z);

/* Mean of the squared slope over the z that were observed, from their
 * histogram; NaN when there are none. */
double layer_function_slope_square(const struct layer_function *function);

#endif
