/* Names with numbers one after the other, on as many lines as there are; what
 * does not fit is left out. */
#ifndef INITVIZ_DRAW_READOUT_LINE_H
#define INITVIZ_DRAW_READOUT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "draw/canvas.h"

struct readout_line {
	struct canvas *canvas;
	struct rect rect;
	int x, line; /* of the next, within rect; start at 0 */
};

void readout_line_add(struct readout_line *at, const char *name, enum role role, const char *value);
void readout_line_number(struct readout_line *at, const char *name, enum role role, double value);
void readout_line_break(struct readout_line *at);

/* The first of the texts, longest first, that fits into the row; false when
 * none does. */
bool readout_fit(struct canvas *canvas, struct rect row, enum role role, const char *const *forms, size_t count);

#endif
