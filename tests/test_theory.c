/* Theory against published values, values computed elsewhere, slow sums and
 * closed forms that it does not use itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "nn/activation.h"
#include "nn/theory.h"
#include "nn/theory_series.h"
#include "nn/theory_gauss.h"

static struct spec spec_named(const char *name)
{
	struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, &activations, name, &err));
	return spec;
}

/* ---- expectations ---- */

/* E f, E f^2, E f'^2 at q = 1, integrated elsewhere to the six digits given. */
static void test_moments_at_one(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double mean, mean_square, slope_square;
	} known[] = {
		{ "sigmoid", 0.5, 0.293379, 0.044836 }, { "tanh", 0, 0.394294, 0.464403 },
		{ "lecun_tanh", 0, 0.750430, 0.803989 }, { "hard_tanh", 0, 0.516059, 0.682689 },
		{ "erf", 0, 0.464559, 0.569410 }, { "softsign", 0, 0.183014, 0.227671 },
		{ "relu", 0.398942, 0.5, 0.5 }, { "leaky_relu", 0.394953, 0.50005, 0.50005 },
		{ "leaky_relu(0.2)", 0.319154, 0.52, 0.52 }, { "elu", 0.160521, 0.644945, 0.668102 },
		{ "selu", 0, 1, 1.071575 }, { "gelu", 0.282095, 0.425221, 0.455851 },
		{ "silu", 0.206621, 0.355776, 0.379482 }, { "softplus", 0.806059, 0.921246, 0.293379 },
		{ "mish", 0.240404, 0.452342, 0.479084 }, { "sin", 0, 0.432332, 0.567668 },
		{ "sin(2)", 0, 0.499832, 2.000671 }, /* (1 - e^-8)/2, 4 (1 + e^-8)/2 */
		{ "linear", 0, 1, 1 },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct spec spec = spec_named(known[i].name);
		struct theory_moments m;
		theory_moments(&m, &spec, 1);
		check_near(m.mean, known[i].mean, 6e-7);
		check_near(m.mean_square, known[i].mean_square, 6e-7);
		check_near(m.slope_square, known[i].slope_square, 6e-7);
	}
}

/* Where Gauss-Hermite rules fail: the bend is narrow beside sqrt(88). */
static void test_moments_of_a_saturated_layer(void **state)
{
	(void)state;
	struct spec tanh_spec = spec_named("tanh"), sigmoid = spec_named("sigmoid");
	struct theory_moments m;
	theory_moments(&m, &tanh_spec, 88);
	check_ratio(m.slope_square, 0.0565996, 1e-6);
	check_ratio(m.mean_square, 0.915339, 1e-6);
	theory_moments(&m, &sigmoid, 88);
	check_ratio(m.slope_square, 0.00703662, 1e-6);
}

/* The midpoint rule with a million points: slow, and without the program's
 * panels, kinks and closed forms.  Its error at a kink or step of f' is the
 * step, 2e-5 of the Gaussian's width, times its height. */
static void slow_moments(struct theory_moments *m, const struct spec *spec, double mean, double q)
{
	const struct activation *activation = activation_of(spec);
	const int points = 1000000;
	*m = (struct theory_moments){ 0 };
	for (int i = 0; i < points; i++) {
		double z = -10 + 20 * (i + 0.5) / points, weight = exp(-0.5 * z * z) * 0.3989422804014327 * 20 / points;
		double u = mean + sqrt(q) * z, f = activation->f(u, spec->value), df = activation->df(u, spec->value);
		m->mean += weight * f;
		m->mean_square += weight * f * f;
		m->slope += weight * df;
		m->slope_square += weight * df * df;
	}
}

static void test_moments_against_a_plain_sum(void **state)
{
	(void)state;
	const double means[] = { 0, -0.8, 5 }, q = 3.7;
	for (size_t i = 0; i < activations.count; i++)
		for (int k = 0; k < 3; k++) {
			struct spec spec = spec_of(table_at(&activations, i));
			struct theory_moments seen, expected;
			if (strcmp(spec.entry->name, "exponential") == 0)
				continue; /* its mass lies beyond 10 standard deviations: next test */
			theory_moments_at(&seen, &spec, means[k], q);
			slow_moments(&expected, &spec, means[k], q);
			check_near(seen.mean, expected.mean, 2e-5);
			check_near(seen.mean_square, expected.mean_square, 2e-5 * fmax(1, expected.mean_square));
			check_near(seen.slope, expected.slope, 2e-5);
			check_near(seen.slope_square, expected.slope_square, 2e-5);
		}
}

