/* One layer in numbers, for the Layer view: every readout beside theory with
 * its meaning, and the sums of theory with the current numbers. */
#ifndef INITVIZ_VIEW_LAYER_NUMBERS_H
#define INITVIZ_VIEW_LAYER_NUMBERS_H

#include <stddef.h>

#include "draw/canvas.h"
#include "view/view.h"

/* Width of the list of readouts; from LAYER_NUMBERS_TABLE on a table. */
#define LAYER_NUMBERS_LIST 19
#define LAYER_NUMBERS_TABLE 34
void layer_numbers_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

/* Up to three lines: how E[z^2] is computed, what the article's sum leaves
 * out, and how much of it is the same for every image. */
#define LAYER_NUMBERS_SUMS 3
void layer_numbers_sums(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

#endif
