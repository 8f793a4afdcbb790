/* Charts of numbers over steps: a frame with ticks, and lines with a letter on
 * each, so that they are told apart without colour.  Knows no nets. */
#ifndef INITVIZ_DRAW_CHART_H
#define INITVIZ_DRAW_CHART_H

#include "draw/canvas.h"
#include "draw/plot.h"

struct chart {
	struct rect area;        /* frame and ticks included */
	const char *title;       /* the first row; NULL: no such row */
	struct plot_scale x, y;
	bool percent;            /* y are shares */
	double guide;            /* a dotted line at this y; NaN: none */
	const char *guide_label; /* at its right end */
};

struct chart_point {
	double x, y; /* y NaN: a gap, marked where numbers came before it */
};

struct chart_series {
	size_t count;
	struct chart_point (*point)(const void *context, size_t i); /* x increasing */
	const void *context;
	enum role role;
	char mark;  /* put on the line here and there, and at its end */
	int number; /* of the series: sets the marks of several apart */
};

/* Where the lines are, within the frame. */
struct rect chart_inside(const struct chart *chart);

void chart_frame(const struct chart *chart, struct canvas *canvas);
void chart_line(const struct chart *chart, struct canvas *canvas, const struct chart_series *series);

/* One dot for each point, on blank cells only. */
void chart_dots(const struct chart *chart, struct canvas *canvas, const struct chart_series *series);

/* A vertical line at x, behind the others. */
void chart_cursor(const struct chart *chart, struct canvas *canvas, double x);

/* Round numbers about low..high: 1-2-5 x 10^k at both ends when log (both then
 * positive), else multiples of a round step. */
struct plot_scale chart_scale(double low, double high, bool log);

#endif
