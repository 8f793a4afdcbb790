/* The numbers of one layer in two nets, and the ratio of the second net to
 * the first.  Shown at the right edge of the Compare view. */
#ifndef INITVIZ_VIEW_COMPARE_NUMBERS_H
#define INITVIZ_VIEW_COMPARE_NUMBERS_H

#include <stdbool.h>

#include "lab/history.h"
#include "draw/canvas.h"

/* The two nets; b may be NULL. */
struct compared {
	const struct snapshot *a, *b;
	const struct history *history_a, *history_b; /* or NULL */
	bool headlines; /* the shares of small slopes are written over the histograms */
};

/* Width of the list of ratios; from COMPARE_TABLE on, a table of A, B and
 * B/A. */
#define COMPARE_LIST 14
#define COMPARE_TABLE 34
void compare_numbers_draw(const struct compared *two, struct canvas *canvas, struct rect rect, size_t layer,
                        bool selected);

#endif
