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
static void predict(struct theory_layer layer[LARGEST_DEPTH + 1], const struct net *net, bool residual)
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
		};
	}
	theory_predict(layer, (size_t)net->depth + 1, &input, 10);
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
		cmocka_unit_test(test_nets_without_branches_are_as_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
