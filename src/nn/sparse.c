/* Sparse products by lists of bits.  A row of the result, or two at once, is
 * summed up in registers, from the rows of the other matrix whose factor is not
 * 0.  Knows nothing of layers. */
#include "nn/sparse.h"

#include "base/platform.h"
#include "nn/vector_math.h"

#define LANES 16
#define PANEL (SPARSE_TILE_COLUMNS / LANES) /* vectors side by side */
#define GROUP SPARSE_TILE_ROWS /* as many rows of X: a square of bits is turned at once */
#define WORD 64

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* Two rows that share what they load are quicker where there are registers for
 * both, although each then adds the other's zeros; the sums are the same. */
static bool two_at_once(void)
{
	return platform_vectors() == PLATFORM_VECTORS_AVX512;
}

/* ---- panels of columns ---- */

/* Vectors that follow each other, but the last one, which is moved back to end
 * where the row does, over columns that are summed up twice. */
struct panel {
	size_t vectors, last; /* last: where that one begins */
};

/* For the first columns of `width` that are left of a row, LANES at least. */
static struct panel panel_of(size_t width)
{
	size_t vectors = (width + LANES - 1) / LANES;
	if (vectors > PANEL)
		return (struct panel){ .vectors = PANEL, .last = (PANEL - 1) * LANES };
	return (struct panel){ .vectors = vectors, .last = width - LANES };
}

/* Calls what is to be compiled for every number of vectors, in one row or two. */
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

_Static_assert(PANEL == 7, "as many as FOR_VECTORS calls for");

/* In what follows `rows` and `vectors` are constants. */

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

/* sum += factor[0], factor[step] times a row of the other matrix */
VECTOR_INLINE void add_row(lanes sum[2][PANEL], const float *factor, size_t step, float scale, const float *row,
                           size_t rows, size_t vectors, size_t last)
{
	lanes b[PANEL];
	load(b, row, vectors, last);
#pragma GCC unroll 2
	for (size_t r = 0; r < rows; r++) {
		float times = scale * factor[r * step];
#pragma GCC unroll 7
		for (size_t v = 0; v < vectors; v++)
			sum[r][v] += times * b[v];
	}
}

/* ---- X B ---- */

/* One row of C, or two, n apart: the sum of x[k] times row k of B over the bits
 * of words [word, end). */
VECTOR_INLINE void multiply_rows(float *c, const float *x, const uint64_t *on, size_t columns, const float *b, size_t n,
                                 size_t word, size_t end, size_t rows, size_t vectors, size_t last)
{
	lanes sum[2][PANEL] = {{{0}}};
	size_t words = sparse_words(columns);
	for (size_t w = word; w < end; w++) {
		for (uint64_t bits = on[w] | (rows > 1 ? on[words + w] : 0); bits; bits &= bits - 1) {
			size_t k = w * WORD + (size_t)__builtin_ctzll(bits);
			add_row(sum, x + k, columns, 1, b + k * n, rows, vectors, last);
		}
	}
	store(c, sum[0], vectors, last);
	if (rows > 1)
		store(c + n, sum[1], vectors, last);
}

/* The rows of a part, a panel of columns from `column` on.  Two rows are done one
 * by one where one has a 0 for what is not finite in B. */
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
		const uint64_t *on = x->on + i * words;
#define CALL(r, v) multiply_rows(row, from, on, x->columns, b, n, part->word, end, (r), (v), panel->last)
		FOR_VECTORS(panel->vectors, both, CALL)
		if (both && !(vector_all_finite(row, width) && vector_all_finite(row + n, width))) {
			both = false;
			FOR_VECTORS(panel->vectors, both, CALL)
		}
#undef CALL
		i += 1 + both;
	}
}

/* Fewer columns than a vector has. */
static void multiply_narrow(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part)
{
	size_t words = sparse_words(x->columns);
	for (size_t i = part->row; i < part->row + part->rows; i++) {
		float *row = c + i * n + part->column;
		memset(row, 0, part->columns * sizeof *row);
		for (size_t w = part->word; w < part->word + part->words; w++) {
			for (uint64_t bits = x->on[i * words + w]; bits; bits &= bits - 1) {
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

/* Bit j of word i changes places with bit i of word j.  Hacker's Delight, 7-3:
 * the blocks off the diagonal do, in halves. */
static void transpose(uint32_t bits[GROUP])
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

/* Of the tile's columns of X, which of GROUP rows from `row` on are not 0. */
static void columns_on(uint32_t bits[GROUP], const struct sparse *x, size_t row, size_t tile)
{
	size_t words = sparse_words(x->columns), word = tile * GROUP / WORD, shift = tile * GROUP % WORD;
	for (size_t i = 0; i < GROUP; i++)
		bits[i] = row + i < x->rows ? (uint32_t)(x->on[(row + i) * words + word] >> shift) : 0;
	transpose(bits);
}

/* A tile of the result and what GROUP rows of X and D add to it. */
struct group {
	float *c;
	size_t step; /* from row to row of c */
	const float *x, *d;
	size_t columns, n; /* from row to row of x and d */
	size_t count;      /* rows of the tile */
	float scale;
	bool fresh; /* the first group: c holds nothing yet */
	uint32_t bits[GROUP];
};

/* Row j of the tile, or j and j + 1. */
VECTOR_INLINE void add_group_row(const struct group *g, size_t j, size_t rows, size_t vectors, size_t last)
{
	float *c = g->c + j * g->step;
	lanes sum[2][PANEL] = {{{0}}};
	if (!g->fresh) {
		load(sum[0], c, vectors, last);
		if (rows > 1)
			load(sum[1], c + g->step, vectors, last);
	}
	for (uint32_t bits = g->bits[j] | (rows > 1 ? g->bits[j + 1] : 0); bits; bits &= bits - 1) {
		size_t i = (size_t)__builtin_ctz(bits);
		add_row(sum, g->x + i * g->columns + j, 1, g->scale, g->d + i * g->n, rows, vectors, last);
	}
	store(c, sum[0], vectors, last);
	if (rows > 1)
		store(c + g->step, sum[1], vectors, last);
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
		float *c = g->c + j * g->step;
		if (g->fresh)
			memset(c, 0, width * sizeof *c);
		for (uint32_t bits = g->bits[j]; bits; bits &= bits - 1) {
			size_t i = (size_t)__builtin_ctz(bits);
			float factor = g->scale * g->x[i * g->columns + j];
			for (size_t k = 0; k < width; k++)
				c[k] += factor * g->d[i * g->n + k];
		}
	}
}

void sparse_transposed_multiply(float *c, size_t step, const struct sparse *x, const float *d, size_t n, size_t tile,
                                size_t column, size_t width, float scale)
{
	size_t first = tile * GROUP;
	struct group group = {
		.c = c, .step = step, .columns = x->columns, .n = n, .scale = scale, .fresh = true,
		.count = x->columns - first < GROUP ? x->columns - first : GROUP,
	};
	struct panel panel = panel_of(width);
	for (size_t row = 0; row < x->rows; row += GROUP, group.fresh = false) {
		group.x = x->x + row * x->columns + first;
		group.d = d + row * n + column;
		columns_on(group.bits, x, row, tile);
		if (width < LANES)
			add_group_narrow(&group, width);
		else
			add_group(&group, &panel);
	}
}

VECTOR_CLONES
size_t sparse_count(const uint64_t *on, size_t words)
{
	size_t count = 0;
	for (size_t i = 0; i < words; i++)
		count += (size_t)__builtin_popcountll(on[i]);
	return count;
}

bool sparse_pays(size_t on, size_t elements)
{
	return on < elements / 2;
}
