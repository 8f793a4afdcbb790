/* The inner loops of the sparse products, for vectors of 8 floats (AVX2, and all
 * others) and of 16 floats (AVX-512).  The width of the vectors does not change
 * the bits. */
#ifndef INITVIZ_NN_KERNEL_SPARSE_PANEL_H
#define INITVIZ_NN_KERNEL_SPARSE_PANEL_H

#include "nn/kernel/sparse.h"

#define SPARSE_GROUP SPARSE_TILE_ROWS /* rows of X: the bits of a tile are a square, which is transposed at once */

/* A tile of X' D and what SPARSE_GROUP rows of X and D add to it. */
struct sparse_group {
	float *c;
	size_t c_stride; /* from row to row of c */
	const float *x, *d;
	size_t columns, n; /* from row to row of x and d */
	size_t count;      /* rows of the tile */
	float scale;
	bool first; /* the first group: c is not set yet */
	uint32_t bits[SPARSE_GROUP];
};

/* Both compute the first of `width` columns, as many as are summed in registers at
 * a time, which is SPARSE_TILE_COLUMNS or fewer. */
struct sparse_panel {
	size_t lanes; /* the least width */

	/* The rows of a part of C = X B, from column `column` on. */
	void (*multiply)(float *c, const struct sparse *x, const float *b, size_t n, const struct sparse_part *part,
	                 size_t column, size_t width);
	void (*add_group)(const struct sparse_group *group, size_t width);
};
extern const struct sparse_panel sparse_panel_8, sparse_panel_16;

#endif
