/* Statistics against slow definitions in extended precision, over ordinary
 * values, edges and random bit patterns. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/round.h"
#include <cmocka.h>

#include "base/platform.h"
#include "check.h"
#include "nn/kernel/block_loops.h"
#include "nn/stats.h"

#define MANY 1000003 /* no multiple of any block */

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

static double random_unit(void)
{
	return (double)(random_bits() >> 11) / 9007199254740992.0;
}

/* Sum of twelve uniforms: mean 0, variance 1. */
static double random_bell(void)
{
	double sum = -6;
	for (int i = 0; i < 12; i++)
		sum += random_unit();
	return sum;
}

static float random_pattern(void)
{
	uint32_t bits = (uint32_t)(random_bits() >> 32);
	float x;
	memcpy(&x, &bits, sizeof x);
	return x;
}

/* ---- moments ---- */

static void slow_moments(struct moments *m, const float *x, size_t n)
{
	long double sum = 0, squares = 0, square_sum = 0;
	uint64_t finite = 0;
	*m = (struct moments){ .n = n, .min = INFINITY, .max = -INFINITY };
	for (size_t i = 0; i < n; i++) {
		m->nan += isnan(x[i]) != 0;
		m->inf += isinf(x[i]) != 0;
		if (!isfinite(x[i]))
			continue;
		finite++;
		sum += x[i];
		square_sum += (long double)x[i] * x[i];
		m->min = fmin(m->min, (double)x[i]);
		m->max = fmax(m->max, (double)x[i]);
	}
	long double mean = sum / finite;
	for (size_t i = 0; i < n; i++)
		if (isfinite(x[i]))
			squares += (x[i] - mean) * (x[i] - mean);
	m->mean = (double)mean;
	m->variance = (double)(squares / finite);
	m->mean_square = (double)(square_sum / finite);
}

static void check_moments(const float *x, size_t n)
{
	struct moments seen, expected;
	stats_moments(&seen, x, n);
	slow_moments(&expected, x, n);
	assert_int_equal(seen.n, expected.n);
	assert_int_equal(seen.nan, expected.nan);
	assert_int_equal(seen.inf, expected.inf);
	check_near(seen.mean, expected.mean, 1e-12 * sqrt(expected.mean_square));
	check_near(seen.variance, expected.variance, 1e-9 * expected.variance);
	check_near(seen.mean_square, expected.mean_square, 1e-12 * expected.mean_square);
	check_near(seen.min, expected.min, 0);
	check_near(seen.max, expected.max, 0);
}

static void test_moments_of_every_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < 5000; i++)
		values[i] = (float)(3 + 2 * random_bell());
	for (size_t n = 1; n < 5000; n = n < 70 ? n + 1 : n + 251)
		check_moments(values, n);
}

/* 1e8 with the spacing of floats there (8); an outlier first; a step between blocks. */
static void test_moments_far_from_zero(void **state)
{
	(void)state;
	for (size_t i = 0; i < 30000; i++)
		values[i] = (float)(1e8 + 16 * random_bell());
	check_moments(values, 30000);
	values[0] = 0;
	check_moments(values, 30000);
	values[0] = -3e38f;
	check_moments(values, 30000);
	for (size_t i = 0; i < 30000; i++)
		values[i] = (float)((double)(i / 3000) * 1e6 + random_bell());
	check_moments(values, 30000);
}

static void test_moments_of_extreme_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < 9000; i++)
		values[i] = i & 1 ? FLT_MAX : -FLT_MAX;
	check_moments(values, 9000);
	for (size_t i = 0; i < 9000; i++)
		values[i] = (float)(1e-41 * random_bell());
	check_moments(values, 9000);
}

static void test_moments_of_anything(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++)
		values[i] = random_pattern();
	check_moments(values, MANY);
}

static void test_moments_of_a_constant(void **state)
{
	(void)state;
	const float constants[] = { 0, -0.0f, 0.1f, -7e30f, 1e-44f };
	for (size_t c = 0; c < 5; c++) {
		for (size_t i = 0; i < 5001; i++)
			values[i] = constants[c];
		struct moments m;
		for (size_t n = 1; n <= 5001; n += 1000) {
			stats_moments(&m, values, n);
			assert_true(m.variance == 0);
			assert_true(m.mean == (double)constants[c] && m.min == m.mean && m.max == m.mean);
			assert_false(signbit(m.mean) && m.mean == 0);
			assert_false((signbit(m.min) || signbit(m.max)) && m.mean == 0);
		}
	}
}

