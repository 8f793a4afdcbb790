/* Moments and histograms, block by block, so that a block stays in the first cache;
 * the blocks have a fixed size, so the bits depend on the values only. */
#include "nn/stats.h"

#include <math.h>
#include <string.h>

#include "base/whole.h"
#include "nn/kernel/vector_math.h"

#define BLOCK 2048

static inline size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- moments ---- */

/* Order of floats as integers: NaNs lie beyond the infinities, -0 below 0. */
VECTOR_INLINE int32_t sortable(float x)
{
	int32_t bits = (int32_t)vector_bits(x);
	return bits ^ (bits >> 31 & 0x7fffffff);
}

static float from_sortable(int32_t key)
{
	return vector_float((uint32_t)(key ^ (key >> 31 & 0x7fffffff)));
}

VECTOR_CLONES static void extremes(int32_t *low, int32_t *high, const float *x, size_t n)
{
	int32_t min = INT32_MAX, max = INT32_MIN;
	for (size_t i = 0; i < n; i++) {
		int32_t key = sortable(x[i]);
		min = key < min ? key : min;
		max = key > max ? key : max;
	}
	*low = min;
	*high = max;
}

#define LANES 4   /* doubles in a vector of AVX2; AVX-512's are no faster here */
#define PAIRS 4   /* of vectors of partial sums: one pass over the block for each, all in registers */
#define STRIDE (2 * LANES * PAIRS)
typedef float float_lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));

/* d[2 LANES] = x[2 LANES] - shift */
VECTOR_INLINE void distances(lanes d[2], const float *x, double shift)
{
	float_lanes from[2];
	memcpy(from, x, sizeof from);
	d[0] = __builtin_convertvector(from[0], lanes) - shift;
	d[1] = __builtin_convertvector(from[1], lanes) - shift;
}

/* s, q (2 LANES): sums of x - shift and of its square over every STRIDE-th of x[n],
 * beginning with each of the first 2 LANES. */
VECTOR_INLINE void sum_pair(double *s, double *q, const float *x, size_t n, double shift)
{
	lanes s0 = {0}, s1 = {0}, q0 = {0}, q1 = {0};
	for (size_t i = 0; i < n; i += STRIDE) {
		lanes d[2];
		distances(d, x + i, shift);
		s0 += d[0];
		s1 += d[1];
		q0 += d[0] * d[0];
		q1 += d[1] * d[1];
	}
	memcpy(s, &s0, sizeof s0);
	memcpy(s + LANES, &s1, sizeof s1);
	memcpy(q, &q0, sizeof q0);
	memcpy(q + LANES, &q1, sizeof q1);
}

/* The sums of x - shift and of its square, in the same partial sums whatever
 * the width of the machine's vectors. */
VECTOR_CLONES static void sums(double *sum, double *square, const float *x, size_t n, double shift)
{
	double s[PAIRS][2 * LANES], q[PAIRS][2 * LANES];
	size_t i = n / STRIDE * STRIDE;
	for (size_t pair = 0; pair < PAIRS; pair++)
		sum_pair(s[pair], q[pair], x + pair * 2 * LANES, i, shift);
	*sum = *square = 0;
	for (int j = 0; j < 2 * LANES; j++) {
		*sum += (s[0][j] + s[1][j]) + (s[2][j] + s[3][j]);
		*square += (q[0][j] + q[1][j]) + (q[2][j] + q[3][j]);
	}
	for (; i < n; i++) {
		double d = (double)x[i] - shift;
		*sum += d;
		*square += d * d;
	}
}

struct running {
	double n, mean, squares; /* squares: sum of squared distances from the mean */
	int32_t min, max;
};

/* Adds a block of finite values.  The squares are computed about the first
 * value; if that is so far from the mean that digits are lost (an outlier), they
 * are computed again about the mean.  Blocks are combined by the formula of Chan,
 * Golub and LeVeque. */
