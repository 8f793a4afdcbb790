/* Gauge, sparkline and density column.  Numbers are first converted to
 * positions between 0 and 1, then to cells. */
#include "base/whole.h"
#include "draw/plot.h"

#include <math.h>

#include "draw/glyphs.h"

#define EIGHTHS 8

/* Converts a position 0..1 (NaN: 0) to a whole number 0..top. */
static int cell_of(double position, int top)
{
	return whole_int(position * top + 0.5, 0, top);
}

void plot_gauge(struct canvas *canvas, int x, int y, int width, double share, enum role role)
{
	int level = width > 0 ? cell_of(share, width * EIGHTHS) : 0;
	for (int i = 0; i < width; i++, level -= EIGHTHS) {
		if (level >= EIGHTHS)
			canvas_put(canvas, x + i, y, glyph(GLYPH_BAR_8, canvas->ascii), role);
		else if (level > 0)
			canvas_put(canvas, x + i, y, glyph((enum glyph)(GLYPH_LEFT_1 + level - 1), canvas->ascii), role);
		else
			canvas_put(canvas, x + i, y, glyph(GLYPH_SHADE_1, canvas->ascii), ROLE_AXIS);
	}
}

/* The mean of the values that fall into column i of `columns`. */
static double column_mean(const float *values, size_t count, size_t i, size_t columns)
{
	size_t first = i * count / columns, end = (i + 1) * count / columns;
	double sum = 0;
	for (size_t k = first; k < end; k++)
		sum += (double)values[k];
	return sum / (double)(end - first);
}

void plot_sparkline_between(struct canvas *canvas, struct rect rect, const float *values, size_t count, double low,
                            double high, enum role role)
{
	size_t columns = count < (size_t)rect.width ? count : (size_t)rect.width;
	for (size_t i = 0; rect.width > 0 && rect.height > 0 && i < columns; i++) {
		double value = column_mean(values, count, i, columns);
		int x = rect.x + (int)i;
		if (isfinite(value))
			plot_bar(canvas, (struct rect){x, rect.y, 1, rect.height},
			         1 + cell_of(high > low ? (value - low) / (high - low) : 0.5, rect.height * EIGHTHS - 1), role);
		else
			canvas_put(canvas, x, rect.y + rect.height - 1, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
	}
}

void plot_sparkline(struct canvas *canvas, struct rect rect, const float *values, size_t count, enum role role)
{
	if (rect.width < 1 || rect.height < 1 || count == 0)
		return;
	size_t columns = count < (size_t)rect.width ? count : (size_t)rect.width;
	double low = INFINITY, high = -INFINITY;
	for (size_t i = 0; i < columns; i++) {
		double value = column_mean(values, count, i, columns);
		if (isfinite(value)) {
			low = fmin(low, value);
			high = fmax(high, value);
		}
	}
	plot_sparkline_between(canvas, rect, values, count, low, high, role);
}

double plot_position(const struct plot_scale *scale, double value)
{
	double low = scale->low, high = scale->high;
	if (scale->log) {
		if (!(low > 0 && high > 0 && value > 0))
			return NAN;
		low = log(low), high = log(high), value = log(value);
	}
	if (!isfinite(value) || !(high > low))
		return NAN;
	/* Halved, so that the span of the widest range is still finite. */
	return (value / 2 - low / 2) / (high / 2 - low / 2);
}

void plot_heat_column(struct canvas *canvas, int x, int y, int height, const double *density, size_t bins, double peak)
{
	for (int row = 0; row < height && bins > 0; row++) {
		size_t first = (size_t)row * bins / (size_t)height, end = (size_t)(row + 1) * bins / (size_t)height;
		double most = 0;
		for (size_t i = first; i < (end > first ? end : first + 1); i++)
			most = fmax(most, density[i]);
		if (!(most > 0) || !(peak > 0))
			continue;
		/* The darkest step has no shade glyph of its own: a dot. */
		static const enum glyph shade[] = {GLYPH_DOT, GLYPH_SHADE_1, GLYPH_SHADE_2, GLYPH_SHADE_3, GLYPH_SHADE_4};
		int step = cell_of(most / peak, 5), hue = cell_of(most / peak, HEAT_STEPS - 1);
		step = step > 4 ? 4 : step;
		canvas_put(canvas, x, y + height - 1 - row, glyph(shade[step], canvas->ascii),
		           (enum role)(ROLE_HEAT_0 + hue));
	}
}
