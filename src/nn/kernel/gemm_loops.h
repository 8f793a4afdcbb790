/* The inner loops of our own products for vectors of LANES floats, to be included by
 * a file that defines LANES, TARGET (how the loops are compiled), MULTIPLY_ADD(x, y,
 * sum) and NAME (of the struct gemm_loops). */
#include <string.h>

#include "nn/kernel/gemm_parts.h"

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef float unaligned_lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/* Sums of `terms` products for ROWS rows and VECTORS vectors side by side: 12 sums at
 * most, in registers, enough to hide the latency of a multiply-add. */
#define EACH(rows, vectors) \
	_Pragma("GCC unroll 6") for (size_t i = 0; i < (rows); i++) \
		_Pragma("GCC unroll 4") for (size_t v = 0; v < (vectors); v++)

#define SUM(rows, vectors) \
	TARGET static void sum_##rows##_##vectors(const struct gemm_sums *s) \
	{ \
		lanes sum[rows][vectors] = {{{0}}}; \
		const float *a = s->a, *b = s->b; \
		const size_t a_row = s->a_row, a_term = s->a_term, b_row = s->b_row; \
		_Pragma("GCC unroll 6") for (size_t i = 0; i < (rows); i++) \
			__builtin_prefetch(s->c + i * s->c_row, 1); \
		for (size_t q = s->terms; q > 0; q--, a += a_term, b += b_row) { \
			lanes x[vectors]; \
			_Pragma("GCC unroll 4") for (size_t v = 0; v < (vectors); v++) \
				x[v] = *(const unaligned_lanes *)(b + v * LANES); \
			_Pragma("GCC unroll 6") for (size_t i = 0; i < (rows); i++) { \
				lanes factor = a[i * a_row] - (lanes){0}; \
				_Pragma("GCC unroll 4") for (size_t v = 0; v < (vectors); v++) \
					sum[i][v] = MULTIPLY_ADD(factor, x[v], sum[i][v]); \
			} \
		} \
		EACH(rows, vectors) \
			sum[i][v] *= s->alpha; \
		if (s->add) \
			EACH(rows, vectors) \
				sum[i][v] += *(const unaligned_lanes *)(s->c + i * s->c_row + v * LANES); \
		EACH(rows, vectors) \
			*(unaligned_lanes *)(s->c + i * s->c_row + v * LANES) = sum[i][v]; \
	}

#define SUMS(vectors) \
	SUM(1, vectors) SUM(2, vectors) SUM(3, vectors) SUM(4, vectors) SUM(5, vectors) SUM(6, vectors)
#define NAMES(vectors) \
	{ sum_1_##vectors, sum_2_##vectors, sum_3_##vectors, sum_4_##vectors, sum_5_##vectors, sum_6_##vectors }

SUMS(1) SUMS(2)
#if VECTORS == 4
SUMS(3) SUMS(4)
#endif

const struct gemm_loops NAME = {
	.lanes = LANES,
	.vectors = VECTORS,
	.sum = {
		NAMES(1), NAMES(2),
#if VECTORS == 4
		NAMES(3), NAMES(4),
#endif
	},
};
