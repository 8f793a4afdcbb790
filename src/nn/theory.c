/* The recursions of mean-field theory over the layers of a net, and the fixed
 * points of their maps.  Knows no data but the few moments it is given.
 *
 * Over random weights of mean 0, every unit of a layer alike:
 *
 *   forward    q     = n v E[x^2] + beta         E[u^2], u = x W + b
 *              kappa = n v k_x   + beta          E[u u'] of two images of the data
 *              V = E f^2, M = E f, K = E f f'    for z ~ N(0, q), covariance kappa
 *              E[a^2] = V (+ 2 M E[x] + E[x^2])  in parentheses: with a residual
 *   backward   G     = E[(dL/da)^2], E[delta^2] = D(q) G
 *              G_in  = fan_out v E[delta^2] / scale (+ G)
 *
 * Batch normalization divides by scale = q - kappa + eps, the variance of a
 * unit over the images, and leaves unit means of 0; layer normalization by
 * q + eps, the variance of an image over the units.  k_x is the mean over all
 * pairs of images, so pairs are taken to be equally correlated. */
#include "nn/theory.h"

#include <math.h>

#include "nn/activation.h"
#include "nn/theory_gauss.h"

#define NORMALIZATION_EPS 1e-5 /* as in the net */

/* What goes from one layer into the next. */
struct signal {
	double mean, mean_square; /* E[x], E[x^2] of a unit */
	double kernel;            /* E[x x'] of a unit over pairs of images */
};

/* Fills the forward part of one layer and replaces *x by its output. */
static void forward(struct theory_layer *layer, struct signal *x)
{
	double n = (double)layer->fan_in, units = (double)layer->fan_out;
	double v = layer->weight_mean == 0 ? layer->weight_variance : NAN;
	double q = n * v * x->mean_square + layer->bias_variance;
	double kappa = n * v * x->kernel + layer->bias_variance;
	double scale = 1;
	if (layer->normalization == THEORY_BATCH) {
		double variance = fmax(0, q - kappa) + 0 * q; /* the term keeps a NaN */
		scale = variance + NORMALIZATION_EPS;
		q = variance / scale;
		kappa = 0;
	} else if (layer->normalization == THEORY_LAYER) {
		scale = q + NORMALIZATION_EPS;
		kappa /= scale;
		q /= scale;
	}
	layer->scale = scale;
	layer->z_mean_square = q;
	layer->z_variance = layer->normalization == THEORY_PLAIN ? q - kappa / units : q;
	layer->slope_square = layer->chi = layer->depth_scale = NAN;
	if (layer->activation == NULL)
		return;

	struct theory_moments m;
	theory_moments(&m, layer->activation, q);
	layer->slope_square = m.slope_square;
	layer->chi = n * v / scale * m.slope_square;
	struct signal a = { m.mean, m.mean_square, theory_kernel(layer->activation, q, kappa) };
	if (layer->residual) {
		a.mean_square += x->mean_square + 2 * m.mean * x->mean;
		a.kernel += x->kernel + 2 * m.mean * x->mean;
		a.mean += x->mean;
		layer->chi += 1;
	}
	layer->depth_scale = 1 / fabs(log(layer->chi));
	layer->a_mean = a.mean;
	layer->a_mean_square = a.mean_square;
	*x = a;
}

/* The output layer: p = softmax(z), delta = p - y with labels that the net
 * does not know yet: E[delta^2] = (E sum p^2 - 2/C + 1) / C, which is
 * (C - 1) / C^2 for equal outputs and twice that for confident ones. */
static void output(struct theory_layer *layer, size_t classes)
{
	double count = (double)classes, square_sum = softmax_square_sum(layer->z_mean_square, classes);
	layer->a_mean = 1 / count;
	layer->a_mean_square = square_sum / count;
	layer->delta_mean_square = fmax(0, square_sum - 2 / count + 1) / count + 0 * square_sum;
	layer->delta_factor = NAN;
}

/* How much of E[delta^2] of this layer reaches the outputs of the one below. */
static double back(const struct theory_layer *layer)
{
	double v = layer->weight_mean == 0 ? layer->weight_variance : NAN;
	return (double)layer->fan_out * v / layer->scale;
}

