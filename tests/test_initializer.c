/* Every initializer's draws against its theoretical moments, and the moments
 * against known values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "check.h"
#include "nn/initializer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct spec spec_from(const char *string)
{
	struct spec spec = {0};
	struct err err = {0};
	if (!spec_parse(&spec, &initializers, string, &err))
		fail_msg("%s", err.message);
	return spec;
}

static float *filled(const struct spec *spec, size_t in, size_t out, uint64_t index)
{
	float *w = alloc_array(in * out, sizeof *w, NULL);
	struct rng rng = rng_stream(11, RNG_TEST, index);
	struct err err = {0};
	assert_non_null(w);
	if (!initializer_fill(w, in, out, spec, &rng, &err))
		fail_msg("%s", err.message);
	return w;
}

/* ---- draws against promises ---- */

struct sums {
	double n, of[5]; /* of[k]: sum of (w - mean)^k */
};

#define ENOUGH 20000

/* Mean and variance of many draws within five standard errors, the variance's
 * taken from the fourth moment; the small terms are the rounding to float of
 * laws without any spread in them. */
static void check_draws(const struct spec *spec, size_t in, size_t out)
{
	double mean = initializer_mean(spec, in, out), variance = initializer_variance(spec, in, out);
	if (initializer_of(spec)->data_driven)
		variance = 1.0 / (double)(in > out ? in : out); /* before the data */
	struct sums sums = {0};
	for (uint64_t round = 0; sums.n < ENOUGH; round++) {
		float *w = filled(spec, in, out, round);
		for (size_t i = 0; i < in * out; i++) {
			double power = 1, from_mean = (double)w[i] - mean;
			assert_true(isfinite(w[i]));
			for (int k = 1; k <= 4; k++)
				sums.of[k] += power *= from_mean;
		}
		sums.n += (double)(in * out);
		alloc_free(w);
	}
	double second = sums.of[2] / sums.n, fourth = sums.of[4] / sums.n, off = sums.of[1] / sums.n;
	double mean_error = sqrt(second / sums.n), variance_error = sqrt(fmax(0, fourth - second * second) / sums.n);
	if (!(fabs(off) <= 5 * mean_error + 1e-6 * fabs(mean)) ||
	    !(fabs(second - variance) <= 5 * variance_error + 1e-5 * variance + 1e-14 * mean * mean))
		fail_msg("%s, %zu -> %zu: mean %g off by %g (standard error %g), variance %g, promised %g (%g)",
		         spec->entry->name, in, out, mean, off, mean_error, second, variance, variance_error);
}

static const size_t fans[][2] = {
	{ 1, 1 }, { 1, 100 }, { 2, 7 }, { 7, 2 }, { 7, 100 }, { 100, 100 }, { 784, 30 }, { 4096, 7 }, { 7, 4096 },
};

static void test_draws_keep_their_promise(void **state)
{
	(void)state;
	for (size_t i = 0; i < initializers.count; i++)
		for (size_t f = 0; f < COUNT(fans); f++) {
			struct spec spec = spec_of(table_at(&initializers, i));
			check_draws(&spec, fans[f][0], fans[f][1]);
		}
}

static void test_parameters_keep_the_promise_too(void **state)
{
	(void)state;
	static const char *const specs[] = {
		"constant(0.3)", "identity(2)", "zero_one", "padded_identity", "padded_identity(1e-6)",
		"zero_preserving(2)", "siren", "siren(2)", "siren_first", "normal(1,0.5)", "normal(0,0)", "uniform(3,-1)",
		"truncated_normal(5,2)", "truncated_normal(1,0)", "variance_scaling(3,fan_out,uniform)",
		"variance_scaling(2,fan_avg,normal)",
		"variance_scaling(0)", "orthogonal(1.4)", "sparse(0.25,1)", "sparse(1)", "sparse(0)", "torch:sparse(0.25,1)", "mup(0.2,64)",
		"mup_readout(0.2,64)", "tf1:variance_scaling(1,fan_avg)", "tf1:variance_scaling(1,fan_out,yes)",
		"tf1:early_variance_scaling(2,fan_avg)", "torch:trunc_normal(0,0.02)", "torch:trunc_normal(1,2,0,1)",
		"torch:trunc_normal(0,1,1,-0.5)", "torch:trunc_normal(0,1,2,1000)", "torch:trunc_normal(0,1,5,10)",
		"torch:trunc_normal(0,1,-1000,-9)", "torch:trunc_normal(0,1,3,3.001)", "torch:trunc_normal(3,0,-2,2)",
		"torch:trunc_normal(0,1,2,2)", "torch:xavier_normal(2)", "torch:kaiming_normal(0.2)",
		"torch:kaiming_uniform(0,fan_out,tanh)", "torch:kaiming_normal(nonlinearity=selu)", "jax:uniform(-2)",
	};
	for (size_t i = 0; i < COUNT(specs); i++) {
		struct spec spec = spec_from(specs[i]);
		check_draws(&spec, 100, 100);
	}
}

