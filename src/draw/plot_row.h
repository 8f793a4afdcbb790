/* Rows of cells or dots on a scale from 0 to 1. */
#ifndef INITVIZ_DRAW_PLOT_ROW_H
#define INITVIZ_DRAW_PLOT_ROW_H

#include "base/whole.h"

/* The row of a position, from 0 at the bottom; -1 and `height` outside; -1
 * for NaN.  The upper end belongs to the last row. */
static inline int plot_row(double position, int height)
{
	return !(position >= 0) ? -1 : position > 1 ? height : whole_int(position * height, 0, height - 1);
}

#endif
