/* Sums and bins of one block of floats, the inner loops of nn/stats.c.
 *
 * While sums are added up and bins are found, the bins found a little earlier are counted: the
 * one is arithmetic, the other is bound by memory, and the processor does both at a time. */
#ifndef INITVIZ_NN_KERNEL_BLOCK_SUMS_H
#define INITVIZ_NN_KERNEL_BLOCK_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/histogram.h"
#include "base/whole.h"

#define BLOCK_SUMS_MOST 2048 /* values in a block */

/* Sums of x - shift and of (x - shift)^2 over a block: in the same partial sums whatever the
 * width of the machine's vectors, so that the bits depend on the values only. */
struct block_sums {
	double sum, square;
};
struct block_sums block_sums(const float *x, size_t n, double shift);

/* Extremes of a block, in an order of floats as integers: NaNs beyond the infinities, -0 below 0.
 * n >= 1. */
void block_extremes(int32_t *low, int32_t *high, const float *x, size_t n);
int32_t block_key(float x);
float block_float(int32_t key);

/* How values become bins: low..high in equal parts. */
struct block_binning {
	double low, scale; /* scale: bins per unit */
	float first, last; /* the least and the largest float within low..high */
};

/* Counts of bins in the making, and the bins that are found and not yet counted. */
#define BLOCK_TABLES 4  /* used in turn, so that a count need not wait for the one before in the same bin */
#define BLOCK_DELAY 128 /* values: when a bin is read, the processor has long written it */
struct block_bins {
	uint32_t *counts;                                 /* [HISTOGRAM_BINS], of the caller: where full tables are added */
	uint16_t table[BLOCK_TABLES][HISTOGRAM_BINS + 1]; /* one bin more, for the last float: see block_bin() */
	uint16_t bin[BLOCK_DELAY + BLOCK_SUMS_MOST];
	size_t waiting; /* how many of bin[], from the first on: BLOCK_DELAY at most */
	size_t found;   /* since the tables were empty */
};

/* Begins with no bins, and adds to counts, which must stay until block_end(). */
void block_begin(struct block_bins *bins, uint32_t *counts);
void block_end(struct block_bins *bins);

/* The bin of a value within first..last, in double: a float on an edge lies on that edge.  A last
 * float on the upper edge may be given HISTOGRAM_BINS. */
static inline uint16_t block_bin(const struct block_binning *b, float x)
{
	return (uint16_t)whole_of_small(((double)x - b->low) * b->scale);
}

/* The sums of a block, n <= BLOCK_SUMS_MOST, and the bins of its values, all within first..last. */
struct block_sums block_sums_and_bins(struct block_bins *bins, const float *x, size_t n, double shift,
                                      const struct block_binning *b);

/* The bins of those values of a block that lie within first..last; how many lie below and above
 * is added there. */
void block_bins_inside(struct block_bins *bins, const float *x, size_t n, const struct block_binning *b, uint64_t *below,
                       uint64_t *above);

/* How many of x[n] are equal to value. */
uint32_t block_equal(const float *x, size_t n, float value);

#endif
