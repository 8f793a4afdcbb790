/* The inner loops of block_sums.h, for vectors of 4 doubles (AVX2, and all others) and of 8
 * (AVX-512).  The width of the vectors does not change the bits. */
#ifndef INITVIZ_NN_KERNEL_BLOCK_LOOPS_H
#define INITVIZ_NN_KERNEL_BLOCK_LOOPS_H

#include <string.h>

#include "nn/kernel/block_sums.h"
#include "nn/kernel/vector_math.h"

struct block_loops {
	struct block_sums (*sums)(const float *x, size_t n, double shift);
	struct block_sums (*sums_and_bins)(struct block_bins *bins, const float *x, size_t n, double shift,
	                                   const struct block_binning *b);
};
extern const struct block_loops block_loops_4, block_loops_8;

/* Not unrolled: the compiler would count in vectors then, which is slower. */
VECTOR_INLINE void block_count_bins(uint16_t table[BLOCK_TABLES][HISTOGRAM_BINS + 1], const uint16_t *bin, size_t n)
{
	size_t i = 0;
#pragma GCC unroll 1
	for (; i + BLOCK_TABLES <= n; i += BLOCK_TABLES) {
		table[0][bin[i]]++;
		table[1][bin[i + 1]]++;
		table[2][bin[i + 2]]++;
		table[3][bin[i + 3]]++;
	}
	for (; i < n; i++)
		table[0][bin[i]]++;
}

/* Bins from `first` up to `end` are not counted yet; BLOCK_DELAY of them can wait. */
VECTOR_INLINE void block_keep_waiting(struct block_bins *bins, const uint16_t *first, const uint16_t *end)
{
	size_t left = (size_t)(end - first), now = left > BLOCK_DELAY ? left - BLOCK_DELAY : 0;
	block_count_bins(bins->table, first, now);
	bins->waiting = left - now;
	memmove(bins->bin, first + now, bins->waiting * sizeof *first);
}

#endif
