/* The plane of sigma_w and sigma_b against published values and values computed
 * elsewhere, and against the other functions of theory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "check.h"
#include "nn/activation.h"
#include "nn/theory_phase.h"

static struct spec spec_named(const char *name)
{
	struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, &activations, name, &err));
	return spec;
}

static struct theory_phase_point point_at(const char *name, double w2, double b2)
{
	struct spec spec = spec_named(name);
	struct theory_grid grid = { .activation = &spec };
	struct theory_phase_point point;
	theory_phase_point(&point, &grid, w2, b2);
	return point;
}

/* Schoenholz et al. (2017) have sigma_b^2 = 0.05, Poole et al. (2016) sigma_b =
 * 0.3; the digits were integrated elsewhere with the trapezoid rule. */
static void test_known_points(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double w2, b2, q, chi;
	} known[] = {
		{ "tanh", 1.0, 0.05, 0.193593, 0.759032 },    { "tanh", 1.5, 0.05, 0.418037, 0.938636 },
		{ "tanh", 1.760955, 0.05, 0.570048, 1 },      { "tanh", 2.5, 0.05, 1.063958, 1.133516 },
		{ "tanh", 1.69, 0.09, 0.607047, 0.939807 },   { "tanh", 6.25, 0.09, 4.079124, 1.585225 },
		{ "tanh", 16, 0.09, 12.604149, 2.367261 },    { "sigmoid", 1, 0, 0.264687, 0.055721 },
		{ "sigmoid", 4, 0, 1.19691, 0.171582 },       { "sigmoid", 64, 0, 27.3825, 0.794824 },
		{ "tanh", 1.115381, 0.000236877, 0.0625, 1 }, { "tanh", 3.011952, 0.621593, 2.25, 1 },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct theory_phase_point point = point_at(known[i].name, known[i].w2, known[i].b2);
		check_near(point.q, known[i].q, 1e-4 * known[i].q + 1e-6);
		check_near(point.chi, known[i].chi, 1e-4);
	}
	check_near(point_at("tanh", 1.0, 0.05).depth_scale, 3.627, 2e-3);
	check_near(point_at("tanh", 1.5, 0.05).depth_scale, 15.79, 2e-2);
}

/* Without biases tanh is critical at sigma_w = 1, ordered below and chaotic above. */
static void test_edge_of_tanh(void **state)
{
	(void)state;
	struct theory_phase_point below = point_at("tanh", 0.9 * 0.9, 0), above = point_at("tanh", 1.1 * 1.1, 0);
	assert_true(below.q == 0);
	check_near(below.chi, 0.81, 1e-6);
	check_near(below.depth_scale, -1 / log(0.81), 1e-4);
	assert_true(below.correlation == 1);
	assert_true(above.q > 0 && above.chi > 1);
	assert_true(above.correlation == 0); /* without biases two images become independent */
	check_near(point_at("tanh", 1, 0).chi, 1, 1e-6);
}

/* relu: chi = sigma_w^2/2 everywhere, q* = sigma_b^2/(1 - chi); images become alike
 * even where gradients explode. */
static void test_relu(void **state)
{
	(void)state;
	for (double w2 = 0.25; w2 < 4; w2 += 0.25) {
		struct theory_phase_point point = point_at("relu", w2, 0.04);
		check_near(point.chi, w2 / 2, 1e-6);
		if (w2 < 2)
			check_near(point.q, 0.04 / (1 - w2 / 2), 1e-4);
		else
			assert_true(isinf(point.q));
		assert_true(point.correlation == 1);
		if (w2 != 2)
			check_near(point.depth_scale, 1 / fabs(log(w2 / 2)), 1e-2);
	}
	assert_true(isinf(point_at("relu", 2, 0).depth_scale));
}

/* In the chaotic phase: c* of the map and the slope there, by sums over a grid of
 * two normal numbers, which is slow and uses neither series nor panels. */
static double slow_pair(double q, double c, bool slopes)
{
	const double step = 0.1;
	double sum = 0;
	for (int i = -70; i <= 70; i++)
		for (int k = -70; k <= 70; k++) {
			double x = i * step, y = k * step, weight = exp(-0.5 * (x * x + y * y)) * step * step / (2 * acos(-1));
			double u = tanh(sqrt(q) * x), v = tanh(sqrt(q) * (c * x + sqrt(1 - c * c) * y));
			sum += weight * (slopes ? (1 - u * u) * (1 - v * v) : u * v);
		}
	return sum;
}

static void test_chaotic_correlation(void **state)
{
	(void)state;
	static const double settings[][2] = { { 2.5, 0.05 }, { 6.25, 0.09 }, { 4, 0.5 } };
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		double w2 = settings[i][0], b2 = settings[i][1];
		struct theory_phase_point point = point_at("tanh", w2, b2);
		double c = point.correlation;
		assert_true(c > 0 && c < 1);
		check_near((w2 * slow_pair(point.q, c, false) + b2) / point.q, c, 1e-3);
		check_near(exp(-1 / point.depth_scale), w2 * slow_pair(point.q, c, true), 1e-3);
	}
}

