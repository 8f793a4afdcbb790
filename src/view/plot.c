/* Histograms and their axes.  Everything that becomes a cell number is an
 * integer or was clamped before, so NaN and huge values cannot lead outside. */
#include "view/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/glyphs.h"

#define EIGHTHS 8

int plot_columns(int width)
{
	int columns = width < 1 ? 1 : width > HISTOGRAM_BINS ? HISTOGRAM_BINS : width;
	while (HISTOGRAM_BINS % columns != 0)
		columns--;
	return columns;
}

char *plot_share(char out[PLOT_SHARE_SIZE], double share)
{
	double percent = 100 * share;
	if (isnan(percent))
		return strcpy(out, "-");
	if (percent > 0 && percent < 0.1)
		return strcpy(out, "<0.1 %");
	bool whole = percent == 0 || percent >= 9.95;
	snprintf(out, PLOT_SHARE_SIZE, whole ? "%.0f %%" : "%.1f %%", fmin(fmax(percent, 0), 999));
	/* Nearly all is not all. */
	if (percent < 100 && strcmp(out, "100 %") == 0)
		strcpy(out, ">99 %");
	return out;
}

/* A histogram merged into the columns of one plot. */
struct columns {
	int count;
	uint64_t regular[HISTOGRAM_BINS]; /* values that are no atoms */
	uint64_t atom[HISTOGRAM_BINS];
	uint64_t peak;                    /* what full height means */
};

static int column_of(const struct histogram *h, int columns, double value)
{
	double at = (value - h->low) / (h->high - h->low) * columns;
	return at >= columns ? columns - 1 : at > 0 ? (int)at : 0;
}

static void merge(struct columns *columns, const struct histogram *h, int count)
{
	int bins = HISTOGRAM_BINS / count;
	*columns = (struct columns){.count = count};
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		columns->regular[i / bins] += h->counts[i];
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES; i++)
		columns->atom[column_of(h, count, h->spike[i].value)] += h->spike[i].count;
	for (int i = 0; i < count; i++)
		if (columns->regular[i] > columns->peak)
			columns->peak = columns->regular[i];
	for (int i = 0; i < count && columns->peak == 0; i++)
		columns->peak = columns->atom[i];
}

/* The height of a bar in eighths of a cell, 0..full. */
static int bar_level(uint64_t count, uint64_t peak, int full)
{
	if (count == 0 || peak == 0)
		return 0;
	double level = round((double)count / (double)peak * full);
	return level < 1 ? 1 : level > full ? full : (int)level;
}

static void draw_bar(struct canvas *canvas, struct rect rect, int column, int level, enum role role)
{
	int y = rect.y + rect.height - 1;
	for (; level > 0 && y >= rect.y; level -= EIGHTHS, y--) {
		enum glyph bar = GLYPH_BAR_1 + (level > EIGHTHS ? EIGHTHS : level) - 1;
		canvas_put(canvas, rect.x + column, y, glyph(bar, canvas->ascii), role);
	}
}

/* An atom too large for the scale: a line from its column's bar to the top. */
static void draw_spike(struct canvas *canvas, struct rect rect, int column, int level)
{
	int covered = level / EIGHTHS < rect.height ? level / EIGHTHS : rect.height - 1;
	int bottom = rect.y + rect.height - 1 - covered;
	for (int y = rect.y; y <= bottom; y++)
		canvas_put(canvas, rect.x + column, y,
		           glyph(y == rect.y ? GLYPH_UP : GLYPH_LINE_V, canvas->ascii), ROLE_SPIKE);
}

static bool is_blank(const struct canvas *canvas, int x, int y, int width)
{
	for (int i = 0; i < width; i++) {
		const struct cell *cell = canvas_cell(canvas, x + i, y);
		if (cell && cell->glyph != ' ')
			return false;
	}
	return true;
}

/* Writes a note into the plot: in the first row that is free there, else over
 * the top one.  x is cut to the rectangle. */
static void write_note(struct canvas *canvas, struct rect rect, int x, enum role role, const char *note)
{
	int width = canvas_text_width(note);
	if (width > rect.width)
		return;
	if (x > rect.x + rect.width - width)
		x = rect.x + rect.width - width;
	if (x < rect.x)
		x = rect.x;
	int y = rect.y;
	while (y < rect.y + rect.height && !is_blank(canvas, x, y, width))
		y++;
	canvas_text(canvas, x, y < rect.y + rect.height ? y : rect.y, width, role, note);
}

static double share_of(uint64_t count, uint64_t n)
{
	return n ? (double)count / (double)n : NAN;
}

static void note_spikes(struct canvas *canvas, struct rect rect, const struct histogram *h,
                        const struct columns *columns)
{
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES; i++) {
		char note[64], share[PLOT_SHARE_SIZE];
		int column = column_of(h, columns->count, h->spike[i].value);
		if (columns->atom[column] + columns->regular[column] <= columns->peak)
			continue;
		snprintf(note, sizeof note, "%s at %.4g", plot_share(share, share_of(h->spike[i].count, h->n)),
		         h->spike[i].value + 0.0);
		int width = canvas_text_width(note);
		bool right = column + 1 + width <= rect.width;
		write_note(canvas, rect, rect.x + (right ? column + 1 : column - width), ROLE_SPIKE, note);
	}
}

