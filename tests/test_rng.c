/* Random numbers against PCG's published answers, a scalar twin written from
 * the paper, and the laws they promise. */
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
#include "nn/rng.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* PCG32 as in O'Neill 2014, figure in section 6.3: one step, old state out. */
static uint32_t twin_next(struct rng *rng)
{
	uint64_t old = rng->state;
	rng->state = old * UINT64_C(6364136223846793005) + rng->increment;
	uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27), turn = (uint32_t)(old >> 59);
	return turn ? shifted >> turn | shifted << (32 - turn) : shifted;
}

static void test_known_answers(void **state)
{
	(void)state;
	/* the demo of pcg-c, seed 42 and stream 54 */
	static const uint32_t expected[] = { 0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e };
	struct rng rng = rng_seeded(42, 54);
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(rng_next(&rng), expected[i]);
}

/* PCG_LIBRARY is what the makefile chose for this program. */
static void test_library_is_named(void **state)
{
	(void)state;
	assert_string_equal(rng_library(), PCG_LIBRARY);
}

/* The paper's seeding: the increment is the stream made odd, the state is one
 * step after the seed was added to it. */
static void test_seeding_equals_the_twin(void **state)
{
	(void)state;
	static const uint64_t words[] = { 0, 1, 54, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff };
	for (size_t i = 0; i < COUNT(words); i++)
		for (size_t j = 0; j < COUNT(words); j++) {
			struct rng rng = rng_seeded(words[i], words[j]), twin = { .increment = words[j] * 2 + 1 };
			twin.state = twin.increment + words[i];
			twin_next(&twin);
			assert_true(rng.increment == twin.increment);
			assert_true(rng.state == twin.state);
		}
}

static void test_draws_equal_the_twin(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct rng rng = rng_seeded(seed * seed, 7 * seed), twin = rng;
		for (int i = 0; i < 1000; i++)
			assert_int_equal(rng_next(&rng), twin_next(&twin));
	}
}

static void test_advance_equals_drawing(void **state)
{
	(void)state;
	for (uint64_t draws = 0; draws < 3000; draws += 37) {
		struct rng rng = rng_stream(5, RNG_TEST, 1), twin = rng;
		rng_advance(&rng, draws);
		for (uint64_t i = 0; i < draws; i++)
			twin_next(&twin);
		assert_int_equal(rng.state, twin.state);
		assert_int_equal(rng.increment, twin.increment);
	}
}

/* PCG's bounded draw: reject below 2^32 mod bound, so that no residue is
 * favoured. */
static void test_below_equals_the_twin(void **state)
{
	(void)state;
	static const uint32_t bounds[] = { 1, 2, 3, 6, 10, 1000, 55000, 0x80000001, 0xffffffff };
	for (size_t b = 0; b < COUNT(bounds); b++) {
		struct rng rng = rng_stream(1, RNG_TEST, b), twin = rng;
		for (int i = 0; i < 1000; i++) {
			uint32_t draw, threshold = -bounds[b] % bounds[b];
			do
				draw = twin_next(&twin);
			while (draw < threshold);
			assert_int_equal(rng_below(&rng, bounds[b]), draw % bounds[b]);
		}
	}
}

/* A stream whose next draw is 0, or all ones.  The output is a rotation of the
 * bits 27..58 of s ^ (s >> 18); s has its top five bits 0. */
static struct rng about_to_draw(uint32_t bit)
{
	struct rng rng = { 0, 1 };
	for (int b = 58; b >= 27; b--) {
		uint64_t above = b + 18 < 64 ? rng.state >> (b + 18) & 1 : 0;
		rng.state |= (above ^ bit) << b;
	}
	return rng;
}

static void test_uniform_is_open_at_both_ends(void **state)
{
	(void)state;
	struct rng zeros = about_to_draw(0), ones = about_to_draw(1), copy;
	copy = zeros;
	assert_int_equal(rng_next(&copy), 0);
	copy = ones;
	assert_int_equal(rng_next(&copy), 0xffffffff);
	copy = zeros;
	assert_true(rng_uniform(&copy) > 0);
	copy = ones;
	assert_true(rng_uniform(&copy) < 1);
	float x;
	rng_fill_uniform(&zeros, &x, 1);
	assert_true(x > 0);
	rng_fill_uniform(&ones, &x, 1);
	assert_true(x < 1);
}

static const size_t sizes[] = { 0, 1, 2, 3, 31, 32, 33, 510, 511, 512, 513, 1024, 1500 };

static void test_uniform_fill_equals_single_draws(void **state)
{
	(void)state;
	float x[1501];
	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct rng rng = rng_stream(3, RNG_TEST, s), twin = rng;
		x[sizes[s]] = -1;
		rng_fill_uniform(&rng, x, sizes[s]);
		for (size_t i = 0; i < sizes[s]; i++) {
			/* 23 bits and a half: exact in a float */
			double expected = ((twin_next(&twin) >> 9) + 0.5) / 8388608;
			assert_true((double)x[i] == expected);
		}
		assert_int_equal(rng.state, twin.state);
		assert_true(x[sizes[s]] == -1);
	}
}

static void test_normal_fill_equals_box_muller_in_double(void **state)
{
	(void)state;
	float x[1502];
	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct rng rng = rng_stream(3, RNG_TEST, s), twin = rng;
		x[sizes[s]] = -1;
		rng_fill_normal(&rng, x, sizes[s]);
		for (size_t i = 0; i < sizes[s]; i += 2) {
			/* u rounds to a float, which moves the radius by up to 2^-25 / r */
			double u = (double)(float)((twin_next(&twin) + 0.5) * 0x1p-32);
			double turn = 2 * M_PI * (twin_next(&twin) + 0.5) * 0x1p-32, radius = sqrt(-2 * log(u));
			/* a few units in the last place of the radius and of the angle */
			check_near((double)x[i], radius * cos(turn), 4e-7 * radius);
			if (i + 1 < sizes[s])
				check_near((double)x[i + 1], radius * sin(turn), 4e-7 * radius);
		}
		assert_int_equal(rng.state, twin.state);
		assert_true(x[sizes[s]] == -1);
	}
}

