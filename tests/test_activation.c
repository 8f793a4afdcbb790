/* Activations: derivatives against differences, the float loops against the
 * definitions in double, and what the table claims against dense sweeps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "nn/activation.h"

/* Calls test(spec) for every activation with its initial parameters, and for
 * those that have one, with another value. */
static void each(void (*test)(const struct spec *spec))
{
	for (size_t i = 0; i < activations.count; i++) {
		struct spec spec = spec_of(table_at(&activations, i));
		test(&spec);
		if (entry_parameter_count(spec.entry) == 0)
			continue;
		spec.value[0] = 0.6;
		test(&spec);
	}
}

static bool near_kink(const struct activation *activation, const double *p, double z, double distance)
{
	double at[ACTIVATION_MAX_POINTS];
	int count = activation->kinks ? activation->kinks(at, p) : 0;
	for (int i = 0; i < count; i++)
		if (fabs(z - at[i]) < distance)
			return true;
	return false;
}

/* Central differences: error h^2/6 f''' + 1e-16 f / h, below 1e-8 here. */
static void derivative_is_right(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	const double *p = spec->value, h = 1e-5;
	for (double z = -12.013; z < 12; z += 0.0217) {
		if (near_kink(activation, p, z, 2 * h))
			continue;
		double difference = (activation->f(z + h, p) - activation->f(z - h, p)) / (2 * h);
		double scale = fmax(1, fabs(difference));
		if (!(fabs(activation->df(z, p) - difference) <= 1e-8 * scale))
			fail_msg("%s'(%g) is %.12g, differences give %.12g", spec->entry->name, z, activation->df(z, p),
			         difference);
	}
}

static void test_derivatives(void **state)
{
	(void)state;
	each(derivative_is_right);
}

static bool float_is_near(double got, double expected)
{
	double bound = fabs(expected) * 4 / (1 << 23);
	return got == expected || fabs(got - expected) <= fmax(1e-6, bound) ||
	       (isinf(got) && got * expected > 0 && fabs(expected) > 3.4028e38);
}

#define SWEEP 40009 /* prime: the vector loops end in a remainder */

/* From tiny through moderate to the largest floats, both signs. */
static void fill_sweep(float *z)
{
	size_t third = SWEEP / 3;
	for (size_t i = 0; i < SWEEP; i++) {
		if (i < third)
			z[i] = (float)(-20 + 40.0 * (double)i / (double)third);
		else if (i < 2 * third)
			z[i] = (float)(-120 + 240.0 * (double)(i - third) / (double)third);
		else
			z[i] = (float)((i & 1 ? -1 : 1) * pow(10, -46 + 84.5 * (double)(i - 2 * third) / (double)third));
	}
	const float special[] = { 0, -0.0f, 3.4028235e38f, -3.4028235e38f, 1e-45f, -1e-45f, 1, -1, 3, -3, 6, 100, -100,
		                  88.8f, -88.8f, -103.9f, -104.1f };
	memcpy(z, special, sizeof special);
}

static float sweep_z[SWEEP], sweep_a[SWEEP], sweep_delta[SWEEP];

static void loops_are_right(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	activation_forward(activation, sweep_a, sweep_z, SWEEP, spec->value);
	for (size_t i = 0; i < SWEEP; i++)
		sweep_delta[i] = 1;
	activation_backward(activation, sweep_delta, sweep_z, sweep_a, SWEEP, spec->value);
	for (size_t i = 0; i < SWEEP; i++) {
		double z = (double)sweep_z[i], a = (double)sweep_a[i], slope = (double)sweep_delta[i];
		double f = activation->f(z, spec->value), df = activation->df(z, spec->value);
		if (!float_is_near(a, f))
			fail_msg("%s(%.9g) is %.9g, not %.9g", spec->entry->name, z, a, f);
		if (!float_is_near(slope, df))
			fail_msg("%s'(%.9g) is %.9g, not %.9g", spec->entry->name, z, slope, df);
	}
}

static void test_loops(void **state)
{
	(void)state;
	fill_sweep(sweep_z);
	each(loops_are_right);
}

/* A value's result may not depend on its place: vector lanes and remainders,
 * and writing over the argument, give the same bits. */
static void place_does_not_matter(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	enum { N = 71 };
	float whole[N], part[N], slopes[N], slope_part[N];
	const float *z = sweep_z + 1000;
	activation_forward(activation, whole, z, N, spec->value);
	for (int i = 0; i < N; i++)
		slopes[i] = 0.75f;
	activation_backward(activation, slopes, z, whole, N, spec->value);
	for (size_t from = 0; from < N; from += 5) {
		size_t n = N - from;
		memcpy(part, z + from, n * sizeof *z);
		activation_forward(activation, part, part, n, spec->value);
		assert_memory_equal(part, whole + from, n * sizeof *z);
		for (size_t i = 0; i < n; i++)
			slope_part[i] = 0.75f;
		activation_backward(activation, slope_part, z + from, part, n, spec->value);
		assert_memory_equal(slope_part, slopes + from, n * sizeof *z);
	}
	activation_forward(activation, part, z, 0, spec->value); /* nothing is written */
}

