/* The signal where a residual branch ends: lambda x + alpha f(z), and its normalization. */
#include <math.h>

#include "nn/theory_parts.h"

/* The spread over nets of the mean and the mean square of lambda x + alpha f(z), both of
 * which depend on those of x: E f and E f^2 through E z^2, and the product of the two means. */
static void spread_of_branch(struct signal *a, const struct theory_layer *layer, const struct signal *x, const struct signal *z,
                             const struct theory_series *series, const struct sampled *sampled, double product)
{
	double alpha = layer->branch_scale, lambda = layer->skip_scale, both = 2 * alpha * lambda, after = second(a->mean, a->about.own);
	/* of the mean square, of the mean: per unit of ln E x^2 that reaches z, and of x's own mean */
	double square_by_z = alpha * alpha * series->square_rate + both * x->mean * series->mean_rate;
	double mean_by_z = alpha * series->mean_rate, square_by_mean = both * series->moments.mean;
	double reach = x->spread > 0 ? sqrt(z->spread / x->spread) : 0, apart = x->spread > 0 ? 0 : z->spread;
	double square_by_x = lambda * lambda * second(x->mean, x->about.own) + square_by_z * reach, mean_by_x = mean_by_z * reach;
	double square = alpha * alpha * alpha * alpha * sampled->square + both * both * product +
	                2 * alpha * alpha * both * x->mean * sampled->mixed;
	double mixed = alpha * alpha * alpha * sampled->mixed + both * alpha * x->mean * sampled->mean;
	a->spread = (square_by_x * square_by_x * x->spread + square_by_z * square_by_z * apart +
	             square_by_mean * square_by_mean * x->mean_spread + 2 * square_by_x * square_by_mean * x->mean_with_square + square) /
	            (after * after);
	a->mean_spread = lambda * lambda * x->mean_spread + mean_by_x * mean_by_x * x->spread + mean_by_z * mean_by_z * apart +
	                 2 * lambda * mean_by_x * x->mean_with_square + alpha * alpha * sampled->mean;
	a->mean_with_square = (square_by_x * mean_by_x * x->spread + square_by_z * mean_by_z * apart +
	                       square_by_mean * lambda * x->mean_spread +
	                       (square_by_x * lambda + square_by_mean * mean_by_x) * x->mean_with_square + mixed) / after;
}

void theory_add_branch(const struct theory_layer *layer, struct signal *a, const struct signal *x, const struct signal *z,
                       const struct theory_series *series, const struct sampled *sampled, double crossing, double inputs,
                       double inverse)
{
	double alpha = layer->branch_scale, square = alpha * alpha, units = (double)layer->fan_out;
	double lambda = layer->skip_scale, past = lambda * lambda, passing = lambda * x->mean;
	const struct theory_moments *m = &series->moments;
	double f = square * second(a->mean, a->about.own), before = past * second(x->mean, x->about.own);
	double product_own = second(x->mean, x->about.own) * a->about.own / units;
	double product_pair = second(x->mean, x->about.pair) * a->about.pair / units;
	double product = over_images(product_own, product_pair, inverse);
	a->mean *= alpha;
	a->about.own *= square;
	a->about.pair *= square;
	a->about.shared *= square;
	a->about.shared_pair *= square;
	double bring = 2 * alpha * lambda * crossing, own = bring * (x->about.own + (inputs - 1) * x->about.shared);
	double other = bring * (x->about.pair + (inputs - 1) * x->about.shared_pair), both = 2 * a->mean * passing;
	double after = before + f + both, here = sqrt(z->length_spread), there = sqrt(x->length_spread);
	/* a mean follows the length of the image too: that of x in proportion */
	double length = before * there, apart = 0;
	if (m->mean_square > 0)
		length += f * series->square_rate / m->mean_square * here;
	if (both != 0) {
		double rate = series->mean_rate / m->mean;
		length += both * (rate * here + 0.5 * there);
		apart = -expm1(-0.25 * log1p(fmax(0, 2 * rate * here * there))); /* 1 - length_factor() */
	}
	double scale = 2 * alpha * lambda; /* of the product of f and x */
	double drawn = square * square * sampled->square_apart + scale * scale * (product_own - product_pair) +
	               2 * square * scale * x->mean * sampled->mixed_apart;
	a->drawn_spread = fmax(0, drawn) / (after * after);
	a->length_spread = length * length / (after * after) + a->drawn_spread;
	a->mean += passing;
	a->about.own += past * x->about.own + own;
	a->about.pair += past * x->about.pair + other - both * apart;
	a->about.shared += past * x->about.shared + own;
	a->about.shared_pair += past * x->about.shared_pair + other;
	spread_of_branch(a, layer, x, z, series, sampled, product);
}

double theory_normalize_sum(struct theory_layer *layer, struct signal *a)
{
	struct covariances *c = &a->about;
	double n = (double)layer->fan_out, own = c->own, inside = (c->own - c->shared) * (1 - 1 / n);
	double scale = inside + THEORY_NORMALIZATION_EPS;
	double factor = layer->gain_square * inside / (scale * own);
	double pair = layer->gain_square * (c->pair - c->shared_pair) * (1 - 1 / n) / (scale * length_factor(a->length_spread));
	/* 1/scale averages so for lengths whose logarithm is normal.  What the finite width adds, 2/n of normal sums,
	 * the backward pass takes off again: the gradient's mean and its part along the sum, 1/n of it each */
	layer->sum_scale = scale / (1 + a->length_spread - a->drawn_spread);
	c->own = layer->gain_square * inside / scale;
	c->shared = n > 1 ? -c->own / (n - 1) : 0; /* units add up to 0 */
	c->shared_pair = n > 1 ? -pair / (n - 1) : 0;
	c->own += layer->shift_variance;
	c->pair = pair + layer->shift_variance;
	a->mean = layer->shift_mean;
	a->spread = a->mean_spread = a->mean_with_square = a->length_spread = a->drawn_spread = 0; /* normalization sees to it */
	return factor;
}
