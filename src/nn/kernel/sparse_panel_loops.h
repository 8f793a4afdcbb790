/* The inner loops of the sparse products for vectors of LANES floats, to be
 * included by a file that defines LANES, ROWS (1, or 2 for pairs of rows), TARGET
 * (how the loops are compiled) and NAME (of the struct sparse_panel).
 *
 * One row of the result is summed in registers, or two, which share what they
 * load.  Two are faster if there are registers for both, although each then adds
 * zeros for which only the other has a term; the sums are the same. */
#include <string.h>

#include "nn/kernel/sparse_panel.h"
#include "nn/kernel/vector_math.h"

#define PANEL (SPARSE_TILE_COLUMNS / LANES) /* vectors side by side */
#define WORD 64

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* ---- panels of columns ---- */

/* Vectors side by side.  The last one is moved back so that it ends where the row
 * ends; the columns it shares with the one before are computed twice. */
struct panel {
	size_t vectors, last; /* last: where the last one begins */
};

/* For the first of the `width` columns (at least LANES) that remain in a row. */
static struct panel panel_of(size_t width)
{
	size_t vectors = (width + LANES - 1) / LANES;
	if (vectors > PANEL)
		return (struct panel){ .vectors = PANEL, .last = (PANEL - 1) * LANES };
	return (struct panel){ .vectors = vectors, .last = width - LANES };
}

/* Compiles the call for every number of vectors. */
#define FOR_VECTORS(vectors, call, rows) \
	switch (vectors) { \
	case 1: call(rows, 1); break; \
	case 2: call(rows, 2); break; \
	case 3: call(rows, 3); break; \
	case 4: call(rows, 4); break; \
	case 5: call(rows, 5); break; \
	case 6: call(rows, 6); break; \
	MORE_VECTORS(call, rows) \
	default: call(rows, PANEL); break; \
	}
#if LANES == 8
#define MORE_VECTORS(call, rows) \
	case 7: call(rows, 7); break; \
	case 8: call(rows, 8); break; \
	case 9: call(rows, 9); break; \
	case 10: call(rows, 10); break; \
	case 11: call(rows, 11); break; \
	case 12: call(rows, 12); break; \
	case 13: call(rows, 13); break;
_Static_assert(PANEL == 14, "FOR_VECTORS has a call for every number of vectors");
#else
#define MORE_VECTORS(call, rows)
_Static_assert(PANEL == 7, "FOR_VECTORS has a call for every number of vectors");
#endif

/* In the functions below `rows` and `vectors` are constants of each call. */

VECTOR_INLINE size_t offset(size_t v, size_t vectors, size_t last)
{
	return v + 1 < vectors ? v * LANES : last;
}

VECTOR_INLINE void load(lanes *sum, const float *row, size_t vectors, size_t last)
{
#pragma GCC unroll 14
	for (size_t v = 0; v < vectors; v++)
		memcpy(&sum[v], row + offset(v, vectors, last), sizeof sum[v]);
}

VECTOR_INLINE void store(float *row, const lanes *sum, size_t vectors, size_t last)
{
#pragma GCC unroll 14
	for (size_t v = 0; v < vectors; v++)
		memcpy(row + offset(v, vectors, last), &sum[v], sizeof sum[v]);
}

/* sum[r] += scale * factor[r * stride] times a row of the other matrix */
VECTOR_INLINE void add_row(lanes sum[ROWS][PANEL], const float *factor, size_t stride, float scale, const float *row,
                           size_t rows, size_t vectors, size_t last)
{
	lanes b[PANEL];
	load(b, row, vectors, last);
#pragma GCC unroll 2
	for (size_t r = 0; r < rows; r++) {
		float times = scale * factor[r * stride];
#pragma GCC unroll 14
		for (size_t v = 0; v < vectors; v++)
			sum[r][v] += times * b[v];
	}
}

/* ---- X B ---- */

/* One row of C, or two, n apart: the sum of x[k] times row k of B over the bits
 * of words [word, end). */
VECTOR_INLINE void multiply_rows(float *c, const float *x, const uint64_t *nonzero, size_t columns, const float *b, size_t n,
                                 size_t word, size_t end, size_t rows, size_t vectors, size_t last)
{
	lanes sum[ROWS][PANEL] = {{{0}}};
	size_t words = sparse_words(columns);
	for (size_t w = word; w < end; w++) {
		for (uint64_t bits = nonzero[w] | (rows > 1 ? nonzero[words + w] : 0); bits; bits &= bits - 1) {
			size_t k = w * WORD + (size_t)__builtin_ctzll(bits);
			add_row(sum, x + k, columns, 1, b + k * n, rows, vectors, last);
		}
	}
	store(c, sum[0], vectors, last);
	if (rows > 1)
		store(c + n, sum[ROWS - 1], vectors, last);
}

/* The rows of a part, for a panel of columns from `column` on.  If a sum of two
 * rows at once is not finite, they are computed again one by one: one may have a
 * 0 where the other has a factor for an infinity or a NaN in B. */
TARGET
static void multiply_panel(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part,
                           size_t column, size_t left)
{
	struct panel panel = panel_of(left);
	size_t words = sparse_words(x->columns), end = part->word + part->words, width = panel.last + LANES;
	b += column;
	for (size_t i = part->row; i < part->row + part->rows;) {
		bool both = ROWS > 1 && i + 1 < part->row + part->rows;
		float *row = c + i * n + column;
		const float *from = x->x + i * x->columns;
		const uint64_t *nonzero = x->nonzero + i * words;
#define CALL(r, v) multiply_rows(row, from, nonzero, x->columns, b, n, part->word, end, (r), (v), panel.last)
		if (both)
			FOR_VECTORS(panel.vectors, CALL, ROWS)
		if (both && !(vector_all_finite(row, width) && vector_all_finite(row + n, width)))
			both = false;
		if (!both)
			FOR_VECTORS(panel.vectors, CALL, 1)
#undef CALL
		i += 1 + both;
	}
}

/* Row j of the tile, or rows j and j + 1. */
VECTOR_INLINE void add_group_row(const struct sparse_group *g, size_t j, size_t rows, size_t vectors, size_t last)
{
	float *c = g->c + j * g->c_stride;
	lanes sum[ROWS][PANEL] = {{{0}}};
	if (!g->first) {
		load(sum[0], c, vectors, last);
		if (rows > 1)
			load(sum[ROWS - 1], c + g->c_stride, vectors, last);
	}
	for (uint32_t bits = g->bits[j] | (rows > 1 ? g->bits[j + 1] : 0); bits; bits &= bits - 1) {
		size_t i = (size_t)__builtin_ctz(bits);
		add_row(sum, g->x + i * g->columns + j, 1, g->scale, g->d + i * g->n, rows, vectors, last);
	}
	store(c, sum[0], vectors, last);
	if (rows > 1)
		store(c + g->c_stride, sum[ROWS - 1], vectors, last);
}

TARGET
static void add_group(const struct sparse_group *g, size_t width)
{
	struct panel panel = panel_of(width);
	for (size_t j = 0; j < g->count;) {
		bool both = ROWS > 1 && j + 1 < g->count;
#define CALL(r, v) add_group_row(g, j, (r), (v), panel.last)
		if (both)
			FOR_VECTORS(panel.vectors, CALL, ROWS)
		else
			FOR_VECTORS(panel.vectors, CALL, 1)
#undef CALL
		j += 1 + both;
	}
}

const struct sparse_panel NAME = { .lanes = LANES, .multiply = multiply_panel, .add_group = add_group };
