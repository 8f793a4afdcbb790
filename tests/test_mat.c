/* Matrix products: OpenBLAS against the naive twin, the naive twin against sums
 * in double, and the same bits for every number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/platform.h"
#include "nn/kernel/gemm_parts.h"
#include "nn/mat.h"
#include "nn/rng.h"

/* Our loops with vectors of 16 floats, as for AVX-512, but for any CPU. */
#define LANES 16
#define TARGET
#define MULTIPLY_ADD(x, y, sum) ((sum) + (x) * (y))
#define VECTORS 4
#define NAME portable_loops_16
extern const struct gemm_loops NAME;
#include "nn/kernel/gemm_loops.h"

enum kind { PLAIN, ADDED, B_TRANSPOSED, A_TRANSPOSED, PLAIN_HERE, B_TRANSPOSED_HERE, KINDS };
enum { TILE_ROWS = 32, TILE_COLUMNS = 48 };

#define SCALE 0.25f

struct matrices {
	size_t m, n, k;
	float *a, *b, *c, *start; /* start: what C holds before */
};

static struct matrices make(size_t m, size_t n, size_t k)
{
	struct matrices x = {
		.m = m, .n = n, .k = k,
		.a = alloc_aligned(m * k, sizeof(float), NULL), .b = alloc_aligned(k * n, sizeof(float), NULL),
		.c = alloc_aligned(m * n, sizeof(float), NULL), .start = alloc_aligned(m * n, sizeof(float), NULL),
	};
	assert_true(x.a && x.b && x.c && x.start);
	struct rng rng = rng_stream(m * 10000 + n * 100 + k, RNG_TEST, 0);
	rng_fill_normal(&rng, x.a, m * k);
	rng_fill_normal(&rng, x.b, k * n);
	rng_fill_normal(&rng, x.start, m * n);
	return x;
}