static void test_moments_of_nothing(void **state)
{
	(void)state;
	struct moments m;
	const float none[3] = { NAN, INFINITY, -INFINITY };
	stats_moments(&m, none, 0);
	assert_true(m.n == 0 && isnan(m.mean) && isnan(m.variance) && isnan(m.mean_square));
	assert_true(isnan(m.min) && isnan(m.max));
	stats_moments(&m, none, 3);
	assert_true(m.n == 3 && m.nan == 1 && m.inf == 2 && isnan(m.mean) && isnan(m.variance) && isnan(m.max));
}

/* ---- histogram ---- */

static uint64_t total(const struct histogram *h)
{
	uint64_t sum = h->below + h->above + h->nan + h->inf;
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		sum += h->counts[i];
	for (int i = 0; i < h->spikes; i++)
		sum += h->spike[i].count;
	return sum;
}

/* The definition, value by value; an edge is met to the precision of doubles,
 * so that a tiny negative value lies in the bin of 0. */
static void slow_histogram(struct histogram *h, const float *x, size_t n)
{
	memset(h->counts, 0, sizeof h->counts);
	h->n = n;
	h->below = h->above = h->nan = h->inf = h->spike[0].count = h->spike[1].count = 0;
	for (size_t i = 0; i < n; i++) {
		double bin = ((double)x[i] - h->low) * HISTOGRAM_BINS / (h->high - h->low);
		if (isnan(x[i]))
			h->nan++;
		else if (isinf(x[i]))
			h->inf++;
		else if (h->spikes > 0 && x[i] == (float)h->spike[0].value)
			h->spike[0].count++;
		else if (h->spikes > 1 && x[i] == (float)h->spike[1].value)
			h->spike[1].count++;
		else if ((double)x[i] < h->low)
			h->below++;
		else if ((double)x[i] > h->high)
			h->above++;
		else
			h->counts[bin >= HISTOGRAM_BINS ? HISTOGRAM_BINS - 1 : (int)bin]++;
	}
}

static void check_histogram(double low, double high, int spikes, double spike0, double spike1, size_t n)
{
	static struct histogram seen, expected;
	memset(&seen, 0xa5, sizeof seen);
	seen.low = low;
	seen.high = high;
	seen.spikes = spikes;
	seen.spike[0].value = spike0;
	seen.spike[1].value = spike1;
	expected = seen;
	stats_histogram(&seen, values, n);
	slow_histogram(&expected, values, n);
	assert_int_equal(seen.n, n);
	assert_int_equal(total(&seen), n);
	assert_int_equal(seen.below, expected.below);
	assert_int_equal(seen.above, expected.above);
	assert_int_equal(seen.nan, expected.nan);
	assert_int_equal(seen.inf, expected.inf);
	for (int i = 0; i < spikes; i++)
		assert_int_equal(seen.spike[i].count, expected.spike[i].count);
	assert_memory_equal(seen.counts, expected.counts, sizeof seen.counts);
}

/* N7: a million random bit patterns, among them values on edges, NaN, +-Inf. */
static void test_histogram_of_anything(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++)
		values[i] = random_pattern();
	const float special[] = { 0, -0.0f, NAN, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, 1, -1, 1e-45f, -1e-45f };
	memcpy(values, special, sizeof special);
	check_histogram(-1, 1, 0, 0, 0, MANY);
	check_histogram(0, 1, 2, 0, 1, MANY);
	check_histogram(-5e38, 5e38, 1, -1, 0, MANY);
	check_histogram(-1e-38, 1e-38, 1, 0, 0, MANY);
	check_histogram(0, 1e-45, 0, 0, 0, MANY);
	check_histogram(1e30, 2e30, 0, 0, 0, MANY);
}

static void test_histogram_of_ordinary_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < 20011; i++)
		values[i] = (float)(9 * random_bell());
	check_histogram(-50, 50, 0, 0, 0, 20011);
	check_histogram(-5, 20, 0, 0, 0, 20011);
	for (size_t i = 0; i < 20011; i++)
		values[i] = values[i] > 0 ? values[i] : 0;
	check_histogram(0, 50, 1, 0, 0, 20011);
	for (size_t n = 0; n < 20; n++)
		check_histogram(0, 50, 1, 0, 0, n);
}

/* More equal values than a table of 16 bits can count. */
static void test_histogram_of_equal_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++)
		values[i] = i < 500 ? (float)random_bell() : 0.25f;
	check_histogram(-5, 5, 0, 0, 0, MANY);
	check_histogram(-5, 5, 1, 0.25, 0, MANY);
	values[77] = 6;
	check_histogram(-5, 5, 0, 0, 0, MANY);
}

