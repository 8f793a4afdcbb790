/* What the files of theory share: the signal on its way.  Inside theory*.c only. */
#ifndef INITVIZ_NN_THEORY_PARTS_H
#define INITVIZ_NN_THEORY_PARTS_H

#include "nn/theory_series.h"

/* About the mean that all units have in common. */
struct covariances {
	double own;         /* of a unit with itself */
	double pair;        /* of a unit in two images */
	double shared;      /* of two units in one image */
	double shared_pair; /* of two units in two images */
};

/* What goes from one layer into the next, or z. */
struct signal {
	double mean;
	struct covariances about;
	double spread;      /* of ln E[x^2] over nets: variance */
	double mean_spread; /* of the mean over nets: variance */
	double difference_spread; /* of ln E (x - x')^2 of two images: variance */
};

/* What the next layer wants to know of one. */
struct link {
	struct theory_series series;
	double own;  /* of z */
	double u_own; /* before normalization */
	struct signal x; /* what entered */
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

/* What the gain of normalization does to squares. */
static inline double gain_square(const struct theory_layer *layer)
{
	return layer->normalization == THEORY_PLAIN ? 1 : layer->gain_square;
}

/* Fills the forward part of *layer and replaces *x, what enters, by its output;
 * *link becomes what the next layer wants to know.  before: the layer before,
 * whose map to this one is filled in, and *link its own; NULL: none. */
void theory_forward(struct theory_layer *layer, struct theory_layer *before, struct link *link, struct signal *x,
                    double inverse);

/* The map of correlations from a layer to the next; u_own: of the next. */
void theory_map(struct theory_layer *layer, struct theory_layer *next, const struct link *link, double u_own);

/* Fills the backward part of all layers after the forward one. */
void theory_back(struct theory_layer *layer, size_t layers, size_t classes, double inverse);

#endif
