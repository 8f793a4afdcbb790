#include "view/isometry_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/whole.h"
#include "draw/glyphs.h"
#include "draw/plot.h"

#define WIDEST_BAR 8
#define MOST_DECADES 10 /* smaller values are drawn at the edge */

/* ---- the axis ---- */

static void cover(double *low, double *high, double value)
{
	if (!(value > 0) || isinf(value))
		return;
	*low = fmin(*low, value);
	*high = fmax(*high, value);
}

static void cover_net(double *low, double *high, const struct snapshot *now)
{
	for (size_t l = 0; now && l + 1 < now->layers; l++) {
		const struct layer_observation *layer = &now->layer[l];
		cover(low, high, spectrum_quantile(&layer->input_singular, 0.05));
		cover(low, high, layer->input_singular.largest);
		cover(low, high, spectrum_quantile(&layer->singular, 0.05));
		cover(low, high, layer->singular.largest);
		cover(low, high, sqrt(layer->theory.input_singular_mean_square));
	}
}

struct isometry_axis isometry_axis_of(const struct scene *scene)
{
	double low = 0.5, high = 2; /* 1 is always in it, with room on both sides */
	cover_net(&low, &high, scene->now);
	for (size_t i = 0; i < scene->lanes; i++)
		cover_net(&low, &high, scene->lane[i].now);
	struct isometry_axis axis = { .high = whole_int(ceil(log10(high) - 1e-9), -300, 300) };
	axis.low = whole_int(floor(log10(low) + 1e-9), axis.high - MOST_DECADES, axis.high - 1);
	return axis;
}

/* 0..1; below 0 and above 1 outside of the axis, NaN for NaN. */
static double position(const struct isometry_axis *axis, double value)
{
	if (value == 0)
		return -1;
	return (log10(value) - axis->low) / (axis->high - axis->low);
}

/* 10^decade as a label. */
static char *decade_label(char word[16], int decade)
{
	if (decade >= 100) /* without the sign it is no longer than the others */
		snprintf(word, 16, "1e%d", decade);
	else
		snprintf(word, 16, decade >= -2 && decade <= 3 ? "%g" : "%.0e", pow(10, decade));
	return word;
}

/* ---- the fan ---- */

int isometry_column(size_t layer, size_t layers, int width)
{
	return (int)(layer * (size_t)width / layers);
}

static int row_at(const struct rect *plot, double at)
{
	return plot->y + plot->height - 1 - whole_int(fmin(fmax(at, 0), 1) * plot->height, 0, plot->height - 1);
}

static void draw_span(struct canvas *canvas, const struct rect *plot, const struct isometry_axis *axis, int x, double from, double to,
                      enum glyph shade)
{
	double low = position(axis, from), high = position(axis, to);
	if (isnan(low) || isnan(high) || high < 0)
		return;
	for (int y = row_at(plot, high); y <= row_at(plot, low); y++)
		canvas_put(canvas, x, y, glyph(shade, canvas->ascii), ROLE_HIST_GRADIENT);
}

static void draw_point(struct canvas *canvas, const struct rect *plot, const struct isometry_axis *axis, int x, double mean_square,
                       enum glyph shape, enum role role)
{
	double at = position(axis, sqrt(mean_square));
	if (isnan(at))
		return;
	enum glyph drawn = at < 0 ? GLYPH_DOWN : at > 1 ? GLYPH_UP : shape;
	canvas_put(canvas, x, row_at(plot, at), glyph(drawn, canvas->ascii), role);
}

