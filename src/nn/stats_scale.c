/* Percentiles, and the round numbers that a histogram's range is made of. */
#include "nn/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn/vector_math.h"

/* ---- percentiles ---- */

const int stats_percentile_ranks[STATS_PERCENTILES] = { 1, 5, 25, 50, 75, 95, 99 };

/* Selection by digits of 11, 11 and 10 bits.  Each pass counts one digit of the
 * values whose higher digits lead to a wanted rank; path 0 takes all others. */
#define DIGIT 2048
#define PATHS (STATS_PERCENTILES + 1)
#define FINITE_FIRST 4 /* first digits below and from 2044 are NaN and infinities */
#define FINITE_END (DIGIT - 4)

struct selection {
	uint32_t *top, *to_middle; /* [DIGIT]: counts; path taken after this digit */
	uint32_t (*middle)[DIGIT], (*to_bottom)[DIGIT]; /* [PATHS] */
	uint32_t (*bottom)[DIGIT / 2]; /* [PATHS] */
};

static struct selection selection_in(struct percentile_scratch *scratch)
{
	_Static_assert(sizeof scratch->count >= ((2 + 2 * PATHS) * DIGIT + PATHS * DIGIT / 2) * sizeof(uint32_t),
	               "room for all tables");
	memset(scratch, 0, sizeof *scratch);
	uint32_t *at = scratch->count;
	return (struct selection){
		.top = at, .to_middle = at + DIGIT,
		.middle = (uint32_t (*)[DIGIT])(at + 2 * DIGIT),
		.to_bottom = (uint32_t (*)[DIGIT])(at + (2 + PATHS) * DIGIT),
		.bottom = (uint32_t (*)[DIGIT / 2])(at + (2 + 2 * PATHS) * DIGIT),
	};
}

/* Unsigned integers in the order of the floats. */
static inline uint32_t key_of(float x)
{
	uint32_t bits = vector_bits(x);
	return bits ^ (bits >> 31 ? 0xffffffff : 0x80000000);
}

static float of_key(uint32_t key)
{
	return vector_float(key ^ (key >> 31 ? 0x80000000 : 0xffffffff));
}

/* The digit in which the rank-th (from 0) of these counts lies; *rank becomes
 * its rank within that digit. */
static uint32_t find(const uint32_t *count, uint32_t from, uint64_t *rank)
{
	uint32_t digit = from;
	while (*rank >= count[digit])
		*rank -= count[digit++];
	return digit;
}

/* The path that a digit leads to, a new one if it has none yet. */
static uint32_t path_to(uint32_t *to, uint32_t *paths)
{
	if (*to == 0)
		*to = ++*paths;
	return *to;
}

void stats_percentiles(double out[STATS_PERCENTILES], const float *x, size_t n, struct percentile_scratch *scratch)
{
	struct selection s = selection_in(scratch);
	uint64_t rank[STATS_PERCENTILES], finite = 0;
	uint32_t first[STATS_PERCENTILES], second[STATS_PERCENTILES], middle[STATS_PERCENTILES];
	uint32_t bottom[STATS_PERCENTILES], paths = 0;
	for (size_t i = 0; i < n; i++)
		s.top[key_of(x[i]) >> 21]++;
	for (int digit = FINITE_FIRST; digit < FINITE_END; digit++)
		finite += s.top[digit];
	if (finite == 0) {
		for (int i = 0; i < STATS_PERCENTILES; i++)
			out[i] = NAN;
		return;
	}
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		rank[i] = ((uint64_t)stats_percentile_ranks[i] * finite + 99) / 100 - 1;
		first[i] = find(s.top, FINITE_FIRST, &rank[i]);
		middle[i] = path_to(&s.to_middle[first[i]], &paths);
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t key = key_of(x[i]);
		s.middle[s.to_middle[key >> 21]][key >> 10 & (DIGIT - 1)]++;
	}
	paths = 0;
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		second[i] = find(s.middle[middle[i]], 0, &rank[i]);
		bottom[i] = path_to(&s.to_bottom[middle[i]][second[i]], &paths);
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t key = key_of(x[i]);
		s.bottom[s.to_bottom[s.to_middle[key >> 21]][key >> 10 & (DIGIT - 1)]][key & (DIGIT / 2 - 1)]++;
	}
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		uint32_t third = find(s.bottom[bottom[i]], 0, &rank[i]);
		out[i] = (double)of_key(first[i] << 21 | second[i] << 10 | third) + 0.0; /* + 0.0: no -0 */
	}
}

/* ---- ranges ---- */

#define LARGEST 5e38 /* the round number beyond FLT_MAX */
#define SMALLEST 1e-45 /* below the least float */

double stats_nice(double value)
{
	if (!(value > 0))
		return 1;
	if (value >= LARGEST)
		return LARGEST;
	value = fmax(value, SMALLEST);
	for (int exponent = (int)floor(log10(value)) - 1;; exponent++) {
		static const double step[] = { 1, 2, 5 };
		double power = pow(10, abs(exponent));
		for (int i = 0; i < 3; i++) {
			double nice = exponent < 0 ? step[i] / power : step[i] * power;
			if (nice >= value)
				return nice;
		}
	}
}

void stats_widen(double *low, double *high, const struct moments *moments, double floor, double ceiling)
{
	bool fresh = !(*low < *high);
	if (isnan(moments->mean) && !fresh)
		return;
	double spread = 4 * sqrt(moments->variance);
	double down = moments->mean - spread, up = moments->mean + spread; /* NaN where there is no finite value */
	double wanted_low, wanted_high;
	if (isfinite(floor)) {
		wanted_low = floor;
		wanted_high = isfinite(ceiling) ? ceiling : stats_nice(up);
	} else if (isfinite(ceiling)) {
		wanted_low = -stats_nice(-down);
		wanted_high = ceiling;
	} else {
		wanted_high = stats_nice(fmax(-down, up));
		wanted_low = -wanted_high;
	}
	if (!(wanted_low < wanted_high)) { /* a one-sided range whose end lies beyond all round numbers */
		double width = stats_nice(fmax(fabs(wanted_low), 1));
		wanted_low = isfinite(floor) ? floor : ceiling - width;
		wanted_high = isfinite(floor) ? floor + width : ceiling;
	}
	*low = fresh || wanted_low < *low ? wanted_low : *low;
	*high = fresh || wanted_high > *high ? wanted_high : *high;
}