/* ---- promises against known values ---- */

static void check_variance(const char *string, size_t in, size_t out, double expected, double tolerance)
{
	struct spec spec = spec_from(string);
	check_ratio(initializer_variance(&spec, in, out), expected, tolerance);
}

static void test_the_articles_variances(void **state)
{
	(void)state;
	/* effective variances of TensorFlow 1's contrib initializers, six digits */
	check_variance("tf1:variance_scaling(1,fan_avg)", 784, 100, 0.00227571, 1e-5);
	check_variance("tf1:xavier_normal", 784, 100, 0.00227571, 1e-5);
	check_variance("tf1:xavier_normal", 100, 100, 0.01005864, 1e-6);
	check_variance("tf1:variance_scaling(factor=2,mode=fan_in)", 784, 100, 0.00256598, 1e-5);
	check_variance("tf1:variance_scaling", 100, 100, 0.02011727, 1e-6);
	check_variance("glorot_uniform", 100, 10, 2.0 / 110, 1e-12);
	struct spec xavier = spec_from("tf1:xavier_normal"), scaling = spec_from("tf1:variance_scaling(1,fan_avg)");
	float *a = filled(&xavier, 784, 100, 0), *b = filled(&scaling, 784, 100, 0);
	assert_memory_equal(a, b, 784 * 100 * sizeof *a);
	alloc_free(a);
	alloc_free(b);
}

static void test_variances_of_the_flavours(void **state)
{
	(void)state;
	const double cut = 0.7737413035499; /* of a standard normal cut at 2 */
	check_variance("truncated_normal", 3, 5, cut, 1e-12);
	check_variance("truncated_normal(7,0.1)", 3, 5, cut * 0.01, 1e-12);
	check_variance("tf1:early_variance_scaling", 3, 5, cut / 3, 1e-12);
	check_variance("keras:truncated_normal", 3, 5, cut * 0.0025, 1e-12);
	check_variance("keras:he_normal", 50, 5, 2.0 / 50, 1e-12);
	check_variance("he_normal", 50, 5, 2.0 / 50, 1e-12);
	check_variance("keras:glorot_normal", 30, 10, 2.0 / 40, 1e-12);
	check_variance("lecun_normal", 30, 10, 1.0 / 30, 1e-12);
	check_variance("torch:linear", 30, 10, 1.0 / 90, 1e-12);
	check_variance("torch:kaiming_normal", 30, 10, 2.0 / 30, 1e-12);
	check_variance("torch:kaiming_uniform(a=2.2360679774997896)", 30, 10, 1.0 / 90, 1e-12);
	check_variance("torch:kaiming_normal(0,fan_out,tanh)", 30, 10, 25.0 / 90, 1e-12);
	check_variance("torch:kaiming_normal(0,fan_in,selu)", 30, 10, 9.0 / 16 / 30, 1e-12);
	check_variance("torch:kaiming_normal(0,fan_in,sigmoid)", 30, 10, 1.0 / 30, 1e-12);
	check_variance("torch:kaiming_normal(0.01)", 30, 10, 2 / 1.0001 / 30, 1e-12);
	check_variance("torch:xavier_uniform(2)", 30, 10, 8.0 / 40, 1e-12);
	check_variance("torch:uniform", 30, 10, 1.0 / 12, 1e-12);
	check_variance("orthogonal(3)", 30, 10, 9.0 / 30, 1e-12);
	check_variance("mup(0.1,100)", 400, 10, 0.01 / 4, 1e-12);
	check_variance("mup_readout(0.1,100)", 400, 10, 0.01 / 16, 1e-12);
}

static double normal_density(double z)
{
	return exp(-z * z / 2) / sqrt(2 * M_PI);
}

/* Closed forms: mean h, variance 1 + a h - h^2 of a normal above a, where
 * h = density(a) / (1 - cdf(a)). */