static void test_exponential_is_lognormal(void **state)
{
	(void)state;
	struct spec spec = spec_named("exponential");
	struct theory_moments m;
	theory_moments(&m, &spec, 0.5);
	check_near(m.mean, 1.2840254166877414, 1e-12); /* e^(q/2), e^(2q) */
	check_near(m.mean_square, 2.718281828459045, 1e-12);
	check_near(m.slope_square, 2.718281828459045, 1e-12);
	theory_moments_at(&m, &spec, -1, 0.5);
	check_near(m.mean, 0.4723665527410147, 1e-12); /* e^(mean + q/2), e^(2 mean + 2q) */
	check_near(m.mean_square, 0.36787944117144233, 1e-12);
}

/* Bounded functions at huge q tend to their limits, tiny q to slope and value at 0. */
static void test_moments_of_any_size(void **state)
{
	(void)state;
	struct spec spec = spec_named("tanh");
	struct theory_moments m;
	theory_moments(&m, &spec, 1e12);
	check_near(m.mean_square, 1, 1e-5);
	check_ratio(m.slope_square, 4.0 / 3 / sqrt(2 * M_PI) / 1e6, 1e-6); /* integral of tanh'^2 is 4/3 */
	theory_moments(&m, &spec, 1e-12);
	check_ratio(m.mean_square, 1e-12, 1e-9);
	check_ratio(m.slope_square, 1, 1e-9);
	const double strange[] = { 0, 1e-300, 1e300, INFINITY, -1, NAN };
	for (size_t i = 0; i < activations.count; i++) {
		for (size_t k = 0; k < 6; k++) {
			struct spec each = spec_of(table_at(&activations, i));
			theory_moments(&m, &each, strange[k]);
			assert_true(isnan(m.mean_square) == (k > 2));
		}
	}
	struct spec sigmoid = spec_named("sigmoid");
	theory_moments(&m, &sigmoid, 0);
	check_near(m.mean_square, 0.25, 0);
	check_near(m.slope_square, 0.0625, 0);
}

/* E f(u) f(u') for two images whose u are N(0, q) with this covariance. */
static double kernel(const struct spec *activation, double q, double covariance)
{
	struct theory_series series;
	theory_series(&series, activation, 0, q);
	return theory_series_covariance(&series, covariance / q) + series.moments.mean * series.moments.mean;
}

/* relu and erf have closed kernels: arc-cosine of order 1 (Cho and Saul 2009),
 * arc-sine (Williams 1996). */
static void test_kernel(void **state)
{
	(void)state;
	struct spec relu = spec_named("relu"), erf_spec = spec_named("erf"), tanh_spec = spec_named("tanh");
	struct theory_moments m;
	for (double c = -0.9; c < 0.96; c += 0.1) {
		double q = 2.5, angle = acos(c);
		double expected = q / (2 * M_PI) * (sin(angle) + (M_PI - angle) * c);
		check_near(kernel(&relu, q, c * q), expected, 2e-4 * q);
		expected = M_2_PI * asin(2 * c * q / (1 + 2 * q));
		check_near(kernel(&erf_spec, q, c * q), expected, 2e-4);
	}
	theory_moments(&m, &tanh_spec, 3);
	check_near(kernel(&tanh_spec, 3, 3), m.mean_square, 1e-12);
	check_near(kernel(&tanh_spec, 3, 0), 0, 1e-12);
}

/* Equal logits; two classes, where p = 1/(1+e^d) with d ~ N(0, 2q) and
 * p1^2 + p2^2 = 1 - 2 p (1 - p) is another expectation; certainty. */
static void test_softmax(void **state)
{
	(void)state;
	struct spec sigmoid = spec_named("sigmoid");
	check_near(softmax_square_sum(0, 10), 0.1, 1e-15);
	check_near(softmax_square_sum(1e-6, 10), 0.1, 1e-6);
	for (double q = 0.01; q < 1e4; q *= 7) {
		struct theory_moments m;
		theory_moments(&m, &sigmoid, 2 * q);
		check_near(softmax_square_sum(q, 2), 2 * m.mean_square, 1e-9); /* E 2 p^2 - 2 p + 1, E p = 1/2 */
	}
	check_near(softmax_square_sum(1e12, 10), 1, 1e-5);
	check_near(softmax_square_sum(3, 1), 1, 1e-9);
	assert_true(isnan(softmax_square_sum(NAN, 10)) && isnan(softmax_square_sum(INFINITY, 10)));
}