static void draw_decades(struct canvas *canvas, struct rect plot, struct rect labels, const struct isometry_axis *axis)
{
	int step = 1 + (axis->high - axis->low) * 2 / (plot.height > 2 ? plot.height : 2);
	for (int i = 0; labels.width > 0 && i < plot.height; i++)
		canvas_put(canvas, plot.x - 1, plot.y + i, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	for (int decade = axis->low; labels.width > 0 && decade <= axis->high; decade++) {
		char word[16];
		if (decade % step != 0)
			continue;
		int y = row_at(&plot, (double)(decade - axis->low) / (axis->high - axis->low));
		canvas_text_right(canvas, plot.x - 1, y, labels.width - 1, ROLE_AXIS, decade_label(word, decade));
		canvas_put(canvas, plot.x - 1, y, glyph(GLYPH_TEE_LEFT, canvas->ascii), ROLE_AXIS);
	}
	for (int i = 0; i < plot.width; i++) /* s = 1: lengths stay */
		canvas_put(canvas, plot.x + i, row_at(&plot, position(axis, 1)), glyph(GLYPH_DOT, canvas->ascii), ROLE_AXIS);
}

static void draw_bar(struct canvas *canvas, const struct rect *plot, const struct isometry_axis *axis, int x,
                     const struct spectrum *s)
{
	draw_span(canvas, plot, axis, x, s->smallest, s->largest, GLYPH_SHADE_1);
	draw_span(canvas, plot, axis, x, spectrum_quantile(s, 0.05), spectrum_quantile(s, 0.95), GLYPH_SHADE_3);
	draw_span(canvas, plot, axis, x, spectrum_quantile(s, 0.25), spectrum_quantile(s, 0.75), GLYPH_BAR_8);
	if (s->zero > 0)
		canvas_put(canvas, x, plot->y + plot->height - 1, glyph(GLYPH_DOWN, canvas->ascii), ROLE_WARNING);
}

/* At the top, where a line of a chart ends for the same reason; theory's point in the first
 * column stays if there is room. */
static void mark_not_finite(struct canvas *canvas, const struct rect *plot, int x, int width)
{
	if (width >= 4)
		canvas_text(canvas, x + 1, plot->y, width - 1, ROLE_ALARM, "NaN");
	else
		canvas_put(canvas, x + (width > 1), plot->y, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
}

void isometry_fan(const struct snapshot *now, struct canvas *canvas, struct rect plot, struct rect labels,
                  const struct isometry_axis *axis)
{
	size_t hidden = now->layers - 1;
	if (plot.width < 1 || plot.height < 1 || hidden < 1)
		return;
	draw_decades(canvas, plot, labels, axis);
	/* Points are apart, so that they do not hide the bars. */
	size_t apart = (6 * hidden + (size_t)plot.width - 1) / (size_t)plot.width;
	for (size_t l = 0; l < hidden; l++) {
		const struct layer_observation *layer = &now->layer[l];
		const struct spectrum *s = &layer->input_singular;
		int x = plot.x + isometry_column(l, hidden, plot.width), next = plot.x + isometry_column(l + 1, hidden, plot.width);
		int width = next - x - (next - x >= 4); /* bars of few layers do not touch */
		for (int i = 0; i < width && i < WIDEST_BAR; i++)
			draw_bar(canvas, &plot, axis, x + i, s);
		if (l % apart == 0)
			draw_point(canvas, &plot, axis, x, layer->theory.input_singular_mean_square, GLYPH_CIRCLE, ROLE_THEORY);
		if (l % apart == 0 && width > 1)
			draw_point(canvas, &plot, axis, x + 1, s->mean_square, GLYPH_DISC, ROLE_READOUT);
		if (isnan(s->mean_square))
			mark_not_finite(canvas, &plot, x, width);
	}
}

/* ---- histograms ---- */

void isometry_decades(struct canvas *canvas, struct rect row, const struct isometry_axis *axis)
{
	int span = axis->high - axis->low, room = row.width / 7 > 1 ? row.width / 7 : 1, step = (span + room - 1) / room;
	for (int i = 0; row.height > 0 && i < row.width; i++)
		canvas_put(canvas, row.x + i, row.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	for (int decade = axis->low; row.height > 0 && decade <= axis->high; decade++) {
		char word[16];
		if (decade % step != 0)
			continue;
		int x = whole_int((double)(decade - axis->low) / span * (row.width - 1) + 0.5, 0, row.width - 1);
		int length = (int)strlen(decade_label(word, decade));
		x = x - length / 2 < 0 ? 0 : x - length / 2 + length > row.width ? row.width - length : x - length / 2;
		canvas_text(canvas, row.x + x, row.y, length, ROLE_AXIS, word);
	}
}

#define MOST_COLUMNS 512

void isometry_histogram(const struct spectrum *spectrum, double theory_mean_square, struct canvas *canvas, struct rect plot,
                        const struct isometry_axis *axis, enum role role)
{
	int columns = plot.width < MOST_COLUMNS ? plot.width : MOST_COLUMNS;
	uint64_t count[MOST_COLUMNS] = {0}, peak = 0;
	if (columns < 1 || plot.height < 1)
		return;
	for (size_t i = 0; i < spectrum->kept; i++) {
		int column = whole_int(fmin(fmax(position(axis, spectrum->value[i]), 0), 1) * columns, 0, columns - 1);
		count[column]++;
		peak = count[column] > peak ? count[column] : peak;
	}
	for (int i = 0; peak > 0 && i < columns; i++)
		plot_bar(canvas, (struct rect){ plot.x + i, plot.y, 1, plot.height }, plot_level(count[i], peak, 8 * plot.height), role);
	if (spectrum->zero > 0)
		canvas_put(canvas, plot.x, plot.y, glyph(GLYPH_DOWN, canvas->ascii), ROLE_WARNING);
	double at = position(axis, sqrt(theory_mean_square));
	if (at >= 0 && at <= 1)
		canvas_put(canvas, plot.x + whole_int(at * columns, 0, columns - 1), plot.y, glyph(GLYPH_CIRCLE, canvas->ascii), ROLE_THEORY);
}

/* ---- over training ---- */

void isometry_course(const struct history *history, size_t layer, struct canvas *canvas, struct rect plot,
                     const struct isometry_axis *axis)
{
	uint64_t last = history->count ? history->snapshot[history->count - 1]->step : 0;
	if (plot.width < 1 || plot.height < 1)
		return;
	for (size_t i = 0; i < history->count; i++) {
		const struct snapshot *s = history->snapshot[i];
		double along = last ? (double)s->step / (double)last : 0;
		if (s->measured && layer < s->layers)
			draw_bar(canvas, &plot, axis, plot.x + whole_int(along * (plot.width - 1) + 0.5, 0, plot.width - 1),
			         &s->layer[layer].input_singular);
	}
}
