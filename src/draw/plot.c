/* Histograms and their axes.  Every value that becomes a cell position is an
 * integer or has been clamped, so NaN and huge values cannot lead outside. */
#include "draw/plot.h"

#include <math.h>
#include <stdio.h>

#include "base/whole.h"
#include "draw/braille.h"
#include "draw/glyphs.h"
#include "base/number.h"

#define EIGHTHS 8

int plot_columns(int width)
{
	int columns = width < 1 ? 1 : width > HISTOGRAM_BINS ? HISTOGRAM_BINS : width;
	while (HISTOGRAM_BINS % columns != 0)
		columns--;
	return columns;
}

static int column_of(const struct histogram *h, int columns, double value)
{
	return whole_int((value - h->low) / (h->high - h->low) * columns, 0, columns - 1);
}

/* How many of the binned values lie below a value of the axis. */
static double count_below(const struct histogram *h, const uint64_t *sum, double value)
{
	double at = (value - h->low) / (h->high - h->low) * HISTOGRAM_BINS, nearest = round(at);
	if (fabs(at - nearest) < 1e-6) /* edges that agree but for rounding */
		at = nearest;
	int bin = whole_int(floor(at), 0, HISTOGRAM_BINS);
	return at <= 0 ? 0 : bin >= HISTOGRAM_BINS ? (double)sum[HISTOGRAM_BINS]
	                   : (double)sum[bin] + (at - bin) * (double)h->counts[bin];
}

void plot_rebin(struct histogram *to, const struct histogram *from, double low, double high)
{
	uint64_t sum[HISTOGRAM_BINS + 1] = {0}, before;
	*to = *from;
	if (!(from->low < from->high) || (low == from->low && high == from->high))
		return;
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		sum[i + 1] = sum[i] + from->counts[i];
	to->low = low;
	to->high = high;
	before = whole_count(count_below(from, sum, low) + 0.5);
	to->below += before;
	for (int i = 0; i < HISTOGRAM_BINS; i++) {
		double edge = low + (high - low) * (i + 1) / HISTOGRAM_BINS;
		uint64_t here = whole_count(count_below(from, sum, edge) + 0.5);
		to->counts[i] = (uint32_t)(here - before);
		before = here;
	}
	to->above += sum[HISTOGRAM_BINS] - before;
	to->spikes = 0;
	for (int i = 0; i < from->spikes && i < HISTOGRAM_SPIKES; i++) {
		double value = from->spike[i].value;
		if (value < low)
			to->below += from->spike[i].count;
		else if (value > high)
			to->above += from->spike[i].count;
		else
			to->spike[to->spikes++] = from->spike[i];
	}
}

void plot_merge(struct plot_merged *columns, const struct histogram *h, int count)
{
	int bins = HISTOGRAM_BINS / count;
	*columns = (struct plot_merged){.count = count};
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		columns->regular[i / bins] += h->counts[i];
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES; i++)
		columns->atom[column_of(h, count, h->spike[i].value)] += h->spike[i].count;
	for (int i = 0; i < count; i++)
		if (columns->regular[i] > columns->peak)
			columns->peak = columns->regular[i];
	/* A small atom is drawn like other values; a large one would make all
	 * other bars tiny. */
	uint64_t regular = columns->peak;
	for (int i = 0; i < count; i++)
		if (columns->atom[i] <= regular && columns->atom[i] + columns->regular[i] > columns->peak)
			columns->peak = columns->atom[i] + columns->regular[i];
}

bool plot_is_spike(const struct plot_merged *columns, int i)
{
	return columns->atom[i] + columns->regular[i] > columns->peak;
}

int plot_level(uint64_t count, uint64_t peak, int full)
{
	if (count == 0 || peak == 0)
		return 0;
	return full < 1 ? 1 : whole_int(round((double)count / (double)peak * full), 1, full);
}

void plot_bar(struct canvas *canvas, struct rect rect, int level, enum role role)
{
	for (int y = rect.y + rect.height - 1; level > 0 && y >= rect.y; level -= EIGHTHS, y--) {
		enum glyph bar = (enum glyph)(GLYPH_BLANK + (level > EIGHTHS ? EIGHTHS : level));
		for (int i = 0; i < rect.width; i++)
			canvas_put(canvas, rect.x + i, y, glyph(bar, canvas->ascii), role);
	}
}

