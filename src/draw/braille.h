/* Lines of braille dots: 2 dots across and 4 down in each cell, so that a line
 * is eight times as fine as the cells.  In ASCII a cell shows where in it the
 * line passes: _ - ' from low to high, / \ | where it is steep; a sparse line is dots, a
 * dotted one asterisks. */
#ifndef INITVIZ_DRAW_BRAILLE_H
#define INITVIZ_DRAW_BRAILLE_H

#include "draw/canvas.h"

#define BRAILLE_ACROSS 2 /* dots of a cell */
#define BRAILLE_DOWN 4

enum braille_form {
	BRAILLE_LINE,   /* connected, over everything; where lines cross, both keep their dots */
	BRAILLE_SPARSE, /* the same with every other dot */
	BRAILLE_OUTLINE,/* as the first, but cut out of the full cells of bars */
	BRAILLE_DOTTED, /* every other dot, on blank cells only */
};

/* A line through position[BRAILLE_ACROSS * rect.width], one value for each
 * column of dots, from 0 at the bottom to 1 at the top.  NaN is a gap; the line
 * leaves the rectangle where positions are outside. */
void braille_curve(struct canvas *canvas, struct rect rect, const double *position, enum braille_form form,
                   enum role role);

#endif
