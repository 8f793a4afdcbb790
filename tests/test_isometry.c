/* Singular values: LAPACK beside rotations, estimates beside exact values; the Jacobian
 * of nets beside finite differences of their double-precision twin; theory beside random
 * matrices. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "mlp_fixture.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/isometry.h"
#include "nn/mat.h"
#include "nn/mlp_reference.h"
#include "nn/pool.h"
#include "nn/rng.h"
#include "nn/theory_isometry.h"

#define MOST 300

static double *doubles(size_t n)
{
	double *x = alloc_array(n, sizeof *x, NULL);
	assert_non_null(x);
	return x;
}

static double *random_matrix(size_t rows, size_t columns, uint64_t seed)
{
	double *a = doubles(rows * columns);
	float *x = alloc_array(rows * columns, sizeof *x, NULL);
	struct rng rng = rng_stream(seed, RNG_TEST, 0);
	rng_fill_normal(&rng, x, rows * columns);
	for (size_t i = 0; i < rows * columns; i++)
		a[i] = (double)x[i];
	alloc_free(x);
	return a;
}

static void close_to(double seen, double expected, double tolerance, const char *what)
{
	if (!(fabs(seen - expected) <= tolerance))
		fail_msg("%s: %.15g, expected %.15g +- %g", what, seen, expected, tolerance);
}

/* ---- singular values ---- */

static void check_engines(size_t rows, size_t columns)
{
	size_t count = rows < columns ? rows : columns;
	double *a = random_matrix(rows, columns, 7), *copy = doubles(rows * columns), plain[MOST], fast[MOST], square = 0, sum = 0;
	double *scratch = doubles(singular_scratch(rows, columns));
	memcpy(copy, a, rows * columns * sizeof *a);
	for (size_t i = 0; i < rows * columns; i++)
		square += a[i] * a[i];
	singular_values(fast, a, rows, columns, scratch);
	singular_values_plain(plain, copy, rows, columns, scratch);
	for (size_t i = 0; i < count; i++) {
		close_to(fast[i], plain[i], 1e-12 * plain[0], "LAPACK beside rotations");
		sum += plain[i] * plain[i];
	}
	close_to(sum, square, 1e-12 * square, "sum of squares");
	alloc_free(a);
	alloc_free(copy);
	alloc_free(scratch);
}

static void test_both_engines(void **state)
{
	(void)state;
	check_engines(1, 1);
	check_engines(1, 5);
	check_engines(7, 3);
	check_engines(100, 100);
	check_engines(100, 250);
	check_engines(250, 100);
}

/* Hilbert's matrix of order 5; numpy.linalg.svd. */
static void test_known_values(void **state)
{
	(void)state;
	static const double expected[5] = { 1.567050691098231, 0.208534218611013, 0.011407491623420, 0.000305898040151,
	                                    0.000003287928772 };
	double a[25], values[5], scratch[1000];
	assert_true(singular_scratch(5, 5) <= 1000);
	for (int engine = 0; engine < 2; engine++) {
		for (int i = 0; i < 25; i++)
			a[i] = 1.0 / (i / 5 + i % 5 + 1);
		(engine ? singular_values : singular_values_plain)(values, a, 5, 5, scratch);
		for (int i = 0; i < 5; i++)
			close_to(values[i], expected[i], 1e-14, "Hilbert");
	}
}

