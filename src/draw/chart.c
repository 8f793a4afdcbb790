/* The frame, the lines and the round numbers of charts. */
#include "draw/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/round.h"
#include "base/whole.h"
#include "draw/braille.h"
#include "draw/glyphs.h"
#include "base/number.h"

#define MOST_COLUMNS 1000
#define LABELS 6 /* cells left of the frame */
#define MARK_EVERY 18

/* ---- scales ---- */

struct plot_scale chart_scale(double low, double high, bool log)
{
	if (!(low < high)) {
		double middle = isfinite(low) ? low : 1;
		low = log ? middle / 2 : middle - 0.5;
		high = log ? middle * 2 : middle + 0.5;
	}
	if (log)
		return (struct plot_scale){ 1 / round_up_125(1 / low * (1 - 1e-9)), round_up_125(high * (1 - 1e-9)), true };
	double step = round_up_125((high - low) / 5);
	return (struct plot_scale){ step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9), false };
}

/* ---- places ---- */

struct rect chart_inside(const struct chart *chart)
{
	struct rect rect = chart->area;
	int title = chart->title ? 1 : 0, width = rect.width - LABELS - 1;
	return (struct rect){
		rect.x + LABELS + 1, rect.y + title, width < MOST_COLUMNS ? width : MOST_COLUMNS, rect.height - title - 1,
	};
}

/* Columns of dots inside the frame. */
static int dots_across(const struct rect *inside)
{
	return BRAILLE_ACROSS * inside->width;
}

/* The position of an x in columns of dots: 0 is the first, dots_across() - 1 the
 * last one. */
static double dot_at(const struct chart *chart, const struct rect *inside, double x)
{
	return plot_position(&chart->x, x) * (dots_across(inside) - 1);
}

/* The column of cells of an x, from 0; -1 outside and for NaN. */
static int column_at(const struct chart *chart, const struct rect *inside, double x)
{
	double dot = dot_at(chart, inside, x);
	bool within = dot >= 0 && dot <= dots_across(inside) - 1;
	return within ? whole_int(dot + 0.5, 0, dots_across(inside) - 1) / BRAILLE_ACROSS : -1;
}

/* ---- the frame ---- */

static void tick_label(const struct chart *chart, struct canvas *canvas, double value, int y)
{
	char text[32];
	const struct rect *area = &chart->area;
	if (chart->percent)
		snprintf(text, sizeof text, "%.3g %%", 100 * value);
	else
		snprintf(text, sizeof text, "%.3g", value);
	canvas_text_right(canvas, area->x + LABELS, y, LABELS, ROLE_AXIS, text);
	canvas_put(canvas, area->x + LABELS, y, glyph(GLYPH_TEE_LEFT, canvas->ascii), ROLE_AXIS);
}

/* The value of the next tick above: linear scales use round steps;
 * logarithmic ones use 1-2-5, or decades alone if there are many. */
static double next_tick(const struct plot_scale *scale, double value, double step)
{
	if (!scale->log)
		return value + step;
	if (scale->high / scale->low < 100)
		return round_up_125(value * 1.01);
	return pow(10, floor(log10(value) + 1.001));
}

/* Ticks at both ends, and between them those at least two rows away from
 * another. */
static void draw_ticks(const struct chart *chart, struct canvas *canvas, const struct rect *inside)
{
	enum { MOST = 100 };
	const struct plot_scale *scale = &chart->y;
	int top = inside->height - 1, last_row = 0, bottom_y = inside->y + top;
	double step = round_up_125((scale->high - scale->low) / (inside->height / 3 + 1)), value = scale->low;
	tick_label(chart, canvas, scale->low, bottom_y);
	if (top < 2)
		return;
	tick_label(chart, canvas, scale->high, inside->y);
	for (int i = 0; i < MOST; i++) {
		value = next_tick(scale, value, step);
		int row = plot_row(plot_position(scale, value), inside->height);
		if (!(value < scale->high) || top - row < 2)
			return;
		if (row - last_row < (scale->log ? 3 : 2))
			continue;
		tick_label(chart, canvas, value, bottom_y - row);
		last_row = row;
	}
}

/* A number around its place between the columns *from and end, if there is room for blanks beside it. */
static void draw_x_label(const struct chart *chart, struct canvas *canvas, const struct rect *inside, double value, int *from, int end)
{
	char label[32];
	int cells = snprintf(label, sizeof label, " %.*g ", chart->x.log ? 3 : 6, value);
	int x = inside->x + whole_int(plot_position(&chart->x, value) * (inside->width - 1) + 0.5, 0, inside->width) - cells / 2;
	if (x < *from + 2 || x + cells + 2 > end)
		return;
	*from = canvas_text(canvas, x, inside->y + inside->height, cells, ROLE_AXIS, label);
}

