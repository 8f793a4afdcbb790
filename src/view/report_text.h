/* The report on the article, as text: each statement beside what is measured
 * and what theory says, with a sentence of why. */
#ifndef INITVIZ_VIEW_REPORT_TEXT_H
#define INITVIZ_VIEW_REPORT_TEXT_H

#include <stdbool.h>

#include "base/text.h"
#include "lab/report.h"
#include "draw/canvas.h"

/* Appends lines of at most `width` cells (40 at least), in ASCII or UTF-8.
 * What is not measured yet is "-". */
void report_text(struct text *text, const struct report *report, int width, bool ascii);

/* Draws its lines from line `first` on; returns how many there are.  canvas
 * NULL: only counts. */
int report_draw(struct canvas *canvas, struct rect area, const struct report *report, int first, bool ascii);

#endif
