/* What mean-field theory assumes of a net, in words and as checks. */
#include <math.h>

#include "nn/theory.h"

static bool finite_moments(const struct theory_layer *layer)
{
	return isfinite(layer->weight_mean) && isfinite(layer->weight_variance) && layer->weight_variance >= 0 &&
	       isfinite(layer->bias_mean) && isfinite(layer->bias_variance) && layer->bias_variance >= 0;
}

static bool random_weights(const struct theory_layer *layer)
{
	return layer->weight_variance > 0 || layer->weight_mean == 0;
}

static bool independent_weights(const struct theory_layer *layer)
{
	return !layer->structured || layer->weight_mean == 0;
}

static bool drawn_weights(const struct theory_layer *layer)
{
	return !layer->pattern;
}

const struct theory_assumption_entry theory_assumptions[THEORY_ASSUMPTIONS] = {
	[THEORY_FINITE] = {
		"finite", "Mean squares of weights, biases, images and signals are finite numbers.",
		"the mean squares up to here are not finite numbers", "not finite", finite_moments,
	},
	[THEORY_RANDOM] = {
		"random", "The weights of a layer are drawn at random, or all 0.",
		"the weights of this layer or one before it are all equal, not random", "weights all equal", random_weights,
	},
	[THEORY_DRAWN] = {
		"drawn", "The weights of a layer are drawn: they are no fixed pattern, such as the identity.",
		"the weights here or in a layer before are a fixed pattern, which no mean over random weights describes", "weights are a pattern", drawn_weights,
	},
	[THEORY_INDEPENDENT] = {
		"independent", "Weights whose mean is not 0 are drawn independently of each other.",
		"the weights here or in a layer before depend on each other and have a mean that is not 0", "dependent, with a mean", independent_weights,
	},
	[THEORY_UNSHARED] = { /* seen of the prediction: theory_predict() */
		"unshared", "Of z, what the mean of the weights gives to all units of a layer alike is a smaller part.",
		"the mean of the weights moves all units of this layer or one before together, which is beyond a normal law", "units move together", NULL,
	},
	[THEORY_WIDE] = {
		"wide", "Layers are wide: averages over units are expectations, up to the bands.", NULL, NULL, NULL,
	},
	[THEORY_NORMAL] = {
		"normal", "z of all units and images together is normal: images have about the same length.", NULL, NULL, NULL,
	},
	[THEORY_LIKE_IMAGES] = {
		"like_images", "Every two images have the same correlation, that of the mean over all pairs.", NULL, NULL, NULL,
	},
	[THEORY_NEW_WEIGHTS_BACK] = {
		"new_weights_back", "The gradient meets weights that are independent of those the signal met.", NULL, NULL, NULL,
	},
};
