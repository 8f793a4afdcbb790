/* Magnitudes against logarithms in extended precision, on random bit patterns
 * and on every edge. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "nn/stats.h"

#define MANY 400003

static float values[MANY];

/* xorshift64*: the tests' own numbers. */
static uint64_t random_bits(void)
{
	static uint64_t state = 88172645463325252u;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717u;
}

/* Bin of |x| by its logarithm; -1 below, MAGNITUDE_BINS above. */
static int slow_bin(float x)
{
	long double at = floorl(4 * (log10l(fabsl((long double)x)) + 12));
	return at < 0 ? -1 : at > MAGNITUDE_BINS ? MAGNITUDE_BINS : (int)at;
}

static void slow_magnitudes(struct magnitudes *m, const float *x, size_t n)
{
	*m = (struct magnitudes){ .n = n };
	for (size_t i = 0; i < n; i++) {
		if (isnan(x[i]))
			m->nan++;
		else if (isinf(x[i]))
			m->inf++;
		else if (x[i] == 0)
			m->zeros++;
		else if (slow_bin(x[i]) < 0)
			m->below++;
		else if (slow_bin(x[i]) >= MAGNITUDE_BINS)
			m->above++;
		else
			m->counts[slow_bin(x[i])]++;
	}
}

static void assert_same(const struct magnitudes *a, const struct magnitudes *b)
{
	assert_true(a->n == b->n && a->zeros == b->zeros && a->nan == b->nan && a->inf == b->inf);
	assert_int_equal(a->below, b->below);
	assert_int_equal(a->above, b->above);
	assert_memory_equal(a->counts, b->counts, sizeof a->counts);
}

static void test_random_patterns(void **state)
{
	(void)state;
	struct magnitudes seen, expected;
	for (size_t i = 0; i < MANY; i++) {
		uint32_t bits = (uint32_t)(random_bits() >> 32);
		memcpy(&values[i], &bits, sizeof bits);
	}
	stats_magnitudes(&seen, values, MANY);
	slow_magnitudes(&expected, values, MANY);
	assert_true(expected.nan > 0 && expected.below > 0 && expected.above > 0);
	assert_same(&seen, &expected);
}

/* Within the axis, where random patterns are rare. */
static void test_random_magnitudes(void **state)
{
	(void)state;
	struct magnitudes seen, expected;
	for (size_t i = 0; i < MANY; i++) {
		double exponent = -13 + 18.0 * (double)(random_bits() >> 11) / 9007199254740992.0;
		values[i] = (float)((i % 2 ? -1 : 1) * pow(10, exponent));
	}
	stats_magnitudes(&seen, values, MANY);
	slow_magnitudes(&expected, values, MANY);
	for (int i = 0; i < MAGNITUDE_BINS; i++)
		assert_true(expected.counts[i] > 0);
	assert_same(&seen, &expected);
}

/* A float on an edge, or the next one after it, lies in the upper bin; the one
 * before it in the lower. */
static void test_edges(void **state)
{
	(void)state;
	for (int i = 0; i <= MAGNITUDE_BINS; i++) {
		check_ratio(stats_magnitude_edge(i), pow(10, -12 + i / 4.0), 1e-14);
		float edge = (float)stats_magnitude_edge(i);
		float pair[] = { nextafterf(edge, 0), -edge, nextafterf(edge, 1e9f) };
		struct magnitudes m;
		stats_magnitudes(&m, pair, 3);
		assert_int_equal(i ? m.counts[i - 1] : m.below, 1);
		assert_int_equal(i < MAGNITUDE_BINS ? m.counts[i] : m.above, 2);
	}
}

static void test_apart(void **state)
{
	(void)state;
	static const float special[] = { 0, -0.0f, NAN, -NAN, INFINITY, -INFINITY, 1e-45f, -1e-40f, 3e38f, 1e4f, 1 };
	struct magnitudes m;
	stats_magnitudes(&m, special, sizeof special / sizeof special[0]);
	assert_int_equal(m.n, 11);
	assert_int_equal(m.zeros, 2);
	assert_int_equal(m.nan, 2);
	assert_int_equal(m.inf, 2);
	assert_int_equal(m.below, 2);
	assert_int_equal(m.above, 2);
	assert_int_equal(m.counts[48], 1);
	stats_magnitudes(&m, special, 0);
	assert_int_equal(m.n + m.zeros + m.counts[48], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_patterns),
		cmocka_unit_test(test_random_magnitudes),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