/* ---- fixed points ---- */

static void check_fixed_point(const char *name, double sigma_w2, double sigma_b2, double q, double chi)
{
	struct spec spec = spec_named(name);
	double seen_q, seen_chi;
	assert_true(theory_fixed_point(&seen_q, &seen_chi, &spec, sigma_w2, sigma_b2));
	check_near(seen_q, q, 2e-5 * fmax(q, 0.05)); /* five or six digits are known */
	check_near(seen_chi, chi, 5e-6);
}

static void test_fixed_points(void **state)
{
	(void)state;
	check_fixed_point("tanh", 1.0, 0.05, 0.193593, 0.759032);
	check_fixed_point("tanh", 1.5, 0.05, 0.418037, 0.938636);
	check_fixed_point("tanh", 2.5, 0.05, 1.063958, 1.133516);
	check_fixed_point("tanh", 1.760955, 0.05, 0.570048, 1);
	check_fixed_point("tanh", 1.3 * 1.3, 0.09, 0.607047, 0.939807); /* Poole et al. */
	check_fixed_point("tanh", 2.5 * 2.5, 0.09, 4.079124, 1.585225);
	check_fixed_point("tanh", 4 * 4, 0.09, 12.604149, 2.367261);
	check_fixed_point("tanh", 25.0 / 9, 0, 1.178480, 1.209832);
	check_fixed_point("sigmoid", 1, 0, 0.264687, 0.055721);
	check_fixed_point("sigmoid", 4, 0, 1.19691, 0.171582);
	check_fixed_point("sigmoid", 16, 0, 5.85540, 0.398879);
	check_fixed_point("sigmoid", 64, 0, 27.3825, 0.794824);
	check_fixed_point("sigmoid", 10.1493 * 10.1493, 0, 45.624, 1);
	check_fixed_point("tanh", 0.81, 0, 0, 0.81); /* q dies, chi is that of small signals */
}

static void test_runaway(void **state)
{
	(void)state;
	double q, chi;
	struct spec relu = spec_named("relu"), exponential = spec_named("exponential"), selu = spec_named("selu");
	assert_false(theory_fixed_point(&q, &chi, &relu, 2.1, 0));
	assert_false(theory_fixed_point(&q, &chi, &relu, 2, 0.1));
	assert_false(theory_fixed_point(&q, &chi, &exponential, 1, 0));
	assert_false(theory_fixed_point(&q, &chi, &relu, NAN, 0));
	assert_true(theory_fixed_point(&q, &chi, &relu, 2, 0));
	check_near(chi, 1, 1e-12);
	/* 100 layers of SELU at gain 3/4: standard deviation of outputs 0.194..0.209 was measured */
	assert_true(theory_fixed_point(&q, &chi, &selu, 0.5625, 0));
	check_near(q, 0.023034, 2e-6);
}

/* Gains that keep the standard deviation, 1/sqrt(Var f(z)): computed values;
 * pytorch#24991 measured 4.809, 1.7068, 1.5421, 1.2695, 1.5976, 1.0003. */
static void test_published_gains(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double gain, measured;
	} known[] = { { "sigmoid", 4.801313, 4.809 }, { "relu", 1.712859, 1.7068 }, { "leaky_relu(0.2)", 1.546460, 1.5421 },
		      { "elu", 1.270843, 1.2695 }, { "tanh", 1.592537, 1.5976 }, { "selu", 1, 1.0003 } };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct spec spec = spec_named(known[i].name);
		struct theory_moments m;
		theory_moments(&m, &spec, 1);
		double gain = 1 / sqrt(m.mean_square - m.mean * m.mean);
		check_ratio(gain, known[i].gain, 2e-6);
		check_ratio(gain, known[i].measured, 0.005); /* their sampling error */
	}
}

/* Share of outputs beyond +-edge for z ~ N(0, q): tanh is monotonous, so it is
 * that of |z| beyond atanh(edge). */
static double tanh_tail(double q, double edge)
{
	return erfc(atanh(edge) / sqrt(2 * q));
}