/* An atom too large for the scale is drawn as a line over its whole column. */
static void draw_spike(struct canvas *canvas, struct rect rect, int column)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		canvas_put(canvas, rect.x + column, y,
		           glyph(rect.height > 1 && y == rect.y ? GLYPH_UP : GLYPH_LEFT_4, canvas->ascii), ROLE_SPIKE);
}

/* Whether columns [column, column + width) of row y are blank, and also the
 * neighbouring columns if there are any. */
static bool is_free(const struct canvas *canvas, struct rect rect, int column, int y, int width)
{
	for (int i = column - 1; i <= column + width; i++) {
		const struct cell *cell = i >= 0 && i < rect.width ? canvas_cell(canvas, rect.x + i, y) : NULL;
		if (cell && cell->glyph != ' ')
			return false;
	}
	return true;
}

/* Writes a note into the plot, as near to column `wanted` as possible and at most
 * `reach` columns away, in the highest row with room for it.  If no row has room,
 * the short form is written over the bars (NULL: nothing is).  Returns whether the
 * note itself was written. */
static bool write_note(struct canvas *canvas, struct rect rect, int wanted, int reach, enum role role, const char *note,
                       const char *short_form)
{
	int width = canvas_text_cells(canvas, note), last = rect.width - width;
	int x = wanted > last ? last : wanted < 0 ? 0 : wanted;
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int away = 0; away <= last && away <= reach; away++)
			for (int side = -1; side <= 1; side += 2) {
				int at = x + side * away;
				if (at >= 0 && at <= last && is_free(canvas, rect, at, y, width)) {
					canvas_text(canvas, rect.x + at, y, width, role, note);
					return true;
				}
			}
	if (short_form == NULL)
		return false;
	last = rect.width - canvas_text_cells(canvas, short_form);
	x = wanted > last ? last : wanted;
	x = x < 0 ? 0 : x;
	canvas_text(canvas, rect.x + x, rect.y, rect.width - x, role, short_form);
	return false;
}

static double share_of(uint64_t count, uint64_t n)
{
	return n ? (double)count / (double)n : NAN;
}

/* Writes a note with one blank beside a column, at its right or left, in the highest row with room. */
static bool write_beside(struct canvas *canvas, struct rect rect, int column, bool right, const char *note)
{
	int width = canvas_text_cells(canvas, note), at = right ? column + 2 : column - 1 - width;
	if (at < 0 || at + width > rect.width)
		return false;
	for (int y = rect.y; y < rect.y + rect.height; y++)
		if (is_free(canvas, rect, at, y, width)) {
			canvas_text(canvas, rect.x + at, y, width, ROLE_SPIKE, note);
			return true;
		}
	return false;
}

/* Each note is beside its own spike.  Only that of a single spike may be away from it: among
 * several it would seem to be another's. */
static void note_spikes(struct canvas *canvas, struct rect rect, const struct histogram *h,
                        const struct plot_merged *columns)
{
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES; i++) {
		char note[64], share[NUMBER_SIZE];
		int column = column_of(h, columns->count, h->spike[i].value);
		if (!plot_is_spike(columns, column))
			continue;
		snprintf(note, sizeof note, "%s at %.4g", number_share(share, share_of(h->spike[i].count, h->n)),
		         h->spike[i].value + 0.0);
		int width = canvas_text_cells(canvas, note);
		bool right = column + 1 + width <= rect.width;
		if (!write_beside(canvas, rect, column, true, note) && !write_beside(canvas, rect, column, false, note) && h->spikes == 1)
			write_note(canvas, rect, right ? column + 1 : column - width, rect.width, ROLE_SPIKE, note, NULL);
	}
}

/* A share of values beyond an end of the axis: in words, else as a number, else as an
 * arrow over the bars. */
static void note_beyond(struct canvas *canvas, struct rect rect, const struct histogram *h, uint64_t count, bool right)
{
	char words[48], number[32], share[NUMBER_SIZE];
	number_share(share, share_of(count, h->n));
	snprintf(words, sizeof words, right ? "%s beyond ▸" : "◂ %s beyond", share);
	snprintf(number, sizeof number, right ? "%s ▸" : "◂ %s", share);
	if (!write_note(canvas, rect, right ? rect.width : 0, rect.width / 4, ROLE_NOTE, words, NULL))
		write_note(canvas, rect, right ? rect.width : 0, rect.width / 4, ROLE_NOTE, number, right ? "▸" : "◂");
}

