/* Percentiles, and the ranges of histograms. */
#include "nn/stats.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/round.h"
#include "nn/kernel/vector_math.h"

/* ---- percentiles ---- */

const int stats_percentile_ranks[STATS_PERCENTILES] = { 1, 5, 25, 50, 75, 95, 99 };

/* Selection by three digits of a key, of 12, 10 and 10 bits.  Each pass counts one
 * digit of those values whose higher digits lead to a rank that is asked for.  A
 * path is one such sequence of higher digits; path 0 is for all others. */
#define TOP_SHIFT 20
#define MIDDLE_SHIFT 10
#define DIGIT_MASK 1023
#define FINITE_FIRST 8 /* first digits below and from FINITE_END on are NaN and infinities */
#define FINITE_END ((1 << 12) - 8)
#define BLOCK 2048
#define ROOM (sizeof ((struct percentile_scratch *)0)->kept / sizeof(uint32_t))

static inline size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Unsigned integers in the order of the floats. */
VECTOR_CLONES static void find_keys(uint32_t *restrict key, const float *restrict x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits = vector_bits(x[i]);
		key[i] = bits ^ ((uint32_t)((int32_t)bits >> 31) | 0x80000000);
	}
}

static float of_key(uint32_t key)
{
	return vector_float(key ^ (key >> 31 ? 0x80000000 : 0xffffffff));
}

/* In two tables, so that a count need not wait for the one before of the same
 * digit. */
static void count_top(struct percentile_scratch *s, const float *x, size_t n)
{
	uint32_t key[BLOCK];
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t count = least(BLOCK, n - at);
		find_keys(key, x + at, count);
		if (count & 1)
			s->top[0][key[count - 1] >> TOP_SHIFT]++;
		for (size_t i = 0; i + 1 < count; i += 2) {
			s->top[0][key[i] >> TOP_SHIFT]++;
			s->top[1][key[i + 1] >> TOP_SHIFT]++;
		}
	}
	for (int digit = 0; digit < 1 << 12; digit++)
		s->top[0][digit] += s->top[1][digit];
}

/* Keeps the keys of a block that are on a path. */
static size_t keep_wanted(const struct percentile_scratch *s, uint32_t key[BLOCK], const float *x, size_t n)
{
	size_t kept = 0;
	find_keys(key, x, n);
	for (size_t i = 0; i < n; i++) {
		uint32_t k = key[i];
		key[kept] = k;
		kept += s->to_middle[k >> TOP_SHIFT] != 0;
	}
	return kept;
}

/* Stores the keys that it counts as long as there is room; returns how many it
 * counted. */
static size_t count_middle(struct percentile_scratch *s, const float *x, size_t n)
{
	uint32_t key[BLOCK];
	size_t counted = 0;
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t kept = keep_wanted(s, key, x + at, least(BLOCK, n - at));
		for (size_t i = 0; i < kept; i++)
			s->middle[s->to_middle[key[i] >> TOP_SHIFT]][key[i] >> MIDDLE_SHIFT & DIGIT_MASK]++;
		if (counted + kept <= ROOM)
			memcpy(s->kept + counted, key, kept * sizeof *key);
		counted += kept;
	}
	return counted;
}

static void count_bottom(struct percentile_scratch *s, const uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t path = s->to_middle[key[i] >> TOP_SHIFT];
		s->bottom[s->to_bottom[path][key[i] >> MIDDLE_SHIFT & DIGIT_MASK]][key[i] & DIGIT_MASK]++;
	}
}

static void count_bottom_again(struct percentile_scratch *s, const float *x, size_t n)
{
	uint32_t key[BLOCK];
	for (size_t at = 0; at < n; at += BLOCK)
		count_bottom(s, key, keep_wanted(s, key, x + at, least(BLOCK, n - at)));
}

/* The digit in which the rank-th (from 0) of these counts lies; *rank becomes
 * its rank within that digit. */
static uint32_t find(const uint32_t *count, uint64_t *rank)
{
	uint32_t digit = 0;
	while (*rank >= count[digit])
		*rank -= count[digit++];
	return digit;
}

/* The same for all ranks, which ascend, at once. */
static void find_top(uint32_t digit[STATS_PERCENTILES], uint64_t rank[STATS_PERCENTILES], const uint32_t *count)
{
	uint32_t at = FINITE_FIRST;
	uint64_t below = 0;
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		while (rank[i] >= below + count[at])
			below += count[at++];
		digit[i] = at;
		rank[i] -= below;
	}
}

/* The path that a digit leads to, a new one if it has none yet. */
static uint8_t path_to(uint8_t *to, uint8_t *paths)
{
	if (*to == 0)
		*to = ++*paths;
	return *to;
}

void stats_percentiles(double out[STATS_PERCENTILES], const float *x, size_t n, struct percentile_scratch *s)
{
	uint64_t rank[STATS_PERCENTILES], finite = 0;
	uint32_t first[STATS_PERCENTILES], second[STATS_PERCENTILES];
	uint8_t middle[STATS_PERCENTILES], bottom[STATS_PERCENTILES], paths = 0;
	memset(s, 0, offsetof(struct percentile_scratch, kept));
	count_top(s, x, n);
	for (int digit = FINITE_FIRST; digit < FINITE_END; digit++)
		finite += s->top[0][digit];
	if (finite == 0) {
		for (int i = 0; i < STATS_PERCENTILES; i++)
			out[i] = NAN;
		return;
	}
	for (int i = 0; i < STATS_PERCENTILES; i++)
		rank[i] = ((uint64_t)stats_percentile_ranks[i] * finite + 99) / 100 - 1;
	find_top(first, rank, s->top[0]);
	for (int i = 0; i < STATS_PERCENTILES; i++)
		middle[i] = path_to(&s->to_middle[first[i]], &paths);
	size_t kept = count_middle(s, x, n);
	paths = 0;
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		second[i] = find(s->middle[middle[i]], &rank[i]);
		bottom[i] = path_to(&s->to_bottom[middle[i]][second[i]], &paths);
	}
	if (kept <= ROOM)
		count_bottom(s, s->kept, kept);
	else
		count_bottom_again(s, x, n);
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		uint32_t third = find(s->bottom[bottom[i]], &rank[i]);
		out[i] = (double)of_key(first[i] << TOP_SHIFT | second[i] << MIDDLE_SHIFT | third) + 0.0; /* + 0.0: no -0 */
	}
}

/* ---- ranges ---- */

void stats_widen(double *low, double *high, const struct moments *moments, double floor, double ceiling)
{
	bool fresh = !(*low < *high);
	if (isnan(moments->mean) && !fresh)
		return;
	double spread = 4 * sqrt(moments->variance);
	double down = moments->mean - spread, up = moments->mean + spread; /* NaN if there is no finite value */
	double wanted_low, wanted_high;
	if (isfinite(floor)) {
		wanted_low = floor;
		wanted_high = isfinite(ceiling) ? ceiling : round_up_125(up);
	} else if (isfinite(ceiling)) {
		wanted_low = -round_up_125(-down);
		wanted_high = ceiling;
	} else {
		wanted_high = round_up_125(fmax(-down, up));
		wanted_low = -wanted_high;
	}
	if (!(wanted_low < wanted_high)) { /* a one-sided range whose end lies beyond all round numbers */
		double width = round_up_125(fmax(fabs(wanted_low), 1));
		wanted_low = isfinite(floor) ? floor : ceiling - width;
		wanted_high = isfinite(floor) ? floor + width : ceiling;
	}
	*low = fresh || wanted_low < *low ? wanted_low : *low;
	*high = fresh || wanted_high > *high ? wanted_high : *high;
}
