/* Where an activation is saturated (its slope is below
 * ACTIVATION_SATURATION_SHARE of the largest one), on the axes of a layer's
 * histograms. */
#ifndef INITVIZ_VIEW_SATURATION_H
#define INITVIZ_VIEW_SATURATION_H

#include <stdbool.h>

#include "lab/snapshot.h"

/* Sets saturated[columns] for equal columns of a z axis from low to high, by
 * their centres; all false in the output layer. */
void saturation_of_inputs(bool *saturated, int columns, const struct layer_observation *layer, double low, double high);

/* The same for an a axis: a column is saturated if every z that leads
 * to its centre is; all false if a is not f(z) alone (residual, softmax). */
void saturation_of_outputs(bool *saturated, int columns, const struct layer_observation *layer, double low, double high,
                           bool residual);

/* The share of saturated outputs; NaN where all z are NaN, of which it says nothing. */
double saturation_share(const struct layer_observation *layer);

#endif