/* A deep tanh net with gain 5/3, and z ~ N(0, 1) as batch norm gives it. */
static void test_published_tanh(void **state)
{
	(void)state;
	struct spec tanh_spec = spec_named("tanh"), selu = spec_named("selu");
	struct theory_moments m;
	double q, chi;
	assert_true(theory_fixed_point(&q, &chi, &tanh_spec, 25.0 / 9, 0));
	theory_moments(&m, &tanh_spec, q);
	check_near(sqrt(m.mean_square), 0.651347, 1e-6);
	check_near(tanh_tail(q, 0.97), 0.05394, 1e-5);
	check_near(tanh_tail(q, 0.99), 0.01477, 1e-5);
	theory_moments(&m, &tanh_spec, 1);
	check_near(sqrt(m.mean_square), 0.627928, 1e-6);
	check_near(tanh_tail(1, 0.97), 0.03641, 1e-5);
	/* the output's rms behind SELU's measured 0.194..0.209 */
	assert_true(theory_fixed_point(&q, &chi, &selu, 0.5625, 0));
	theory_moments(&m, &selu, q);
	check_near(sqrt(m.mean_square), 0.2024, 5e-5);
}

static void test_critical_line(void **state)
{
	(void)state;
	const double known[][3] = { { 0.0625, 1.115381, 0.000236877 }, { 0.25, 1.393962, 0.00812515 },
		                    { 0.5, 1.687975, 0.0380412 }, { 1, 2.153303, 0.150965 },
		                    { 2.25, 3.011952, 0.621593 } };
	struct spec spec = spec_named("tanh"), relu = spec_named("relu"), sigmoid = spec_named("sigmoid");
	double w2, b2;
	for (int i = 0; i < 5; i++) {
		theory_critical(&w2, &b2, &spec, known[i][0]);
		check_ratio(w2, known[i][1], 1e-6);
		check_ratio(b2, known[i][2], 5e-6);
	}
	theory_critical(&w2, &b2, &relu, 7);
	check_near(w2, 2, 1e-12);
	check_near(b2, 0, 0);
	theory_critical(&w2, &b2, &sigmoid, 1);
	assert_true(isnan(b2));
}

static void test_edge_of_chaos(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double sigma_w;
	} known[] = { { "tanh", 1 }, { "softsign", 1 }, { "hard_tanh", 1 }, { "sin", 1 }, { "sin(30)", 1.0 / 30 }, { "linear", 1 },
		      { "erf", 0.886227 }, { "lecun_tanh", 0.874177 }, { "relu", 1.414214 },
		      { "leaky_relu(0.2)", 1.386750 }, { "sigmoid", 10.1493 } };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct spec spec = spec_named(known[i].name);
		check_ratio(theory_edge_of_chaos(&spec), known[i].sigma_w, 5e-6);
	}
	struct spec softplus = spec_named("softplus"); /* its mean output grows too fast: none */
	assert_true(isnan(theory_edge_of_chaos(&softplus)));
}

/* ---- the article's nets ---- */

static void test_article(void **state)
{
	(void)state;
	const double xavier = 1.3 * 0.7737413035499, he = 2 * xavier;
	static const struct {
		const char *activation;
		double v1, v2, z[3], factor[2];
	} known[] = {
		{ "sigmoid", 1, 1, { 87.843, 45.820, 0.8055 }, { 0.7043, 0.001761 } },
		{ "sigmoid", 0.00227571, 0.01005864, { 0.19991, 0.26293, 0.48109 }, { 0.057487, 0.010138 } },
		{ "relu", 1, 1, { 87.843, 4392.15, 3992.87 }, { 50.10, 0.09109 } },
		{ "relu", 0.00227571, 0.01005864, { 0.19991, 0.10054, 0.0914 }, { 0.5039, 0.09109 } },
		{ "relu", 0.00256598, 0.02011727, { 0.2254, 0.22673, 0.20611 }, { 1.0079, 0.09109 } },
	};
	check_ratio(2 * xavier / 884, 0.00227571, 1e-5); /* the variances above: cut at 2 sigma, 1.3 correction */
	check_ratio(he / 100, 0.02011727, 1e-5);
	const struct theory_input input = { .mean_square = 0.112045, .mean_vector_square = 35.11 };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct spec spec = spec_named(known[i].activation);
		struct theory_layer layer[3] = {
			{ .fan_in = 784, .fan_out = 100, .weight_variance = known[i].v1, .activation = &spec },
			{ .fan_in = 100, .fan_out = 100, .weight_variance = known[i].v2, .activation = &spec },
			{ .fan_in = 100, .fan_out = 10, .weight_variance = 2.0 / 110 },
		};
		theory_predict(layer, 3, &input, 10);
		for (int l = 0; l < 3; l++)
			check_ratio(layer[l].z_mean_square, known[i].z[l], 3e-4); /* the table's digits */
		for (int l = 0; l < 2; l++) {
			check_ratio(layer[l].delta_factor, known[i].factor[l], 3e-3);
			double factor = layer[l].delta_mean_square / layer[l + 1].delta_mean_square;
			check_ratio(factor, known[i].factor[l], 3e-3);
		}
		assert_true(isnan(layer[2].delta_factor));
	}
}

