/* Pictures of numbers.  A cell shows the mean of the numbers in its part of the picture. */
#include "draw/pixels.h"

#include <math.h>
#include <stdbool.h>

#include "base/whole.h"
#include "draw/glyphs.h"

#define DARK 16 /* greys below are background */

/* The numbers from..end - 1 of `count` that are in part i of `parts`; at least one. */
struct span {
	size_t from, end;
};

static struct span span_of(int i, int parts, size_t count)
{
	size_t from = (size_t)i * count / (size_t)parts, end = ((size_t)i + 1) * count / (size_t)parts;
	return (struct span){ from, end > from ? end : from + 1 };
}

/* 0: background; 1..HEAT_STEPS. */
static int step_of(double grey)
{
	return grey < DARK ? 0 : 1 + whole_int((grey - DARK) / (256 - DARK) * HEAT_STEPS, 0, HEAT_STEPS - 1);
}

static enum role role_of(int step)
{
	return (enum role)(ROLE_HEAT_0 + step - 1);
}

static double mean_grey(const uint8_t *grey, size_t side, struct span rows, struct span columns)
{
	double sum = 0;
	for (size_t row = rows.from; row < rows.end; row++)
		for (size_t column = columns.from; column < columns.end; column++)
			sum += grey[row * side + column];
	return sum / (double)((rows.end - rows.from) * (columns.end - columns.from));
}

/* From little ink to much. */
static uint32_t density(int step)
{
	static const char ramp[] = " .:-=+*oO#%8@";
	return (uint32_t)ramp[step];
}
_Static_assert(HEAT_STEPS == 12, "as many as the glyphs of density()");

void pixels_draw(struct canvas *canvas, struct rect rect, const uint8_t *grey, size_t side)
{
	for (int y = 0; y < rect.height; y++)
		for (int x = 0; x < rect.width; x++) {
			struct span columns = span_of(x, rect.width, side);
			double upper = mean_grey(grey, side, span_of(2 * y, 2 * rect.height, side), columns);
			double lower = mean_grey(grey, side, span_of(2 * y + 1, 2 * rect.height, side), columns);
			int up = step_of(upper), low = step_of(lower), both = step_of((upper + lower) / 2);
			if (canvas->ascii)
				canvas_put(canvas, rect.x + x, rect.y + y, density(both), both ? role_of(both) : ROLE_PLAIN);
			else if (up && low)
				canvas_put_halves(canvas, rect.x + x, rect.y + y, role_of(up), role_of(low));
			else if (up || low)
				canvas_put(canvas, rect.x + x, rect.y + y, glyph(up ? GLYPH_UPPER_HALF : GLYPH_BAR_4, false), role_of(up + low));
			else
				canvas_put(canvas, rect.x + x, rect.y + y, ' ', ROLE_PLAIN);
		}
}

void pixels_draw_strip(struct canvas *canvas, int x, int y, int width, const uint8_t *grey, size_t count)
{
	int cells = count < (size_t)width ? (int)count : width;
	for (int i = 0; i < cells; i++) {
		int step = step_of(mean_grey(grey, count, (struct span){ 0, 1 }, span_of(i, cells, count)));
		enum glyph shade = step > 9 ? GLYPH_SHADE_4 : step > 6 ? GLYPH_SHADE_3 : step > 3 ? GLYPH_SHADE_2 : GLYPH_SHADE_1;
		canvas_put(canvas, x + i, y, canvas->ascii ? density(step) : step ? glyph(shade, false) : ' ', step ? role_of(step) : ROLE_PLAIN);
	}
}

void pixels_put_signed(struct canvas *canvas, int x, int y, int step)
{
	static const char negative[] = " -=%N", positive[] = " .+*#";
	if (step > 0)
		canvas_put(canvas, x, y, canvas->ascii ? (uint32_t)positive[step] : glyph((enum glyph)(GLYPH_SHADE_1 + step - 1), false), ROLE_HIST_Z);
	else
		canvas_put(canvas, x, y, (uint32_t)negative[-step], step ? ROLE_HIST_GRADIENT : ROLE_PLAIN);
}

static double mean_signed(const float *value, size_t side, struct span rows, struct span columns)
{
	double sum = 0;
	for (size_t row = rows.from; row < rows.end; row++)
		for (size_t column = columns.from; column < columns.end; column++)
			sum += (double)value[row * side + column];
	return sum / (double)((rows.end - rows.from) * (columns.end - columns.from));
}

double pixels_draw_signed(struct canvas *canvas, struct rect rect, const float *value, size_t side)
{
	double most = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int y = 0; y < rect.height; y++)
			for (int x = 0; x < rect.width; x++) {
				double mean = mean_signed(value, side, span_of(y, rect.height, side), span_of(x, rect.width, side));
				if (pass == 0)
					most = isfinite(mean) ? fmax(most, fabs(mean)) : most;
				else if (!isfinite(mean))
					canvas_put(canvas, rect.x + x, rect.y + y, '?', ROLE_ALARM);
				else
					pixels_put_signed(canvas, rect.x + x, rect.y + y,
					                  whole_int(round(mean / (most > 0 ? most : 1) * PIXELS_SIGNED_STEPS), -PIXELS_SIGNED_STEPS, PIXELS_SIGNED_STEPS));
			}
	return most;
}
