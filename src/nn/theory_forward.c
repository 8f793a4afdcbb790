/* The signal on its way through a layer. */
#include <math.h>

#include "nn/theory_parts.h"

/* x W + b */
static struct signal weighted(const struct theory_layer *layer, const struct signal *x)
{
	double n = (double)layer->fan_in, v = layer->weight_variance, mu = layer->weight_mean;
	double own = 0, pair = 0; /* of mu times the sum */
	if (mu != 0) {
		own = mu * mu * n * (x->about.own + (n - 1) * x->about.shared);
		pair = mu * mu * n * (x->about.pair + (n - 1) * x->about.shared_pair);
	}
	return (struct signal){
		.mean = n * mu * x->mean + layer->bias_mean,
		.about = { .own = n * v * second(x->mean, x->about.own) + own + layer->bias_variance,
		           .pair = n * v * second(x->mean, x->about.pair) + pair + layer->bias_variance,
		           .shared = own, .shared_pair = pair },
	};
}

/* length_spread: of u. */
static void normalize(struct theory_layer *layer, struct signal *u, double length_spread, double inverse)
{
	struct covariances *c = &u->about;
	if (!normalizes_z(layer))
		return;
	if (layer->normalization == THEORY_BATCH) {
		double within = (c->own - c->pair) * (1 - inverse), shared = (c->shared - c->shared_pair) * (1 - inverse);
		double pair = inverse < 1 ? -inverse / (1 - inverse) : 0; /* deviations from the mean image add up to 0 */
		layer->scale = fmax(0, within) + THEORY_NORMALIZATION_EPS + 0 * within;
		c->own = within / layer->scale;
		c->shared = shared / layer->scale;
		c->pair = pair * c->own;
		c->shared_pair = pair * c->shared;
	} else {
		double part = 1 - 1 / (double)layer->fan_out;
		layer->scale = (c->own - c->shared) * part + THEORY_NORMALIZATION_EPS;
		c->own = (c->own - c->shared) * part / layer->scale;
		c->pair = (c->pair - c->shared_pair) * part / (layer->scale * length_factor(length_spread));
		c->shared = layer->fan_out > 1 ? -c->own / (double)(layer->fan_out - 1) : 0; /* units add up to 0 */
		c->shared_pair = layer->fan_out > 1 ? -c->pair / (double)(layer->fan_out - 1) : 0;
	}
	c->own = layer->gain_square * c->own + layer->shift_variance;
	c->pair = layer->gain_square * c->pair + layer->shift_variance;
	u->mean = layer->shift_mean;
	u->spread = 0; /* of the mean square: normalization sees to it */
}

/* Var over nets of the mean of z^2 over units and images, with z about `mean`. */
static double square_sampling(const struct covariances *c, double mean, double units, double inverse)
{
	double m2 = 4 * mean * mean;
	double one = over_images(c->own * (2 * c->own + m2), c->pair * (2 * c->pair + m2), inverse);
	double common = fmax(0, c->shared_pair);
	return over_units(one, common * (2 * common + m2), units);
}

/* The band of a mean square from what came before, a variance of logarithms,
 * and the sampling here.  Where the units share a part it is large when what
 * came before is: the two add up. */
static double band_of(const struct theory_layer *layer, double before, double sampling, double square)
{
	double here = sampling / (square * square);
	double both = layer->weight_mean != 0 ? 2 * sqrt(before * fmax(0, here)) : 0;
	return sqrt(log1p(fmax(0, before + here + both)) + 0 * here);
}

