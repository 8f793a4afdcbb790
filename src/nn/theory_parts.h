/* What the files of theory share: the signal on its way.  Inside theory*.c only. */
#ifndef INITVIZ_NN_THEORY_PARTS_H
#define INITVIZ_NN_THEORY_PARTS_H

#include <math.h>

#include "nn/theory_series.h"

#define THEORY_NORMALIZATION_EPS 1e-5 /* as in the net */

/* About the mean that all units have in common. */
struct covariances {
	double own;         /* of a unit with itself */
	double pair;        /* of a unit in two images */
	double shared;      /* of two units in one image */
	double shared_pair; /* of two units in two images */
};

/* The signal between two layers, or z. */
struct signal {
	double mean;
	struct covariances about;
	double spread;      /* of ln E[x^2] over nets: variance */
	double mean_spread; /* of the mean over nets: variance */
	double mean_with_square; /* over nets, covariance of the mean and ln E[x^2] */
	double difference_spread; /* of ln E (x - x')^2 of two images: variance */
	double difference_step; /* of it, what the last layer added */
	double length_spread; /* variance over images of an image's mean square, by the square of its mean */
	double drawn_spread; /* of that, what a finite number of units added where the last branch ended */
};

/* What later layers need of a layer. */
struct link {
	struct theory_series series;
	double own;  /* of z */
	double u_own; /* before normalization */
	double length; /* length_factor() of z */
	struct signal x; /* what entered */
	double sum_factor; /* of the variance and covariance of a branch's sum: what its normalization makes of them */
	double sum_spread; /* of ln of the mean square of a sum that is normalized, over nets: variance */
	double sum_slope; /* of the sum over units of f, by what the mean of the weights brings of one x to all */
};

/* The last two layers, [0] the later one: where a branch of two ends, [1] is its first. */
struct links {
	struct link of[2];
};

static inline double second(double mean, double variance)
{
	return mean * mean + variance;
}

/* The mean over all pairs of images, each with itself among them; inverse: 1 by
 * the number of images. */
static inline double over_images(double own, double pair, double inverse)
{
	return pair + (own - pair) * inverse;
}

/* Likewise over pairs of units. */
static inline double over_units(double own, double other, double units)
{
	return other + (own - other) / units;
}

static inline bool normalizes_z(const struct theory_layer *layer)
{
	return layer->normalization == THEORY_BATCH || layer->normalization == THEORY_LAYER;
}

/* (E r)^2 / E r^2 of lengths r whose logarithm is normal; spread: of r^2.  The mean
 * product of two images is their cosine times this times the mean square. */
static inline double length_factor(double spread)
{
	return pow(1 + spread, -0.25);
}

/* What the gain of z's normalization does to squares. */
static inline double gain_square(const struct theory_layer *layer)
{
	return normalizes_z(layer) ? layer->gain_square : 1;
}

/* What the normalization of a branch's sum does to the square of a gradient. */
static inline double sum_gradient_factor(const struct theory_layer *layer)
{
	return layer->normalization == THEORY_SUM ? layer->gain_square / layer->sum_scale : 1;
}

/* Over nets, what the finite number of units does to the mean of f and to that of f^2:
 * variances, and their covariance; apart: what of those two differs between images. */
struct sampled {
	double mean, square, mixed;
	double square_apart, mixed_apart;
};

/* Adds what passes a residual branch, lambda x, to its output alpha f, of which *a has the
 * moments of f on entry.  crossing: the mean of f's product with x of one unit
 * beyond that of the means, by the sum over x's units; only weights with a mean
 * make it. */
void theory_add_branch(const struct theory_layer *layer, struct signal *a, const struct signal *x, const struct signal *z,
                       const struct theory_series *series, const struct sampled *sampled, double crossing, double inputs,
                       double inverse);

/* Layer normalization of a branch's sum: mean 0 and variance 1 over the units of each
 * image, before gain and shift.  Returns the factor of variances and covariances. */
double theory_normalize_sum(struct theory_layer *layer, struct signal *a);

/* Fills the forward part of *layer and replaces *x, what enters, by its output;
 * *links moves on by this layer.  before: the layer before, whose map to this one
 * is filled in, and links->of[0] its own; NULL: none. */
void theory_forward(struct theory_layer *layer, struct theory_layer *before, struct links *links, struct signal *x,
                    double inverse);

/* The map of correlations from a layer to the next, whose z is given; u_own: of the
 * next.  After a branch of two layers layer[-1] is its first. */
void theory_map(struct theory_layer *layer, struct theory_layer *next, const struct links *links, double u_own,
                const struct signal *z, double inverse);

/* Variance over nets of the correlation of images whose expectation is c, from a layer
 * of so many units; that of all pairs, which differ less than one pair does. */
double theory_correlation_sampling(double c, double units, double inverse);

/* The factor of f(z) in a layer's output. */
static inline double output_scale(const struct theory_layer *layer)
{
	return layer->residual ? layer->branch_scale : 1;
}

/* Fills the backward part of all layers after the forward one. */
void theory_back(struct theory_layer *layer, size_t layers, size_t classes, double inverse);

#endif
