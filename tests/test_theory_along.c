/* The gradient along the signal in residual nets, against nets drawn by numpy
 * (doc/numerics.md, section 2.6). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "nn/activation.h"
#include "nn/theory.h"

#define LARGEST_DEPTH 50

struct net {
	const char *activation;
	int width, depth;
	double gain;         /* fan_in Var(W) */
	double branch_scale;
};

/* MNIST: 300 images, the output layer glorot_uniform, as in the program's nets. */
/* normalization: of the branches. */
static void predict_normalized(struct theory_layer layer[LARGEST_DEPTH + 1], const struct net *net, bool residual,
                               enum theory_normalization normalization)
{
	static struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, &activations, net->activation, &err));
	struct theory_input input = { .images = 300, .mean = 0.1307, .mean_square = 0.1120, .mean_vector_square = 35.1,
	                              .sum_variance = 1000, .length_spread = 0.13 };
	for (int l = 0; l <= net->depth; l++) {
		double in = l ? net->width : 784, out = l < net->depth ? net->width : 10;
		layer[l] = (struct theory_layer){
			.fan_in = (size_t)in, .fan_out = (size_t)out, .gain_square = 1, .branch_scale = net->branch_scale, .skip_scale = 1,
			.weight_variance = l < net->depth ? net->gain / in : 2 / (in + out),
			.activation = l < net->depth ? &spec : NULL, .residual = residual && l > 0 && l < net->depth,
			.normalization = l > 0 && l < net->depth ? normalization : THEORY_PLAIN,
		};
	}
	theory_predict(layer, (size_t)net->depth + 1, &input, 10);
}

static void predict(struct theory_layer layer[LARGEST_DEPTH + 1], const struct net *net, bool residual)
{
	predict_normalized(layer, net, residual, THEORY_PLAIN);
}

/* By the growth of a gradient that has nothing to do with the signal, 2 per layer for
 * relu with He: the mean over 16 to 92 nets, within four of its standard errors. */
static void test_it_takes_over_where_the_signal_grows_faster(void **state)
{
	(void)state;
	static const struct { struct net net; double mean, error, spread; } nets[] = {
		{ { "relu", 100, 10, 2, 1 }, 3.42, 0.31, 0.50 }, { { "relu", 100, 20, 2, 1 }, 97, 9, 0.71 },
		{ { "relu", 200, 20, 2, 1 }, 41.2, 4, 0.67 }, { { "relu", 400, 10, 2, 1 }, 1.44, 0.04, 0.22 },
		{ { "relu", 800, 10, 2, 1 }, 1.23, 0.035, 0.14 },
	};
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		static struct theory_layer layer[LARGEST_DEPTH + 1];
		const struct net *net = &nets[i].net;
		predict(layer, net, true);
		double last = layer[net->depth - 1].delta_mean_square, growth = layer[0].delta_mean_square / last;
		double more = growth / pow(2, net->depth - 1);
		if (fabs(more - nets[i].mean) > 4 * nets[i].error)
			fail_msg("width %d, depth %d: %g times, numpy has %g", net->width, net->depth, more, nets[i].mean);
		double band = layer[0].delta_band;
		if (band < 0.75 * nets[i].spread || band > 1.5 * nets[i].spread)
			fail_msg("width %d, depth %d: band %g, numpy has %g", net->width, net->depth, band, nets[i].spread);
	}
}

/* Where the gradient grows as the signal does, or faster, it stays as small as by chance. */
static void test_it_stays_small_elsewhere(void **state)
{
	(void)state;
	static const struct net nets[] = { { "tanh", 100, 50, 1, 1 }, { "relu", 100000, 10, 2, 1 }, { "linear", 100, 20, 1, 1 } };
	static const double growth[] = { 0, 2, 2 };
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		static struct theory_layer layer[LARGEST_DEPTH + 1];
		predict(layer, &nets[i], true);
		for (int l = 0; l + 1 < nets[i].depth; l++) {
			double slopes = layer[l].slope_square / layer[l + 1].slope_square;
			double plain = l ? slopes * (1 + (double)layer[l + 1].fan_in * layer[l + 1].weight_variance * layer[l + 1].slope_square) : growth[i];
			if (growth[i] > 0 || l > 0)
				assert_true(fabs(layer[l].delta_factor / plain - 1) < 0.02);
		}
	}
}

/* Images of a class have one label, and so like gradients, which average less: the sd of
 * ln delta^2 over 16 nets of numpy. */
static void test_images_of_a_class_widen_the_band(void **state)
{
	(void)state;
	static struct theory_layer layer[LARGEST_DEPTH + 1];
	predict(layer, &(struct net){ "tanh", 100, 10, 1, 1 }, false);
	static const struct { int layer; double spread; } seen[] = { { 0, 0.118 }, { 5, 0.123 } };
	for (size_t i = 0; i < 2; i++) {
		double band = layer[seen[i].layer].delta_band;
		if (band < 0.75 * seen[i].spread || band > 1.6 * seen[i].spread)
			fail_msg("layer %d: band %g, numpy has %g", seen[i].layer + 1, band, seen[i].spread);
	}
	assert_true(layer[0].delta_scatter < layer[0].delta_band);
}