/* from_x: the part of own that is proportional to E x^2. */
static void observe_z(struct theory_layer *layer, const struct signal *z, double from_x, double inverse)
{
	const struct covariances *c = &z->about;
	double units = (double)layer->fan_out, apart = c->own - c->pair; /* below 0 by rounding, where all images are equal */
	double unit_means = over_images(c->own, c->pair, inverse), common = over_images(c->shared, c->shared_pair, inverse);
	layer->own_variance = c->own - c->shared;
	layer->z_shared = c->shared;
	layer->z_mean = z->mean;
	layer->z_mean_square = second(z->mean, c->own);
	layer->z_within = (apart < 0 ? 0 : apart) * (1 - inverse);
	layer->z_between = fmax(0, unit_means - common) * (1 - 1 / units) + 0 * unit_means;
	layer->z_variance = layer->z_within + layer->z_between;
	layer->correlation = (c->pair - c->shared_pair) / (c->own - c->shared_pair);
	layer->z_mean_band = sqrt(fmax(0, over_units(unit_means, fmax(0, c->shared_pair), units)) + 0 * unit_means);
	if (normalizes_z(layer)) { /* what is made to be so is so */
		layer->z_mean_band = layer->z_band = layer->z_variance_band = 0;
	} else {
		double before = from_x * from_x * z->spread, square = layer->z_mean_square, own = layer->own_variance;
		layer->z_band = band_of(layer, before / (square * square), square_sampling(c, z->mean, units, inverse), square);
		layer->z_variance_band = band_of(layer, before / (own * own), square_sampling(c, 0, units, inverse), own);
	}
	double alike = layer->correlation / length_factor(z->length_spread);
	layer->alike = fmin(1, alike) + 0 * alike;
	double correlation = layer->correlation, part = layer->normalization == THEORY_LAYER ? 0.6 * (1 + correlation) : 0;
	if (layer->normalization == THEORY_BATCH) {
		layer->z_within_band = layer->z_between_band = layer->correlation_band = 0;
	} else {
		/* the difference of two images has many directions, of which sums over units average;
		 * what their lengths differ by has one, and strays with the signal */
		double lengths = correlation < 1 ? fmax(0, fmin(1, (alike - correlation) / (1 - correlation))) : 0;
		double stray = lengths * sqrt(fmax(0, z->spread)) + (1 - lengths) * sqrt(z->difference_spread);
		double sampling = theory_correlation_sampling(correlation, units, inverse);
		layer->z_within_band = sqrt(log1p(stray * stray + (0.2 + 1.8 * lengths * lengths + part * part) / units));
		layer->correlation_band = hypot(sqrt(sampling), (1 - correlation) * sqrt(z->difference_spread));
	}
}

/* Two images of different lengths have less in common than two of the mean square's
 * length.  lengths: the spread of z's; drawn: what the finite width adds to it. */
static void set_apart(struct signal *a, const struct theory_series *series, double lengths, double drawn)
{
	const struct theory_moments *m = &series->moments;
	double variance_rate = a->about.own > 0 ? (series->square_rate - 2 * m->mean * series->mean_rate) / a->about.own : 0;
	double mean_rate = m->mean != 0 ? 2 * series->mean_rate / m->mean : 0;
	double apart = -expm1(-0.25 * log1p(mean_rate * mean_rate * lengths + drawn)); /* 1 - length_factor() */
	a->about.pair = a->about.pair * length_factor(variance_rate * variance_rate * lengths + drawn) - m->mean * m->mean * apart;
}

/* Replaces *x by the layer's output. */
static void activate(struct theory_layer *layer, struct links *links, const struct signal *z, struct signal *x,
                     double inverse)
{
	struct link *link = &links->of[0];
	const struct link *first = &links->of[1];
	const struct theory_series *series = &link->series;
	const struct theory_moments *m = &series->moments;
	const struct covariances *c = &z->about;
	double units = (double)layer->fan_out, share = c->own > 0 ? 1 / c->own : 0;
	double pair = fmin(1, c->pair * share / link->length) + 0 * c->pair, shared = c->shared * share, shared_pair = c->shared_pair * share;
	struct signal a = {
		.mean = m->mean,
		.about = { .own = series->f_variance, .pair = theory_series_covariance(series, pair),
		           .shared = theory_series_covariance(series, shared),
		           .shared_pair = theory_series_covariance(series, shared_pair) },
	};
	bool fixed = layer->normalization == THEORY_LAYER;
	double (*squares)(const struct theory_series *, double) = fixed ? theory_series_squares_normalized : theory_series_squares;
	double (*mixed)(const struct theory_series *, double) = fixed ? theory_series_mixed_normalized : theory_series_mixed;
	double far = fixed ? 0 : fmax(0, shared_pair);
	struct sampled sampled = {
		.square = over_units(over_images(squares(series, 1), squares(series, pair), inverse), squares(series, far), units),
		.mixed = over_units(over_images(mixed(series, 1), mixed(series, pair), inverse), mixed(series, far), units),
		.square_apart = (squares(series, 1) - squares(series, pair)) / units,
		.mixed_apart = (mixed(series, 1) - mixed(series, pair)) / units,
	};
	double elasticity = series->square_rate / m->mean_square;
	/* images of one length get different ones by the finite width */
	double drawn = sampled.square_apart / (m->mean_square * m->mean_square);
	a.length_spread = elasticity * elasticity * z->length_spread + fmax(0, drawn);
	a.spread = elasticity * elasticity * z->spread + sampled.square / (m->mean_square * m->mean_square);
	/* of the units' squares nothing varies with layer normalization; of their mean see shared_pair */
	double given = fixed ? over_images(1, pair * pair, inverse) * series->f.square[1] : 0;
	double common = fixed ? a.about.shared_pair : fmax(0, a.about.shared_pair);
	sampled.mean = fmax(0, over_units(over_images(a.about.own, a.about.pair, inverse) - given, common, units));
	a.mean_spread = sampled.mean + series->mean_rate * series->mean_rate * z->spread;
	a.mean_with_square = sampled.mixed / m->mean_square + series->mean_rate * elasticity * z->spread;
	if (m->mean_square == 0)
		a.spread = a.length_spread = a.mean_with_square = 0;
	else
		set_apart(&a, series, z->length_spread, fmax(0, drawn));
	double crossing = m->slope * layer->weight_mean / sqrt(layer->scale);
	if (layer->residual == 1)
		theory_add_branch(layer, &a, x, z, series, &sampled, crossing, (double)layer->fan_in, inverse);
	else if (layer->residual)
		theory_add_branch(layer, &a, &first->x, z, series, &sampled, crossing * first->sum_slope, (double)layer->fan_out, inverse);
	if (layer->normalization == THEORY_SUM) {
		link->sum_spread = a.spread;
		link->sum_factor = theory_normalize_sum(layer, &a);
	}
	*x = a;
}