/* 52.73 within units and 35.11 between: the split of 87.84. */
static void test_split(void **state)
{
	(void)state;
	const struct theory_input input = { .mean = 0.1307, .mean_square = 0.112045, .mean_vector_square = 35.11 };
	struct spec spec = spec_named("sigmoid");
	struct theory_layer layer[1] = { { .fan_in = 784, .fan_out = 100, .weight_variance = 1, .activation = &spec } };
	theory_predict(layer, 1, &input, 10);
	check_near(layer[0].z_within, 52.73, 0.01);
	check_near(layer[0].z_between, 35.11 * 0.99, 0.01);
	check_near(layer[0].z_variance, 52.73 + 35.11 * 0.99, 0.01);
}

/* ---- the map of correlations ---- */

/* Forty branches of the same kind with a normalized sum: the correlations themselves,
 * layer by layer, end at the limit that the map of one layer gives, and their distance
 * from it shrinks by its rate.  So wide that the width changes no length. */
static void test_map_of_normalized_sums(void **state)
{
	(void)state;
	enum { BRANCHES = 40, WIDE = 1000000 };
	static const struct { const char *activation; double sigma2, lambda, bias_variance; unsigned layers; } kinds[] = {
		{ "relu", 2, 1, 0, 1 }, { "tanh", 3, 0.7, 0, 1 }, { "tanh", 2, 1, 0.1, 1 }, { "gelu", 3, 0.5, 0, 2 },
	};
	const struct theory_input input = { .mean_square = 1, .mean_vector_square = 0.6 * WIDE };
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct spec spec = spec_named(kinds[k].activation), linear = spec_named("linear");
		static struct theory_layer layer[2 * BRANCHES + 1];
		size_t n = kinds[k].layers, layers = n * BRANCHES + 1;
		for (size_t l = 0; l < layers; l++) {
			bool ends = l + 1 < layers && (l + 1) % n == 0;
			layer[l] = (struct theory_layer){
				.fan_in = WIDE, .fan_out = WIDE, .weight_variance = kinds[k].sigma2 / WIDE, .bias_variance = kinds[k].bias_variance,
				.activation = l + 1 == layers ? NULL : n == 2 && ends ? &linear : &spec, .residual = ends ? (unsigned)n : 0,
				.normalization = ends ? THEORY_SUM : THEORY_PLAIN, .gain_square = 1, .branch_scale = 1,
				.skip_scale = kinds[k].lambda,
			};
		}
		theory_predict(layer, layers, &input, 100);
		const struct theory_layer *near_end = &layer[layers - 1 - 10 * n], *last = &layer[layers - 1 - n];
		double limit = last->correlation_limit, before = near_end[0].correlation - limit, after = near_end[n].correlation - limit;
		double slope = pow(last->correlation_rate, (double)n);
		if (!(fabs(layer[layers - 1].correlation - limit) < fabs(layer[n].correlation - limit)))
			fail_msg("%s: correlation %g, limit %g", kinds[k].activation, layer[layers - 1].correlation, limit);
		if (!(fabs(before) < 1e-9) && !(fabs(after / before - slope) < 0.05))
			fail_msg("%s: the distance from %g goes from %g to %g, rate %g", kinds[k].activation, limit, before, after, slope);
	}
}

/* ---- what has no answer ---- */

