/* Sparse products by lists of bits, from those rows of the other matrix whose
 * factor is not 0. */
#include "nn/kernel/sparse.h"

#include <string.h>

#include "base/platform.h"
#include "nn/kernel/sparse_panel.h"
#include "nn/kernel/vector_math.h"

#define WORD 64

static const struct sparse_panel *panel(void)
{
	return VECTOR_HAS_AVX512 && platform_vectors() == PLATFORM_VECTORS_AVX512 ? &sparse_panel_16 : &sparse_panel_8;
}

/* ---- X B ---- */

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
	size_t lanes = panel()->lanes, end = part->column + part->columns;
	if (part->columns < lanes) {
		multiply_narrow(c, x, b, n, part);
		return;
	}
	for (size_t column = part->column; column < end; column += SPARSE_TILE_COLUMNS) {
		size_t from = end - column < lanes ? end - lanes : column;
		panel()->multiply(c, x, b, n, part, from, end - from);
	}
}

/* ---- X' D ---- */

/* Exchanges bit j of word i with bit i of word j.  Hacker's Delight, 7-3: the two
 * blocks off the diagonal are exchanged, then the same within each half. */
static void transpose_bits(uint32_t bits[SPARSE_GROUP])
{
	uint32_t mask = 0x0000ffff;
	for (unsigned size = SPARSE_GROUP / 2; size; size /= 2, mask ^= mask << size) {
		for (unsigned i = 0; i < SPARSE_GROUP; i = (i + size + 1) & ~size) {
			uint32_t moved = (bits[i] >> size ^ bits[i + size]) & mask;
			bits[i] ^= moved << size;
			bits[i + size] ^= moved;
		}
	}
}

/* For each of the tile's columns of X, bits of those of the SPARSE_GROUP rows from `row`
 * on that are not 0. */
static void nonzero_rows(uint32_t bits[SPARSE_GROUP], const struct sparse *x, size_t row, size_t tile)
{
	size_t words = sparse_words(x->columns), word = tile * SPARSE_GROUP / WORD, shift = tile * SPARSE_GROUP % WORD;
	for (size_t i = 0; i < SPARSE_GROUP; i++)
		bits[i] = row + i < x->rows ? (uint32_t)(x->nonzero[(row + i) * words + word] >> shift) : 0;
	transpose_bits(bits);
}

static void add_group_narrow(const struct sparse_group *g, size_t width)
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
	size_t left = tile * SPARSE_GROUP;
	struct sparse_group group = {
		.c = c, .c_stride = c_stride, .columns = x->columns, .n = n, .scale = scale, .first = true,
		.count = x->columns - left < SPARSE_GROUP ? x->columns - left : SPARSE_GROUP,
	};
	for (size_t row = 0; row < x->rows; row += SPARSE_GROUP, group.first = false) {
		group.x = x->x + row * x->columns + left;
		group.d = d + row * n + column;
		nonzero_rows(group.bits, x, row, tile);
		if (width < panel()->lanes)
			add_group_narrow(&group, width);
		else
			panel()->add_group(&group, width);
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