/* What varies from net to net adds up over the branches, the product of the two means
 * with it: sd of ln E z^2, of E a and of ln E a^2 over 100 (width 400: 40) nets of numpy.
 * The correlation stays below 1 where images differ in length. */
static void test_signal_of_residual_nets(void **state)
{
	(void)state;
	static const struct { struct net net; int layer; double z_spread, correlation, a_mean, a_mean_spread, a_spread; } nets[] = {
		{ { "relu", 100, 20, 2, 1 }, 3, 0.187, 0.6749, 0.375, 0.034, 0.152 },
		{ { "relu", 100, 20, 2, 1 }, 6, 0.286, 0.8740, 2.026, 0.247, 0.241 },
		{ { "relu", 100, 20, 2, 1 }, 11, 0.367, 0.9444, 29.96, 5.354, 0.342 },
		{ { "relu", 100, 20, 2, 1 }, 16, 0.441, 0.9531, 422.3, 87.47, 0.412 },
		{ { "relu", 100, 20, 2, 1 }, 20, 0.507, 0.9542, 3475, 856.5, 0.495 },
		{ { "relu", 400, 10, 2, 1 }, 6, 0.128, 0.8846, 2.034, 0.128, 0.126 },
		{ { "gelu", 100, 10, 2, 1 }, 6, 0.300, 0.6167, 0.731, 0.138, 0.300 },
	};
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		static struct theory_layer layer[LARGEST_DEPTH + 1];
		predict(layer, &nets[i].net, true);
		/* numpy's E a is what enters this layer */
		const struct theory_layer *here = &layer[nets[i].layer - 1], *entered = here - 1;
		const struct { const char *what; double seen, spread; } bands[] = {
			{ "ln E z^2", nets[i].z_spread, here->z_band }, { "E a", nets[i].a_mean_spread, entered->a_mean_band },
			{ "ln E a^2", nets[i].a_spread, entered->a_band },
		};
		for (size_t k = 0; k < 3; k++)
			if (bands[k].spread < 0.75 * bands[k].seen || bands[k].spread > 1.35 * bands[k].seen)
				fail_msg("%s, width %d, layer %d: band of %s %g, numpy has %g", nets[i].net.activation, nets[i].net.width,
				         nets[i].layer, bands[k].what, bands[k].spread, bands[k].seen);
		if (fabs(here->correlation - nets[i].correlation) > 0.025 || here->alike < here->correlation)
			fail_msg("%s, width %d, layer %d: correlation %g, numpy has %g", nets[i].net.activation, nets[i].net.width,
			         nets[i].layer, here->correlation, nets[i].correlation);
		double error = nets[i].a_mean_spread / 5; /* two standard errors of 100 nets */
		if (fabs(entered->a_mean - nets[i].a_mean) > error + 0.15 * nets[i].a_mean)
			fail_msg("layer %d: E a %g, numpy has %g", nets[i].layer, entered->a_mean, nets[i].a_mean);
	}
}

/* The number that normalizes a sum strays from net to net, and the gradient is divided by it:
 * delta^2 and the sd of its logarithm over 60 nets of numpy. */
static void test_gradient_through_normalized_sums(void **state)
{
	(void)state;
	static const struct { const char *activation; double gain; int layer; double square, spread; } seen[] = {
		{ "relu", 2, 1, 0.589692, 0.185 }, { "relu", 2, 3, 0.019467, 0.158 }, { "relu", 2, 6, 0.011423, 0.116 },
		{ "tanh", 1, 1, 0.297943, 0.153 }, { "tanh", 1, 3, 0.009325, 0.145 }, { "tanh", 1, 6, 0.007964, 0.110 },
	};
	for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
		static struct theory_layer layer[LARGEST_DEPTH + 1];
		predict_normalized(layer, &(struct net){ seen[i].activation, 100, 10, seen[i].gain, 1 }, true, THEORY_SUM);
		const struct theory_layer *here = &layer[seen[i].layer - 1];
		if (fabs(here->delta_mean_square / seen[i].square - 1) > 0.1 || here->delta_band < 0.8 * seen[i].spread ||
		    here->delta_band > 1.4 * seen[i].spread)
			fail_msg("%s, layer %d: %g with a band of %g, numpy has %g and %g", seen[i].activation, seen[i].layer,
			         here->delta_mean_square, here->delta_band, seen[i].square, seen[i].spread);
	}
}

/* Nets without branches have the usual recursion, to the last bit. */
static void test_nets_without_branches_are_as_before(void **state)
{
	(void)state;
	static struct theory_layer layer[LARGEST_DEPTH + 1];
	predict(layer, &(struct net){ "relu", 100, 20, 2, 1 }, false);
	for (int l = 0; l < 19; l++)
		assert_true(fabs(layer[l].delta_factor - 1) < 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_takes_over_where_the_signal_grows_faster),
		cmocka_unit_test(test_it_stays_small_elsewhere),
		cmocka_unit_test(test_images_of_a_class_widen_the_band),
		cmocka_unit_test(test_signal_of_residual_nets),
		cmocka_unit_test(test_gradient_through_normalized_sums),
		cmocka_unit_test(test_nets_without_branches_are_as_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