/* x: what passes by the branch, of mean square `entering`. */
static struct theory_along along_of(const struct theory_layer *layer, const struct theory_series *series, const struct signal *x,
                                    double entering)
{
	if (layer->residual == 2 || layer->normalization != THEORY_PLAIN)
		return (struct theory_along){ NAN, NAN, NAN };
	if (layer->residual == 0)
		return (struct theory_along){ NAN, NAN, series->slope_square_ff / layer->a_mean_square };
	double alpha = layer->branch_scale, lambda = layer->skip_scale, leaving = layer->a_mean_square;
	const struct theory_moments *m = &series->moments;
	double root = sqrt(entering * leaving);
	/* cosines and the like, per unit; E z f' and E z f f' are twice the rate of E f, and that of E f^2 */
	double beside = (lambda * entering + alpha * m->mean * x->mean) / root;
	double through = alpha * (2 * lambda * x->mean * series->mean_rate + alpha * series->square_rate) / root;
	double slope = (lambda * lambda * entering * m->slope_square + 2 * alpha * lambda * x->mean * series->slope_square_f +
	                alpha * alpha * series->slope_square_ff) / leaving;
	double kept = lambda * beside + through, random = (double)layer->fan_in * layer->weight_variance * slope * alpha * alpha;
	return (struct theory_along){
		.kept = kept * kept,
		.whole = lambda * lambda + 2 * lambda * beside * through + through * through + random,
		.slope = slope,
	};
}

/* Theory takes all pairs of images for equally different, and all images for equally long
 * once they are normalized.  Neither is so: units have unequal variances, by which batch
 * normalization divides, and z is not quite normal.  The gradient errs by up to
 * BATCH_ERROR per layer, one way in all of them.  Where the lengths of images about their
 * mean grow apart from layer to layer, few images come to dominate the variances, and
 * theory errs by up to BATCH_APART more for each e-fold (Monte Carlo in doc/numerics.md,
 * section 2.6). */
#define BATCH_ERROR 0.03
#define BATCH_APART 1.5

/* Of ln delta^2. */
static double batch_error(const struct theory_layer *layer, const struct theory_series *series)
{
	double apart = 0;
	if (layer->normalization != THEORY_BATCH)
		return 0;
	if (series->f_variance > 0 && layer->a_variance > 0) {
		const struct theory_moments *m = &series->moments;
		/* the derivative of ln Var f, about the mean of all images, by the logarithm of one image's z^2 */
		double elasticity = (series->square_rate - 2 * m->mean * series->mean_rate) / series->f_variance;
		double alpha = output_scale(layer), share = fmin(1, alpha * alpha * series->f_variance / layer->a_variance);
		apart = share * fmax(0, elasticity - 1);
	}
	return BATCH_ERROR + BATCH_APART * apart;
}