static void add_finite(struct running *run, const float *x, size_t n)
{
	double sum, squares, count = (double)n, shift = (double)x[0];
	sums(&sum, &squares, x, n, shift);
	double offset = sum / count, mean = shift + offset;
	if (squares > 0 && squares - sum * offset < 1e-6 * squares) {
		sums(&sum, &squares, x, n, mean);
		offset = sum / count;
	}
	squares = fmax(0, squares - sum * offset);
	double delta = mean - run->mean, total = run->n + count;
	run->squares += squares + delta * delta * (run->n * count / total);
	run->mean += delta * (count / total);
	run->n = total;
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

void stats_moments(struct moments *moments, const float *x, size_t n)
{
	const int32_t infinity = sortable(INFINITY), minus_infinity = sortable(-INFINITY);
	struct running run = { .min = INT32_MAX, .max = INT32_MIN };
	float kept[BLOCK] VECTOR_UNFILLED;
	*moments = (struct moments){ .n = n };
	for (size_t at = 0; at < n; at += BLOCK) {
		const float *block = x + at;
		size_t count = least(BLOCK, n - at);
		int32_t low, high;
		extremes(&low, &high, block, count);
		if (low <= minus_infinity || high >= infinity) {
			count = keep_finite(kept, block, count, moments);
			if (count == 0)
				continue;
			block = kept;
			extremes(&low, &high, block, count);
		}
		add_finite(&run, block, count);
		run.min = low < run.min ? low : run.min;
		run.max = high > run.max ? high : run.max;
	}
	if (run.n == 0) {
		moments->mean = moments->variance = moments->mean_square = moments->min = moments->max = NAN;
		return;
	}
	moments->mean = run.mean + 0.0; /* + 0.0: no -0 */
	moments->variance = run.squares / run.n;
	moments->mean_square = moments->variance + run.mean * run.mean;
	moments->min = (double)from_sortable(run.min) + 0.0;
	moments->max = (double)from_sortable(run.max) + 0.0;
}

/* ---- histogram ---- */

static void clear(struct histogram *h, size_t n)
{
	h->n = n;
	h->below = h->above = h->nan = h->inf = 0;
	for (int i = 0; i < HISTOGRAM_SPIKES; i++)
		h->spike[i].count = 0;
	memset(h->counts, 0, sizeof h->counts);
}

struct binning {
	double low, scale; /* scale: bins per unit */
	float first, last; /* the least and the largest float within low..high */
};

static struct binning binning_of(const struct histogram *h)
{
	struct binning b = { .low = h->low, .scale = HISTOGRAM_BINS / (h->high - h->low),
	                     .first = (float)h->low, .last = (float)h->high };
	if ((double)b.first < h->low)
		b.first = nextafterf(b.first, INFINITY);
	if ((double)b.last > h->high)
		b.last = nextafterf(b.last, -INFINITY);
	return b;
}

/* The bins of values within low..high, in double: a float on an edge lies on
 * that edge. */
VECTOR_CLONES static void find_bins(uint16_t *restrict bin, const float *restrict x, size_t n,
                                    const struct binning *binning)
{
	const double low = binning->low, scale = binning->scale;
	for (size_t i = 0; i < n; i++) {
		int32_t b = whole_of_small(((double)x[i] - low) * scale);
		bin[i] = (uint16_t)(b < HISTOGRAM_BINS ? b : HISTOGRAM_BINS - 1);
	}
}

VECTOR_CLONES static uint32_t count_equal(const float *x, size_t n, float value)
{
	uint32_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += x[i] == value;
	return count;
}

/* Several tables in turn, so that a count need not wait for the one before in the
 * same bin. */
#define TABLES 4

static void count_bins(uint32_t table[TABLES][HISTOGRAM_BINS], const uint16_t *bin, size_t n)
{
	size_t i = 0;
	for (; i + TABLES <= n; i += TABLES) {
		table[0][bin[i]]++;
		table[1][bin[i + 1]]++;
		table[2][bin[i + 2]]++;
		table[3][bin[i + 3]]++;
	}
	for (; i < n; i++)
		table[0][bin[i]]++;
}

/* The values of a block that lie in a bin; the others are counted. */
static size_t keep_inside(float *kept, const float *x, size_t n, const struct binning *binning, struct histogram *h)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		if (x[i] >= binning->first && x[i] <= binning->last)
			kept[k++] = x[i];
		else if (isnan(x[i]))
			h->nan++;
		else if (isinf(x[i]))
			h->inf++;
		else if (x[i] < binning->first)
			h->below++;
		else
			h->above++;
	}
	return k;
}

/* Atoms are counted as spikes, and not in the bin in which they lie. */
static void count_spikes(struct histogram *h, const float *x, size_t n, float least, float most,
                            const struct binning *binning)
{
	for (int k = 0; k < h->spikes; k++) {
		float value = (float)h->spike[k].value;
		uint32_t count = value >= least && value <= most ? count_equal(x, n, value) : 0;
		uint16_t bin;
		if (count == 0)
			continue;
		find_bins(&bin, &value, 1, binning);
		h->spike[k].count += count;
		h->counts[bin] -= count; /* wraps round until the bin itself is added */
	}
}

static bool all_inside(const struct moments *moments, const struct binning *binning)
{
	return moments && moments->nan + moments->inf == 0 && moments->min >= (double)binning->first &&
	       moments->max <= (double)binning->last;
}

void stats_histogram(struct histogram *h, const float *x, size_t n, const struct moments *moments)
{
	const struct binning binning = binning_of(h);
	const int32_t first = sortable(binning.first), last = sortable(binning.last);
	const bool inside = all_inside(moments, &binning);
	uint32_t table[TABLES][HISTOGRAM_BINS] = {{0}};
	uint16_t bin[BLOCK] VECTOR_UNFILLED;
	float kept[BLOCK] VECTOR_UNFILLED;
	int32_t low = inside ? sortable((float)moments->min) : 0, high = inside ? sortable((float)moments->max) : 0;
	clear(h, n);
	for (size_t at = 0; at < n; at += BLOCK) {
		const float *block = x + at;
		size_t count = least(BLOCK, n - at);
		if (!inside)
			extremes(&low, &high, block, count);
		if (!inside && (low < first || high > last)) {
			count = keep_inside(kept, block, count, &binning, h);
			block = kept;
			extremes(&low, &high, block, count);
		}
		find_bins(bin, block, count, &binning);
		count_bins(table, bin, count);
		count_spikes(h, block, count, from_sortable(low), from_sortable(high), &binning);
	}
	for (size_t i = 0; i < HISTOGRAM_BINS; i++)
		h->counts[i] += table[0][i] + table[1][i] + table[2][i] + table[3][i];
}
