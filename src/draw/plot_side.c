/* Rotated histograms, which share their vertical axis with what is beside
 * them.  Rows count from the bottom. */
#include "base/whole.h"
#include "draw/plot.h"

#include <math.h>
#include <stdio.h>

#include "draw/glyphs.h"
#include "base/number.h"

#define EIGHTHS 8

void plot_bar_side(struct canvas *canvas, int x, int y, int level, enum role role)
{
	for (; level > 0; level -= EIGHTHS, x++) {
		enum glyph bar = level >= EIGHTHS ? GLYPH_BAR_8 : (enum glyph)(GLYPH_LEFT_1 + level - 1);
		canvas_put(canvas, x, y, glyph(bar, canvas->ascii), role);
	}
}

/* An atom too large for the scale: a thinner bar over the whole width, with
 * its share of all values written into it. */
static void draw_spike(struct canvas *canvas, int x, int y, int width, double share)
{
	char note[NUMBER_SIZE];
	for (int i = 0; i < width; i++)
		canvas_put(canvas, x + i, y, glyph(i + 1 < width ? GLYPH_BAR_4 : GLYPH_RIGHT, canvas->ascii), ROLE_SPIKE);
	int cells = canvas_text_cells(canvas, number_share(note, share));
	if (cells + 3 <= width)
		canvas_text(canvas, x + width - 1 - cells, y, cells, ROLE_SPIKE, note);
}

/* The share of values beyond an end of the axis, at that end. */
static void note_beyond(struct canvas *canvas, struct rect rect, const struct histogram *h, uint64_t count, int y,
                        const char *where)
{
	char note[48], share[NUMBER_SIZE];
	if (count == 0 || rect.height < 3)
		return;
	number_share(share, (double)count / (double)h->n);
	snprintf(note, sizeof note, "%s %s", share, where);
	canvas_text_right(canvas, rect.x + rect.width, y, rect.width, ROLE_NOTE, canvas_text_cells(canvas, note) <= rect.width ? note : share);
}

void plot_histogram_side(struct canvas *canvas, struct rect rect, const struct plot_histogram *plot)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	struct plot_merged rows;
	const struct histogram *h = plot->histogram;
	plot_merge_scaled(&rows, plot, plot_columns(rect.height));
	enum role flat = plot->saturated_role ? plot->saturated_role : ROLE_HIST_SATURATED;
	int longest = rect.width;
	for (int i = 0; i < rows.count && rect.width >= 3; i++)
		if (plot_is_spike(&rows, i))
			longest = rect.width - 1; /* the bars leave one column free, so that the spike is longer */
	for (int i = 0; i < rows.count; i++) {
		uint64_t atom = rows.atom[i], all = atom + rows.regular[i];
		int y = rect.y + rect.height - 1 - i;
		enum role role = plot->saturated && plot->saturated[i] ? flat : plot->role;
		if (plot_is_spike(&rows, i))
			draw_spike(canvas, rect.x, y, rect.width, (double)all / (double)h->n);
		else
			plot_bar_side(canvas, rect.x, y, plot_level_scaled(plot, all, rows.peak, EIGHTHS * longest),
			         atom > rows.regular[i] && role == plot->role ? ROLE_SPIKE : role);
	}
	note_beyond(canvas, rect, h, h->above, rect.y, "above");
	note_beyond(canvas, rect, h, h->below, rect.y + rect.height - 1, "below");
}
