/* Moments and histograms, block by block so that a block stays in the nearest
 * cache; the partition is fixed, so the bits depend on the values alone. */
#include "nn/stats.h"

#include <math.h>
#include <string.h>

#include "nn/vector_math.h"

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

#define LANES 8
typedef float float_lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef double double_lanes __attribute__((vector_size(LANES * sizeof(double))));

/* The sums of x - shift and of its square, in sixteen partial sums whatever
 * the width of the machine's vectors. */
VECTOR_CLONES static void sums(double *sum, double *square, const float *x, size_t n, double shift)
{
	double_lanes s0 = {0}, s1 = {0}, q0 = {0}, q1 = {0};
	size_t i = 0;
	for (; i + 2 * LANES <= n; i += 2 * LANES) {
		float_lanes x0, x1;
		memcpy(&x0, x + i, sizeof x0);
		memcpy(&x1, x + i + LANES, sizeof x1);
		double_lanes d0 = __builtin_convertvector(x0, double_lanes) - shift;
		double_lanes d1 = __builtin_convertvector(x1, double_lanes) - shift;
		s0 += d0;
		s1 += d1;
		q0 += d0 * d0;
		q1 += d1 * d1;
	}
	s0 += s1;
	q0 += q1;
	*sum = ((s0[0] + s0[4]) + (s0[1] + s0[5])) + ((s0[2] + s0[6]) + (s0[3] + s0[7]));
	*square = ((q0[0] + q0[4]) + (q0[1] + q0[5])) + ((q0[2] + q0[6]) + (q0[3] + q0[7]));
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

/* Adds a block of finite values.  Its squares are first taken about its first
 * value; where that is so far from the mean that digits are lost (an outlier),
 * they are taken again about the mean.  Blocks are joined by the formula of
 * Chan, Golub and LeVeque. */
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
	float kept[BLOCK];
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

enum { BELOW = HISTOGRAM_BINS, ABOVE, INF, NOT_A_NUMBER, SPIKE, SLOTS = SPIKE + HISTOGRAM_SPIKES };

struct binning {
	double low, scale;             /* scale: bins per unit */
	float first, last;             /* the least and the largest float within low..high */
	float spike[HISTOGRAM_SPIKES]; /* NaN, which equals nothing, for those not in use */
};

static struct binning binning_of(const struct histogram *h)
{
	struct binning b = { .low = h->low, .scale = HISTOGRAM_BINS / (h->high - h->low),
	                     .first = (float)h->low, .last = (float)h->high };
	if ((double)b.first < h->low)
		b.first = nextafterf(b.first, INFINITY);
	if ((double)b.last > h->high)
		b.last = nextafterf(b.last, -INFINITY);
	for (int i = 0; i < HISTOGRAM_SPIKES; i++)
		b.spike[i] = i < h->spikes ? (float)h->spike[i].value : NAN;
	return b;
}

/* Where each value counts.  The bin is found in double: a float on an edge
 * lies on that edge. */
VECTOR_CLONES static void slots(uint16_t *restrict slot, const float *restrict x, size_t n,
                                const struct binning *binning)
{
	const double low = binning->low, scale = binning->scale;
	const float first = binning->first, last = binning->last;
	const float spike0 = binning->spike[0], spike1 = binning->spike[1];
	for (size_t i = 0; i < n; i++) {
		float inside = x[i] >= first ? x[i] : first; /* NaN too */
		inside = inside > last ? last : inside;
		double t = ((double)inside - low) * scale;
		int32_t s = (int32_t)(t > 0 ? t : 0);
		s = s > HISTOGRAM_BINS - 1 ? HISTOGRAM_BINS - 1 : s;
		s = x[i] < first ? BELOW : s;
		s = x[i] > last ? ABOVE : s;
		s = vector_abs(x[i]) == INFINITY ? INF : s;
		s = x[i] != x[i] ? NOT_A_NUMBER : s;
		s = x[i] == spike0 ? SPIKE : s;
		s = x[i] == spike1 ? SPIKE + 1 : s;
		slot[i] = (uint16_t)s;
	}
}

static void clear(struct histogram *h, size_t n)
{
	h->n = n;
	h->below = h->above = h->nan = h->inf = 0;
	for (int i = 0; i < HISTOGRAM_SPIKES; i++)
		h->spike[i].count = 0;
	memset(h->counts, 0, sizeof h->counts);
}

void stats_histogram(struct histogram *h, const float *x, size_t n)
{
	const struct binning binning = binning_of(h);
	clear(h, n);
	uint32_t table[4][SLOTS] = {{0}}; /* in turn: the next count need not wait for the last one of a full bin */
	uint16_t slot[BLOCK];
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t count = least(BLOCK, n - at), i = 0;
		slots(slot, x + at, count, &binning);
		for (; i + 4 <= count; i += 4) {
			table[0][slot[i]]++;
			table[1][slot[i + 1]]++;
			table[2][slot[i + 2]]++;
			table[3][slot[i + 3]]++;
		}
		for (; i < count; i++)
			table[0][slot[i]]++;
	}
	for (int i = 0; i < 4; i++) {
		for (int bin = 0; bin < HISTOGRAM_BINS; bin++)
			h->counts[bin] += table[i][bin];
		h->below += table[i][BELOW];
		h->above += table[i][ABOVE];
		h->inf += table[i][INF];
		h->nan += table[i][NOT_A_NUMBER];
		for (int spike = 0; spike < h->spikes; spike++)
			h->spike[spike].count += table[i][SPIKE + spike];
	}
}