static void test_degenerate_nets(void **state)
{
	(void)state;
	struct spec spec = spec_named("tanh");
	const struct theory_input input = { .mean_square = 0.1, .mean_vector_square = 30 };
	const double variances[] = { 0, 1e300, INFINITY, NAN };
	for (int i = 0; i < 4; i++) {
		struct theory_layer layer[3] = {
			{ .fan_in = 784, .fan_out = 50, .weight_variance = variances[i], .activation = &spec },
			{ .fan_in = 50, .fan_out = 50, .weight_variance = variances[i], .activation = &spec,
			  .residual = 1, .branch_scale = 1, .skip_scale = 1 },
			{ .fan_in = 50, .fan_out = 10, .weight_variance = variances[i] },
		};
		theory_predict(layer, 3, &input, 10);
		if (i == 0) {
			check_near(layer[2].z_mean_square, 0, 0);
			check_near(layer[2].delta_mean_square, 0.09, 1e-15); /* (C-1)/C^2 */
			check_near(layer[1].delta_mean_square, 0, 0);
			check_near(layer[0].chi, 0, 0);
			check_near(layer[0].depth_scale, 0, 0);
		} else if (i > 1) {
			assert_true(isnan(layer[2].delta_mean_square));
		}
	}
	theory_predict(NULL, 0, &input, 10);
}

/* Every assumption that inputs can break: no prediction from there on, and why. */
/* Activations by formula, of whose form theory knows nothing: moments and critical points by
 * SciPy's quad, and those of the activation that has the same formula. */
static void test_formulas(void **state)
{
	(void)state;
	static const struct {
		const char *formula, *same; /* NULL: no built-in activation has it */
		double q, mean, mean_square, slope_square, sigma_w2, sigma_b2, edge;
	} known[] = {
		{ "expr(z*sigmoid(1.702*z))", NULL, 0.3, 0.1076603605, 0.1041845087, 0.3698716632, 2.7036404776, 0.0183225452, 2 },
		{ "expr(z*sigmoid(1.702*z))", NULL, 1, 0.2823305528, 0.4219528069, 0.4495492005, 2.2244506251, 0.0613868150, 2 },
		{ "expr(z*sigmoid(1.702*z))", NULL, 4, 0.7086296779, 1.9157234204, 0.4999143698, 2.0003425794, 0.1678968718, 2 },
		{ "expr(max(z,0))", "relu", 1, 0.3989422804, 0.5, 0.5, 2, 0, M_SQRT2 },
		{ "expr(tanh(z))", "tanh", 0.3, 0, 0.1972633875, 0.6858715529, 1.4579989442, 0.0123901893, 1 },
		{ "expr(tanh(z))", "tanh", 4, 0, 0.6352612343, 0.2559504432, 3.9070063228, 1.5180303411, 1 },
		{ "expr(z*sigmoid(z))", "silu", 1, 0.2066209641, 0.3557755198, 0.3794823516, 2.6351686599, 0.0624715002, 2 },
		{ "expr(sigmoid(2*z))", NULL, 1, 0.5, 0.3485736226, 0.1161007256, 8.6132105956, NAN, 5.07463186 },
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct spec spec = spec_named(known[i].formula), same = known[i].same ? spec_named(known[i].same) : spec;
		struct theory_moments m, other;
		double sigma_w2, sigma_b2, q = known[i].q;
		theory_moments(&m, &spec, q);
		theory_moments(&other, &same, q);
		theory_critical(&sigma_w2, &sigma_b2, &spec, q);
		const struct { const char *what; double seen, expected, tolerance; } numbers[] = {
			{ "mean", m.mean, known[i].mean, 2e-8 }, { "mean square", m.mean_square, known[i].mean_square, 2e-8 },
			{ "slope square", m.slope_square, known[i].slope_square, 2e-8 }, { "critical sigma_w2", sigma_w2, known[i].sigma_w2, 1e-7 },
			{ "edge of chaos", theory_edge_of_chaos(&spec), known[i].edge, 1e-6 },
			{ "mean of the same", m.mean, other.mean, 1e-8 }, { "mean square of the same", m.mean_square, other.mean_square, 1e-8 },
			{ "slope square of the same", m.slope_square, other.slope_square, 1e-8 },
		};
		for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
			if (!(fabs(numbers[k].seen - numbers[k].expected) < numbers[k].tolerance))
				fail_msg("%s, q %g: %s %.10g, expected %.10g", known[i].formula, q, numbers[k].what, numbers[k].seen,
				         numbers[k].expected);
		assert_true(isnan(known[i].sigma_b2) ? isnan(sigma_b2) : fabs(sigma_b2 - known[i].sigma_b2) < 1e-7);
	}
}