/* Vectors of 4 and of 8 doubles give the same bits and bins. */
static void test_loops_of_both_widths(void **state)
{
	(void)state;
	static struct block_bins bins4, bins8;
	static uint32_t counts4[HISTOGRAM_BINS], counts8[HISTOGRAM_BINS];
	const struct block_binning binning = { .low = -20, .scale = 6, .first = -20, .last = 20 };
	if (platform_vectors() != PLATFORM_VECTORS_AVX512)
		skip();
	for (size_t n = 0; n <= BLOCK_SUMS_MOST; n = n < 40 ? n + 1 : n + 251) {
		for (size_t i = 0; i < n; i++)
			values[i] = (float)(3 * random_bell());
		block_begin(&bins4, counts4);
		block_begin(&bins8, counts8);
		struct block_sums sums4 = block_loops_4.sums_and_bins(&bins4, values, n, 0.1, &binning);
		struct block_sums sums8 = block_loops_8.sums_and_bins(&bins8, values, n, 0.1, &binning);
		struct block_sums alone4 = block_loops_4.sums(values, n, 0.1), alone8 = block_loops_8.sums(values, n, 0.1);
		block_end(&bins4);
		block_end(&bins8);
		assert_memory_equal(&sums4, &sums8, sizeof sums4);
		assert_memory_equal(&alone4, &sums4, sizeof sums4);
		assert_memory_equal(&alone8, &sums4, sizeof sums4);
		assert_memory_equal(counts4, counts8, sizeof counts4);
	}
}

/* stats_observe() does what the three do one after the other: for a new axis, one that is wide
 * enough, and one that must be widened, with values that are not finite or lie outside. */
static void check_observe(double low, double high, size_t n)
{
	static struct histogram seen, expected;
	struct moments moments, expected_moments;
	seen = expected = (struct histogram){ .low = low, .high = high, .spikes = 1, .spike[0].value = 0 };
	stats_observe(&moments, &seen, values, n, -INFINITY, INFINITY);
	stats_moments(&expected_moments, values, n);
	stats_widen(&expected.low, &expected.high, &expected_moments, -INFINITY, INFINITY);
	stats_histogram(&expected, values, n);
	assert_memory_equal(&moments, &expected_moments, sizeof moments);
	assert_memory_equal(&seen, &expected, sizeof seen);
}

static void test_observing_in_one_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < 20011; i++)
		values[i] = (float)(9 * random_bell());
	values[5000] = NAN;
	values[9000] = -INFINITY;
	values[9001] = 1e5f;
	for (size_t n = 1; n < 20011; n = 2 * n + 3) {
		check_observe(0, 0, n);
		check_observe(-1e4, 1e4, n);
		check_observe(-2, 2, n);
	}
}

/* Bins are closed below and open above, the last one closed. */
static void test_histogram_edges(void **state)
{
	(void)state;
	struct histogram h = { .low = -120, .high = 120 };
	for (int i = 0; i <= HISTOGRAM_BINS; i++)
		values[i] = (float)(i - 120);
	stats_histogram(&h, values, HISTOGRAM_BINS + 1);
	for (int i = 0; i < HISTOGRAM_BINS - 1; i++)
		assert_int_equal(h.counts[i], 1);
	assert_int_equal(h.counts[HISTOGRAM_BINS - 1], 2);
	values[0] = nextafterf(-120, -1000);
	values[1] = nextafterf(120, 1000);
	values[2] = nextafterf(-119, -1000);
	stats_histogram(&h, values, 3);
	assert_int_equal(h.below, 1);
	assert_int_equal(h.above, 1);
	assert_int_equal(h.counts[0], 1);
}

static void test_negative_zero_is_zero(void **state)
{
	(void)state;
	struct histogram h = { .low = -1, .high = 1, .spikes = 1, .spike[0].value = 0 };
	values[0] = -0.0f;
	values[1] = 0.0f;
	stats_histogram(&h, values, 2);
	assert_int_equal(h.spike[0].count, 2);
	h.spikes = 0;
	stats_histogram(&h, values, 2);
	assert_int_equal(h.counts[HISTOGRAM_BINS / 2], 2);
}

/* ---- percentiles ---- */

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static void check_percentiles(size_t n)
{
	static struct percentile_scratch scratch;
	static float sorted[MANY];
	double seen[STATS_PERCENTILES];
	memset(&scratch, 0xa5, sizeof scratch);
	stats_percentiles(seen, values, n, &scratch);
	size_t finite = 0;
	for (size_t i = 0; i < n; i++)
		if (isfinite(values[i]))
			sorted[finite++] = values[i];
	qsort(sorted, finite, sizeof *sorted, by_size);
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		if (finite == 0) {
			assert_true(isnan(seen[i]));
			continue;
		}
		size_t rank = (size_t)ceil(stats_percentile_ranks[i] * (double)finite / 100 - 1e-9);
		check_near(seen[i], (double)sorted[rank - 1], 0);
		assert_false(seen[i] == 0 && signbit(seen[i]));
	}
}

