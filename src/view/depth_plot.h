/* E[t²] of some tensors t over the depth of a net, on a log axis: observed
 * values as filled points, predicted ones as hollow points beside them; a net
 * with too many layers for that has theory as a line. */
#ifndef INITVIZ_VIEW_DEPTH_PLOT_H
#define INITVIZ_VIEW_DEPTH_PLOT_H

#include <stddef.h>

#include "draw/canvas.h"
#include "draw/glyphs.h"
#include "view/quantity_show.h"
#include "view/view.h"

/* One value per layer. */
struct depth_series {
	enum mlp_tensor tensor;
	enum role role;
	enum glyph observed, predicted; /* points */
	bool output; /* whether the output layer has a value */
};

extern const struct depth_series depth_z, depth_a, depth_delta;

/* Powers of ten that enclose all finite positive values of the series,
 * observed during the run or predicted. */
struct depth_axis {
	int low, high; /* exponents */
};
struct depth_axis depth_axis_of(const struct scene *scene, const struct depth_series *const *series, size_t count);

/* The cell column of a layer, 0..width - 1. */
int depth_column(size_t layer, size_t layers, int width);

/* Whether theory has points of its own, in a plot of this width. */
bool depth_has_points(size_t layers, int width, size_t count);

/* Draws the series into rect; values of 0, NaN and Inf are marked at its
 * edges. */
void depth_plot(const struct snapshot *now, struct canvas *canvas, struct rect rect, const struct depth_axis *axis,
                const struct depth_series *const *series, size_t count);

/* The turning point of a series: a layer between its ends whose value is a tenth of
 * both or less, or ten times both or more.  Layers from 0; at = 0: it does not
 * turn. */
struct depth_turn {
	size_t from, at, to;
	double value[3]; /* there */
	bool falls;      /* it falls, then rises; else it rises, then falls */
};
struct depth_turn depth_turn(const struct snapshot *now, const struct depth_series *series);

/* Whether one factor per layer describes the net: it has at least four hidden
 * layers, all of equal width. */
bool depth_is_uniform(const struct snapshot *now);

/* The factor from one hidden layer to the next, as a geometric mean over all
 * of them: forwards for z, backwards for delta.  NaN with fewer than two
 * hidden layers or without positive values. */
double depth_factor(const struct snapshot *now, const struct depth_series *series, bool theory);

#endif