static void unmake(struct matrices *x)
{
	alloc_aligned_free(x->a);
	alloc_aligned_free(x->b);
	alloc_aligned_free(x->c);
	alloc_aligned_free(x->start);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void multiply(struct matrices *x, enum kind kind, struct pool *pool)
{
	memcpy(x->c, x->start, x->m * x->n * sizeof *x->c);
	switch (kind) {
	case PLAIN:
	case ADDED:
		mat_multiply(pool, x->c, x->a, x->b, x->m, x->n, x->k, kind == ADDED);
		break;
	case B_TRANSPOSED:
		mat_multiply_transposed(pool, x->c, x->a, x->b, x->m, x->n, x->k);
		break;
	case A_TRANSPOSED:
		for (size_t row = 0; row < x->m; row += TILE_ROWS)
			for (size_t column = 0; column < x->n; column += TILE_COLUMNS)
				mat_transposed_tile(x->c + row * x->n + column, x->n, x->a, x->b, x->m, x->n, x->k, row,
				                    least(TILE_ROWS, x->m - row), column, least(TILE_COLUMNS, x->n - column), SCALE);
		break;
	case PLAIN_HERE:
		mat_multiply_here(x->c, x->a, x->b, x->m, x->n, x->k);
		break;
	case B_TRANSPOSED_HERE:
		mat_multiply_transposed_here(x->c, x->a, x->b, x->m, x->n, x->k);
		break;
	case KINDS:
		break;
	}
}

/* One element in double, and the sum of the absolute terms. */
static double element(const struct matrices *x, enum kind kind, size_t i, size_t j, double *absolute)
{
	double start = kind == ADDED ? (double)x->start[i * x->n + j] : 0, sum = 0;
	*absolute = 0;
	for (size_t q = 0; q < x->k; q++) {
		double a = (double)(kind == A_TRANSPOSED ? x->a[q * x->m + i] : x->a[i * x->k + q]);
		double b = (double)(kind == B_TRANSPOSED || kind == B_TRANSPOSED_HERE ? x->b[j * x->k + q] : x->b[q * x->n + j]);
		sum += a * b;
		*absolute += fabs(a * b);
	}
	double scale = kind == A_TRANSPOSED ? (double)SCALE : 1;
	*absolute = *absolute * scale + fabs(start);
	return sum * scale + start;
}

/* Any order of k additions and products in float is within (k + 2) rounding
 * errors of the sum of the absolute terms (Higham 2002, section 3.1). */
static void check_against_double(const struct matrices *x, enum kind kind)
{
	for (size_t i = 0; i < x->m; i++)
		for (size_t j = 0; j < x->n; j++) {
			double absolute, expected = element(x, kind, i, j, &absolute);
			double bound = (double)(x->k + 2) * (double)FLT_EPSILON / 2 * absolute;
			if (!(fabs((double)x->c[i * x->n + j] - expected) <= bound))
				fail_msg("kind %d, %zu x %zu x %zu, (%zu, %zu): %.9g, expected %.9g", (int)kind,
				         x->m, x->n, x->k, i, j, (double)x->c[i * x->n + j], expected);
		}
}

static void check_shapes(enum mat_engine engine)
{
	mat_use(engine);
	struct rng rng = rng_stream(7, RNG_TEST, 1);
	for (int round = 0; round < 150; round++) {
		struct matrices x = make(rng_below(&rng, 70) + 1, rng_below(&rng, 70) + 1, rng_below(&rng, 70) + 1);
		for (enum kind kind = 0; kind < KINDS; kind++) {
			multiply(&x, kind, NULL);
			check_against_double(&x, kind);
		}
		unmake(&x);
	}
	mat_use(MAT_FASTEST);
}

static void test_naive_is_right(void **state)
{
	(void)state;
	check_shapes(MAT_NAIVE);
}

static void test_openblas_is_right(void **state)
{
	(void)state;
	check_shapes(MAT_OPENBLAS);
}

static void test_fastest_engine_is_right(void **state)
{
	(void)state;
	check_shapes(MAT_FASTEST);
}

/* Shapes that are cut: small products, packed ones, rows, columns, tails. */
static const size_t cut_shapes[][3] = {
	{ 30, 100, 784 }, { 784, 100, 30 }, { 130, 520, 600 }, { 300, 260, 257 }, { 128, 100, 784 }, { 100, 10, 3000 }, { 1100, 10, 100 },
	{ 64, 300, 150 }, { 128, 130, 520 }, { 1030, 70, 65 }, { 10, 1500, 33 }, { 2, 5000, 40 },
};

#define CUT_SHAPES (sizeof cut_shapes / sizeof cut_shapes[0])

static void check_cut_products(enum mat_engine engine)
{
	mat_use(engine);
	for (size_t s = 0; s < CUT_SHAPES; s++) {
		struct matrices x = make(cut_shapes[s][0], cut_shapes[s][1], cut_shapes[s][2]);
		for (enum kind kind = 0; kind < KINDS; kind++) {
			multiply(&x, kind, NULL);
			check_against_double(&x, kind);
		}
		unmake(&x);
	}
}

static void test_cut_products_are_right(void **state)
{
	(void)state;
	check_cut_products(MAT_FASTEST);
	check_cut_products(MAT_OPENBLAS);
	mat_use(MAT_FASTEST);
}

static void test_our_loops_are_right_for_every_length_of_vectors(void **state)
{
	(void)state;
	gemm_use(&portable_loops_16);
	check_shapes(MAT_FASTEST);
	check_cut_products(MAT_FASTEST);
	gemm_use(NULL);
}

static void check_threads(enum mat_engine engine, size_t shapes)
{
	mat_use(engine);
	for (size_t s = 0; s < shapes; s++) {
		struct matrices x = make(cut_shapes[s][0], cut_shapes[s][1], cut_shapes[s][2]);
		size_t bytes = x.m * x.n * sizeof *x.c;
		float *alone = alloc_array(1, bytes, NULL);
		assert_non_null(alone);
		for (enum kind kind = 0; kind < KINDS; kind++) {
			multiply(&x, kind, NULL);
			memcpy(alone, x.c, bytes);
			for (int threads = 1; threads <= 8; threads++) {
				struct pool *pool = pool_create(threads, NULL);
				multiply(&x, kind, pool);
				assert_memory_equal(x.c, alone, bytes);
				pool_destroy(pool);
			}
		}
		alloc_free(alone);
		unmake(&x);
	}
	mat_use(MAT_FASTEST);
}

static void test_threads_do_not_show(void **state)
{
	(void)state;
	check_threads(MAT_FASTEST, CUT_SHAPES);
	check_threads(MAT_OPENBLAS, CUT_SHAPES);
	check_threads(MAT_NAIVE, 2);
}

/* A NaN or Inf of a row of A is in that row of C, all of it, and nowhere else;
 * the old C is not read unless the product is added to it. */
static void check_bad_values(enum mat_engine engine, size_t m, size_t n, size_t k)
{
	mat_use(engine);
	struct matrices x = make(m, n, k);
	size_t bad = m / 2;
	for (size_t j = 0; j < n; j++)
		x.start[j] = NAN;
	for (int infinite = 0; infinite < 2; infinite++) {
		x.a[bad * k + k / 3] = infinite ? INFINITY : NAN;
		multiply(&x, PLAIN, NULL);
		for (size_t i = 0; i < m; i++)
			for (size_t j = 0; j < n; j++)
				assert_int_equal(isfinite(x.c[i * n + j]) != 0, i != bad);
	}
	unmake(&x);
	mat_use(MAT_FASTEST);
}

static void test_nan_and_infinity_go_through(void **state)
{
	(void)state;
	for (enum mat_engine engine = MAT_FASTEST; engine <= MAT_NAIVE; engine++) {
		check_bad_values(engine, 5, 7, 9);
		check_bad_values(engine, 30, 100, 784);
		check_bad_values(engine, 128, 100, 200);
	}
}

/* A sanitizer needs address space itself, and dies where there is none. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#elif defined __has_feature
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED false
#endif

/* Runs in a child, where address space is short. */
static int prepare_under_limit(rlim_t bytes)
{
	pid_t child = fork();
	if (child == 0) {
		struct rlimit limit = { bytes, bytes };
		struct err err = {0};
		setrlimit(RLIMIT_AS, &limit);
		bool prepared = mat_prepare(&err);
		_exit(prepared ? 100 : (int)err.code);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_prepare_refuses_without_address_space(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	assert_int_equal(prepare_under_limit((rlim_t)100 << 20), ERR_RESOURCE);
	assert_int_equal(prepare_under_limit(RLIM_INFINITY), 100);
}

/* How many of 64 threads find room in a child under this limit. */
static int threads_under_limit(rlim_t bytes)
{
	pid_t child = fork();
	if (child == 0) {
		struct rlimit limit = { bytes, bytes };
		setrlimit(RLIMIT_AS, &limit);
		_exit(mat_threads(64, (size_t)10 << 20));
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_fewer_threads_where_there_is_no_room(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	assert_int_equal(mat_threads(1, 0), 1);
	assert_int_equal(threads_under_limit((rlim_t)1 << 20), 1);
	/* each takes 128 MiB or more */
	assert_in_range(threads_under_limit((rlim_t)2 << 30), 2, 16);
	assert_in_range(threads_under_limit(RLIM_INFINITY), 2, 64);
}

static const char *own_path;

/* The reason that a process gives when its environment names another core type. */
static void reason_with(const char *core, char *out, size_t size)
{
	char command[1024];
	assert_true((size_t)snprintf(command, sizeof command, "OPENBLAS_CORETYPE=%s '%s' print-reason", core, own_path) <
	            sizeof command);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	size_t length = fread(out, 1, size - 1, pipe);
	out[length] = '\0';
	assert_int_equal(pclose(pipe), 0);
}

static void test_core_is_named_and_judged(void **state)
{
	(void)state;
	assert_ptr_equal(strstr(mat_library(), "OpenBLAS "), mat_library());
	assert_true(strlen(mat_core()) > 0);
	if (platform_vectors() == PLATFORM_VECTORS_BASE)
		skip(); /* no kernels are too old for this CPU */
	char said[512];
	reason_with("Nehalem", said, sizeof said);
	if (strncmp(said, "Nehalem", 7) != 0)
		skip(); /* this OpenBLAS cannot choose its core at run time */
	assert_non_null(strstr(said, "OpenBLAS uses Nehalem kernels although the CPU has AVX"));
	assert_non_null(strstr(said, "OPENBLAS_CORETYPE=Nehalem is set"));
}

static int print_reason(void)
{
	const char *reason = mat_core_reason();
	printf("%s: %s\n", mat_core(), reason ? reason : "fine");
	return 0;
}

int main(int argc, char **argv)
{
	own_path = argv[0];
	if (argc == 2 && strcmp(argv[1], "print-reason") == 0)
		return print_reason();
	struct err err = {0};
	if (!mat_prepare(&err)) {
		fprintf(stderr, "%s\n", err.message);
		_exit(1);
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_naive_is_right),
		cmocka_unit_test(test_openblas_is_right),
		cmocka_unit_test(test_fastest_engine_is_right),
		cmocka_unit_test(test_cut_products_are_right),
		cmocka_unit_test(test_our_loops_are_right_for_every_length_of_vectors),
		cmocka_unit_test(test_threads_do_not_show),
		cmocka_unit_test(test_nan_and_infinity_go_through),
		cmocka_unit_test(test_prepare_refuses_without_address_space),
		cmocka_unit_test(test_fewer_threads_where_there_is_no_room),
		cmocka_unit_test(test_core_is_named_and_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
