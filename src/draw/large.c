/* Digits of 3x5 dots. */
#include "draw/large.h"

#include <stddef.h>

#include "draw/glyphs.h"

#define DOT_ROWS 5

/* A row of dots is a number: its highest bit is the dot at the left. */
struct sign {
	char character;
	int columns;
	unsigned char row[DOT_ROWS];
};

static const struct sign signs[] = {
	{ '0', 3, { 7, 5, 5, 5, 7 } }, { '1', 3, { 2, 6, 2, 2, 7 } }, { '2', 3, { 7, 1, 7, 4, 7 } },
	{ '3', 3, { 7, 1, 7, 1, 7 } }, { '4', 3, { 5, 5, 7, 1, 1 } }, { '5', 3, { 7, 4, 7, 1, 7 } },
	{ '6', 3, { 7, 4, 7, 5, 7 } }, { '7', 3, { 7, 1, 1, 1, 1 } }, { '8', 3, { 7, 5, 7, 5, 7 } },
	{ '9', 3, { 7, 5, 7, 1, 7 } }, { '%', 3, { 5, 1, 2, 4, 5 } }, { '<', 3, { 1, 2, 4, 2, 1 } },
	{ '-', 3, { 0, 0, 7, 0, 0 } }, { '.', 1, { 0, 0, 0, 0, 1 } },
};

static const struct sign *sign_of(char character)
{
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (signs[i].character == character)
			return &signs[i];
	return NULL;
}

int large_rows(bool ascii)
{
	return ascii ? DOT_ROWS : (DOT_ROWS + 1) / 2;
}

int large_cells(const char *text)
{
	int cells = 0;
	for (; *text; text++) {
		const struct sign *sign = sign_of(*text);
		if (sign)
			cells += sign->columns + (cells > 0);
	}
	return cells;
}

static bool has_dot(const struct sign *sign, int row, int column)
{
	return row < DOT_ROWS && sign->row[row] >> (sign->columns - 1 - column) & 1;
}

/* The character for a cell: one dot in ASCII, else two above each other. */
static uint32_t cell_of(const struct sign *sign, int row, int column, bool ascii)
{
	if (ascii)
		return glyph(has_dot(sign, row, column) ? GLYPH_BAR_8 : GLYPH_BLANK, true);
	bool upper = has_dot(sign, 2 * row, column), lower = has_dot(sign, 2 * row + 1, column);
	return glyph(upper && lower ? GLYPH_BAR_8 : upper ? GLYPH_UPPER_HALF : lower ? GLYPH_BAR_4 : GLYPH_BLANK, false);
}

void large_draw(struct canvas *canvas, int x, int y, enum role role, const char *text)
{
	for (; *text; text++) {
		const struct sign *sign = sign_of(*text);
		if (sign == NULL)
			continue;
		for (int row = 0; row < large_rows(canvas->ascii); row++)
			for (int column = 0; column < sign->columns; column++)
				canvas_put(canvas, x + column, y + row, cell_of(sign, row, column, canvas->ascii), role);
		x += sign->columns + 1;
	}
}