static void test_moments_of_tails(void **state)
{
	(void)state;
	for (int a = 0; a <= 8; a += 2) {
		struct spec spec = spec_from("torch:trunc_normal(0,1,0,1e6)");
		spec.value[2] = a;
		double h = normal_density(a) / (0.5 * erfc(a / sqrt(2)));
		check_ratio(initializer_mean(&spec, 3, 3), h, 1e-10);
		/* the closed form itself loses digits to cancellation */
		check_ratio(initializer_variance(&spec, 3, 3), 1 + a * h - h * h, 1e-8);
	}
	/* uncut in practice, and as good as uniform between close ends */
	check_variance("torch:trunc_normal(0,0.02)", 3, 3, 0.0004, 1e-10);
	check_variance("torch:trunc_normal(0,1,3,3.0001)", 3, 3, 1e-8 / 12, 1e-6);
}

static void test_lsuv_promises_nothing(void **state)
{
	(void)state;
	struct spec spec = spec_from("lsuv");
	assert_true(initializer_of(&spec)->data_driven);
	assert_true(isnan(initializer_variance(&spec, 3, 3)));
}

/* ---- shapes of single laws ---- */

static void check_range(const char *string, double low, double high)
{
	struct spec spec = spec_from(string);
	float *w = filled(&spec, 300, 100, 0);
	double least = INFINITY, most = -INFINITY;
	for (size_t i = 0; i < 30000; i++) {
		least = fmin(least, (double)w[i]);
		most = fmax(most, (double)w[i]);
	}
	double width = high - low;
	/* within, but for the rounding to float, and nearly reached */
	check_near(least, low, 0.02 * width);
	check_near(most, high, 0.02 * width);
	assert_true(least >= low - 1e-7 * fabs(low) && most <= high + 1e-7 * fabs(high));
	alloc_free(w);
}

static void test_ranges(void **state)
{
	(void)state;
	check_range("uniform(-3,1)", -3, 1);
	check_range("jax:uniform", 0, 0.01);
	check_range("glorot_uniform", -sqrt(6.0 / 400), sqrt(6.0 / 400));
	check_range("torch:linear", -1 / sqrt(300), 1 / sqrt(300));
	check_range("truncated_normal(1,0.5)", 0, 2);
	check_range("tf1:xavier_normal", -2 * sqrt(2.6 / 400), 2 * sqrt(2.6 / 400));
	double he = 2 * sqrt(2.0 / 300) / 0.87962566103423978; /* two sd, widened for the cut */
	check_range("keras:he_normal", -he, he);
	check_range("torch:trunc_normal(0,1,-1,0.5)", -1, 0.5);
}

static void check_orthogonal(size_t in, size_t out, double gain)
{
	struct spec spec = spec_from("orthogonal");
	spec.value[0] = gain;
	float *w = filled(&spec, in, out, in + out);
	size_t vectors = in < out ? in : out, length = in < out ? out : in;
	for (size_t i = 0; i < vectors; i++)
		for (size_t j = 0; j <= i; j++) {
			double product = 0;
			for (size_t k = 0; k < length; k++)
				product += (double)(in < out ? w[i * out + k] : w[k * out + i]) *
				           (double)(in < out ? w[j * out + k] : w[k * out + j]);
			/* entries are rounded to float */
			check_near(product, i == j ? gain * gain : 0, 2e-7 * gain * gain);
		}
	alloc_free(w);
}

static void test_orthogonal_is_orthogonal(void **state)
{
	(void)state;
	static const size_t shapes[][2] = {
		{ 1, 1 }, { 1, 9 }, { 9, 1 }, { 2, 2 }, { 5, 3 }, { 3, 5 }, { 64, 64 }, { 200, 65 }, { 100, 784 },
	};
	for (size_t i = 0; i < COUNT(shapes); i++) {
		check_orthogonal(shapes[i][0], shapes[i][1], 1);
		check_orthogonal(shapes[i][0], shapes[i][1], 2.5);
	}
}

/* Without the signs of R, Householder's Q has a trace that leans to one side:
 * over all orthogonal matrices the trace has mean 0 and variance 1. */
static void test_orthogonal_is_uniform(void **state)
{
	(void)state;
	struct spec spec = spec_from("orthogonal");
	double sum = 0, square = 0;
	const int rounds = 2000;
	for (int round = 0; round < rounds; round++) {
		float *w = filled(&spec, 5, 5, (uint64_t)round);
		double trace = 0;
		for (size_t i = 0; i < 5; i++)
			trace += (double)w[i * 5 + i];
		sum += trace;
		square += trace * trace;
		alloc_free(w);
	}
	check_near(sum / rounds, 0, 5 / sqrt(rounds));
	check_near(square / rounds, 1, 5 * sqrt(2.0 / rounds));
}