/* What the way back needs to know of the series. */
static void keep_for_back(struct theory_layer *layer, const struct theory_series *series, const struct signal *z,
                          const struct signal *x, double entering, double sum_spread)
{
	const struct covariances *c = &z->about;
	double share = c->own > 0 ? 1 / c->own : 0, d = series->moments.slope_square;
	double common = fmax(0, theory_series_slope_squares(series, fmax(0, c->shared_pair * share)) / (d * d));
	layer->back = (struct theory_way_back){
		.pair = theory_series_slopes(series, c->pair * share) / d,
		.shared = theory_series_slopes(series, c->shared * share) / d,
		.square = 1 + theory_series_slope_squares(series, 1) / (d * d),
		.square_pair = 1 + theory_series_slope_squares(series, c->pair * share) / (d * d),
		.wander = hypot(series->slope_rate / d * sqrt(z->spread), sqrt(common)),
		.error = batch_error(layer, series),
		.common = common, .divided = sum_spread,
		.growth = layer->a_mean_square / entering,
		.along = along_of(layer, series, x, entering),
	};
}

/* The gradient's growth per layer of equal width; a branch's is shared out evenly. */
static double growth_of_gradient(struct theory_layer *layer)
{
	double alpha = output_scale(layer), here = alpha * alpha * (double)layer->fan_in * layer->weight_variance *
	                                           gain_square(layer) / layer->scale * layer->slope_square;
	double past = layer->residual ? layer->skip_scale * layer->skip_scale : 0, factor = sum_gradient_factor(layer);
	if (layer->residual == 2)
		layer[-1].chi = here = sqrt((past + here * layer[-1].chi) * factor);
	else
		here = (past + here) * factor;
	return here;
}

/* What images have in common strays with the variance, and by itself: by the number of
 * units, or where their correlation is small, by that. */
static double between_band(const struct theory_layer *layer, double inverse)
{
	double common = over_images(1, fmax(0, layer->correlation), inverse), itself = 2 / (double)layer->fan_out;
	double stray = layer->correlation_band / common;
	return sqrt(layer->z_variance_band * layer->z_variance_band + fmax(itself, stray * stray) + 0 * stray);
}

void theory_forward(struct theory_layer *layer, struct theory_layer *before, struct links *links, struct signal *x,
                    double inverse)
{
	struct signal z = weighted(layer, x);
	double entering = second(x->mean, x->about.own);
	double n = (double)layer->fan_in, from_x = n * layer->weight_variance * entering;
	double u_own = z.about.own, share = from_x / u_own;
	layer->scale = layer->sum_scale = 1;
	z.spread = x->spread;
	z.difference_spread = x->difference_spread;
	z.difference_step = x->difference_step;
	double length_spread = share * share * x->length_spread;
	z.length_spread = normalizes_z(layer) ? 0 : length_spread;
	normalize(layer, &z, length_spread, inverse);
	observe_z(layer, &z, from_x, inverse);
	if (before)
		theory_map(before, layer, links, u_own, &z, inverse);
	if (layer->normalization != THEORY_BATCH)
		layer->z_between_band = between_band(layer, inverse);
	if (layer->activation == NULL)
		return;
	z.spread *= share * share;
	struct link *link = &links->of[0], *first = &links->of[1];
	*first = *link;
	*link = (struct link){ .own = z.about.own, .u_own = u_own, .x = *x, .sum_factor = 1, .length = length_factor(z.length_spread) };
	bool same = before && first->series.mean == z.mean && first->series.variance == z.about.own &&
	            spec_equal(before->activation, layer->activation);
	if (same) /* normalized nets: every layer's z is alike */
		link->series = first->series;
	else
		theory_series(&link->series, layer->activation, z.mean, z.about.own);
	const struct theory_moments *m = &link->series.moments;
	link->sum_slope = (double)layer->fan_out * m->slope * layer->weight_mean / sqrt(layer->scale);
	layer->slope_square = m->slope_square;
	activate(layer, links, &z, x, inverse);
	layer->chi = growth_of_gradient(layer);
	layer->depth_scale = fabs(1 / log(layer->chi));
	if (layer->residual == 2) {
		layer[-1].depth_scale = layer->depth_scale;
		entering = second(first->x.mean, first->x.about.own);
	}
	layer->a_mean = x->mean;
	layer->a_variance = x->about.own;
	layer->a_mean_square = second(x->mean, x->about.own);
	layer->a_band = sqrt(log1p(x->spread));
	layer->a_mean_band = sqrt(x->mean_spread);
	keep_for_back(layer, &link->series, &z, &link->x, entering, link->sum_spread);
	x->difference_spread = layer->normalization == THEORY_BATCH ? 0 : z.difference_spread;
	x->difference_step = 0;
	if (layer->slope_square > 0)
		x->difference_step = (layer->back.square - 1) / (double)layer->fan_in + layer->back.common;
	x->difference_spread += x->difference_step;
}
