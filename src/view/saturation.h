/* Where an activation is flat (slope below ACTIVATION_SATURATION_SHARE of its
 * largest), on the axes of a layer's histograms. */
#ifndef INITVIZ_VIEW_SATURATION_H
#define INITVIZ_VIEW_SATURATION_H

#include <stdbool.h>

#include "lab/snapshot.h"

/* saturated[columns] for the columns of the layer's z histogram, by their centres;
 * all false in the output layer. */
void saturation_of_inputs(bool *saturated, int columns, const struct layer_observation *layer);

/* The same for its a histogram: a column is flat when every z that leads to its
 * centre is; all false where a is not f(z) alone (residual, softmax). */
void saturation_of_outputs(bool *saturated, int columns, const struct layer_observation *layer, bool residual);

#endif