static void test_sparse_counts(void **state)
{
	(void)state;
	static const struct {
		double sparsity;
		size_t in, zeros;
	} cases[] = { { 0, 10, 0 }, { 0.1, 10, 1 }, { 0.11, 10, 2 }, { 0.9, 784, 706 }, { 1, 7, 7 }, { 0.5, 1, 1 } };
	for (size_t c = 0; c < COUNT(cases); c++) {
		struct spec spec = spec_from("sparse");
		spec.value[0] = cases[c].sparsity;
		float *w = filled(&spec, cases[c].in, 20, 0);
		for (size_t j = 0; j < 20; j++) {
			size_t zeros = 0;
			for (size_t i = 0; i < cases[c].in; i++)
				zeros += w[i * 20 + j] == 0;
			assert_int_equal(zeros, cases[c].zeros);
		}
		alloc_free(w);
	}
}

/* torch.nn.init.sparse_ on an (out, in) weight: ceil(sparsity * rows) zeros in
 * every column, so among the weights from each input. */
static void test_torch_sparse_counts(void **state)
{
	(void)state;
	static const struct {
		double sparsity;
		size_t out, zeros;
	} cases[] = { { 0, 10, 0 }, { 0.1, 10, 1 }, { 0.11, 10, 2 }, { 0.9, 100, 90 }, { 1, 7, 7 }, { 0.25, 10, 3 } };
	for (size_t c = 0; c < COUNT(cases); c++) {
		struct spec spec = spec_from("torch:sparse");
		size_t in = 30, out = cases[c].out;
		spec.value[0] = cases[c].sparsity;
		float *w = filled(&spec, in, out, 0);
		for (size_t i = 0; i < in; i++) {
			size_t zeros = 0;
			for (size_t j = 0; j < out; j++)
				zeros += w[i * out + j] == 0;
			assert_int_equal(zeros, cases[c].zeros);
		}
		check_near(initializer_variance(&spec, in, out), (1 - (double)cases[c].zeros / (double)out) * 1e-4, 1e-12);
		alloc_free(w);
	}
}

static void test_identity_and_lengths(void **state)
{
	(void)state;
	struct spec identity = spec_from("identity(3)"), nguyen = spec_from("nguyen_widrow");
	float *w = filled(&identity, 4, 6, 0);
	for (size_t i = 0; i < 24; i++)
		check_near((double)w[i], i / 6 == i % 6 ? 3 : 0, 0);
	alloc_free(w);
	w = filled(&nguyen, 4, 16, 0);
	for (size_t j = 0; j < 16; j++) {
		double square = 0;
		for (size_t i = 0; i < 4; i++)
			square += (double)w[i * 16 + j] * (double)w[i * 16 + j];
		check_near(sqrt(square), 0.7 * 2, 1e-6); /* 16^(1/4) = 2 */
	}
	alloc_free(w);
}

/* The 4 x 4 matrix of Sylvester, cut to 3 rows, times 2^-1/2; and no more than the
 * diagonal where the layer narrows. */
static void test_zero_one(void **state)
{
	(void)state;
	static const int sign[3][4] = { { 1, 1, 1, 1 }, { 1, -1, 1, -1 }, { 1, 1, -1, -1 } };
	struct spec spec = spec_from("zero_one");
	float *w = filled(&spec, 3, 4, 0);
	for (size_t i = 0; i < 12; i++)
		check_near((double)w[i], sign[i / 4][i % 4] * M_SQRT1_2, 1e-7);
	alloc_free(w);
	check_near(initializer_mean(&spec, 3, 4), 4 * M_SQRT1_2 / 12, 1e-12);
	w = filled(&spec, 6, 4, 0);
	for (size_t i = 0; i < 24; i++)
		check_near((double)w[i], i / 4 == i % 4, 0);
	alloc_free(w);
}