static void draw_x_axis(const struct chart *chart, struct canvas *canvas, const struct rect *inside)
{
	int y = inside->y + inside->height, end = inside->x + inside->width;
	char low[32], high[32];
	for (int x = inside->x; x < end; x++)
		canvas_put(canvas, x, y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	canvas_put(canvas, inside->x - 1, y, glyph(GLYPH_CORNER_LL, canvas->ascii), ROLE_AXIS);
	snprintf(low, sizeof low, "%.6g ", chart->x.low);
	snprintf(high, sizeof high, " %.7g", chart->x.high);
	int l = (int)strlen(low), h = (int)strlen(high), from = inside->x + l;
	if (l + h + 1 > inside->width)
		return;
	canvas_text(canvas, inside->x, y, l, ROLE_AXIS, low);
	canvas_text_right(canvas, end, y, h, ROLE_AXIS, high);
	const double middle = chart->x.log ? sqrt(chart->x.low * chart->x.high) : chart->x.low / 2 + chart->x.high / 2;
	for (size_t i = 0; i < (chart->x_label ? chart->x_labels : 1); i++)
		draw_x_label(chart, canvas, inside, chart->x_label ? chart->x_label[i] : middle, &from, end - h);
}

/* The row of the guide in cells from the top of the chart; -1: it has none. */
static int guide_row(const struct chart *chart, const struct rect *inside)
{
	double position = isnan(chart->guide) ? NAN : plot_position(&chart->y, chart->guide);
	return position >= 0 && position <= 1 ? inside->height - 1 - plot_row(position, inside->height) : -1;
}

static void draw_guide(const struct chart *chart, struct canvas *canvas, const struct rect *inside)
{
	int row = guide_row(chart, inside);
	for (int x = 0; row >= 0 && x < inside->width; x++)
		canvas_put(canvas, inside->x + x, inside->y + row, glyph(GLYPH_DASH_H, canvas->ascii), ROLE_THEORY);
}

/* Whether nothing but the guide is in these cells. */
static bool is_free(const struct canvas *canvas, int x, int y, int cells)
{
	for (int i = 0; i < cells; i++) {
		const struct cell *cell = canvas_cell(canvas, x + i, y);
		if (cell == NULL || (cell->glyph != ' ' && cell->role != ROLE_THEORY && cell->glyph != glyph(GLYPH_DOT, canvas->ascii)))
			return false;
	}
	return true;
}

void chart_guide(const struct chart *chart, struct canvas *canvas)
{
	struct rect inside = chart_inside(chart);
	int row = inside.width > 0 ? guide_row(chart, &inside) : -1;
	if (row < 0 || chart->guide_label == NULL)
		return;
	char label[64];
	snprintf(label, sizeof label, " %s ", chart->guide_label);
	int cells = canvas_text_cells(canvas, label);
	/* The label is on the guide, or else above or below it. */
	static const int beside[] = { 0, -1, 1 };
	for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
		int y = inside.y + row + beside[i];
		if (y < inside.y || y >= inside.y + inside.height)
			continue;
		for (int x = inside.width - cells; x >= 0; x--)
			if (is_free(canvas, inside.x + x, y, cells)) {
				canvas_text(canvas, inside.x + x, y, cells, ROLE_THEORY, label);
				return;
			}
	}
}