/* What the bars cannot show: values outside the range, NaN and Inf. */
static void note_missing(struct canvas *canvas, struct rect rect, const struct histogram *h)
{
	char note[64], share[PLOT_SHARE_SIZE], other[PLOT_SHARE_SIZE];
	bool ascii = canvas->ascii;
	if (h->below) {
		snprintf(note, sizeof note, "%s%s", ascii ? "<" : "◂", plot_share(share, share_of(h->below, h->n)));
		write_note(canvas, rect, rect.x, ROLE_NOTE, note);
	}
	if (h->above) {
		snprintf(note, sizeof note, "%s%s", plot_share(share, share_of(h->above, h->n)), ascii ? ">" : "▸");
		write_note(canvas, rect, rect.x + rect.width, ROLE_NOTE, note);
	}
	if (h->nan || h->inf) {
		snprintf(note, sizeof note, "NaN %s, Inf %s", plot_share(share, share_of(h->nan, h->n)),
		         plot_share(other, share_of(h->inf, h->n)));
		if (canvas_text_width(note) > rect.width)
			snprintf(note, sizeof note, "%s", h->nan ? "NaN" : "Inf");
		write_note(canvas, rect, rect.x + (rect.width - canvas_text_width(note)) / 2, ROLE_ALARM, note);
	}
	if (h->n == 0)
		canvas_text(canvas, rect.x, rect.y + rect.height / 2, rect.width, ROLE_AXIS, "no values yet");
}

/* Dots at the height that N(0, variance) predicts for each column; on a bar's
 * full cell the dot is cut out of it. */
static void draw_theory(struct canvas *canvas, struct rect rect, const struct histogram *h,
                        const struct columns *columns, double variance)
{
	if (!(variance > 0) || !isfinite(variance) || columns->peak == 0)
		return;
	double scale = 1 / sqrt(2 * variance), step = (h->high - h->low) / columns->count;
	for (int i = 0; i < columns->count; i++) {
		double low = h->low + i * step;
		double expected = (double)h->n * 0.5 * (erf((low + step) * scale) - erf(low * scale));
		double row = expected / (double)columns->peak * rect.height;
		if (!(row >= 0.0625 && row < rect.height))
			continue;
		int x = rect.x + i, y = rect.y + rect.height - 1 - (int)row;
		const struct cell *cell = canvas_cell(canvas, x, y);
		if (cell == NULL)
			continue;
		if (cell->glyph == ' ')
			canvas_put(canvas, x, y, glyph(GLYPH_DOT, canvas->ascii), ROLE_THEORY);
		else if (cell->glyph == glyph(GLYPH_BAR_8, canvas->ascii)) {
			canvas_put(canvas, x, y, glyph(GLYPH_DOT, canvas->ascii), (enum role)cell->role);
			canvas_flag(canvas, x, y, 1, CELL_REVERSE);
		}
	}
}

void plot_histogram(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	struct columns columns;
	const struct histogram *h = plot->histogram;
	merge(&columns, h, plot_columns(rect.width));
	int full = EIGHTHS * rect.height;
	for (int i = 0; i < columns.count; i++) {
		uint64_t atom = columns.atom[i], regular = columns.regular[i];
		enum role role = plot->flat && plot->flat[i] ? ROLE_HIST_SATURATED : plot->role;
		if (atom + regular > columns.peak) {
			int level = bar_level(regular, columns.peak, full);
			draw_bar(canvas, rect, i, level, role);
			draw_spike(canvas, rect, i, level);
		} else
			draw_bar(canvas, rect, i, bar_level(atom + regular, columns.peak, full),
			         atom > regular && role == plot->role ? ROLE_SPIKE : role);
	}
	draw_theory(canvas, rect, h, &columns, plot->theory_variance);
	note_spikes(canvas, rect, h, &columns);
	note_missing(canvas, rect, h);
}

void plot_axis(struct canvas *canvas, struct rect rect, double low, double high, const bool *flat)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	int columns = plot_columns(rect.width);
	for (int i = 0; i < columns; i++) {
		bool shaded = flat && flat[i];
		canvas_put(canvas, rect.x + i, rect.y, glyph(shaded ? GLYPH_SHADE_2 : GLYPH_LINE_H, canvas->ascii),
		           shaded ? ROLE_HIST_SATURATED : ROLE_AXIS);
	}
	char left[32], middle[32], right[32];
	snprintf(left, sizeof left, "%.6g ", low + 0.0);
	snprintf(middle, sizeof middle, " %.6g ", low / 2 + high / 2);
	snprintf(right, sizeof right, " %.6g", high + 0.0);
	int l = canvas_text_width(left), m = canvas_text_width(middle), r = canvas_text_width(right);
	if (l + r > columns)
		return;
	canvas_text(canvas, rect.x, rect.y, l, ROLE_AXIS, left);
	canvas_text(canvas, rect.x + columns - r, rect.y, r, ROLE_AXIS, right);
	int x = (columns - m) / 2;
	if (x > l && x + m < columns - r)
		canvas_text(canvas, rect.x + x, rect.y, m, ROLE_AXIS, middle);
}
