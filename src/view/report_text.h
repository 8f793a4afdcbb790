/* The report on the article, as text: each statement beside the measured and
 * the theoretical value, with an explanation. */
#ifndef INITVIZ_VIEW_REPORT_TEXT_H
#define INITVIZ_VIEW_REPORT_TEXT_H

#include <stdbool.h>

#include "base/text.h"
#include "lab/report.h"
#include "draw/canvas.h"

/* Appends lines of at most `width` cells (at least 40), in ASCII or UTF-8.
 * Values that are not measured yet are "-". */
void report_text(struct text *text, const struct report *report, int width, bool ascii);

/* Draws the lines from line `first` on; returns the total number of lines.
 * canvas NULL: only counts. */
int report_draw(struct canvas *canvas, struct rect area, const struct report *report, int first, bool ascii);

#endif
