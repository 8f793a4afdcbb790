/* One line on a terminal that shows how far something is; it is drawn over and over. */
#ifndef INITVIZ_IO_PROGRESS_LINE_H
#define INITVIZ_IO_PROGRESS_LINE_H

#include <stdbool.h>

#include "base/text.h"

struct progress_line {
	bool shown;   /* standard error is a terminal */
	double drawn; /* clock_seconds(); 0: not yet */
};

struct progress_line progress_line_begin(void);

/* Whether it is shown, and a fifth of a second has passed since it was drawn. */
bool progress_line_is_due(const struct progress_line *line);

/* Draws the text, cut to the terminal's width; erases what was drawn. */
void progress_line_draw(struct progress_line *line, const struct text *text);
void progress_line_end(struct progress_line *line);

/* "[#####     ]", share 0..1 */
void progress_line_add_bar(struct text *text, double share);

/* "1:05", "2:03:04" */
void progress_line_add_time(struct text *text, double seconds);

#endif
