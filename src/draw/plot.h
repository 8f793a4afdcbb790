/* Plots on a rectangle of a canvas: pure, clipped to the rectangle, of any
 * size, with any numbers.  They know tensors' histograms, but no layers and no
 * views.  Histograms are in plot.c, those on their side and curves in
 * plot_curve.c, the other plots in plot_chart.c. */
#ifndef INITVIZ_DRAW_PLOT_H
#define INITVIZ_DRAW_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/histogram.h"
#include "draw/canvas.h"

/* The columns a histogram takes in `width` cells: the largest divisor of
 * HISTOGRAM_BINS that fits, so that bins merge evenly; at least 1. */
int plot_columns(int width);

/* A histogram merged into the columns of one plot. */
struct plot_merged {
	int count;
	uint64_t regular[HISTOGRAM_BINS]; /* values that are no atoms */
	uint64_t atom[HISTOGRAM_BINS];
	uint64_t peak;                    /* what full height means */
};

/* count: a divisor of HISTOGRAM_BINS. */
void plot_merge(struct plot_merged *columns, const struct histogram *h, int count);

/* Whether column i has an atom that would crush the other bars. */
bool plot_is_spike(const struct plot_merged *columns, int i);

/* The length of a bar in eighths of a cell, 0..full; anything above 0 gives 1. */
int plot_level(uint64_t count, uint64_t peak, int full);

/* A bar from the bottom of the rectangle, `level` eighths of a cell high. */
void plot_bar(struct canvas *canvas, struct rect rect, int level, enum role role);

/* A bar to the right from (x, y), `level` eighths of a cell long. */
void plot_bar_side(struct canvas *canvas, int x, int y, int level, enum role role);

struct plot_histogram {
	const struct histogram *histogram;
	enum role role;
	const bool *saturated;  /* [plot_columns(width)]: the column is saturated; NULL: none is */
	double theory_mean, theory_variance; /* of N(m, v), drawn as dots; none if v is not positive and finite */
};

/* What a column stands for, in words: "from -5 to 0: 1234 of 30000 values
 * (4.1 %)"; empty for a column that there is not.  rounded: values counted apart
 * are limits that only rounding reaches. */
void plot_describe(const struct histogram *h, int columns, int column, bool rounded, char *out, size_t size);

/* Bars from the bottom, linear, the fullest column full height, anything
 * above 0 at least an eighth of a cell.  An atom that would crush the other
 * bars is a half-wide bar above all others with its share beside it; shares outside the
 * range and of NaN and Inf are written in where there are any. */
void plot_histogram(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot);

/* The same on its side: low values at the bottom, bars growing to the right, in
 * plot_columns(height) rows from the bottom; saturated[] and theory_variance as
 * above, theory not drawn. */
void plot_histogram_side(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot);

/* A line through position[width], 0 at the bottom to 1 at the top, one a
 * column; outside and NaN: not drawn.  dotted: of dots, and only on blank
 * cells. */
void plot_curve(struct canvas *canvas, struct rect rect, const double *position, bool dotted, enum role role);

/* The row (from 0 at the bottom) of a position, -1 and height outside; -1 for NaN. */
int plot_row(double position, int height);

/* One row under a histogram: low, middle, high, and shading where the
 * activation is flat (as above; NULL). */
void plot_axis(struct canvas *canvas, struct rect rect, double low, double high, const bool *saturated);

/* A horizontal bar for a share 0..1 in eighths of a cell; empty for NaN. */
void plot_gauge(struct canvas *canvas, int x, int y, int width, double share, enum role role);

/* Values over the rectangle's width, oldest left, neighbours averaged when
 * there are more than columns; scaled to their own range; NaN and Inf marked. */
void plot_sparkline(struct canvas *canvas, struct rect rect, const float *values, size_t count, enum role role);

struct plot_scale {
	double low, high;
	bool log; /* both ends positive */
};

/* Where a value lies: 0 at low, 1 at high; NaN where it has no place. */
double plot_position(const struct plot_scale *scale, double value);

/* A one-cell-wide column of a density map: density[bins] from bottom to top,
 * a cell showing the largest of its bins relative to `peak`, in five steps. */
void plot_heat_column(struct canvas *canvas, int x, int y, int height, const double *density, size_t bins, double peak);

#endif
