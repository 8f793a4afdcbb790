/* One layer in a rectangle: title, readouts beside theory, the histograms of
 * z and a.  The parts of the Layers view. */
#ifndef INITVIZ_VIEW_LAYER_BLOCK_H
#define INITVIZ_VIEW_LAYER_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "draw/canvas.h"
#include "view/ruler.h"
#include "view/view.h"

/* Rows that a block needs to show bars above an axis. */
#define LAYER_BLOCK_ROWS 4

void layer_block_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

/* One histogram on a ruler; with at least two rows it has an axis below. */
void layer_tensor_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer,
                       enum mlp_tensor tensor, struct ruler ruler);

/* Whether the layer adds its input to its output. */
bool layer_is_residual(const struct scene *scene, size_t layer);

/* Whether outputs reach an end of the range, such as the 1 of sigmoid or softmax,
 * only because they are rounded to float. */
bool layer_ends_are_rounded(const struct layer_observation *layer);

/* "z = xW+b" and "a = sigmoid(z)", normalization and residual included. */
void layer_add_z_formula(struct text *text, const struct scene *scene, size_t layer);
void layer_add_a_formula(struct text *text, const struct scene *scene, size_t layer);

/* Writes the headline, "68 % saturated" or "9 % correct"; returns its role. */
enum role layer_headline(char out[48], const struct scene *scene, size_t layer);

#endif