/* Sizes that no square of a double holds; zeros; NaN. */
static void test_extremes(void **state)
{
	(void)state;
	double values[2], scratch[1000];
	for (int engine = 0; engine < 2; engine++) {
		void (*compute)(double *, double *, size_t, size_t, double *) = engine ? singular_values : singular_values_plain;
		double big[4] = { 3e200, 0, 0, 4e200 }, small[4] = { 3e-200, 0, 0, 0 }, zero[4] = { 0 }, bad[4] = { 1, NAN, 0, 1 };
		compute(values, big, 2, 2, scratch);
		close_to(values[0] / 4e200, 1, 1e-14, "big");
		close_to(values[1] / 3e200, 1, 1e-14, "big");
		compute(values, small, 2, 2, scratch);
		close_to(values[0] / 3e-200, 1, 1e-14, "small");
		assert_true(values[1] == 0);
		compute(values, zero, 2, 2, scratch);
		assert_true(values[0] == 0 && values[1] == 0);
		compute(values, bad, 2, 2, scratch);
		assert_true(isnan(values[0]) && isnan(values[1]));
	}
	struct spectrum spectrum;
	spectrum_of_values(&spectrum, values, 2);
	assert_true(spectrum.count == 2 && isnan(spectrum.mean_square) && isnan(spectrum.condition) && spectrum.kept == 0);
	spectrum_of_values(&spectrum, (const double[]){ 2, 0 }, 2);
	assert_true(isinf(spectrum.condition) && spectrum.zero == 0.5 && spectrum.mean_square == 2 && spectrum.variance == 4);
}

static void test_quantiles(void **state)
{
	(void)state;
	double values[1000];
	struct spectrum spectrum;
	for (int i = 0; i < 1000; i++)
		values[i] = 1000 - i;
	spectrum_of_values(&spectrum, values, 1000);
	assert_int_equal(spectrum.kept, SINGULAR_KEPT);
	assert_true(spectrum_quantile(&spectrum, 0) == 1 && spectrum_quantile(&spectrum, 1) == 1000);
	close_to(spectrum_quantile(&spectrum, 0.5), 500.5, 1e-9, "median");
	close_to(spectrum_quantile(&spectrum, 0.25), 250.5, 1e-9, "quartile");
	spectrum_of_values(&spectrum, values + 990, 10);
	assert_true(spectrum.kept == 10 && spectrum.value[0] == 1 && spectrum.value[9] == 10);
}

/* ---- the estimate ---- */

struct dense {
	const double *a;
	size_t rows, columns;
};

static void dense_apply(void *context, double *y, const double *x)
{
	const struct dense *d = context;
	for (size_t i = 0; i < d->rows; i++) {
		y[i] = 0;
		for (size_t j = 0; j < d->columns; j++)
			y[i] += d->a[i * d->columns + j] * x[j];
	}
}

static void dense_apply_transposed(void *context, double *x, const double *y)
{
	const struct dense *d = context;
	for (size_t j = 0; j < d->columns; j++) {
		x[j] = 0;
		for (size_t i = 0; i < d->rows; i++)
			x[j] += d->a[i * d->columns + j] * y[i];
	}
}

static void estimate_of(struct spectrum *spectrum, const double *a, size_t rows, size_t columns, size_t count)
{
	struct dense dense = { a, rows, columns };
	struct singular_operator operator = { .rows = rows, .columns = columns, .apply = dense_apply,
	                                      .apply_transposed = dense_apply_transposed, .context = &dense };
	double *scratch = doubles(singular_estimate_scratch(rows, columns));
	assert_true(singular_estimate(spectrum, &operator, count, scratch));
	alloc_free(scratch);
}

/* A matrix whose smaller side is at most SINGULAR_STEPS is decomposed entirely: the extremes are
 * exact, the mean has the error of the random weights. */
static void check_estimate(size_t rows, size_t columns, double extremes, double mean)
{
	struct spectrum exact, seen;
	double *a = random_matrix(rows, columns, 3), *scratch = doubles(singular_scratch(rows, columns)), values[MOST];
	estimate_of(&seen, a, rows, columns, rows < columns ? rows : columns);
	singular_values(values, a, rows, columns, scratch);
	spectrum_of_values(&exact, values, rows < columns ? rows : columns);
	assert_true(seen.estimated == 1 && exact.estimated == 0 && seen.count == exact.count);
	close_to(seen.largest / exact.largest, 1, extremes, "largest");
	assert_true(seen.largest <= exact.largest * (1 + 1e-12) && seen.smallest >= exact.smallest * (1 - 1e-12));
	close_to(seen.mean_square / exact.mean_square, 1, mean, "mean square");
	for (double p = 0.1; p < 0.95; p += 0.1)
		close_to(spectrum_quantile(&seen, p) / exact.largest, spectrum_quantile(&exact, p) / exact.largest, mean + 0.02, "quantile");
	alloc_free(a);
	alloc_free(scratch);
}

