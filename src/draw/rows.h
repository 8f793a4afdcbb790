/* Rows for layers, one below the other: all of them with as many rows each as
 * there is room for, or one row each and as many layers as fit, scrolled so
 * that the selected one is among them.  Geometry alone. */
#ifndef INITVIZ_DRAW_ROWS_H
#define INITVIZ_DRAW_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct layer_rows {
	size_t first, count; /* layers in sight */
	int rows;            /* of each */
	int extra;           /* the first so many have one more */
};

/* most: rows that one layer takes at most. */
struct layer_rows layer_rows_fit(size_t layers, size_t selected, size_t scroll, int height, int most);

/* The first layer in sight where `room` of `layers` lines fit, room <= layers:
 * scrolled as asked, but never past the end or away from the selected one. */
size_t layer_rows_first(size_t layers, size_t selected, size_t scroll, size_t room);

/* Rows of the i-th layer in sight. */
int layer_rows_of(const struct layer_rows *rows, size_t i);

#endif
