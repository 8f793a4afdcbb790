/* The numbers of one layer of two nets, and what the second's are to the
 * first's.  What the Compare view has at its right edge. */
#ifndef INITVIZ_VIEW_COMPARE_STORY_H
#define INITVIZ_VIEW_COMPARE_STORY_H

#include "lab/snapshot.h"
#include "draw/canvas.h"

/* The two nets; b may be NULL. */
struct compared {
	const struct snapshot *a, *b;
	double test_a, test_b; /* run_test_accuracy() */
};

/* Factors alone, or from COMPARE_TABLE on a table: A, B, B / A. */
#define COMPARE_LIST 14
#define COMPARE_TABLE 34
void compare_story_draw(const struct compared *two, struct canvas *canvas, struct rect rect, size_t layer,
                        bool selected);

#endif