static void test_estimate(void **state)
{
	(void)state;
	check_estimate(300, 250, 0.01, 2 * sqrt(2.0 / (SINGULAR_PROBES * 250)));
	check_estimate(200, 400, 0.01, 2 * sqrt(2.0 / (SINGULAR_PROBES * 200)));
}

/* All singular values alike: one node, found at once; and half of the rank. */
static void test_estimate_of_isometry(void **state)
{
	(void)state;
	static double a[64 * 64];
	struct spectrum s;
	for (size_t i = 0; i < 64 * 64; i++) /* Hadamard's matrix */
		a[i] = __builtin_parityll(i / 64 & i % 64) ? -1 : 1;
	estimate_of(&s, a, 64, 64, 64);
	close_to(s.mean_square, 64, 1e-12 * 64, "Hadamard");
	close_to(s.condition, 1, 1e-12, "Hadamard");
	assert_true(s.variance < 1e-9 && s.zero == 0);
	memset(a + 32 * 64, 0, 32 * 64 * sizeof *a);
	estimate_of(&s, a, 64, 64, 32);
	close_to(s.mean_square, 64, 0.36 * 64, "half of the rows, counted by their rank");
	close_to(s.largest, 8, 1e-9, "half of the rows");
}

/* ---- the Jacobian ---- */

/* j (fan_out, inputs): da/dx of layer l, of the output layer dz/dx, by central differences: error
 * h^2 times a third derivative, and 1e-16 / h. */
static void differences(double *j, struct mlp_reference *r, size_t l, size_t row)
{
	const double h = 1e-5;
	size_t inputs = r->layer[0].shape->fan_in, n = r->layer[l].shape->fan_out;
	for (size_t k = 0; k < inputs; k++)
		for (int side = 0; side < 2; side++) {
			double before = r->x[row * inputs + k];
			r->x[row * inputs + k] = before + (side ? h : -h);
			mlp_reference_forward(r);
			const double *a = (l + 1 < r->layers ? r->layer[l].a : r->layer[l].z) + row * n;
			for (size_t i = 0; i < n; i++)
				j[i * inputs + k] = side ? j[i * inputs + k] + a[i] / (2 * h) : -a[i] / (2 * h);
			r->x[row * inputs + k] = before;
		}
}

static void check_kind(struct fixture *f, const char *kind, size_t columns)
{
	enum { ROW = 1 };
	static double j[64 * 64], values[64], scratch[20000];
	static struct isometry seen[8];
	struct mlp_reference *r = mlp_reference_create(f->mlp, f->batch, NULL);
	mlp_forward(f->mlp, f->batch, NULL, NULL);
	assert_true(isometry_measure(seen, &(struct jacobian){ f->mlp, f->batch, ROW }, NULL, NULL, NULL, NULL));
	for (size_t l = 0; l < f->mlp->layers; l++) {
		size_t n = f->mlp->layer[l].fan_out, count = seen[l].input.count;
		assert_true(singular_scratch(n, columns) <= 20000);
		differences(j, r, l, ROW);
		singular_values_plain(values, j, n, columns, scratch);
		assert_true(count > 0 && count <= n && count <= columns && seen[l].input.kept == count);
		for (size_t i = 0; i < count; i++) /* the net itself computes in floats */
			if (!(fabs(seen[l].input.value[count - 1 - i] - values[i]) <= 2e-5 * values[0]))
				fail_msg("%s, layer %zu, value %zu: %g, by differences %g", kind, l + 1, i, seen[l].input.value[count - 1 - i],
				         values[i]);
	}
	mlp_reference_destroy(r);
}

