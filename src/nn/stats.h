/* Statistics of a tensor: moments, histogram, percentiles, all from the raw values.
 * NaN and infinities are counted separately and are not part of the rest. */
#ifndef INITVIZ_NN_STATS_H
#define INITVIZ_NN_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/histogram.h"

/* Moments of the finite values; mean, variance, mean_square, min and max are
 * NaN if there is none.  Variance is the population form (divide by n). */
struct moments {
	uint64_t n;        /* all values, finite or not */
	uint64_t nan, inf; /* how many of them are NaN, +-Inf */
	double mean, variance, mean_square, min, max;
};

/* Accurate to 1e-6 relative in the variance even when |mean| >> sd
 * (two passes or shifted sums, flushed to double); the partition is fixed. */
void stats_moments(struct moments *moments, const float *x, size_t n);

/* Counts x[n] into *h, whose low, high, spikes and spike values are set;
 * everything else is set to 0 first.  low < high, both finite. */
void stats_histogram(struct histogram *h, const float *x, size_t n);

/* Both, in one pass if the values of an observation lie where those of the one before lay.  h's
 * low and high are the axis so far, low == high: none yet; it is widened as stats_widen() does. */
void stats_observe(struct moments *moments, struct histogram *h, const float *x, size_t n, double floor, double ceiling);

/* Sizes |x| on a logarithmic axis, from 1e-12 to 1e4, bins closed below.
 * sum(counts) + below + above + zeros + nan + inf = n always. */
#define MAGNITUDE_DECADES 16
#define MAGNITUDE_BINS_PER_DECADE 4
#define MAGNITUDE_BINS (MAGNITUDE_DECADES * MAGNITUDE_BINS_PER_DECADE)
struct magnitudes {
	uint64_t n, zeros, nan, inf;
	uint64_t below, above; /* outside of the axis, but neither zero nor infinite */
	uint32_t counts[MAGNITUDE_BINS];
};
void stats_magnitudes(struct magnitudes *magnitudes, const float *x, size_t n);

/* Where bin i begins, and bin i - 1 ends: 0..MAGNITUDE_BINS. */
double stats_magnitude_edge(int i);

/* Adds to count[columns] how many values of each column of x (rows, columns)
 * are smaller in size than limit. */
void stats_count_small(double *count, const float *x, size_t rows, size_t columns, float limit);

/* Over how many directions the rows of x (rows, columns) are spread: with M the matrix of their
 * second moments, (tr M)^2 / tr M^2, from 1, where all rows have one direction, to n, where they
 * fill n directions alike.  Daneshmand et al. 2020 (Batch normalization provably avoids rank
 * collapse), section 3: a lower bound on the rank that does not depend on a threshold.  NaN if all
 * x are 0, or one is not finite.  Time goes with the square of rows. */
double stats_effective_rank(const float *x, size_t rows, size_t columns);

#define STATS_PERCENTILES 7
extern const int stats_percentile_ranks[STATS_PERCENTILES]; /* 1, 5, 25, 50, 75, 95, 99 */

/* Exact percentiles (nearest rank) of the finite values; NaN if none.
 * O(n), no allocation: radix selection on the bits of the floats, with
 * counting tables supplied by the caller. */
struct percentile_scratch {
	uint32_t top[2][1 << 12], middle[STATS_PERCENTILES + 1][1 << 10], bottom[STATS_PERCENTILES + 1][1 << 10];
	uint8_t to_middle[1 << 12], to_bottom[STATS_PERCENTILES + 1][1 << 10];
	uint32_t kept[1 << 15];
};
void stats_percentiles(double out[STATS_PERCENTILES], const float *x, size_t n, struct percentile_scratch *scratch);

/* Widens *low..*high so that it covers moments' mean +- 4 standard deviations
 * (within [floor, ceiling], the natural range, ends kept exactly when finite) in
 * 1-2-5 steps, symmetric about 0 where both signs are possible.  Never narrows; an
 * empty range (low == high) is replaced.  Afterwards low < high, both finite,
 * whatever the moments. */
void stats_widen(double *low, double *high, const struct moments *moments, double floor, double ceiling);

#endif
