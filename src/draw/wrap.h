/* Text in lines: how many cells it takes, and where it breaks. */
#ifndef INITVIZ_DRAW_WRAP_H
#define INITVIZ_DRAW_WRAP_H

#include <stdbool.h>
#include <stddef.h>

/* Cells of a text on this kind of canvas; in ASCII some characters take several. */
int wrap_cells(const char *text, bool ascii);

/* Takes the next line of at most `width` cells from *rest into line[size];
 * false at the end.  Breaks at blanks where there are any, and at newlines. */
bool wrap_line(const char **rest, int width, bool ascii, char *line, size_t size);

#endif