static void test_jacobian_by_differences(void **state)
{
	(void)state;
	static const uint32_t plain[] = { 12, 9, 9, 9, 9, 4 }, wide[] = { 7, 9, 9, 9, 9, 4 }, same[] = { 9, 9, 9, 9, 9, 4 };
	static const struct { const uint32_t *widths; unsigned residual; } nets[] = { { plain, 0 }, { wide, 0 }, { same, 1 }, { same, 2 }, { plain, 1 },
	                                                                            { plain, 2 } };
	static const enum mlp_normalization kinds[] = { MLP_PLAIN, MLP_LAYER_NORM, MLP_WEIGHT_NORM, MLP_SUM_NORM };
	static const char *const names[] = { "tanh", "sigmoid", "gelu", "linear" };
	for (size_t a = 0; a < 4; a++)
		for (size_t k = 0; k < 4; k++)
			for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
				struct spec activation = spec(&activations, names[a]);
				char kind[64];
				struct mlp_shape shape = { .layers = 5, .widths = nets[i].widths, .activation = &activation, .normalization = kinds[k],
				                           .residual = nets[i].residual, .alpha_learned = nets[i].residual == 2 };
				struct fixture f = fixture(&shape, 3, NULL);
				for (size_t l = 0; l < 5; l++) {
					f.mlp->layer[l].branch_scale = 0.7f;
					f.mlp->layer[l].skip_scale = 0.9f;
				}
				snprintf(kind, sizeof kind, "%s, normalization %d, residual %u, net %zu", names[a], (int)kinds[k], nets[i].residual, i);
				check_kind(&f, kind, nets[i].widths[0]);
				fixture_end(&f);
			}
}

static void test_no_jacobian_with_batch_norm(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = { .layers = 2, .widths = (const uint32_t[]){ 4, 4, 2 }, .activation = &activation,
	                           .normalization = MLP_BATCH_NORM };
	struct isometry seen[2];
	struct fixture f = fixture(&shape, 3, NULL);
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	assert_true(isometry_measure(seen, &(struct jacobian){ f.mlp, f.batch, 0 }, NULL, NULL, NULL, NULL));
	assert_true(seen[0].layer.count == 0 && isnan(seen[0].input.mean_square) && seen[1].input.count == 0);
	fixture_end(&f);
}

/* ---- nets with given weights ---- */

struct net {
	struct mlp *mlp;
	struct mlp_batch *batch;
	struct isometry *seen; /* [layers] */
};

static struct net net_with(size_t depth, uint32_t width, const char *activation_name, const char *init_name, uint64_t seed)
{
	struct spec activation = spec(&activations, activation_name), init = spec(&initializers, init_name);
	uint32_t widths[64];
	struct net net = { 0 };
	for (size_t l = 0; l <= depth; l++)
		widths[l] = width;
	struct mlp_shape shape = { .layers = depth, .widths = widths, .activation = &activation };
	net.mlp = mlp_create(&shape, NULL);
	net.batch = mlp_batch_create(net.mlp, 1, NULL);
	net.seen = alloc_array(depth, sizeof *net.seen, NULL);
	for (size_t l = 0; l < depth; l++) {
		struct rng rng = rng_stream(seed, RNG_WEIGHTS, l + 1);
		assert_true(initializer_fill(net.mlp->layer[l].w, width, width, &init, &rng, NULL));
	}
	struct rng rng = rng_stream(seed, RNG_TEST, 0);
	net.batch->rows = 1;
	rng_fill_normal(&rng, net.batch->x, width);
	net.batch->label[0] = 0;
	mlp_forward(net.mlp, net.batch, NULL, NULL);
	return net;
}

static void measure(struct net *net, struct pool *pool)
{
	assert_true(isometry_measure(net->seen, &(struct jacobian){ net->mlp, net->batch, 0 }, pool, NULL, NULL, NULL));
}

static void net_end(struct net *net)
{
	alloc_free(net->seen);
	mlp_batch_destroy(net->batch);
	mlp_destroy(net->mlp);
}

/* Saxe et al. 2014: orthogonal weights and no activation keep all lengths, times the gain
 * per layer; the weights are rounded to floats. */
static void test_orthogonal_linear_net(void **state)
{
	(void)state;
	struct net net = net_with(30, 50, "linear", "orthogonal(gain=1.1)", 1);
	measure(&net, NULL);
	for (size_t l = 0; l < 30; l++) {
		double expected = pow(1.1, (double)l + 1);
		close_to(net.seen[l].layer.smallest, 1.1, 2e-6, "own");
		close_to(net.seen[l].input.smallest / expected, 1, 5e-6, "smallest");
		close_to(net.seen[l].input.largest / expected, 1, 5e-6, "largest");
	}
	net_end(&net);
}

