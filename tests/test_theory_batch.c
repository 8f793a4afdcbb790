/* The gradient's band behind batch normalization, against nets of NumPy: weights N(0, 1/fan_in),
 * width 100, 300 images of MNIST, mean of 6 to 16 nets (doc/numerics.md, section 2.6). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check.h"
#include "nn/activation.h"
#include "nn/theory.h"

#define DEEPEST 30
#define WIDTH 100

static void predict(struct theory_layer layer[DEEPEST + 1], const struct spec *spec, size_t depth)
{
	const struct theory_input input = { .images = 300, .mean = 0.1309, .mean_square = 0.1124, .mean_vector_square = 35.83,
	                                    .sum_variance = 1044.7, .length_spread = 0.117 };
	for (size_t l = 0; l <= depth; l++) {
		size_t fan_in = l ? WIDTH : 784;
		layer[l] = (struct theory_layer){
			.fan_in = fan_in, .fan_out = l < depth ? WIDTH : 10, .weight_variance = 1 / (double)fan_in, .gain_square = 1,
			.activation = l < depth ? spec : NULL, .normalization = l < depth ? THEORY_BATCH : THEORY_PLAIN,
		};
	}
	theory_predict(layer, depth + 1, &input, 10);
}

static struct spec spec_named(const char *name)
{
	struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, &activations, name, &err));
	return spec;
}

/* Also where the lengths of images grow apart (softplus, gelu, silu, tanh_shrink). */
static void test_gradient_lies_within_its_band(void **state)
{
	(void)state;
	static const struct {
		const char *activation;
		size_t depth, layer;
		double ratio; /* delta^2 of nets by that of theory */
		double widest; /* a band that says something */
	} nets[] = {
		{ "tanh", 10, 1, 1.314, 0.45 }, { "tanh", 10, 6, 1.121, 0.3 }, { "tanh", 30, 1, 2.234, 1.2 },
		{ "sigmoid", 10, 1, 1.295, 0.55 }, { "sigmoid", 30, 5, 2.612, 1.2 },
		{ "relu", 10, 1, 1.050, 0.55 }, { "relu", 30, 5, 0.766, 1.2 },
		{ "elu", 10, 1, 1.285, 0.5 }, { "elu", 30, 1, 2.511, 1.2 },
		{ "gelu", 10, 6, 0.813, 0.7 }, { "gelu", 30, 25, 0.416, 0.9 },
		{ "silu", 30, 1, 5.743, 6 }, { "silu", 30, 25, 0.347, 1.2 },
		{ "softplus", 10, 1, 1.190, 1.2 }, { "softplus", 30, 1, 14.563, 4 },
		{ "tanh_shrink", 10, 9, 0.224, 3 }, { "tanh_shrink", 30, 30, 0.160, 1.5 },
	};
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		struct theory_layer layer[DEEPEST + 1];
		struct spec spec = spec_named(nets[i].activation);
		predict(layer, &spec, nets[i].depth);
		double band = layer[nets[i].layer - 1].delta_band, away = theory_distance(nets[i].ratio, 1, band);
		if (!(fabs(away) <= 2 && band < nets[i].widest))
			fail_msg("%s, depth %zu, layer %zu: %g bands away, the band is %g", nets[i].activation, nets[i].depth,
			         nets[i].layer, away, band);
	}
}

/* Growth of gradient^2 per layer: E f'^2 / Var f for z ~ N(0, 1), by a sum of NumPy over 40,001 points;
 * relu's is pi/(pi - 1) (Yang et al. 2019).  Images and
 * units are finite in number: up to 1 % less. */
static void test_growth_per_layer(void **state)
{
	(void)state;
	static const struct {
		const char *activation;
		double growth;
	} kinds[] = {
		{ "relu", 1.466942 }, { "tanh", 1.177807 }, { "sigmoid", 1.033592 }, { "softplus", 1.080528 }, { "gelu", 1.318845 },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct theory_layer layer[DEEPEST + 1];
		struct spec spec = spec_named(kinds[i].activation);
		predict(layer, &spec, 10);
		check_entry(kinds[i].activation, fabs(layer[4].delta_mean_square / layer[5].delta_mean_square / kinds[i].growth - 1) < 0.012);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradient_lies_within_its_band),
		cmocka_unit_test(test_growth_per_layer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