static void test_normal_at_the_ends_of_a_draw(void **state)
{
	(void)state;
	float x[2];
	struct rng rng = about_to_draw(0);
	rng_fill_normal(&rng, x, 2);
	/* u = 2^-33, the longest radius there is */
	check_near(hypot((double)x[0], (double)x[1]), sqrt(66 * log(2)), 2e-6);
	rng = about_to_draw(1);
	rng_fill_normal(&rng, x, 2);
	check_near(hypot((double)x[0], (double)x[1]), 0, 1e-6);
}

static int compare_floats(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

#define MANY (1 << 20)

/* Moments to the fourth order within five standard errors of a normal's. */
static void check_moments(const float *x, size_t n)
{
	double sum[5] = {0};
	for (size_t i = 0; i < n; i++) {
		assert_true(isfinite(x[i]) && fabsf(x[i]) < 6.7638f);
		double power = 1;
		for (int k = 1; k <= 4; k++)
			sum[k] += power *= (double)x[i];
	}
	double root = sqrt((double)n), size = (double)n;
	check_near(sum[1] / size, 0, 5 / root);
	check_near(sum[2] / size, 1, 5 * sqrt(2) / root);
	check_near(sum[3] / size, 0, 5 * sqrt(15) / root);
	check_near(sum[4] / size, 3, 5 * sqrt(96) / root);
}

static void test_normal_law(void **state)
{
	(void)state;
	float *x = alloc_array(MANY, sizeof *x, NULL);
	assert_non_null(x);
	struct rng rng = rng_stream(2, RNG_TEST, 0);
	rng_fill_normal(&rng, x, MANY);
	check_moments(x, MANY);
	double product = 0; /* the two of a pair must not go together */
	for (size_t i = 0; i < MANY; i += 2)
		product += (double)x[i] * (double)x[i + 1];
	check_near(product / (MANY / 2), 0, 5 / sqrt(MANY / 2));
	/* Kolmogorov and Smirnov; 1.95 is exceeded once in a thousand */
	qsort(x, MANY, sizeof *x, compare_floats);
	double distance = 0;
	for (size_t i = 0; i < MANY; i++) {
		double cdf = 0.5 * erfc(-(double)x[i] / sqrt(2));
		distance = fmax(distance, fmax(cdf - (double)i / MANY, (double)(i + 1) / MANY - cdf));
	}
	check_near(distance * sqrt(MANY), 0, 1.95);
	/* both tails are reached: beyond 4 there are 33 of a million on a side */
	assert_true(x[10] < -4 && x[MANY - 11] > 4);
	alloc_free(x);
}

static void test_streams_are_apart(void **state)
{
	(void)state;
	double sum = 0, product = 0, before = 0;
	for (uint64_t index = 0; index < 4096; index++) {
		struct rng rng = rng_stream(1, RNG_TEST, index), other = rng_stream(1, RNG_DIGITS, index);
		struct rng seed = rng_stream(2, RNG_TEST, index);
		assert_true(rng.increment != other.increment);
		assert_true(rng.state != seed.state && rng.state != other.state);
		double u = rng_uniform(&rng) - 0.5;
		sum += u;
		product += u * before;
		before = u;
	}
	/* neighbours' first draws: uniform and unrelated, five standard errors */
	check_near(sum / 4096, 0, 5 * sqrt(1.0 / 12 / 4096));
	check_near(product / 4096, 0, 5 / 12.0 / sqrt(4096));
}

static void test_a_copy_is_a_branch(void **state)
{
	(void)state;
	struct rng rng = rng_stream(9, RNG_TEST, 9), branch = rng;
	uint32_t first = rng_next(&rng);
	rng_next(&rng);
	assert_int_equal(rng_next(&branch), first);
}

static void test_shuffle_is_fair(void **state)
{
	(void)state;
	struct rng rng = rng_stream(4, RNG_TEST, 0);
	int seen[27] = {0};
	for (int round = 0; round < 60000; round++) {
		uint32_t n[3] = { 0, 1, 2 };
		rng_shuffle(&rng, n, 3);
		assert_int_equal(1 << n[0] | 1 << n[1] | 1 << n[2], 7);
		seen[n[0] * 9 + n[1] * 3 + n[2]]++;
	}
	int orders = 0;
	for (size_t i = 0; i < COUNT(seen); i++)
		if (seen[i]) {
			orders++;
			check_near(seen[i], 10000, 5 * sqrt(60000 * 5.0 / 36));
		}
	assert_int_equal(orders, 6);
	rng_shuffle(&rng, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_library_is_named),
		cmocka_unit_test(test_seeding_equals_the_twin),
		cmocka_unit_test(test_draws_equal_the_twin),
		cmocka_unit_test(test_advance_equals_drawing),
		cmocka_unit_test(test_below_equals_the_twin),
		cmocka_unit_test(test_uniform_is_open_at_both_ends),
		cmocka_unit_test(test_uniform_fill_equals_single_draws),
		cmocka_unit_test(test_normal_fill_equals_box_muller_in_double),
		cmocka_unit_test(test_normal_at_the_ends_of_a_draw),
		cmocka_unit_test(test_normal_law),
		cmocka_unit_test(test_streams_are_apart),
		cmocka_unit_test(test_a_copy_is_a_branch),
		cmocka_unit_test(test_shuffle_is_fair),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