void theory_predict(struct theory_layer *layer, size_t layers, const struct theory_input *input, size_t classes)
{
	if (layers == 0)
		return;
	struct signal x = { input->mean, input->mean_square, input->mean_vector_square / (double)layer[0].fan_in };
	for (size_t l = 0; l < layers; l++)
		forward(&layer[l], &x);
	output(&layer[layers - 1], classes);
	double above = 0; /* E[(dL/da)^2] of the layer above, for a residual */
	for (size_t l = layers - 1; l-- > 0;) {
		const struct theory_layer *next = &layer[l + 1];
		double gradient = back(next) * next->delta_mean_square + (next->residual ? above : 0);
		layer[l].delta_mean_square = layer[l].slope_square * gradient;
		double past = next->residual ? 1 / next->slope_square : 0;
		layer[l].delta_factor = layer[l].slope_square * (back(next) + past);
		above = gradient;
	}
}

void theory_split(double *within, double *between, double weight_variance, double fan_in,
                  const struct theory_input *input, size_t fan_out)
{
	*within = weight_variance * (fan_in * input->mean_square - input->mean_vector_square);
	*between = weight_variance * input->mean_vector_square * (1 - 1 / (double)fan_out);
}

/* ---- fixed points ---- */

#define RUNAWAY 1e12
#define ROUNDS 10000

/* Where a sequence that nears its end by a steady ratio will be (Aitken): it
 * makes the slow approach near criticality quick.  Only ever looks ahead, so
 * it cannot fall back on an unstable point. */
static double extrapolate(double q0, double q1, double q2)
{
	double ratio = (q2 - q1) / (q1 - q0);
	double ahead = q2 + (q2 - q1) * ratio / (1 - ratio);
	return ratio > 0 && ratio < 1 - 1e-6 && ahead > 0 && ahead < 2 * q2 ? ahead : q2;
}

bool theory_fixed_point(double *q, double *chi, const struct spec *activation, double sigma_w2, double sigma_b2)
{
	double now = 1;
	*q = *chi = NAN;
	for (int round = 0; round < ROUNDS; round += 2) {
		double step[2];
		struct theory_moments m;
		theory_moments(&m, activation, now);
		step[0] = sigma_w2 * m.mean_square + sigma_b2;
		if (!(step[0] <= RUNAWAY))
			return false;
		if (fabs(step[0] - now) <= 1e-13 + 1e-11 * now) {
			*q = step[0];
			*chi = sigma_w2 * m.slope_square;
			return true;
		}
		theory_moments(&m, activation, step[0]);
		step[1] = sigma_w2 * m.mean_square + sigma_b2;
		now = extrapolate(now, step[0], step[1]);
	}
	return false;
}

void theory_critical(double *sigma_w2, double *sigma_b2, const struct spec *activation, double q)
{
	struct theory_moments m;
	theory_moments(&m, activation, q);
	double b2 = q - m.mean_square / m.slope_square;
	*sigma_w2 = 1 / m.slope_square;
	*sigma_b2 = b2 >= 0 ? b2 : b2 >= -1e-9 * q ? 0 : NAN; /* NaN: no bias makes this q critical */
}

/* q D(q) - V(q): the bias variance that criticality asks for, times D. */
static double missing_bias(const struct spec *activation, double q)
{
	struct theory_moments m;
	theory_moments(&m, activation, q);
	return q * m.slope_square - m.mean_square;
}

static double slope_square(const struct spec *activation, double q)
{
	struct theory_moments m;
	theory_moments(&m, activation, q);
	return m.slope_square;
}

double theory_edge_of_chaos(const struct spec *activation)
{
	const double least = 1e-20, first = 1e-4, last = 1e6;
	if (activation_of(activation)->f(0, activation->value) == 0) { /* q* = 0: the limit of small signals */
		double slope = slope_square(activation, least);
		return slope > 1e-12 ? 1 / sqrt(slope) : NAN;
	}
	double low = first, high = first;
	while (high < last && !(missing_bias(activation, high) >= 0)) {
		low = high;
		high *= 1.5;
	}
	if (!(high < last))
		return NAN;
	for (int i = 0; i < 60; i++) {
		double middle = 0.5 * (low + high);
		if (missing_bias(activation, middle) < 0)
			low = middle;
		else
			high = middle;
	}
	return 1 / sqrt(slope_square(activation, high));
}
