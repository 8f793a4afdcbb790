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
		_Pragma("GCC unroll 2") for (size_t v = 0; v < (vectors); v++)

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
			_Pragma("GCC unroll 2") for (size_t v = 0; v < (vectors); v++) \
				x[v] = *(const unaligned_lanes *)(b + v * LANES); \
			_Pragma("GCC unroll 6") for (size_t i = 0; i < (rows); i++) { \
				lanes factor = a[i * a_row] - (lanes){0}; \
				_Pragma("GCC unroll 2") for (size_t v = 0; v < (vectors); v++) \
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

SUM(1, 1) SUM(2, 1) SUM(3, 1) SUM(4, 1) SUM(5, 1) SUM(6, 1)
SUM(1, 2) SUM(2, 2) SUM(3, 2) SUM(4, 2) SUM(5, 2) SUM(6, 2)

const struct gemm_loops NAME = {
	.lanes = LANES,
	.sum = {
		{ sum_1_1, sum_2_1, sum_3_1, sum_4_1, sum_5_1, sum_6_1 },
		{ sum_1_2, sum_2_2, sum_3_2, sum_4_2, sum_5_2, sum_6_2 },
	},
};