/* 2 inputs, 5 outputs: the identity twice and its first column; 5 inputs, 2 outputs: cut. */
static void test_padded_identity(void **state)
{
	(void)state;
	struct spec spec = spec_from("padded_identity(3)");
	static const float wider[2][5] = { { 3, 0, 3, 0, 3 }, { 0, 3, 0, 3, 0 } };
	float *w = filled(&spec, 2, 5, 0);
	assert_memory_equal(w, wider, sizeof wider);
	alloc_free(w);
	w = filled(&spec, 5, 2, 0);
	for (size_t i = 0; i < 10; i++)
		check_near((double)w[i], i / 2 == i % 2 ? 3 : 0, 0);
	alloc_free(w);
}

/* Outputs of x = (1, 2, 4, 8, ...): the differences of the two inputs, times eps.  Square and
 * wider: each input minus the next; narrower: minus the inputs past the outputs. */
static void check_differences(size_t in, size_t out, const double *expected)
{
	struct spec spec = spec_from("zero_preserving(0.5)");
	float *w = filled(&spec, in, out, 0);
	for (size_t j = 0; j < out; j++) {
		double sum = 0;
		for (size_t i = 0; i < in; i++)
			sum += ldexp((double)w[i * out + j], (int)i);
		check_near(sum, 0.5 * expected[j], 0);
	}
	alloc_free(w);
}

static void test_zero_preserving(void **state)
{
	(void)state;
	check_differences(3, 3, (double[]){ 1 - 2, 2 - 4, 4 - 1 });
	check_differences(2, 5, (double[]){ 1 - 2, 2 - 1, 1 - 2, 2 - 1, 1 - 2 });
	check_differences(5, 3, (double[]){ 1 - 8, 2 - 16, 4 - 8 });
	check_differences(5, 2, (double[]){ 1 - 4, 2 - 8 });
	check_differences(1, 2, (double[]){ 0, 0 });
}

/* ---- streams ---- */

static void test_the_stream_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < initializers.count; i++) {
		struct spec spec = spec_of(table_at(&initializers, i));
		float *w = filled(&spec, 7, 12, 1), *again = filled(&spec, 7, 12, 1), *other = filled(&spec, 7, 12, 2);
		double variance = initializer_variance(&spec, 7, 12);
		bool fixed = variance == 0 || strcmp(spec.entry->name, "identity") == 0 ||
		             strcmp(spec.entry->name, "zero_one") == 0 || strcmp(spec.entry->name, "padded_identity") == 0 ||
		             strcmp(spec.entry->name, "zero_preserving") == 0;
		check_entry(spec.entry->name, memcmp(w, again, 84 * sizeof *w) == 0);
		check_entry(spec.entry->name, (memcmp(w, other, 84 * sizeof *w) == 0) == fixed);
		alloc_free(w);
		alloc_free(again);
		alloc_free(other);
	}
}

/* Entries without parameters that must be typed: two seeds give the same unequal weights where
 * the entry is called a pattern, and only there. */
static void test_patterns_draw_nothing(void **state)
{
	(void)state;
	int patterns = 0;
	for (size_t i = 0; i < initializers.count; i++) {
		struct spec spec;
		struct err err;
		if (!spec_parse(&spec, &initializers, table_at(&initializers, i)->name, &err))
			continue;
		float *one = filled(&spec, 24, 12, 1), *other = filled(&spec, 24, 12, 2);
		bool unequal = false;
		for (size_t k = 1; k < 24 * 12; k++)
			unequal |= one[k] != one[0];
		bool pattern = unequal && memcmp(one, other, 24 * 12 * sizeof *one) == 0;
		check_entry(spec.entry->name, pattern == initializer_is_pattern(&spec));
		check_entry(spec.entry->name, !pattern || initializer_is_structured(&spec));
		patterns += pattern;
		alloc_free(one);
		alloc_free(other);
	}
	assert_true(patterns >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_draws_keep_their_promise),
		cmocka_unit_test(test_parameters_keep_the_promise_too),
		cmocka_unit_test(test_the_articles_variances),
		cmocka_unit_test(test_variances_of_the_flavours),
		cmocka_unit_test(test_moments_of_tails),
		cmocka_unit_test(test_lsuv_promises_nothing),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_orthogonal_is_orthogonal),
		cmocka_unit_test(test_orthogonal_is_uniform),
		cmocka_unit_test(test_sparse_counts),
		cmocka_unit_test(test_torch_sparse_counts),
		cmocka_unit_test(test_identity_and_lengths),
		cmocka_unit_test(test_zero_one),
		cmocka_unit_test(test_padded_identity),
		cmocka_unit_test(test_zero_preserving),
		cmocka_unit_test(test_patterns_draw_nothing),
		cmocka_unit_test(test_the_stream_decides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
