/* Breaking text into lines: for the screen and for what the command line
 * prints. */
#ifndef INITVIZ_DRAW_WRAP_H
#define INITVIZ_DRAW_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* The cells that a text takes; in ASCII some characters take several. */
int wrap_cells(const char *text, bool ascii);

/* Copies the next line of at most `width` cells from *rest to line[size] and
 * moves *rest behind it; false at the end of the text.  Lines break at newlines
 * and blanks; a word that is longer than a line is divided. */
bool wrap_line(const char **rest, int width, bool ascii, char *line, size_t size);

/* Appends words as UTF-8 lines that end before column `width`, the last one
 * with a newline.  `column` is where the first line begins, `indent` the blanks
 * before each other line.  A word that is longer than a line is not divided. */
void wrap_text(struct text *text, const char *words, int column, int indent, int width);

#endif