/* Notes what the bars cannot show: values outside the range, NaN and Inf. */
static void note_missing(struct canvas *canvas, struct rect rect, const struct histogram *h)
{
	char note[64], share[NUMBER_SIZE], other[NUMBER_SIZE];
	if (h->below)
		note_beyond(canvas, rect, h, h->below, false);
	if (h->above)
		note_beyond(canvas, rect, h, h->above, true);
	if (h->nan || h->inf) {
		snprintf(note, sizeof note, "NaN %s, Inf %s", number_share(share, share_of(h->nan, h->n)),
		         number_share(other, share_of(h->inf, h->n)));
		bool whole = write_note(canvas, rect, (rect.width - canvas_text_cells(canvas, note)) / 2, rect.width, ROLE_ALARM, note, NULL);
		snprintf(note, sizeof note, "%s %s", h->nan ? "NaN" : "Inf", h->nan ? share : other);
		if (!whole)
			write_note(canvas, rect, rect.width / 2, rect.width, ROLE_ALARM, note, h->nan ? "NaN" : "Inf");
	}
	if (h->n == 0)
		canvas_text(canvas, rect.x, rect.y + rect.height / 2, rect.width, ROLE_AXIS, "no values yet");
}

/* The height of a bar on its scale, in any unit. */
static double height_of(double count, bool log)
{
	return log ? log1p(count) : count;
}

int plot_level_scaled(const struct plot_histogram *plot, uint64_t count, uint64_t peak, int full)
{
	if (!plot->log || count == 0 || peak == 0)
		return plot_level(count, peak, full);
	return whole_int(round(log1p((double)count) / log1p((double)peak) * full), 1, full);
}

void plot_merge_scaled(struct plot_merged *columns, const struct plot_histogram *plot, int count)
{
	plot_merge(columns, plot->histogram, count);
	for (int i = 0; plot->log && i < columns->count; i++)
		if (columns->atom[i] + columns->regular[i] > columns->peak)
			columns->peak = columns->atom[i] + columns->regular[i];
}

/* The outline that N(mean, variance) predicts, over the bars.  It is left out
 * where it is lower than a sixteenth of a row, which the smallest bars are too. */
static void draw_theory(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot,
                        const struct plot_merged *columns)
{
	const struct histogram *h = plot->histogram;
	double mean = plot->theory_mean, variance = plot->theory_variance, peak = height_of((double)columns->peak, plot->log);
	if (!(variance > 0) || !isfinite(variance) || !isfinite(mean) || columns->peak == 0)
		return;
	double position[BRAILLE_ACROSS * HISTOGRAM_BINS];
	int dots = BRAILLE_ACROSS * columns->count;
	double scale = 1 / sqrt(2 * variance), step = (h->high - h->low) / dots;
	for (int i = 0; i < dots; i++) {
		double low = h->low + i * step - mean;
		/* the expected count of a whole column with the density of this part */
		double expected = BRAILLE_ACROSS * (double)h->n * 0.5 * (erf((low + step) * scale) - erf(low * scale));
		position[i] = height_of(expected, plot->log) / peak;
		if (!(position[i] * rect.height >= 0.0625))
			position[i] = NAN;
	}
	rect.width = columns->count;
	braille_curve(canvas, rect, position, BRAILLE_OUTLINE, ROLE_THEORY);
}

void plot_describe(const struct histogram *h, int columns, int column, bool rounded, char *out, size_t size)
{
	struct plot_merged merged;
	char share[NUMBER_SIZE];
	out[0] = '\0';
	if (column < 0 || column >= columns)
		return;
	plot_merge(&merged, h, columns);
	double step = (h->high - h->low) / columns;
	uint64_t count = merged.regular[column] + merged.atom[column];
	int used = snprintf(out, size, "from %.4g to %.4g: %llu of %llu values (%s)", h->low + column * step + 0.0,
	                    h->low + (column + 1) * step + 0.0, (unsigned long long)count, (unsigned long long)h->n,
	                    number_share(share, share_of(count, h->n)));
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES && used > 0 && (size_t)used < size; i++)
		if (h->spike[i].count && column_of(h, columns, h->spike[i].value) == column)
			used += snprintf(out + used, size - (size_t)used, ", %llu of them %s %.4g",
			                 (unsigned long long)h->spike[i].count, rounded ? "rounded to" : "exactly", h->spike[i].value + 0.0);
}