static void test_places(void **state)
{
	(void)state;
	fill_sweep(sweep_z);
	each(place_does_not_matter);
}

/* A NaN stays, infinities give the limit; of finite values comes no NaN
 * (test_loops compares each with a number). */
static void not_finite(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	const float z[3] = { NAN, INFINITY, -INFINITY };
	float a[3], delta[3] = { NAN, 1, 1 };
	activation_forward(activation, a, z, 3, spec->value);
	activation_backward(activation, delta, z, a, 3, spec->value);
	assert_true(isnan(a[0]));
	assert_true(isnan(delta[0]));
	for (int i = 1; i < 3; i++) {
		double f = activation->f((double)z[i], spec->value), df = activation->df((double)z[i], spec->value);
		if (isnan(f)) { /* sin has no limit */
			assert_true(isnan(a[i]));
			continue;
		}
		if (!float_is_near((double)a[i], f) || !float_is_near((double)delta[i], df))
			fail_msg("%s(%g): %g, slope %g, not %g, %g", spec->entry->name, (double)z[i], (double)a[i],
			         (double)delta[i], f, df);
	}
}

static void test_not_finite(void **state)
{
	(void)state;
	each(not_finite);
}

/* Where the slope is 0 an infinite gradient is dropped, not made a NaN. */
static void test_infinite_gradient_is_dropped(void **state)
{
	(void)state;
	struct spec relu = spec_of(table_find(&activations, "relu", NULL));
	float delta[2] = { INFINITY, INFINITY };
	const float z[2] = { -1, 0 }, a[2] = { 0, 0 };
	activation_backward(activation_of(&relu), delta, z, a, 2, relu.value);
	assert_true(delta[0] == 0 && delta[1] == 0);
}

static void test_saturation_is_exact(void **state)
{
	(void)state;
	struct spec sigmoid = spec_of(table_find(&activations, "sigmoid", NULL));
	struct spec tanh_spec = spec_of(table_find(&activations, "tanh", NULL));
	const float z[4] = { 100, -105, 18, -100 };
	float a[4];
	activation_forward(activation_of(&sigmoid), a, z, 4, sigmoid.value);
	assert_true(a[0] == 1 && a[1] == 0 && a[2] == 1 && a[3] > 0);
	activation_forward(activation_of(&tanh_spec), a, z, 4, tanh_spec.value);
	assert_true(a[0] == 1 && a[1] == -1 && a[2] == 1 && a[3] == -1);
}

/* The steepest point of a fine sweep reaches the claimed slope, none passes it. */
static void slope_claim(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	double claimed = activation->max_slope(spec->value), steepest = 0;
	for (double z = -40; z <= 40; z += 0.001)
		steepest = fmax(steepest, fabs(activation->df(z, spec->value)));
	for (double far = 1e2; far < 1e9; far *= 10)
		steepest = fmax(steepest, fabs(activation->df(far, spec->value)));
	if (isnan(claimed)) {
		assert_string_equal(spec->entry->name, "exponential");
		return;
	}
	if (!(steepest <= claimed * (1 + 1e-12) && steepest >= claimed * (1 - 1e-5)))
		fail_msg("%s: steepest %.15g, claimed %.15g", spec->entry->name, steepest, claimed);
}

static void test_max_slope(void **state)
{
	(void)state;
	each(slope_claim);
}

/* No output leaves the range; its finite ends are approached; each atom is the
 * output of many arguments. */
static void range_and_atoms(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	double low, high, atom[ACTIVATION_MAX_POINTS];
	activation->range(&low, &high, spec->value);
	int atoms = activation->atoms ? activation->atoms(atom, spec->value) : 0, hits[ACTIVATION_MAX_POINTS] = {0};
	activation_forward(activation, sweep_a, sweep_z, SWEEP, spec->value);
	double least = INFINITY, most = -INFINITY;
	for (size_t i = 0; i < SWEEP; i++) {
		double a = (double)sweep_a[i];
		least = fmin(least, a);
		most = fmax(most, a);
		for (int k = 0; k < atoms; k++)
			hits[k] += a == atom[k];
	}
	if (!(least >= low && most <= high))
		fail_msg("%s: outputs %.9g to %.9g, claimed %.9g to %.9g", spec->entry->name, least, most, low, high);
	assert_true(isinf(low) ? least < -1e6 : least < low + 1e-4);
	assert_true(isinf(high) ? most > 1e6 : most > high - 1e-4);
	for (int k = 0; k < atoms; k++)
		if (hits[k] < 500)
			fail_msg("%s: atom %g was hit %d times", spec->entry->name, atom[k], hits[k]);
}