static void test_broken_assumptions(void **state)
{
	(void)state;
	struct spec spec = spec_named("tanh");
	const struct theory_input input = { .images = 100, .mean = 0.03, .mean_square = 0.1, .mean_vector_square = 30,
	                                    .sum_variance = 1000 };
	const struct {
		struct theory_layer layer;
		enum theory_assumption broken;
	} cases[] = {
		{ { .weight_mean = 1 }, THEORY_RANDOM }, /* ones */
		{ { .weight_mean = -0.1, .bias_variance = 1 }, THEORY_RANDOM },
		{ { .weight_mean = 0.001, .weight_variance = 0.001, .structured = true }, THEORY_INDEPENDENT },
		{ { .weight_mean = 0.001, .weight_variance = 0.001, .structured = true, .pattern = true }, THEORY_DRAWN }, /* identity */
		{ { .weight_variance = 0.001, .structured = true, .pattern = true }, THEORY_DRAWN }, /* IDInit's differences */
		{ { .weight_mean = 0.1, .weight_variance = 1e-4 }, THEORY_UNSHARED },
		{ { .weight_variance = INFINITY }, THEORY_FINITE },
		{ { .weight_variance = NAN }, THEORY_FINITE },
		{ { .weight_variance = 1, .bias_mean = NAN }, THEORY_FINITE },
		{ { .weight_variance = 1, .bias_variance = -1 }, THEORY_FINITE },
		{ { .weight_variance = 1e308 }, THEORY_FINITE },
		{ { .weight_variance = 0 }, THEORY_HOLDS },
		{ { .weight_variance = 0.001, .structured = true }, THEORY_HOLDS }, /* orthogonal */
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct theory_layer layer[3] = { { .weight_variance = 0.01 }, cases[i].layer, { .weight_variance = 0.02 } };
		for (int l = 0; l < 3; l++) {
			layer[l].fan_in = l ? 50 : 784;
			layer[l].fan_out = l < 2 ? 50 : 10;
			layer[l].activation = l < 2 ? &spec : NULL;
		}
		if (cases[i].broken == THEORY_UNSHARED) { /* of the images' sums, so in layer 1 */
			layer[0].weight_mean = layer[1].weight_mean;
			layer[0].weight_variance = layer[1].weight_variance;
		}
		theory_predict(layer, 3, &input, 10);
		assert_int_equal(layer[0].broken, cases[i].broken == THEORY_UNSHARED ? THEORY_UNSHARED : THEORY_HOLDS);
		assert_int_equal(layer[1].broken, cases[i].broken);
		assert_int_equal(layer[2].broken, cases[i].broken);
		bool none = cases[i].broken != THEORY_HOLDS;
		assert_int_equal(isnan(layer[1].z_mean_square), none);
		assert_int_equal(isnan(layer[2].z_mean_square), none);
		assert_int_equal(isnan(layer[0].delta_mean_square), none);
		if (none)
			assert_true(theory_assumptions[cases[i].broken].lacking && theory_assumptions[cases[i].broken].brief);
	}
	for (int i = THEORY_FINITE; i < THEORY_ASSUMPTIONS; i++) {
		assert_non_null(theory_assumptions[i].name);
		assert_non_null(theory_assumptions[i].sentence);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments_at_one),
		cmocka_unit_test(test_moments_of_a_saturated_layer),
		cmocka_unit_test(test_moments_against_a_plain_sum),
		cmocka_unit_test(test_exponential_is_lognormal),
		cmocka_unit_test(test_moments_of_any_size),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_softmax),
		cmocka_unit_test(test_fixed_points),
		cmocka_unit_test(test_runaway),
		cmocka_unit_test(test_published_gains),
		cmocka_unit_test(test_published_tanh),
		cmocka_unit_test(test_critical_line),
		cmocka_unit_test(test_edge_of_chaos),
		cmocka_unit_test(test_article),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_map_of_normalized_sums),
		cmocka_unit_test(test_degenerate_nets),
		cmocka_unit_test(test_broken_assumptions),
		cmocka_unit_test(test_formulas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
