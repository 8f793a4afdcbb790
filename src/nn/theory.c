/* The recursions of mean-field theory over the layers of a net.  Depends on no data
 * but the few moments it is given.
 *
 * Of x, what enters a layer, and of z four covariances are followed, each about
 * the mean that all units share: of a unit with itself (own), of a unit in two
 * images (pair), of two units in one image (shared), of two units in two images
 * (shared_pair).  The last two are 0 unless weights have a mean mu, which
 * adds mu times the sum of x to every unit alike:
 *
 *   forward    mean   = n mu E[x] + E[b]
 *              own    = n v E[x^2] + mu^2 Var(sum of x) + Var(b)
 *              shared =              mu^2 Var(sum of x)
 *              pair, shared_pair: the same with the covariance over two images
 *              of a = f(z): covariances of f at the correlations pair/own ...
 *   backward   G = E[(dL/da)^2], E[delta^2] = D G, D = E f'^2
 *              G_in = (fan_out v + mu^2 (sum of delta)^2 / delta^2) E[delta^2] / scale (+ G)
 *
 * and where a residual branch ends the moments of lambda x, x its input, are added to
 * those of alpha f, alpha^2 times f's; the branch's gradient is alpha^2 times G,
 * and lambda^2 times G passes to its beginning.  Where the sum is normalized
 * both are divided by its variance.  Batch normalization divides
 * by the variance of a unit over the images, and leaves unit means of 0; layer
 * normalization by the variance of an image over the units.  A softmax does not
 * see what its logits share, and the sum of its delta is 0.
 *
 * Bands.  The mean square over n units of a layer varies from net to net: by
 * (E f^4 / (E f^2)^2 - 1) / n, less where images differ and average, plus
 * what the layers before have done, times the elasticity of E f^2.  Likewise
 * back, with the fourth moment of the gradient.  These are first orders in
 * 1/width (Hanin and Nica 2020 have them for relu: 5/n per layer). */
#include "nn/theory.h"

#include <math.h>

#include "nn/theory_parts.h"

/* What enters layer 1: the covariances of two pixels come from the sums over
 * an image's pixels. */
static struct signal signal_of(const struct theory_input *input, double n, double inverse)
{
	double mean = input->mean, own = fmax(0, input->mean_square - mean * mean); /* of equal pixels rounding leaves less than 0 */
	double mean_image = input->mean_vector_square / n - mean * mean; /* variance of its pixels */
	double pair = inverse < 1 ? (mean_image - own * inverse) / (1 - inverse) : mean_image;
	double pair_sum = inverse < 1 ? -input->sum_variance * inverse / (1 - inverse) : 0;
	return (struct signal){
		.mean = mean, .length_spread = input->length_spread,
		.about = { .own = own, .pair = pair, .shared = n > 1 ? (input->sum_variance / n - own) / (n - 1) : 0,
		           .shared_pair = n > 1 ? (pair_sum / n - pair) / (n - 1) : 0 },
	};
}

static void nothing_known(struct theory_layer *layer)
{
	layer->z_mean = layer->z_mean_square = layer->z_variance = layer->z_within = layer->z_between = NAN;
	layer->correlation = layer->alike = layer->slope_square = layer->scale = layer->sum_scale = NAN;
	layer->a_mean = layer->a_mean_square = layer->a_variance = NAN;
	layer->delta_factor = layer->delta_mean_square = layer->chi = layer->depth_scale = NAN;
	layer->correlation_slope = layer->correlation_limit = layer->correlation_rate = NAN;
	layer->z_mean_band = layer->z_band = layer->z_variance_band = layer->z_within_band = layer->z_between_band = layer->correlation_band = NAN;
	layer->a_mean_band = layer->a_band = layer->delta_band = layer->delta_scatter = layer->delta_factor_band = NAN;
	layer->broken = THEORY_HOLDS;
}

static enum theory_assumption first_broken(const struct theory_layer *layer)
{
	for (int i = THEORY_FINITE; i < THEORY_ASSUMPTIONS; i++)
		if (theory_assumptions[i].holds && !theory_assumptions[i].holds(layer))
			return (enum theory_assumption)i;
	return THEORY_HOLDS;
}

/* What can be seen only of a prediction. */
static enum theory_assumption first_broken_by_signal(const struct theory_layer *layer)
{
	return !isfinite(layer->z_mean_square)                       ? THEORY_FINITE
	       : layer->z_shared > THEORY_SHARED * layer->z_mean_square ? THEORY_UNSHARED
	                                                              : THEORY_HOLDS;
}

void theory_predict(struct theory_layer *layer, size_t layers, const struct theory_input *input, size_t classes)
{
	double inverse = input->images > 0 ? 1 / input->images : 0;
	enum theory_assumption broken = THEORY_HOLDS;
	if (layers == 0)
		return;
	struct signal x = signal_of(input, (double)layer[0].fan_in, inverse);
	struct links links;
	for (size_t l = 0; l < layers; l++) {
		nothing_known(&layer[l]);
		if (broken == THEORY_HOLDS)
			broken = first_broken(&layer[l]);
		if (broken == THEORY_HOLDS) {
			theory_forward(&layer[l], l ? &layer[l - 1] : NULL, &links, &x, inverse);
			broken = first_broken_by_signal(&layer[l]);
			if (broken != THEORY_HOLDS)
				nothing_known(&layer[l]);
		}
		layer[l].broken = broken;
	}
	if (broken == THEORY_HOLDS)
		theory_back(layer, layers, classes, inverse);
}

double theory_distance(double observed, double predicted, double band)
{
	/* the mean, not the median, is predicted; a band beyond 2 is no longer that of a log-normal law alone */
	return log(observed / predicted) / band + fmin(0.5 * band, 1) + 0 * band;
}

double theory_distance_absolute(double observed, double predicted, double band)
{
	return (observed - predicted) / band;
}