/* An atom is a limit that is reached by rounding, or has a flat piece: somewhere f is the atom
 * in double too, with a slope of 0. */
static void limits_and_flat_pieces(const struct spec *spec)
{
	const struct activation *activation = activation_of(spec);
	double atom[ACTIVATION_MAX_POINTS];
	int atoms = activation->atoms ? activation->atoms(atom, spec->value) : 0, flat = 0;
	for (double z = -6.75; z < 7; z += 0.5)
		for (int k = 0; k < atoms; k++)
			flat += (float)activation->f(z, spec->value) == (float)atom[k] && activation->df(z, spec->value) == 0;
	if (atoms ? activation->rounded != (flat == 0) : activation->rounded)
		fail_msg("%s: %d atoms, %d flat points, rounded: %d", spec->entry->name, atoms, flat, activation->rounded);
}

static void test_limits_and_flat_pieces_differ(void **state)
{
	(void)state;
	each(limits_and_flat_pieces);
}

static void test_range_and_atoms(void **state)
{
	(void)state;
	fill_sweep(sweep_z);
	each(range_and_atoms);
}

static double gain(const char *text)
{
	struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, &activations, text, &err));
	return activation_gain(&spec);
}

/* torch.nn.init.calculate_gain where it has one; else 1/sqrt(E f(z)^2),
 * integrated independently in extended precision. */
static void test_gains(void **state)
{
	(void)state;
	check_near(gain("linear"), 1, 1e-12);
	check_near(gain("sigmoid"), 1, 1e-12);
	check_near(gain("tanh"), 5.0 / 3, 1e-12);
	check_near(gain("relu"), 1.4142135623730951, 1e-12);
	check_near(gain("leaky_relu"), 1.4141428569978354, 1e-12);
	check_near(gain("leaky_relu(0.2)"), 1.386750490563073, 1e-12);
	check_near(gain("selu"), 0.75, 1e-12);
	check_near(gain("gelu"), 1.533530, 1e-6);
	check_near(gain("swish"), 1.676532, 1e-6);
	check_near(gain("elu"), 1.245198, 1e-6);
	check_near(gain("mish"), 1.486848, 1e-6);
}

static void test_table_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < activations.count; i++) {
		struct spec spec = spec_of(table_at(&activations, i));
		const struct activation *activation = activation_of(&spec);
		const char *name = activation->entry.name;
		check_entry(name, activation->entry.summary && activation->entry.formula);
		check_entry(name, activation->f && activation->df);
		check_entry(name, activation->max_slope && activation->range && activation_saturation_word(&spec));
		check_entry(name, table_find(&activations, name, NULL) == &activation->entry);
	}
	check_near(spec_of(table_find(&activations, "keras:leaky_relu", NULL)).value[0], 0.2, 0);
	check_near(spec_of(table_find(&activations, "prelu", NULL)).value[0], 0.25, 0);
}

/* An entry with nothing but f and df is computed value by value. */
static void test_entry_without_vectors(void **state)
{
	(void)state;
	struct spec spec = spec_of(table_find(&activations, "gelu", NULL));
	struct activation plain = *activation_of(&spec);
	plain.forward = NULL;
	plain.backward = NULL;
	float z[5] = { -3, -0.5F, 0, 0.5F, 3 }, a[5], delta[5] = { 1, 2, 3, 4, INFINITY };
	activation_forward(&plain, a, z, 5, spec.value);
	for (int i = 0; i < 5; i++)
		assert_true(a[i] == (float)plain.f((double)z[i], spec.value));
	activation_backward(&plain, delta, z, a, 5, spec.value);
	for (int i = 0; i < 4; i++)
		assert_true(delta[i] == (float)(i + 1) * (float)plain.df((double)z[i], spec.value));
	assert_true(isinf(delta[4]));
	struct activation rectifier = *activation_find("relu", NULL);
	rectifier.backward = NULL;
	float infinite = INFINITY, negative = -1;
	activation_backward(&rectifier, &infinite, &negative, &negative, 1, NULL);
	assert_true(infinite == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_derivatives),
		cmocka_unit_test(test_loops),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_infinite_gradient_is_dropped),
		cmocka_unit_test(test_saturation_is_exact),
		cmocka_unit_test(test_max_slope),
		cmocka_unit_test(test_range_and_atoms),
		cmocka_unit_test(test_limits_and_flat_pieces_differ),
		cmocka_unit_test(test_gains),
		cmocka_unit_test(test_table_is_complete),
		cmocka_unit_test(test_entry_without_vectors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
