/* Sparse products by lists of bits.  One or two rows of the result are summed in
 * registers, from those rows of the other matrix whose factor is not 0. */
#include "nn/kernel/sparse.h"

#include "base/platform.h"
#include "nn/kernel/vector_math.h"

#define LANES 16
#define PANEL (SPARSE_TILE_COLUMNS / LANES) /* vectors side by side */
#define GROUP SPARSE_TILE_ROWS /* rows of X: the bits of a tile are a square, which is transposed at once */
#define WORD 64

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* Two rows at once, which share what they load, are faster if there are registers
 * for both, although each then adds zeros for which only the other has a term;
 * the sums are the same. */
static bool two_at_once(void)
{
	return platform_vectors() == PLATFORM_VECTORS_AVX512;
}

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

/* Compiles the call for every number of vectors, for one row and for two. */
#define FOR_VECTORS(vectors, two, call) \
	switch ((vectors) + (two ? PANEL : 0)) { \
	case 1: call(1, 1); break; \
	case 2: call(1, 2); break; \
	case 3: call(1, 3); break; \
	case 4: call(1, 4); break; \
	case 5: call(1, 5); break; \
	case 6: call(1, 6); break; \
	case 7: call(1, 7); break; \
	case 8: call(2, 1); break; \
	case 9: call(2, 2); break; \
	case 10: call(2, 3); break; \
	case 11: call(2, 4); break; \
	case 12: call(2, 5); break; \
	case 13: call(2, 6); break; \
	default: call(2, 7); break; \
	}

_Static_assert(PANEL == 7, "FOR_VECTORS has a call for every number of vectors");

/* In the functions below `rows` and `vectors` are constants of each call. */

VECTOR_INLINE size_t offset(size_t v, size_t vectors, size_t last)
{
	return v + 1 < vectors ? v * LANES : last;
}

VECTOR_INLINE void load(lanes *sum, const float *row, size_t vectors, size_t last)
{
#pragma GCC unroll 7
	for (size_t v = 0; v < vectors; v++)
		memcpy(&sum[v], row + offset(v, vectors, last), sizeof sum[v]);
}

VECTOR_INLINE void store(float *row, const lanes *sum, size_t vectors, size_t last)
{
#pragma GCC unroll 7
	for (size_t v = 0; v < vectors; v++)
		memcpy(row + offset(v, vectors, last), &sum[v], sizeof sum[v]);
}

