/* Plots in a rectangle of a canvas: pure functions, clipped to the
 * rectangle, for any size and any numbers.  They use histograms but know no
 * layers and no views.  Histograms are in plot.c, rotated ones in
 * plot_side.c, the other plots in plot_chart.c; curves are in braille.h. */
#ifndef INITVIZ_DRAW_PLOT_H
#define INITVIZ_DRAW_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/histogram.h"
#include "draw/canvas.h"
#include "draw/plot_row.h"

/* The number of columns of a histogram in `width` cells: the largest divisor
 * of HISTOGRAM_BINS that fits, so that each column merges the same number of
 * bins; at least 1. */
int plot_columns(int width);

/* A histogram merged into the columns of one plot. */
struct plot_merged {
	int count;
	uint64_t regular[HISTOGRAM_BINS]; /* values that are not atoms */
	uint64_t atom[HISTOGRAM_BINS];
	uint64_t peak;                    /* the count drawn at full height */
};

/* Counts on another axis, low < high: the histogram `from` in bins of the range
 * low..high.  A bin that straddles two of the new ones is divided between them
 * in proportion, which is exact to within a bin of `from`; nothing is lost.
 * What lies outside of `from`'s own range stays below or above; what lies outside of
 * a narrower axis, atoms included, is counted there too. */
void plot_rebin(struct histogram *to, const struct histogram *from, double low, double high);

/* count: a divisor of HISTOGRAM_BINS. */
void plot_merge(struct plot_merged *columns, const struct histogram *h, int count);

/* Whether column i has an atom so large that it would make all other bars
 * tiny. */
bool plot_is_spike(const struct plot_merged *columns, int i);

/* The length of a bar in eighths of a cell, 0..full; any count above 0 gives
 * at least 1. */
int plot_level(uint64_t count, uint64_t peak, int full);

/* A bar from the bottom of the rectangle, `level` eighths of a cell high. */
void plot_bar(struct canvas *canvas, struct rect rect, int level, enum role role);

/* A bar to the right from (x, y), `level` eighths of a cell long. */
void plot_bar_side(struct canvas *canvas, int x, int y, int level, enum role role);

struct plot_histogram {
	const struct histogram *histogram;
	enum role role;
	const bool *saturated;  /* [plot_columns(width)]: the column is saturated; NULL: none is */
	double zoom;            /* that the axis has, for a note; 0 or 1: none */
	bool log;               /* counts on a log scale: log(1 + count); an atom needs no bar of its own */
	enum role saturated_role; /* of those columns; ROLE_PLAIN: ROLE_HIST_SATURATED */
	double theory_mean, theory_variance; /* of N(m, v), drawn as an outline; none if v is not positive and finite */
};

/* plot_merge() and plot_level() on the plot's scale: on a log scale the largest
 * atom is drawn like any other bar. */
void plot_merge_scaled(struct plot_merged *columns, const struct plot_histogram *plot, int count);
int plot_level_scaled(const struct plot_histogram *plot, uint64_t count, uint64_t peak, int full);

/* Describes a column: "from -5 to 0: 1234 of 30000 values (4.1 %)"; empty if
 * there is no such column.  rounded: the values counted as atoms are limits
 * that are only reached by rounding. */
void plot_describe(const struct histogram *h, int columns, int column, bool rounded, char *out, size_t size);

/* Bars from the bottom, on a linear scale unless plot->log: the highest column has full
 * height, and any count above 0 at least an eighth of a cell.  An atom that
 * would make all other bars tiny is drawn half a cell wide, above all
 * others, with its share beside it.  Shares of values outside the range and
 * of NaN and Inf are written into the plot. */
void plot_histogram(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot);

/* The same rotated: low values at the bottom, bars to the right, in
 * plot_columns(height) rows from the bottom; saturated[] as above; theory is
 * not drawn. */
void plot_histogram_side(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot);

/* One row below a histogram: labels of at most four digits at the low end, the
 * middle and the high end, and a heavy line where the columns are saturated (as above; NULL:
 * nowhere). */
void plot_axis(struct canvas *canvas, struct rect rect, double low, double high, const bool *saturated,
               enum role saturated_role);

/* A horizontal bar for a share 0..1 in eighths of a cell; empty for NaN. */
void plot_gauge(struct canvas *canvas, int x, int y, int width, double share, enum role role);

/* Values from left (oldest) to right, averaged if there are more values than
 * columns, scaled to their own range; NaN and Inf are marked. */
void plot_sparkline(struct canvas *canvas, struct rect rect, const float *values, size_t count, enum role role);

/* The same on a scale of its own; values outside are drawn at its ends. */
void plot_sparkline_between(struct canvas *canvas, struct rect rect, const float *values, size_t count, double low,
                            double high, enum role role);

struct plot_scale {
	double low, high;
	bool log; /* both ends positive */
};

/* The position of a value: 0 at low, 1 at high; NaN if it has none. */
double plot_position(const struct plot_scale *scale, double value);

/* A column of a density map, one cell wide: density[bins] from bottom to
 * top; each cell shows the largest of its bins relative to `peak`, in five
 * steps. */
void plot_heat_column(struct canvas *canvas, int x, int y, int height, const double *density, size_t bins, double peak);

#endif
