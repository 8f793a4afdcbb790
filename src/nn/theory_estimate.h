/* The recursions of nn/theory.h for one image: mean squares of signal and
 * gradient, without the correlation of images and without bands.  Some hundred
 * times quicker than theory_predict(), for searches over many nets. */
#ifndef INITVIZ_NN_THEORY_ESTIMATE_H
#define INITVIZ_NN_THEORY_ESTIMATE_H

#include "nn/theory.h"

/* Moments of one activation for z ~ N(0, q), kept from one estimate to the
 * next; between the points of the grid they are interpolated.  Starts as
 * { .activation = SPEC }, where SPEC must outlive it. */
#define THEORY_GRID_POINTS 208
struct theory_grid {
	const struct spec *activation;
	struct {
		double mean, mean_square, slope_square; /* the last two as logarithms */
		bool known;
	} at[THEORY_GRID_POINTS];
};

/* mean, mean_square and slope_square of theory_moments() from the grid, the others
 * NaN: relative error below 1e-4. */
void theory_grid_moments(struct theory_moments *out, struct theory_grid *grid, double q);

/* Fills z_mean, z_mean_square, scale, slope_square, a_mean, a_mean_square, chi and
 * delta_factor of layer[0..layers); the rest of the `out` part stays. grid: of the
 * activation of most hidden layers; others take longer.  A weight_variance of NaN
 * stands for the one that makes E[z^2] 1 (LSUV), and is replaced by it. False, with
 * unspecified results, for nets that it does not cover: weights with a mean
 * or a fixed pattern, batch normalization, normalized sums, residual branches of two layers. */
bool theory_estimate(struct theory_layer *layer, size_t layers, const struct theory_input *input,
                     struct theory_grid *grid);

#endif
