/* Products with a matrix X in which most elements are 0, such as images, and
 * whose zeros are known.  OpenBLAS has no such product.
 *
 * A zero adds nothing, not even if it is multiplied by an infinity or a NaN.
 * Every element of the result adds its other terms one by one in order, as the
 * naive products do: the same bits on every machine. */
#ifndef INITVIZ_NN_KERNEL_SPARSE_H
#define INITVIZ_NN_KERNEL_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X (rows, columns), row-major; bit j % 64 of nonzero[i * words + j / 64] is set
 * if element (i, j) is not 0, words = sparse_words(columns). */
struct sparse {
	const float *x;
	const uint64_t *nonzero;
	size_t rows, columns;
};

static inline size_t sparse_words(size_t columns)
{
	return (columns + 63) / 64;
}

/* How many bits are set in nonzero[words]. */
size_t sparse_count(const uint64_t *nonzero, size_t words);

/* Whether these products are faster than dense ones if `nonzero` of `elements`
 * are not 0. */
bool sparse_pays(size_t nonzero, size_t elements);

/* A part of a product X B: rows and columns of the result, and the words of each
 * row of X whose terms are summed. */
struct sparse_part {
	size_t row, rows, column, columns, word, words;
};

/* The part of C (x->rows, n) = X B with B (x->columns, n). */
void sparse_multiply(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part);

/* The sides of a tile of X' D: columns of X, and columns of D at most. */
#define SPARSE_TILE_ROWS 32
#define SPARSE_TILE_COLUMNS 112

/* A tile of scale * X' D with D (x->rows, n), which must be finite: its rows
 * [SPARSE_TILE_ROWS * tile, + SPARSE_TILE_ROWS), or fewer at the end of X, and
 * its columns [column, column + width), width at most SPARSE_TILE_COLUMNS.  c
 * receives them row after row, c_stride floats apart. */
void sparse_transposed_multiply(float *c, size_t c_stride, const struct sparse *x, const float *d, size_t n, size_t tile,
                                size_t column, size_t width, float scale);

#endif
