/* Numbers in large digits, for a screen that is seen from afar. */
#ifndef INITVIZ_DRAW_LARGE_H
#define INITVIZ_DRAW_LARGE_H

#include "draw/canvas.h"

/* Rows of a large text: two dots share a cell, in ASCII each has its own. */
int large_rows(bool ascii);

/* Columns that a text takes.  Digits, '.', '%', '<' and '-' are known; blanks and all others are left out. */
int large_cells(const char *text);

/* Draws the text with its upper left corner at (x, y). */
void large_draw(struct canvas *canvas, int x, int y, enum role role, const char *text);

#endif