void chart_frame(const struct chart *chart, struct canvas *canvas)
{
	struct rect inside = chart_inside(chart);
	if (inside.width < 1 || inside.height < 1)
		return;
	if (chart->title)
		canvas_text(canvas, chart->area.x + 1, chart->area.y, chart->area.width - 1, ROLE_LABEL, chart->title);
	for (int y = 0; y < inside.height; y++)
		canvas_put(canvas, inside.x - 1, inside.y + y, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	draw_x_axis(chart, canvas, &inside);
	draw_ticks(chart, canvas, &inside);
	draw_guide(chart, canvas, &inside);
}

/* ---- lines ---- */

/* The height of the line in each column of dots: the mean of the points in the
 * column, or the interpolation between the points before and after it. */
static void heights(const struct chart *chart, const struct rect *inside, const struct chart_series *series,
                    double *height)
{
	double last_x = NAN, last_y = NAN;
	int in_column = 0, column = -1, end = dots_across(inside) - 1;
	for (int c = 0; c <= end; c++)
		height[c] = NAN;
	for (size_t i = 0; i < series->count; i++) {
		struct chart_point point = series->point(series->context, i);
		double x = dot_at(chart, inside, point.x), y = plot_position(&chart->y, point.y);
		if (isnan(x) || isnan(y)) {
			last_x = NAN;
			continue;
		}
		double from = fmax(floor(last_x) + 1, 0), to = fmin(x, end);
		if (!isnan(last_x))
			for (int c = whole_int(from, 0, end + 1); c <= whole_int(to, -1, end); c++)
				if (isnan(height[c]))
					height[c] = last_y + (y - last_y) * ((double)c - last_x) / (x - last_x);
		if (x >= 0 && x <= end) {
			int here = whole_int(x + 0.5, 0, end);
			in_column = here == column ? in_column + 1 : 1;
			column = here;
			height[here] = in_column == 1 ? y : height[here] + (y - height[here]) / in_column;
		}
		last_x = x;
		last_y = y;
	}
}

/* The letter of the series, in the row of cells of its line. */
static void draw_marks(const struct chart_series *series, struct canvas *canvas, const struct rect *inside,
                       const double *height)
{
	int last = dots_across(inside) - 1;
	while (last >= 0 && isnan(height[last]))
		last--;
	for (int c = 0; last >= 0 && c <= last / BRAILLE_ACROSS; c++) {
		bool ends = c == last / BRAILLE_ACROSS;
		if (!ends && (c + 5 * series->number) % MARK_EVERY != MARK_EVERY / 2)
			continue;
		double at = height[ends ? last : BRAILLE_ACROSS * c];
		int row = isnan(at) ? -1 : plot_row(at, inside->height);
		if (row < 0 || row >= inside->height)
			continue;
		int x = inside->x + c, y = inside->y + inside->height - 1 - row;
		canvas_put(canvas, x, y, (uint32_t)(unsigned char)series->mark, series->role);
		canvas_flag(canvas, x, y, 1, CELL_BOLD);
	}
}

/* Marks the place where the line ends because the numbers after it are NaN. */
static void draw_alert(const struct chart *chart, struct canvas *canvas, const struct rect *inside,
                       const struct chart_series *series)
{
	bool known = false;
	for (size_t i = 0; i < series->count; i++) {
		struct chart_point point = series->point(series->context, i);
		int column = column_at(chart, inside, point.x);
		if (isfinite(point.y) || !known) {
			known |= isfinite(point.y);
			continue;
		}
		if (column >= 0)
			canvas_put(canvas, inside->x + column, inside->y, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
		return;
	}
}

void chart_line(const struct chart *chart, struct canvas *canvas, const struct chart_series *series)
{
	struct rect inside = chart_inside(chart);
	double height[BRAILLE_ACROSS * MOST_COLUMNS] = {0};
	if (inside.width < 1 || inside.height < 1)
		return;
	heights(chart, &inside, series, height);
	braille_curve(canvas, inside, height, series->sparse ? BRAILLE_SPARSE : BRAILLE_LINE, series->role);
	draw_marks(series, canvas, &inside, height);
	draw_alert(chart, canvas, &inside, series);
}

void chart_dots(const struct chart *chart, struct canvas *canvas, const struct chart_series *series)
{
	struct rect inside = chart_inside(chart);
	if (inside.width < 1 || inside.height < 1)
		return;
	for (size_t i = 0; i < series->count; i++) {
		struct chart_point point = series->point(series->context, i);
		int column = column_at(chart, &inside, point.x), row = plot_row(plot_position(&chart->y, point.y), inside.height);
		int x = inside.x + column, y = inside.y + inside.height - 1 - row;
		const struct cell *cell = column >= 0 && row >= 0 && row < inside.height ? canvas_cell(canvas, x, y) : NULL;
		if (cell && cell->glyph == ' ')
			canvas_put(canvas, x, y, glyph(GLYPH_DOT, canvas->ascii), series->role);
	}
}

void chart_cursor(const struct chart *chart, struct canvas *canvas, double x)
{
	struct rect inside = chart_inside(chart);
	int column = column_at(chart, &inside, x);
	for (int y = 0; column >= 0 && y < inside.height; y++)
		canvas_put(canvas, inside.x + column, inside.y + y, glyph(GLYPH_DASH_V, canvas->ascii), ROLE_NOTE);
}
