/* The activation of a layer as an observation shows it: its value and slope, and
 * the mean of its slope over the inputs that were observed. */
#ifndef INITVIZ_LAB_LAYER_FUNCTION_H
#define INITVIZ_LAB_LAYER_FUNCTION_H

#include "lab/snapshot.h"

/* In the output layer: softmax of one z while the z of the other classes have the
 * layer's average size. */
struct layer_function {
	const struct layer_observation *layer;
	double rivals; /* ln of the sum of e^z over the other classes; softmax only */
};
struct layer_function layer_function_of(const struct layer_observation *layer);
double layer_function_value(const struct layer_function *function, double z);
double layer_function_slope(const struct layer_function *function, double z);

/* Mean of the squared slope over the z that were observed, from their
 * histogram; NaN when no z was observed. */
double layer_function_slope_square(const struct layer_function *function);

#endif
