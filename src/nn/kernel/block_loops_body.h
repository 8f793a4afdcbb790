/* Sums and bins of a block for vectors of LANES doubles, 4 or 8, to be included by a file
 * that defines LANES, TARGET (how they are compiled) and NAME (of the struct block_loops). */
#include <string.h>

#include "nn/kernel/block_loops.h"
#include "nn/kernel/vector_math.h"

#define CHUNK 16 /* sums of each kind, whatever the width of the vectors */
#define PARTS (CHUNK / LANES)
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef int32_t whole_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef uint16_t bin_lanes __attribute__((vector_size(LANES * sizeof(uint16_t))));

struct partial {
	lanes sum[PARTS], square[PARTS];
};

/* Named one by one, LANES floats are converted by one instruction. */
#define FOUR(x) (double)(x)[0], (double)(x)[1], (double)(x)[2], (double)(x)[3]
#if LANES == 8
#define WIDEN(x) (lanes){ FOUR(x), FOUR((x) + 4) }
#else
#define WIDEN(x) (lanes){ FOUR(x) }
#endif

/* Adds vector number `part` of a chunk; *value: its values. */
VECTOR_INLINE void add_lanes(lanes *value, struct partial *partial, size_t part, const float *chunk, double shift)
{
	*value = WIDEN(chunk + part * LANES);
	lanes distance = *value - shift;
	partial->sum[part] += distance;
	partial->square[part] += distance * distance;
}

VECTOR_INLINE double total(const lanes sums[PARTS])
{
	double lane[CHUNK], four[4];
	memcpy(lane, sums, sizeof lane);
	for (size_t j = 0; j < 4; j++)
		four[j] = (lane[j] + lane[j + 4]) + (lane[j + 8] + lane[j + 12]);
	return (four[0] + four[1]) + (four[2] + four[3]);
}

/* The sums of all n values; those beyond the last whole chunk are added one by one. */
VECTOR_INLINE struct block_sums add_up(const struct partial *partial, const float *x, size_t n, double shift)
{
	struct block_sums sums = { total(partial->sum), total(partial->square) };
	for (size_t i = n / CHUNK * CHUNK; i < n; i++) {
		double distance = (double)x[i] - shift;
		sums.sum += distance;
		sums.square += distance * distance;
	}
	return sums;
}

TARGET static struct block_sums sums(const float *x, size_t n, double shift)
{
	struct partial partial = {0};
	lanes value;
	for (size_t i = 0; i + CHUNK <= n; i += CHUNK)
#pragma GCC unroll 4
		for (size_t part = 0; part < PARTS; part++)
			add_lanes(&value, &partial, part, x + i, shift);
	return add_up(&partial, x, n, shift);
}

TARGET static struct block_sums sums_and_bins(struct block_bins *bins, const float *x, size_t n, double shift,
                                              const struct block_binning *b)
{
	const double low = b->low, scale = b->scale;
	uint16_t *next = bins->bin + bins->waiting;
	const uint16_t *waiting = bins->bin;
	struct partial partial = {0};
	size_t i = 0;
	for (; i + CHUNK <= n; i += CHUNK, next += CHUNK) {
#pragma GCC unroll 4
		for (size_t part = 0; part < PARTS; part++) {
			lanes value;
			add_lanes(&value, &partial, part, x + i, shift);
			whole_lanes whole = __builtin_convertvector((value - low) * scale, whole_lanes);
			bin_lanes found = __builtin_convertvector(whole, bin_lanes);
			memcpy(next + part * LANES, &found, sizeof found);
		}
		if (next - waiting >= BLOCK_DELAY) {
			block_count_bins(bins->table, waiting, CHUNK);
			waiting += CHUNK;
		}
	}
	for (; i < n; i++)
		*next++ = block_bin(b, x[i]);
	block_keep_waiting(bins, waiting, next);
	return add_up(&partial, x, n, shift);
}

const struct block_loops NAME = { .sums = sums, .sums_and_bins = sums_and_bins };
