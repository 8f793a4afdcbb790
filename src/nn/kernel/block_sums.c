/* Chooses the loops for this CPU; what else is done with a block. */
#include "nn/kernel/block_sums.h"

#include <string.h>

#include "base/platform.h"
#include "nn/kernel/block_loops.h"
#include "nn/kernel/vector_math.h"

/* ---- extremes ---- */

VECTOR_INLINE int32_t key_of(float x)
{
	int32_t bits = (int32_t)vector_bits(x);
	return bits ^ (bits >> 31 & 0x7fffffff);
}

int32_t block_key(float x)
{
	return key_of(x);
}

float block_float(int32_t key)
{
	return vector_float((uint32_t)(key ^ (key >> 31 & 0x7fffffff)));
}

VECTOR_CLONES void block_extremes(int32_t *low, int32_t *high, const float *x, size_t n)
{
	int32_t min = INT32_MAX, max = INT32_MIN;
	for (size_t i = 0; i < n; i++) {
		int32_t key = key_of(x[i]);
		min = key < min ? key : min;
		max = key > max ? key : max;
	}
	*low = min;
	*high = max;
}

VECTOR_CLONES uint32_t block_equal(const float *x, size_t n, float value)
{
	uint32_t equal = 0;
	for (size_t i = 0; i < n; i++)
		equal += x[i] == value;
	return equal;
}

/* ---- sums ---- */

static const struct block_loops *loops(void)
{
	return VECTOR_HAS_AVX512 && platform_vectors() == PLATFORM_VECTORS_AVX512 ? &block_loops_8 : &block_loops_4;
}

struct block_sums block_sums(const float *x, size_t n, double shift)
{
	return loops()->sums(x, n, shift);
}

/* ---- bins ---- */

static void clear_tables(struct block_bins *bins)
{
	memset(bins->table, 0, sizeof bins->table);
	bins->found = bins->waiting;
}

void block_begin(struct block_bins *bins, uint32_t *counts)
{
	bins->counts = counts;
	bins->waiting = 0;
	clear_tables(bins);
}

VECTOR_CLONES static void add_tables(uint32_t *restrict counts, uint16_t table[BLOCK_TABLES][HISTOGRAM_BINS + 1])
{
	_Static_assert(BLOCK_TABLES == 4, "all are added");
	const uint16_t *t0 = table[0], *t1 = table[1], *t2 = table[2], *t3 = table[3];
	VECTOR_EACH (i, HISTOGRAM_BINS)
		counts[i] += (uint32_t)t0[i] + t1[i] + t2[i] + t3[i];
	for (size_t t = 0; t < BLOCK_TABLES; t++)
		counts[HISTOGRAM_BINS - 1] += table[t][HISTOGRAM_BINS];
}

static void empty_tables(struct block_bins *bins)
{
	add_tables(bins->counts, bins->table);
	clear_tables(bins);
}

/* Before n bins are found: no count must pass the largest number of a table. */
static void make_room(struct block_bins *bins, size_t n)
{
	if (bins->found + n > UINT16_MAX)
		empty_tables(bins);
	bins->found += n;
}

static void count_waiting(struct block_bins *bins)
{
	block_count_bins(bins->table, bins->bin, bins->waiting);
	bins->waiting = 0;
}

void block_end(struct block_bins *bins)
{
	count_waiting(bins);
	add_tables(bins->counts, bins->table);
}

struct block_sums block_sums_and_bins(struct block_bins *bins, const float *x, size_t n, double shift,
                                      const struct block_binning *b)
{
	make_room(bins, n);
	return loops()->sums_and_bins(bins, x, n, shift, b);
}

void block_bins_inside(struct block_bins *bins, const float *x, size_t n, const struct block_binning *b, uint64_t *below,
                       uint64_t *above)
{
	make_room(bins, n);
	count_waiting(bins);
	for (size_t i = 0; i < n; i++) {
		if (x[i] < b->first)
			++*below;
		else if (x[i] > b->last)
			++*above;
		else
			bins->bin[bins->waiting++] = block_bin(b, x[i]);
	}
	count_waiting(bins);
}
