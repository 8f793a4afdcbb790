/* Names with numbers one after the other, on as many lines as the rectangle
 * has; readouts that do not fit are left out. */
#ifndef INITVIZ_DRAW_READOUT_LINE_H
#define INITVIZ_DRAW_READOUT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "draw/canvas.h"

struct readout_line {
	struct canvas *canvas;
	struct rect rect;
	int x, line; /* where the next one goes, within rect; 0 at first */
};

void readout_line_add(struct readout_line *at, const char *name, enum role role, const char *value);
void readout_line_number(struct readout_line *at, const char *name, enum role role, double value);
void readout_line_break(struct readout_line *at);

/* Draws the first of the texts (ordered from long to short) that fits into
 * the row; false if none does. */
bool readout_fit(struct canvas *canvas, struct rect row, enum role role, const char *const *forms, size_t count);

#endif
