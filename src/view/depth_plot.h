/* E[t²] of some tensors t over the depth of a net, on a log axis: what was
 * observed as letters, what theory predicts as a line. */
#ifndef INITVIZ_VIEW_DEPTH_PLOT_H
#define INITVIZ_VIEW_DEPTH_PLOT_H

#include <stddef.h>

#include "draw/canvas.h"
#include "view/quantity_show.h"
#include "view/view.h"

/* One value per layer; its letter is the tensor's symbol. */
struct depth_series {
	enum mlp_tensor tensor;
	enum role role;
	bool output; /* the output layer has it too */
};

extern const struct depth_series depth_z, depth_a, depth_delta;

/* Powers of ten that hold all finite positive values of the series, observed
 * at any time of the run or predicted. */
struct depth_axis {
	int low, high; /* exponents */
};
struct depth_axis depth_axis_of(const struct scene *scene, const struct depth_series *const *series, size_t count);

/* Cell column of a layer, 0..width - 1. */
int depth_column(size_t layer, size_t layers, int width);

/* The series within rect; values of 0, NaN and Inf are marked at its edges. */
void depth_plot(const struct snapshot *now, struct canvas *canvas, struct rect rect, const struct depth_axis *axis,
                const struct depth_series *const *series, size_t count);

/* Where a series turns: between its ends, in the direction of its flow, it lies
 * tenfold below both or above both.  Layers from 0; at = 0: it does not turn. */
struct depth_turn {
	size_t from, at, to;
	double value[3]; /* there */
	bool falls;      /* then rises; else the other way */
};
struct depth_turn depth_turn(const struct snapshot *now, const struct depth_series *series);

/* The factor from one hidden layer to the next, a geometric mean over all:
 * downwards of z, upwards of delta (as the gradient goes).  NaN with fewer
 * than two hidden layers or without positive values. */
double depth_factor(const struct snapshot *now, const struct depth_series *series, bool theory);

#endif