/* How the plot differs from the usual one. */
static void note_scales(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot)
{
	char words[48] = "log counts";
	bool zoomed = plot->zoom > 0 && plot->zoom != 1;
	if (zoomed)
		snprintf(words, sizeof words, plot->log ? "log counts, zoom ×%.4g" : "zoom ×%.4g", plot->zoom);
	if (plot->log || zoomed)
		write_note(canvas, rect, 0, rect.width, ROLE_LABEL, words, NULL);
}

void plot_histogram(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	struct plot_merged columns;
	const struct histogram *h = plot->histogram;
	plot_merge_scaled(&columns, plot, plot_columns(rect.width));
	/* The bars leave one row free so that a spike can rise above them. */
	struct rect bars = rect;
	for (int i = 0; i < columns.count && rect.height >= 3; i++)
		if (plot_is_spike(&columns, i))
			bars = (struct rect){rect.x, rect.y + 1, rect.width, rect.height - 1};
	int full = EIGHTHS * bars.height;
	enum role saturated_role = plot->saturated_role ? plot->saturated_role : ROLE_HIST_SATURATED;
	for (int i = 0; i < columns.count; i++) {
		uint64_t atom = columns.atom[i], regular = columns.regular[i];
		struct rect bar = {bars.x + i, bars.y, 1, bars.height};
		enum role role = plot->saturated && plot->saturated[i] ? saturated_role : plot->role;
		if (plot_is_spike(&columns, i))
			draw_spike(canvas, rect, i);
		else
			plot_bar(canvas, bar, plot_level_scaled(plot, atom + regular, columns.peak, full),
			         atom > regular && role == plot->role ? ROLE_SPIKE : role);
	}
	draw_theory(canvas, bars, plot, &columns);
	note_spikes(canvas, rect, h, &columns);
	note_missing(canvas, rect, h);
	note_scales(canvas, rect, plot);
}

void plot_axis(struct canvas *canvas, struct rect rect, double low, double high, const bool *saturated,
               enum role saturated_role)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	int columns = plot_columns(rect.width);
	for (int i = 0; i < columns; i++) {
		bool shaded = saturated && saturated[i];
		canvas_put(canvas, rect.x + i, rect.y, glyph(shaded ? GLYPH_BAND : GLYPH_LINE_H, canvas->ascii),
		           shaded ? saturated_role : ROLE_AXIS);
	}
	/* Labels are at the ends, but a saturated end remains visible beside its
	 * label. */
	int runs[2] = {0, 0};
	while (saturated && runs[0] < columns && saturated[runs[0]])
		runs[0]++;
	while (saturated && runs[1] < columns && saturated[columns - 1 - runs[1]])
		runs[1]++;
	char left[32], middle[32], right[32];
	int l = snprintf(left, sizeof left, " %.4g ", low + 0.0) - 1, r = snprintf(right, sizeof right, " %.4g ", high + 0.0) - 1;
	int start = runs[0] > 0 && runs[0] <= l, end = columns - (runs[1] > 0 && runs[1] <= r);
	snprintf(middle, sizeof middle, " %.4g ", low / 2 + high / 2);
	int m = canvas_text_cells(canvas, middle);
	l += start;
	r += end < columns;
	if (l + r + 2 > columns)
		return;
	canvas_text(canvas, rect.x + start, rect.y, l, ROLE_AXIS, start ? left : left + 1);
	if (end == columns)
		right[r] = '\0';
	canvas_text(canvas, rect.x + end - r, rect.y, r, ROLE_AXIS, right);
	int x = (columns - m) / 2, fine = 0, seen = 0;
	for (int i = 0; saturated && i < columns; i++) {
		fine += !saturated[i];
		seen += !saturated[i] && i >= start + l && i < end - r && (i < x || i >= x + m);
	}
	/* The label in the middle also leaves a part visible of the zone between two
	 * saturated zones. */
	if (x > start + l && x + m < end - r && (fine == 0 || seen > 0))
		canvas_text(canvas, rect.x + x, rect.y, m, ROLE_AXIS, middle);
}
