/* Singular values as pictures: their spread from layer to layer, and histograms, on one
 * logarithmic axis. */
#ifndef INITVIZ_VIEW_ISOMETRY_PLOT_H
#define INITVIZ_VIEW_ISOMETRY_PLOT_H

#include "draw/canvas.h"
#include "view/view.h"

/* Powers of ten that enclose the values. */
struct isometry_axis {
	int low, high; /* exponents, low < high */
};

/* Common to all nets in the scene. */
struct isometry_axis isometry_axis_of(const struct scene *scene);

/* The singular values of the Jacobian from the input to each hidden layer: all of them
 * light, the middle 90 % darker, the middle half full; their root mean square beside theory's.
 * A layer whose Jacobian is not finite is marked NaN, or ! where it is narrow.
 * labels: room for the exponents at the left of the plot, width 0: none. */
void isometry_fan(const struct snapshot *now, struct canvas *canvas, struct rect plot, struct rect labels,
                  const struct isometry_axis *axis);

/* Bars for the values of a spectrum over the logarithm of the value, and a mark at
 * theory's root mean square (NaN: none). */
void isometry_histogram(const struct spectrum *spectrum, double theory_mean_square, struct canvas *canvas, struct rect plot,
                        const struct isometry_axis *axis, enum role role);

/* The values of one layer at each observation of the history that has them, as bars like those of the
 * fan, at its step. */
void isometry_course(const struct history *history, size_t layer, struct canvas *canvas, struct rect plot,
                     const struct isometry_axis *axis);

/* The first column of a layer, 0..width: of the fan's bars. */
int isometry_column(size_t layer, size_t layers, int width);

/* The decades below a histogram. */
void isometry_decades(struct canvas *canvas, struct rect row, const struct isometry_axis *axis);

#endif
