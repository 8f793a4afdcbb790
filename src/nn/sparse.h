/* Products with a matrix most of whose elements are 0, as the pixels of images
 * are, and of which it is known where: OpenBLAS has none of that kind.
 *
 * A zero adds nothing, not even times an infinity or a NaN.  Otherwise every
 * element adds its terms one by one in order, as the naive products do: the
 * same bits on every machine. */
#ifndef INITVIZ_NN_SPARSE_H
#define INITVIZ_NN_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X (rows, columns), row-major; bit j % 64 of on[i * words + j / 64] tells that
 * element (i, j) is not 0, words = sparse_words(columns). */
struct sparse {
	const float *x;
	const uint64_t *on;
	size_t rows, columns;
};

static inline size_t sparse_words(size_t columns)
{
	return (columns + 63) / 64;
}

/* Elements of a row, of `words` words, that are not 0. */
size_t sparse_count(const uint64_t *on, size_t words);

/* Whether leaving zeros out is quicker than not looking at them, where `on` of
 * `elements` are not 0. */
bool sparse_pays(size_t on, size_t elements);

/* A part of a product X B: rows and columns of the result, and the words of each
 * row of X whose terms are added up. */
struct sparse_part {
	size_t row, rows, column, columns, word, words;
};

/* The part of C (x->rows, n) = X B with B (x->columns, n). */
void sparse_multiply(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part);

/* A tile of X' D, that is of columns of X and columns of D: its sides. */
#define SPARSE_TILE_ROWS 32
#define SPARSE_TILE_COLUMNS 112

/* Of scale * X' D with D (x->rows, n), which must be finite: rows SPARSE_TILE_ROWS * tile and those
 * behind up to the tile's or X's end, columns [column, column + width), width
 * at most SPARSE_TILE_COLUMNS.  Row after row into c, `step` floats apart. */
void sparse_transposed_multiply(float *c, size_t step, const struct sparse *x, const float *d, size_t n, size_t tile,
                                size_t column, size_t width, float scale);

#endif
