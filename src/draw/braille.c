/* Curves of braille dots.  Rows of dots are counted from the bottom; a cell is
 * written once for each curve, when all its dots are known. */
#include "draw/braille.h"

#include <math.h>

#include "draw/glyphs.h"
#include "draw/plot_row.h"

#define FIRST 0x2800
#define PATTERNS 256

/* The bit of each dot, Unicode 15, chapter 21.1; [column][row from the top]. */
static const unsigned bits[BRAILLE_ACROSS][BRAILLE_DOWN] = {
	{ 0x01, 0x02, 0x04, 0x40 },
	{ 0x08, 0x10, 0x20, 0x80 },
};

#define CHESSBOARD (0x01 | 0x04 | 0x10 | 0x80) /* every other dot across and down */

static bool is_braille(uint32_t code_point)
{
	return code_point >= FIRST && code_point < FIRST + PATTERNS;
}

/* ---- cells ---- */

static void put(struct canvas *canvas, int x, int y, unsigned pattern, enum braille_form form, enum role role)
{
	const struct cell *cell = canvas_cell(canvas, x, y);
	if (cell == NULL || pattern == 0 || (form == BRAILLE_DOTTED && cell->glyph != ' '))
		return;
	uint32_t shape = (is_braille(cell->glyph) ? cell->glyph : FIRST) | pattern;
	if (canvas->ascii)
		shape = form == BRAILLE_DOTTED   ? glyph(GLYPH_SPOT, true)
		        : form == BRAILLE_SPARSE ? glyph(GLYPH_DOT, true)
		                                 : (uint32_t)(unsigned char)*glyph_ascii(FIRST + pattern);
	bool full = form == BRAILLE_OUTLINE && cell->glyph == glyph(GLYPH_BAR_8, canvas->ascii);
	canvas_put(canvas, x, y, shape, full ? (enum role)cell->role : role);
	if (full)
		canvas_flag(canvas, x, y, 1, CELL_REVERSE);
}

/* The dots of rows low..high, clipped, in the cells of one column of cells. */
struct span {
	int low, high; /* empty if high < low */
};

static unsigned pattern_of(const struct span *spans, int cell_row)
{
	unsigned pattern = 0;
	for (int column = 0; column < BRAILLE_ACROSS; column++)
		for (int row = 0; row < BRAILLE_DOWN; row++) {
			int at = cell_row * BRAILLE_DOWN + BRAILLE_DOWN - 1 - row;
			if (at >= spans[column].low && at <= spans[column].high)
				pattern |= bits[column][row];
		}
	return pattern;
}

/* ---- curves ---- */

/* The rows of column i: its own, and half the way to those of its neighbours. */
static struct span span_of(const double *position, int count, int i, int rows)
{
	if (isnan(position[i]))
		return (struct span){ 0, -1 };
	int here = plot_row(position[i], rows);
	struct span span = { here, here };
	for (int side = -1; side <= 1; side += 2) {
		int other = i + side;
		if (other < 0 || other >= count || isnan(position[other]))
			continue;
		int there = plot_row(position[other], rows);
		/* The middle belongs to the column at the left. */
		int low = (here < there ? here : there), middle = low + (here < there ? there - here : here - there) / 2;
		if (there > here && middle > span.high)
			span.high = middle;
		if (there < here && middle + 1 < span.low)
			span.low = middle + 1;
	}
	return span;
}

void braille_curve(struct canvas *canvas, struct rect rect, const double *position, enum braille_form form, enum role role)
{
	int rows = BRAILLE_DOWN * rect.height, count = BRAILLE_ACROSS * rect.width;
	unsigned kept = form == BRAILLE_LINE || form == BRAILLE_OUTLINE ? PATTERNS - 1 : CHESSBOARD;
	for (int x = 0; x < rect.width && rows > 0; x++) {
		struct span spans[BRAILLE_ACROSS];
		for (int column = 0; column < BRAILLE_ACROSS; column++)
			spans[column] = span_of(position, count, BRAILLE_ACROSS * x + column, rows);
		for (int row = 0; row < rect.height; row++)
			put(canvas, rect.x + x, rect.y + rect.height - 1 - row, pattern_of(spans, row) & kept, form, role);
	}
}
