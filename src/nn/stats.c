/* Moments and histograms, block by block, so that a block stays in the first cache;
 * the blocks have a fixed size, so the bits depend on the values only. */
#include "nn/stats.h"

#include <math.h>
#include <string.h>

#include "nn/kernel/block_sums.h"
#include "nn/kernel/vector_math.h"

#define BLOCK BLOCK_SUMS_MOST

static inline size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- moments ---- */

struct running {
	double n, mean, squares; /* squares: sum of squared distances from the mean */
	int32_t min, max;        /* block_key() of the extremes */
};

/* Adds a block of finite values, whose sums about its first value these are; if that is so far
 * from the mean that digits are lost (an outlier), they are computed again about the mean.
 * Blocks are combined by the formula of Chan, Golub and LeVeque. */
static void add_block(struct running *run, const float *x, size_t n, struct block_sums sums)
{
	double count = (double)n, offset = sums.sum / count, mean = (double)x[0] + offset;
	if (sums.square > 0 && sums.square - sums.sum * offset < 1e-6 * sums.square) {
		sums = block_sums(x, n, mean);
		offset = sums.sum / count;
	}
	double squares = fmax(0, sums.square - sums.sum * offset);
	double delta = mean - run->mean, total = run->n + count;
	run->squares += squares + delta * delta * (run->n * count / total);
	run->mean += delta * (count / total);
	run->n = total;
}

static void set_moments(struct moments *moments, const struct running *run)
{
	if (run->n == 0) {
		moments->mean = moments->variance = moments->mean_square = moments->min = moments->max = NAN;
		return;
	}
	moments->mean = run->mean + 0.0; /* + 0.0: no -0 */
	moments->variance = run->squares / run->n;
	moments->mean_square = moments->variance + run->mean * run->mean;
	moments->min = (double)block_float(run->min) + 0.0;
	moments->max = (double)block_float(run->max) + 0.0;
}

/* The finite values of a block, and how many others there are. */
static size_t keep_finite(float *kept, const float *x, size_t n, struct moments *moments)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		if (isfinite(x[i]))
			kept[k++] = x[i];
		else if (isnan(x[i]))
			moments->nan++;
		else
			moments->inf++;
	}
	return k;
}

/* ---- histogram ---- */

struct filling {
	struct histogram *h;
	struct block_binning binning;
	int32_t first, last; /* block_key() of the binning's */
	struct block_bins bins;
};

static void begin_filling(struct filling *filling, struct histogram *h)
{
	struct block_binning b = { .low = h->low, .scale = HISTOGRAM_BINS / (h->high - h->low),
	                           .first = (float)h->low, .last = (float)h->high };
	if ((double)b.first < h->low)
		b.first = nextafterf(b.first, INFINITY);
	if ((double)b.last > h->high)
		b.last = nextafterf(b.last, -INFINITY);
	filling->h = h;
	filling->binning = b;
	filling->first = block_key(b.first);
	filling->last = block_key(b.last);
	h->below = h->above = 0;
	for (int i = 0; i < HISTOGRAM_SPIKES; i++)
		h->spike[i].count = 0;
	memset(h->counts, 0, sizeof h->counts);
	block_begin(&filling->bins, h->counts);
}

/* Atoms are counted as spikes, and not in the bin in which they lie. */
static void count_spikes(struct filling *filling, const float *x, size_t n, float least_value, float most_value)
{
	struct histogram *h = filling->h;
	for (int k = 0; k < h->spikes; k++) {
		float value = (float)h->spike[k].value;
		uint32_t equal = value >= least_value && value <= most_value ? block_equal(x, n, value) : 0;
		if (equal == 0)
			continue;
		h->spike[k].count += equal;
		h->counts[least(block_bin(&filling->binning, value), HISTOGRAM_BINS - 1)] -= equal; /* wraps round until the bin itself is added */
	}
}

/* Counts a block of finite values between these extremes; returns its sums. */
static struct block_sums fill(struct filling *filling, const float *x, size_t n, int32_t low, int32_t high)
{
	const struct block_binning *b = &filling->binning;
	count_spikes(filling, x, n, fmaxf(block_float(low), b->first), fminf(block_float(high), b->last));
	if (low >= filling->first && high <= filling->last)
		return block_sums_and_bins(&filling->bins, x, n, (double)x[0], b);
	block_bins_inside(&filling->bins, x, n, b, &filling->h->below, &filling->h->above);
	return block_sums(x, n, (double)x[0]);
}

/* ---- both ---- */

/* filling: NULL for moments alone. */
static void pass(struct moments *moments, struct filling *filling, const float *x, size_t n)
{
	const int32_t infinity = block_key(INFINITY), minus_infinity = block_key(-INFINITY);
	struct running run = { .min = INT32_MAX, .max = INT32_MIN };
	float kept[BLOCK] VECTOR_UNFILLED;
	*moments = (struct moments){ .n = n };
	for (size_t at = 0; at < n; at += BLOCK) {
		const float *block = x + at;
		size_t count = least(BLOCK, n - at);
		int32_t low, high;
		block_extremes(&low, &high, block, count);
		if (low <= minus_infinity || high >= infinity) {
			count = keep_finite(kept, block, count, moments);
			if (count == 0)
				continue;
			block = kept;
			block_extremes(&low, &high, block, count);
		}
		add_block(&run, block, count,
		          filling ? fill(filling, block, count, low, high) : block_sums(block, count, (double)block[0]));
		run.min = low < run.min ? low : run.min;
		run.max = high > run.max ? high : run.max;
	}
	set_moments(moments, &run);
}

void stats_moments(struct moments *moments, const float *x, size_t n)
{
	pass(moments, NULL, x, n);
}

static void fill_histogram(struct moments *moments, struct histogram *h, const float *x, size_t n)
{
	struct filling filling VECTOR_UNFILLED;
	begin_filling(&filling, h);
	pass(moments, &filling, x, n);
	block_end(&filling.bins);
	h->n = n;
	h->nan = moments->nan;
	h->inf = moments->inf;
}

void stats_histogram(struct histogram *h, const float *x, size_t n)
{
	struct moments unused;
	fill_histogram(&unused, h, x, n);
}

void stats_observe(struct moments *moments, struct histogram *h, const float *x, size_t n, double floor, double ceiling)
{
	double low = h->low, high = h->high;
	if (low < high)
		fill_histogram(moments, h, x, n);
	else
		stats_moments(moments, x, n);
	stats_widen(&h->low, &h->high, moments, floor, ceiling);
	if (!(low < high && h->low == low && h->high == high))
		stats_histogram(h, x, n);
}
