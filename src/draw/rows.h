/* Rows for layers, one below the other: if all layers fit, each gets an
 * equal number of rows; otherwise each gets one row, scrolled so that the
 * selected layer is visible.  Only geometry. */
#ifndef INITVIZ_DRAW_ROWS_H
#define INITVIZ_DRAW_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct layer_rows {
	size_t first, count; /* visible layers */
	int rows;            /* rows of each layer */
	int extra;           /* this many of the first layers have one more */
};

/* most: the largest number of rows for one layer. */
struct layer_rows layer_rows_fit(size_t layers, size_t selected, size_t scroll, int height, int most);

/* The first visible layer when `room` of `layers` lines fit, room <= layers:
 * scrolled as requested, but not past the end, and the selected layer stays
 * visible. */
size_t layer_rows_first(size_t layers, size_t selected, size_t scroll, size_t room);

/* Rows of the i-th visible layer. */
int layer_rows_of(const struct layer_rows *rows, size_t i);

#endif
