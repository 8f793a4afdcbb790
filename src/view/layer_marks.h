/* The values of the picked image as marks on the axes of a layer's histograms. */
#ifndef INITVIZ_VIEW_LAYER_MARKS_H
#define INITVIZ_VIEW_LAYER_MARKS_H

#include "view/view.h"

/* On an axis from low to high: a mark at each cell of the row in which a unit's value for the
 * picked image lies.  Labels of the axis stay.  Nothing where no image is marked, or for other tensors
 * than z and a. */
void layer_marks_draw(const struct scene *scene, struct canvas *canvas, struct rect row, size_t layer, enum mlp_tensor tensor,
                      double low, double high);

/* Appends what the marks are, or nothing. */
void layer_marks_explain(const struct scene *scene, struct text *text);

/* The same for a, on an axis from the bottom to the top of a column. */
void layer_marks_draw_side(const struct scene *scene, struct canvas *canvas, struct rect column, size_t layer, double low, double high);

#endif
