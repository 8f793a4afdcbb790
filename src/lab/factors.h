/* What a net does to signal and gradient over all its layers, in a few numbers:
 * as theory predicts it from settings, and as it was measured. */
#ifndef INITVIZ_LAB_FACTORS_H
#define INITVIZ_LAB_FACTORS_H

#include "nn/theory_estimate.h"
#include "lab/snapshot.h"

/* NaN where it is not known. */
struct net_factors {
	size_t hidden;      /* hidden layers; with fewer than two the next two are NaN, with none all but first and logits */
	double signal;      /* E[z^2] of the last hidden layer by that of the first */
	double gradient;    /* E[delta^2] of the first hidden layer by that of the last */
	double band;        /* predicted: standard deviation of ln gradient over nets drawn at random; 0 if measured */
	double doubt;       /* predicted: how far ln gradient may be wrong in all nets in the same direction; 0 if measured */
	double first;       /* E[z^2] of the first layer by E[x^2] */
	double isometry;    /* predicted: variance of the squared singular values of the Jacobian from the first hidden layer to the
	                     * last, by the square of their mean; 0: it turns all directions alike; 0 if measured */
	double z_square;    /* the mean of E[z^2] over the hidden layers */
	double flat;        /* the largest share, over hidden layers, of values with a slope below 10 % of the largest */
	double correlation; /* of two images in the last hidden layer; predicted: made equally long */
	double logits;      /* E[z^2] of the output layer */
	double readout;     /* E[delta^2] of the last hidden layer by that of the output layer */
};

/* The net of fitted settings at step 0, as theory sees it.  Fills the `in` part of
 * layer[0..settings->layers), whose activations point into *settings; a variance of
 * NaN is that of an initializer which uses the data.  False if a formula in an
 * initializer has no valid value. */
bool factors_layers(struct theory_layer *layer, const struct settings *settings);

/* From layers that theory_estimate() has filled (correlation and band are NaN), or
 * theory_predict() (full). */
void factors_predicted(struct net_factors *factors, const struct theory_layer *layer, size_t layers,
                       const struct theory_input *input, bool full);

void factors_observed(struct net_factors *factors, const struct snapshot *snapshot);

/* What theory takes for a layer with that normalization, and the images' moments for it. */
enum theory_normalization factors_normalization(enum mlp_normalization normalization);
struct theory_input factors_input(const struct input_observation *seen);

#endif
