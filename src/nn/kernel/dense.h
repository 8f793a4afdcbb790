/* One product of dense row-major matrices in the calling thread: by our own loops; by
 * OpenBLAS, called with small pieces for which it is fastest; or by plain loops. */
#ifndef INITVIZ_NN_KERNEL_DENSE_H
#define INITVIZ_NN_KERNEL_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* C (m, n) = alpha op(A) op(B) + beta C; every product is one of these. */
struct dense_product {
	float *c;
	const float *a, *b;
	size_t m, n, k;  /* op(A) is (m, k), op(B) is (k, n) */
	size_t c_stride; /* from row to row of C */
	bool a_transposed, b_transposed;
	float alpha, beta;
	size_t strip, slice; /* how many rows of C, and how many terms of their sums, OpenBLAS computes at a time */
};

/* Elements [row, row + rows) x [column, column + columns) of C. */
struct dense_tile {
	size_t row, rows, column, columns;
};

/* Computes all terms of the elements of one tile, slice after slice. */
void dense_multiply_tile(const struct dense_product *product, const struct dense_tile *tile);

/* Sets strip and slice for a tile of this size that one thread computes at once,
 * in pieces as large as OpenBLAS multiplies without packing. */
void dense_cut_for_one_thread(struct dense_product *product, size_t rows, size_t columns);

/* Multiply-adds up to which OpenBLAS multiplies without packing its operands,
 * which is much faster for matrices with few rows. */
#define DENSE_SMALL 1000000

#define DENSE_LEAST_LENGTH 32 /* shorter sides make a product slow */

/* k terms in equal slices of at most `most` terms; most 0: in one. */
size_t dense_equal_slice(size_t k, size_t most);

/* Chooses what computes all later products of the process. */
enum dense_engine {
	DENSE_FASTEST, /* our own loops (gemm.h) or OpenBLAS */
	DENSE_OPENBLAS,
	DENSE_NAIVE, /* plain loops */
};
void dense_use(enum dense_engine engine);
bool dense_is_naive(void);

#endif