static void test_percentiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < 10000; i++)
		values[i] = (float)random_bell();
	for (size_t n = 0; n < 10000; n = n < 210 ? n + 1 : n * 2)
		check_percentiles(n);
	for (size_t i = 0; i < 10000; i++)
		values[i] = i % 3 ? -0.0f : (float)i;
	check_percentiles(10000);
	for (size_t i = 0; i < 300000; i++)
		values[i] = random_pattern();
	check_percentiles(300000);
	for (size_t i = 0; i < 100; i++)
		values[i] = i & 1 ? NAN : -INFINITY;
	check_percentiles(100);
}

/* ---- ranges ---- */

static void test_nice(void **state)
{
	(void)state;
	const double pairs[][2] = { { 0, 1 }, { 1, 1 }, { 1.01, 2 }, { 2, 2 }, { 2.1, 5 }, { 5, 5 }, { 5.1, 10 },
		                    { 88, 100 },
		                    { 0.05, 0.05 }, { 0.051, 0.1 }, { 3.5e-5, 5e-5 }, { 3.5e38, 5e38 }, { 1e300, 5e38 },
		                    { INFINITY, 5e38 }, { NAN, 1 }, { 1e-3, 1e-3 }, { 1e22, 1e22 } };
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		check_near(round_up_125(pairs[i][0]), pairs[i][1], 0);
	for (double value = 1.5e-45; value < 4e38; value *= 1.37) {
		double nice = round_up_125(value);
		assert_true(nice >= value && nice <= value * 2.5 * (1 + 1e-12));
		check_near(round_up_125(nice), nice, 0);
	}
}

static void check_widened(double mean, double sd, double floor, double ceiling, double low, double high)
{
	struct moments m = { .n = 10, .mean = mean, .variance = sd * sd };
	double seen_low = 0, seen_high = 0;
	stats_widen(&seen_low, &seen_high, &m, floor, ceiling);
	check_near(seen_low, low, 1e-15 * fabs(low));
	check_near(seen_high, high, 1e-15 * fabs(high));
}

static void test_ranges(void **state)
{
	(void)state;
	const double all = INFINITY;
	check_widened(0, 9, -all, all, -50, 50);
	check_widened(-3, 0.2, -all, all, -5, 5);
	check_widened(0.5, 0.1, 0, 1, 0, 1);
	check_widened(0, 0.6, -1, 1, -1, 1);
	check_widened(4, 6, 0, all, 0, 50);
	check_widened(0.1, 0.7, -1, all, -1, 5);
	check_widened(0, 0, -all, all, -1, 1);
	check_widened(7, 0, -all, all, -10, 10);
	check_widened(0, 0, 0, all, 0, 1);
	check_widened(0, 1e38, -all, all, -5e38, 5e38);
	check_widened(0, 1e-39, -all, all, -5e-39, 5e-39);
	check_widened(NAN, NAN, -all, all, -1, 1);
	check_widened(NAN, NAN, 0, all, 0, 1);
	check_widened(-4, 6, -all, 0, -50, 0);
}

static void test_ranges_only_widen(void **state)
{
	(void)state;
	double low = 0, high = 0;
	struct moments wide = { .n = 1, .mean = 0, .variance = 100 }, narrow = { .n = 1, .mean = 0, .variance = 1e-6 };
	struct moments none = { .n = 1, .mean = NAN, .variance = NAN };
	stats_widen(&low, &high, &narrow, -INFINITY, INFINITY);
	assert_true(low == -0.005 && high == 0.005);
	stats_widen(&low, &high, &none, -INFINITY, INFINITY);
	assert_true(low == -0.005 && high == 0.005);
	stats_widen(&low, &high, &wide, -INFINITY, INFINITY);
	assert_true(low == -50 && high == 50);
	stats_widen(&low, &high, &narrow, -INFINITY, INFINITY);
	assert_true(low == -50 && high == 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments_of_every_length),
		cmocka_unit_test(test_moments_far_from_zero),
		cmocka_unit_test(test_moments_of_extreme_sizes),
		cmocka_unit_test(test_moments_of_anything),
		cmocka_unit_test(test_moments_of_a_constant),
		cmocka_unit_test(test_moments_of_nothing),
		cmocka_unit_test(test_histogram_of_anything),
		cmocka_unit_test(test_histogram_of_ordinary_values),
		cmocka_unit_test(test_histogram_of_equal_values),
		cmocka_unit_test(test_loops_of_both_widths),
		cmocka_unit_test(test_observing_in_one_pass),
		cmocka_unit_test(test_histogram_edges),
		cmocka_unit_test(test_negative_zero_is_zero),
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_nice),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_ranges_only_widen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