/* The same point by the iteration of theory_fixed_point(). */
static void test_agrees_with_iteration(void **state)
{
	(void)state;
	static const char *const names[] = { "tanh", "sigmoid", "erf", "softsign", "gelu", "elu", "selu", "softplus", "silu", "sin" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (int k = 0; k < 5; k++) {
			struct spec spec = spec_named(names[i]);
			double w2 = 0.3 + 0.4 * k, b2 = 0.1 + 0.1 * k, q, chi;
			struct theory_phase_point point = point_at(names[i], w2, b2);
			if (!theory_fixed_point(&q, &chi, &spec, w2, b2)) {
				assert_true(isinf(point.q));
				continue;
			}
			check_near(point.q / q, 1, 1e-3);
			check_near(point.chi / chi, 1, 1e-3);
		}
}

/* The c-map: 1 stays 1, its slope there is chi at the fixed point, and in between it
 * is the slow sum. */
static void test_map(void **state)
{
	(void)state;
	enum { COUNT = THEORY_MAP_POINTS };
	struct theory_correlation_map map;
	const double *out = map.after;
	struct spec spec = spec_named("tanh");
	struct theory_phase_point point = point_at("tanh", 1.5, 0.05);
	theory_correlation_map(&map, &spec, point.q, 1.5, 0.05);
	check_near(map.slope, point.chi, 1e-4);
	assert_true(map.limit == 1);
	check_near(out[COUNT - 1], 1, 1e-9);
	check_near((out[COUNT - 1] - out[COUNT - 2]) * (COUNT - 1), point.chi, 1e-2);
	check_near(out[COUNT / 2], (1.5 * slow_pair(point.q, 0.5, false) + 0.05) / point.q, 1e-4);
	check_near(out[0], 0.05 / point.q, 1e-4);
	point = point_at("tanh", 4, 0.5);
	theory_correlation_map(&map, &spec, point.q, 4, 0.5);
	check_near(map.limit, point.correlation, 1e-3);
	check_near(map.rate, exp(-1 / point.depth_scale), 1e-3);
	/* relu: the arc-cosine kernel (Cho and Saul 2009) */
	spec = spec_named("relu");
	theory_correlation_map(&map, &spec, 1, 2, 0);
	for (int i = 0; i < COUNT; i += 16) {
		double c = (double)i / (COUNT - 1), angle = acos(c);
		check_near(map.after[i], (sqrt(1 - c * c) + (acos(-1) - angle) * c) / acos(-1), 1e-3);
	}
}

/* Whatever the activation, a point takes a bounded time: the whole plane is computed
 * while the program runs. */
static void test_time_is_bounded(void **state)
{
	(void)state;
	enum { SIDE = 16 };
	for (size_t i = 0; i < activations.count; i++) {
		const struct entry *entry = table_at(&activations, i);
		if (entry_needs_formula(entry))
			continue;
		struct spec spec = spec_named(entry->name);
		struct theory_grid grid = { .activation = &spec };
		clock_t before = clock();
		for (int w = 0; w <= SIDE; w++)
			for (int b = 0; b <= SIDE; b++) {
				struct theory_phase_point point;
				theory_phase_point(&point, &grid, 16.0 * w / SIDE, 4.0 * b / SIDE);
				assert_true(!(point.chi < 0) && !(point.depth_scale < 0));
			}
		assert_true((double)(clock() - before) / CLOCKS_PER_SEC < 2); /* 0.03 s on a usual machine */
	}
}

/* xi is large near the critical line only, also where sigmoid is like a step. */
static void test_chaos_has_no_second_edge(void **state)
{
	(void)state;
	for (double w = 11; w < 24; w += 0.5)
		for (double b = 0; b < 12; b += 1.5) {
			struct theory_phase_point point = point_at("sigmoid", w * w, b * b);
			if (point.chi > 1.1)
				assert_true(point.depth_scale < 3 / log(point.chi));
		}
}

/* What cannot be: NaN, not a crash. */
static void test_impossible(void **state)
{
	(void)state;
	assert_true(isnan(point_at("tanh", NAN, 0).chi));
	assert_true(isnan(point_at("tanh", -1, 0).chi));
	assert_true(isnan(point_at("tanh", 1, INFINITY).q));
	struct theory_phase_point none = point_at("tanh", 0, 0);
	assert_true(none.q == 0 && none.chi == 0 && none.depth_scale == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_points),
		cmocka_unit_test(test_edge_of_tanh),
		cmocka_unit_test(test_relu),
		cmocka_unit_test(test_chaotic_correlation),
		cmocka_unit_test(test_agrees_with_iteration),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_time_is_bounded),
		cmocka_unit_test(test_chaos_has_no_second_edge),
		cmocka_unit_test(test_impossible),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