/* sum[r] += scale * factor[r * stride] times a row of the other matrix */
VECTOR_INLINE void add_row(lanes sum[2][PANEL], const float *factor, size_t stride, float scale, const float *row,
                           size_t rows, size_t vectors, size_t last)
{
	lanes b[PANEL];
	load(b, row, vectors, last);
#pragma GCC unroll 2
	for (size_t r = 0; r < rows; r++) {
		float times = scale * factor[r * stride];
#pragma GCC unroll 7
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
	lanes sum[2][PANEL] = {{{0}}};
	size_t words = sparse_words(columns);
	for (size_t w = word; w < end; w++) {
		for (uint64_t bits = nonzero[w] | (rows > 1 ? nonzero[words + w] : 0); bits; bits &= bits - 1) {
			size_t k = w * WORD + (size_t)__builtin_ctzll(bits);
			add_row(sum, x + k, columns, 1, b + k * n, rows, vectors, last);
		}
	}
	store(c, sum[0], vectors, last);
	if (rows > 1)
		store(c + n, sum[1], vectors, last);
}

/* The rows of a part, for a panel of columns from `column` on.  If a sum of two
 * rows at once is not finite, they are computed again one by one: one may have a
 * 0 where the other has a factor for an infinity or a NaN in B. */
VECTOR_CLONES
static void multiply_panel(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part,
                           size_t column, const struct panel *panel)
{
	size_t words = sparse_words(x->columns), end = part->word + part->words, width = panel->last + LANES;
	bool two = two_at_once();
	b += column;
	for (size_t i = part->row; i < part->row + part->rows;) {
		bool both = two && i + 1 < part->row + part->rows;
		float *row = c + i * n + column;
		const float *from = x->x + i * x->columns;
		const uint64_t *nonzero = x->nonzero + i * words;
#define CALL(r, v) multiply_rows(row, from, nonzero, x->columns, b, n, part->word, end, (r), (v), panel->last)
		FOR_VECTORS(panel->vectors, both, CALL)
		if (both && !(vector_all_finite(row, width) && vector_all_finite(row + n, width))) {
			both = false;
			FOR_VECTORS(panel->vectors, both, CALL)
		}
#undef CALL
		i += 1 + both;
	}
}

/* For fewer columns than a vector has. */
static void multiply_narrow(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part)
{
	size_t words = sparse_words(x->columns);
	for (size_t i = part->row; i < part->row + part->rows; i++) {
		float *row = c + i * n + part->column;
		memset(row, 0, part->columns * sizeof *row);
		for (size_t w = part->word; w < part->word + part->words; w++) {
			for (uint64_t bits = x->nonzero[i * words + w]; bits; bits &= bits - 1) {
				size_t k = w * WORD + (size_t)__builtin_ctzll(bits);
				for (size_t j = 0; j < part->columns; j++)
					row[j] += x->x[i * x->columns + k] * b[k * n + part->column + j];
			}
		}
	}
}

void sparse_multiply(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part)
{
	if (part->columns < LANES) {
		multiply_narrow(c, x, b, n, part);
		return;
	}
	size_t end = part->column + part->columns;
	for (size_t column = part->column; column < end; column += PANEL * LANES) {
		size_t from = end - column < LANES ? end - LANES : column;
		struct panel panel = panel_of(end - from);
		multiply_panel(c, x, b, n, part, from, &panel);
	}
}

/* ---- X' D ---- */

/* Exchanges bit j of word i with bit i of word j.  Hacker's Delight, 7-3: the two
 * blocks off the diagonal are exchanged, then the same within each half. */
static void transpose_bits(uint32_t bits[GROUP])
{
	uint32_t mask = 0x0000ffff;
	for (unsigned size = GROUP / 2; size; size /= 2, mask ^= mask << size) {
		for (unsigned i = 0; i < GROUP; i = (i + size + 1) & ~size) {
			uint32_t moved = (bits[i] >> size ^ bits[i + size]) & mask;
			bits[i] ^= moved << size;
			bits[i + size] ^= moved;
		}
	}
}

/* For each of the tile's columns of X, bits of those of the GROUP rows from `row`
 * on that are not 0. */
static void nonzero_rows(uint32_t bits[GROUP], const struct sparse *x, size_t row, size_t tile)
{
	size_t words = sparse_words(x->columns), word = tile * GROUP / WORD, shift = tile * GROUP % WORD;
	for (size_t i = 0; i < GROUP; i++)
		bits[i] = row + i < x->rows ? (uint32_t)(x->nonzero[(row + i) * words + word] >> shift) : 0;
	transpose_bits(bits);
}

/* A tile of the result and what GROUP rows of X and D add to it. */
struct group {
	float *c;
	size_t c_stride; /* from row to row of c */
	const float *x, *d;
	size_t columns, n; /* from row to row of x and d */
	size_t count;      /* rows of the tile */
	float scale;
	bool first; /* the first group: c is not set yet */
	uint32_t bits[GROUP];
};

/* Row j of the tile, or rows j and j + 1. */
VECTOR_INLINE void add_group_row(const struct group *g, size_t j, size_t rows, size_t vectors, size_t last)
{
	float *c = g->c + j * g->c_stride;
	lanes sum[2][PANEL] = {{{0}}};
	if (!g->first) {
		load(sum[0], c, vectors, last);
		if (rows > 1)
			load(sum[1], c + g->c_stride, vectors, last);
	}
	for (uint32_t bits = g->bits[j] | (rows > 1 ? g->bits[j + 1] : 0); bits; bits &= bits - 1) {
		size_t i = (size_t)__builtin_ctz(bits);
		add_row(sum, g->x + i * g->columns + j, 1, g->scale, g->d + i * g->n, rows, vectors, last);
	}
	store(c, sum[0], vectors, last);
	if (rows > 1)
		store(c + g->c_stride, sum[1], vectors, last);
}

VECTOR_CLONES
static void add_group(const struct group *g, const struct panel *panel)
{
	bool two = two_at_once();
	for (size_t j = 0; j < g->count;) {
		bool both = two && j + 1 < g->count;
#define CALL(r, v) add_group_row(g, j, (r), (v), panel->last)
		FOR_VECTORS(panel->vectors, both, CALL)
#undef CALL
		j += 1 + both;
	}
}

static void add_group_narrow(const struct group *g, size_t width)
{
	for (size_t j = 0; j < g->count; j++) {
		float *c = g->c + j * g->c_stride;
		if (g->first)
			memset(c, 0, width * sizeof *c);
		for (uint32_t bits = g->bits[j]; bits; bits &= bits - 1) {
			size_t i = (size_t)__builtin_ctz(bits);
			float factor = g->scale * g->x[i * g->columns + j];
			for (size_t k = 0; k < width; k++)
				c[k] += factor * g->d[i * g->n + k];
		}
	}
}

void sparse_transposed_multiply(float *c, size_t c_stride, const struct sparse *x, const float *d, size_t n, size_t tile,
                                size_t column, size_t width, float scale)
{
	size_t left = tile * GROUP;
	struct group group = {
		.c = c, .c_stride = c_stride, .columns = x->columns, .n = n, .scale = scale, .first = true,
		.count = x->columns - left < GROUP ? x->columns - left : GROUP,
	};
	struct panel panel = panel_of(width);
	for (size_t row = 0; row < x->rows; row += GROUP, group.first = false) {
		group.x = x->x + row * x->columns + left;
		group.d = d + row * n + column;
		nonzero_rows(group.bits, x, row, tile);
		if (width < LANES)
			add_group_narrow(&group, width);
		else
			add_group(&group, &panel);
	}
}

VECTOR_CLONES
size_t sparse_count(const uint64_t *nonzero, size_t words)
{
	size_t count = 0;
	for (size_t i = 0; i < words; i++)
		count += (size_t)__builtin_popcountll(nonzero[i]);
	return count;
}

bool sparse_pays(size_t nonzero, size_t elements)
{
	return nonzero < elements / 2;
}
