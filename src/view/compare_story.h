/* The numbers of one layer of two nets, and what the second's are to the
 * first's.  What the Compare view has at its right edge. */
#ifndef INITVIZ_VIEW_COMPARE_STORY_H
#define INITVIZ_VIEW_COMPARE_STORY_H

#include "lab/history.h"
#include "draw/canvas.h"

/* The two nets; b may be NULL. */
struct compared {
	const struct snapshot *a, *b;
	const struct history *history_a, *history_b; /* or NULL */
};

/* Factors alone, or from COMPARE_TABLE on a table: A, B, B / A. */
#define COMPARE_LIST 14
#define COMPARE_TABLE 34
void compare_story_draw(const struct compared *two, struct canvas *canvas, struct rect rect, size_t layer,
                        bool selected);

#endif
