/* Where an activation is flat (slope below ACTIVATION_FLAT_SHARE of its
 * largest), on the axes of a layer's histograms. */
#ifndef INITVIZ_VIEW_FLAT_H
#define INITVIZ_VIEW_FLAT_H

#include <stdbool.h>

#include "lab/snapshot.h"

/* flat[columns] for the columns of the layer's z histogram, by their centres;
 * all false in the output layer. */
void flat_inputs(bool *flat, int columns, const struct layer_observation *layer);

/* The same for its a histogram: a column is flat when every z that leads to its
 * centre is; all false where a is not f(z) alone (residual, softmax). */
void flat_outputs(bool *flat, int columns, const struct layer_observation *layer, bool residual);

#endif