/* Theory beside 40 nets of 100 units and 6 layers.  The variance of the mean of s^2
 * over nets is about (mean)^2 L 2/n (1 + ...) for a product of normal matrices: 40 nets give
 * 3 %; three standard errors are taken from the nets themselves. */
static void check_theory(const char *activation_name, const char *init_name, bool orthogonal, double z_square)
{
	enum { NETS = 40, DEPTH = 6, WIDTH = 100 };
	struct spec activation = spec(&activations, activation_name), init = spec(&initializers, init_name);
	struct theory_layer layer[DEPTH];
	bool is_orthogonal[DEPTH];
	struct theory_isometry theory[DEPTH];
	double mean = 0, square = 0, spread = 0, spread_square = 0;
	for (size_t l = 0; l < DEPTH; l++) {
		is_orthogonal[l] = orthogonal;
		layer[l] = (struct theory_layer){ .fan_in = WIDTH, .fan_out = WIDTH, .activation = l + 1 < DEPTH ? &activation : NULL,
		                                  .weight_variance = initializer_variance(&init, WIDTH, WIDTH) };
	}
	const struct theory_input input = { .mean_square = z_square / (WIDTH * layer[0].weight_variance) };
	theory_predict(layer, DEPTH, &input, WIDTH);
	theory_isometry(theory, layer, is_orthogonal, DEPTH);
	for (uint64_t i = 0; i < NETS; i++) {
		struct net net = net_with(DEPTH, WIDTH, activation_name, init_name, i + 1);
		measure(&net, NULL);
		const struct spectrum *s = &net.seen[DEPTH - 1].input;
		mean += s->mean_square / NETS;
		square += s->mean_square * s->mean_square / NETS;
		spread += s->variance / NETS;
		spread_square += s->variance * s->variance / NETS;
		net_end(&net);
	}
	const struct theory_squares *expected = &theory[DEPTH - 1].input;
	close_to(mean, expected->mean, 3 * sqrt(fmax(0, square - mean * mean) / (NETS - 1)) + 0.01 * expected->mean, init_name);
	close_to(spread, expected->variance, 3 * sqrt(fmax(0, spread_square - spread * spread) / (NETS - 1)) + 0.03 * expected->variance + 1e-6,
	         "variance");
}

/* z keeps E z^2 = 1 in these nets: linear and relu by their weights. */
static void test_theory(void **state)
{
	(void)state;
	check_theory("linear", "lecun_normal", false, 1);
	check_theory("relu", "he_normal", false, 1);
	check_theory("relu", "orthogonal(gain=1.4142135)", true, 1);
	check_theory("linear", "orthogonal", true, 1);
}

/* Equal widths: chi^L, and chi^(2L) L (mu2/mu1^2 - 1 - s1), Pennington et al. 2017, equations 16 and 17. */
static void test_theory_is_published_formula(void **state)
{
	(void)state;
	enum { DEPTH = 20, WIDTH = 1000000 };
	struct spec activation = spec(&activations, "tanh");
	for (int orthogonal = 0; orthogonal < 2; orthogonal++) {
		struct theory_layer layer[DEPTH];
		bool is_orthogonal[DEPTH];
		struct theory_isometry out[DEPTH];
		/* E tanh'^2 and E tanh'^4 at q = 1: a sum over 2.4 million points in numpy */
		double chi = 2 * 0.46440290, mu = 0.341509207 / (0.46440290 * 0.46440290);
		for (size_t l = 0; l < DEPTH; l++) {
			is_orthogonal[l] = orthogonal;
			layer[l] = (struct theory_layer){ .fan_in = WIDTH, .fan_out = WIDTH, .activation = &activation,
			                                  .weight_variance = 2.0 / WIDTH, .z_mean_square = 1, .slope_square = 0.46440290,
			                                  .back.square = mu };
		}
		theory_isometry(out, layer, is_orthogonal, DEPTH);
		close_to(out[DEPTH - 1].input.mean / pow(chi, DEPTH), 1, 1e-9, "mean");
		close_to(out[DEPTH - 1].input.variance / (pow(chi, 2 * DEPTH) * DEPTH * (mu - (orthogonal ? 1 : 0))), 1, 1e-4, "variance");
		close_to(out[0].layer.mean, chi, 1e-9, "a layer's own");
	}
}

