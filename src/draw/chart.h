/* Charts of numbers over steps: a frame with ticks, and lines marked with
 * letters, so that lines can be distinguished without colour.  Independent
 * of nets. */
#ifndef INITVIZ_DRAW_CHART_H
#define INITVIZ_DRAW_CHART_H

#include "draw/canvas.h"
#include "draw/plot.h"

struct chart {
	struct rect area;        /* frame and ticks included */
	const char *title;       /* the first row; NULL: no such row */
	struct plot_scale x, y;
	const double *x_label;   /* [x_labels] ascending, where numbers are below the axis besides its ends; NULL: in the middle */
	size_t x_labels;
	bool percent;            /* y are shares */
	double guide;            /* a dashed line at this y; NaN: none */
	const char *guide_label; /* see chart_guide() */
};

struct chart_point {
	double x, y; /* y NaN: a gap, which is marked if there are numbers before it */
};

struct chart_series {
	size_t count;
	struct chart_point (*point)(const void *context, size_t i); /* x increasing */
	const void *context;
	enum role role;
	bool sparse; /* a line of fewer dots */
	char mark;  /* repeated along the line and at its end */
	int number; /* index of the series: the marks of different series are shifted */
};

/* The rectangle of the lines, inside the frame. */
struct rect chart_inside(const struct chart *chart);

void chart_frame(const struct chart *chart, struct canvas *canvas);
void chart_line(const struct chart *chart, struct canvas *canvas, const struct chart_series *series);

/* The label of the guide, as far to the right as nothing is in its way: drawn
 * after the lines. */
void chart_guide(const struct chart *chart, struct canvas *canvas);

/* One dot for each point, on blank cells only: drawn after the lines. */
void chart_dots(const struct chart *chart, struct canvas *canvas, const struct chart_series *series);

/* A vertical line at x, behind the others. */
void chart_cursor(const struct chart *chart, struct canvas *canvas, double x);

/* A scale with round ends around low..high: 1-2-5 x 10^k at both ends if log
 * (both ends are then positive), else multiples of a round step. */
struct plot_scale chart_scale(double low, double high, bool log);

#endif
