/* How the screen shows quantities. */
#ifndef INITVIZ_VIEW_QUANTITY_SHOW_H
#define INITVIZ_VIEW_QUANTITY_SHOW_H

#include "draw/canvas.h"
#include "base/number.h"
#include "lab/quantity.h"

/* Formats a value by the unit of the quantity: a share, a factor, a number;
 * "-" for NaN. */
char *quantity_format(char out[NUMBER_SIZE], const struct quantity *quantity, double value);

/* Formats what was observed: its value, or for the mean square and the variance of a tensor
 * that has underflowed what they are below. */
char *quantity_format_observed(char out[NUMBER_SIZE], const struct quantity *quantity, const struct quantity_place *place);

/* The same of E[t²] of a tensor t of a layer. */
char *quantity_format_square(char out[NUMBER_SIZE], const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor);

/* Draws a line of a panel: the label at the left, the value at the right
 * edge. */
void quantity_row(struct canvas *canvas, struct rect rect, int y, const char *label, enum role role,
                  const char *value);

/* What a prediction is called: after the start it is one of the net at step 0, "theory at step 0",
 * and where that is too long "theory@0". */
const char *quantity_theory_name(const struct snapshot *now, bool brief);

/* The line of a panel with a prediction.  own: its label; NULL for that of all predictions, with the
 * step where there is room. */
void quantity_theory_row(struct canvas *canvas, struct rect rect, int y, const struct snapshot *now, const char *own,
                         const char *value);

/* The label of a line of a panel: its own, or that of the quantity. */
const char *quantity_line_label(const struct quantity_line *line, const struct quantity_place *place);

/* E[t²] of a tensor t of a layer, and its label. */
double quantity_square(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor);
double quantity_square_theory(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor);
const char *quantity_square_label(enum mlp_tensor tensor);

#endif