/* ---- threads, and nets too wide for exact values ---- */

static void test_same_bits_on_any_number_of_threads(void **state)
{
	(void)state;
	struct net net = net_with(4, 140, "tanh", "lecun_normal", 2);
	static struct isometry alone[4];
	for (int naive = 0; naive < 2; naive++) {
		mat_use(naive ? MAT_NAIVE : MAT_FASTEST); /* plain: 140 units are estimated */
		measure(&net, NULL);
		memcpy(alone, net.seen, sizeof alone);
		assert_int_equal(alone[0].layer.estimated, singular_exact_side() < 140);
		struct pool *pool = pool_create(2, NULL);
		measure(&net, pool);
		pool_destroy(pool);
		assert_memory_equal(alone, net.seen, sizeof alone);
	}
	mat_use(MAT_FASTEST);
	net_end(&net);
}

/* The estimate of nets, branches and normalization included, beside exact values. */
static void test_estimate_of_nets(void **state)
{
	(void)state;
	static const uint32_t widths[] = { 150, 140, 140, 140, 10 };
	if (singular_exact_side() < 140)
		skip(); /* without LAPACK there are no exact values to compare with */
	for (unsigned residual = 0; residual < 3; residual++)
		for (int kind = 0; kind < 3; kind++) {
			static const enum mlp_normalization kinds[] = { MLP_PLAIN, MLP_LAYER_NORM, MLP_SUM_NORM };
			struct spec activation = spec(&activations, "tanh");
			struct mlp_shape shape = { .layers = 4, .widths = widths, .activation = &activation, .normalization = kinds[kind],
			                           .residual = residual };
			struct fixture f = fixture(&shape, 2, NULL);
			static struct isometry exact[4], seen[4];
			struct jacobian at = { f.mlp, f.batch, 1 };
			mlp_forward(f.mlp, f.batch, NULL, NULL);
			assert_true(isometry_measure(exact, &at, NULL, NULL, NULL, NULL));
			mat_use(MAT_NAIVE);
			assert_true(isometry_measure(seen, &at, NULL, NULL, NULL, NULL));
			mat_use(MAT_FASTEST);
			for (size_t l = 0; l < 3; l++) {
				assert_true(seen[l].input.estimated && !exact[l].input.estimated);
				close_to(seen[l].input.largest / exact[l].input.largest, 1, 0.02, "largest");
				close_to(seen[l].layer.largest / exact[l].layer.largest, 1, 0.02, "own largest");
				close_to(seen[l].input.mean_square / exact[l].input.mean_square, 1, 0.35, "mean square");
			}
			fixture_end(&f);
		}
}

static bool never(void *context)
{
	(void)context;
	return false;
}

static void test_giving_up(void **state)
{
	(void)state;
	struct net net = net_with(3, 20, "tanh", "lecun_normal", 2);
	assert_true(isometry_measure(net.seen, &(struct jacobian){ net.mlp, net.batch, 0 }, NULL, never, NULL, NULL));
	assert_true(net.seen[0].layer.count == 0 && isnan(net.seen[2].input.mean_square));
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_engines),
		cmocka_unit_test(test_known_values),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_quantiles),
		cmocka_unit_test(test_estimate),
		cmocka_unit_test(test_estimate_of_isometry),
		cmocka_unit_test(test_jacobian_by_differences),
		cmocka_unit_test(test_no_jacobian_with_batch_norm),
		cmocka_unit_test(test_orthogonal_linear_net),
		cmocka_unit_test(test_theory),
		cmocka_unit_test(test_theory_is_published_formula),
		cmocka_unit_test(test_same_bits_on_any_number_of_threads),
		cmocka_unit_test(test_estimate_of_nets),
		cmocka_unit_test(test_giving_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
