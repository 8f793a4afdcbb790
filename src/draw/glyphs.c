/* The two glyph tables and the ASCII forms of other characters.  All
 * characters used here have width one in common fonts and locales. */
#include "draw/glyphs.h"

#include <stddef.h>

static const uint32_t unicode[GLYPHS] = {
	[GLYPH_BLANK] = ' ',
	[GLYPH_BAR_1] = 0x2581, [GLYPH_BAR_2] = 0x2582, [GLYPH_BAR_3] = 0x2583, [GLYPH_BAR_4] = 0x2584,
	[GLYPH_BAR_5] = 0x2585, [GLYPH_BAR_6] = 0x2586, [GLYPH_BAR_7] = 0x2587, [GLYPH_BAR_8] = 0x2588,
	[GLYPH_LEFT_1] = 0x258F, [GLYPH_LEFT_2] = 0x258E, [GLYPH_LEFT_3] = 0x258D, [GLYPH_LEFT_4] = 0x258C,
	[GLYPH_LEFT_5] = 0x258B, [GLYPH_LEFT_6] = 0x258A, [GLYPH_LEFT_7] = 0x2589,
	[GLYPH_UPPER_HALF] = 0x2580,
	[GLYPH_SHADE_1] = 0x2591, [GLYPH_SHADE_2] = 0x2592, [GLYPH_SHADE_3] = 0x2593, [GLYPH_SHADE_4] = 0x2588,
	[GLYPH_LINE_H] = 0x2500, [GLYPH_LINE_V] = 0x2502, [GLYPH_BAND] = 0x2501,
	[GLYPH_CORNER_UL] = 0x250C, [GLYPH_CORNER_UR] = 0x2510, [GLYPH_CORNER_LL] = 0x2514, [GLYPH_CORNER_LR] = 0x2518,
	[GLYPH_ARC_UL] = 0x256D, [GLYPH_ARC_UR] = 0x256E, [GLYPH_ARC_LL] = 0x2570, [GLYPH_ARC_LR] = 0x256F,
	[GLYPH_DASH_H] = 0x2504, [GLYPH_DASH_V] = 0x2506,
	[GLYPH_BAND_V] = 0x2503,
	[GLYPH_TEE_UP] = 0x2534, [GLYPH_TEE_DOWN] = 0x252C, [GLYPH_TEE_LEFT] = 0x2524, [GLYPH_TEE_RIGHT] = 0x251C,
	[GLYPH_CROSS] = 0x253C,
	[GLYPH_DOT] = 0x00B7, [GLYPH_SPOT] = 0x00B7, [GLYPH_POINT] = 0x2022, [GLYPH_RUN] = 0x25B6, [GLYPH_PAUSE] = 0x2016,
	[GLYPH_LEFT] = 0x25C2, [GLYPH_RIGHT] = 0x25B8, [GLYPH_UP] = 0x25B4, [GLYPH_DOWN] = 0x25BE,
	[GLYPH_ELLIPSIS] = 0x2026, [GLYPH_TIMES] = 0x00D7, [GLYPH_ARROW] = 0x2192, [GLYPH_CHECK] = 0x2713,
	[GLYPH_ALERT] = '!',
	[GLYPH_CURVE] = 0x2812, [GLYPH_DOTTED] = 0x2805,
	[GLYPH_DISC] = 0x25CF, [GLYPH_CIRCLE] = 0x25CB, [GLYPH_DIAMOND] = 0x25C6, [GLYPH_LOZENGE] = 0x25C7,
};

static const char ascii_table[GLYPHS] = {
	[GLYPH_BLANK] = ' ',
	[GLYPH_BAR_1] = '.', [GLYPH_BAR_2] = ',', [GLYPH_BAR_3] = ':', [GLYPH_BAR_4] = ';',
	[GLYPH_BAR_5] = '+', [GLYPH_BAR_6] = 'x', [GLYPH_BAR_7] = '%', [GLYPH_BAR_8] = '#',
	[GLYPH_LEFT_1] = '.', [GLYPH_LEFT_2] = ':', [GLYPH_LEFT_3] = ':', [GLYPH_LEFT_4] = '|',
	[GLYPH_LEFT_5] = '|', [GLYPH_LEFT_6] = '+', [GLYPH_LEFT_7] = '+',
	[GLYPH_UPPER_HALF] = '"',
	[GLYPH_SHADE_1] = '.', [GLYPH_SHADE_2] = ':', [GLYPH_SHADE_3] = '%', [GLYPH_SHADE_4] = '#',
	[GLYPH_LINE_H] = '-', [GLYPH_LINE_V] = '|', [GLYPH_BAND] = '=',
	[GLYPH_CORNER_UL] = '+', [GLYPH_CORNER_UR] = '+', [GLYPH_CORNER_LL] = '+', [GLYPH_CORNER_LR] = '+',
	[GLYPH_ARC_UL] = '.', [GLYPH_ARC_UR] = '.', [GLYPH_ARC_LL] = '\'', [GLYPH_ARC_LR] = '\'',
	[GLYPH_DASH_H] = '-', [GLYPH_DASH_V] = ':',
	[GLYPH_BAND_V] = '#',
	[GLYPH_TEE_UP] = '+', [GLYPH_TEE_DOWN] = '+', [GLYPH_TEE_LEFT] = '+', [GLYPH_TEE_RIGHT] = '+',
	[GLYPH_CROSS] = '+',
	[GLYPH_DOT] = '.', [GLYPH_SPOT] = '*', [GLYPH_POINT] = 'o', [GLYPH_RUN] = '>', [GLYPH_PAUSE] = '=',
	[GLYPH_LEFT] = '<', [GLYPH_RIGHT] = '>', [GLYPH_UP] = '^', [GLYPH_DOWN] = 'v',
	[GLYPH_ELLIPSIS] = '~', [GLYPH_TIMES] = 'x', [GLYPH_ARROW] = '>', [GLYPH_CHECK] = '+',
	[GLYPH_ALERT] = '!',
	[GLYPH_CURVE] = '-', [GLYPH_DOTTED] = '*',
	[GLYPH_DISC] = '*', [GLYPH_CIRCLE] = 'o', [GLYPH_DIAMOND] = '#', [GLYPH_LOZENGE] = '+',
};

uint32_t glyph(enum glyph glyph, bool ascii)
{
	return ascii ? (uint32_t)(unsigned char)ascii_table[glyph] : unicode[glyph];
}

/* Characters in texts that are not glyphs above, or that read better as
 * words. */
static const struct {
	uint32_t code_point;
	const char *ascii;
} ascii_substitutes[] = {
	{0x00B1, "+-"}, {0x00B2, "^2"}, {0x00B3, "^3"}, {0x00B5, "u"}, {0x00B7, "."}, {0x00B9, "^1"}, {0x00BC, "1/4"}, {0x00BD, "1/2"},
	{0x00D7, "x"}, {0x00F7, "/"}, {0x0394, "D"}, {0x03A3, "sum"}, {0x03A6, "Phi"}, {0x03B1, "alpha"}, {0x03B2, "beta"},
	{0x03B4, "d"}, {0x03B5, "eps"}, {0x03BB, "lambda"}, {0x03BC, "mu"}, {0x03C0, "pi"}, {0x03C3, "sigma"},
	{0x03BE, "xi"}, {0x03C6, "f"}, {0x03C7, "chi"}, {0x2013, "-"}, {0x2014, "-"}, {0x2016, "||"}, {0x2018, "'"},
	{0x2019, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x2026, "..."}, {0x2032, "'"}, {0x2070, "^0"}, {0x207B, "^-"}, {0x2080, "0"},
	{0x2081, "1"}, {0x2082, "2"}, {0x2190, "<-"}, {0x2191, "^"}, {0x2192, "->"}, {0x2193, "v"}, {0x2202, "d"},
	{0x2207, "grad"}, {0x2212, "-"}, {0x221A, "sqrt"}, {0x221E, "inf"}, {0x222B, "int"}, {0x2248, "~"},
	{0x2260, "!="}, {0x2264, "<="}, {0x2265, ">="},
};

/* ---- braille ---- */

#define BRAILLE 0x2800

/* The dots of one column, by row from the top: how many, and the sum of the
 * rows.  The bits are those of the Unicode chart U+2800. */
static int count_dots(unsigned pattern, int column, int *rows)
{
	static const unsigned bits[2][4] = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };
	int count = 0;
	*rows = 0;
	for (int row = 0; row < 4; row++)
		if (pattern & bits[column][row]) {
			count++;
			*rows += row;
		}
	return count;
}

/* Where a curve passes through a cell: ' - _ from high to low, / \ | where it
 * covers three rows or more. */
static const char *braille_ascii(unsigned pattern)
{
	int left_rows, right_rows, left = count_dots(pattern, 0, &left_rows), right = count_dots(pattern, 1, &right_rows);
	int unused, covered = count_dots((pattern & 0x47) | (pattern >> 3 & 0x07) | (pattern >> 1 & 0x40), 0, &unused);
	if (covered == 0)
		return " ";
	if (covered >= 3) {
		/* Compares the mean rows without dividing. */
		int lean = left && right ? left_rows * right - right_rows * left : 0;
		return lean > 0 ? "/" : lean < 0 ? "\\" : "|";
	}
	int twice = 2 * (left_rows + right_rows) / (left + right);
	return twice < 2 ? "'" : twice <= 4 ? "-" : "_";
}

const char *glyph_ascii(uint32_t code_point)
{
	static const char printable[95][2] = {
		" ", "!", "\"", "#", "$", "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", "/",
		"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ":", ";", "<", "=", ">", "?",
		"@", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O",
		"P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "[", "\\", "]", "^", "_",
		"`", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
		"p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "{", "|", "}", "~",
	};
	if (code_point >= 0x20 && code_point < 0x7F)
		return printable[code_point - 0x20];
	for (size_t i = 0; i < sizeof ascii_substitutes / sizeof ascii_substitutes[0]; i++)
		if (ascii_substitutes[i].code_point == code_point)
			return ascii_substitutes[i].ascii;
	for (int i = 0; i < GLYPHS; i++)
		if (unicode[i] == code_point)
			return printable[ascii_table[i] - 0x20];
	return code_point >= BRAILLE && code_point < BRAILLE + 0x100 ? braille_ascii(code_point - BRAILLE) : "?";
}

void glyph_add_ascii(struct text *text, const char *words)
{
	for (uint32_t c; (c = text_decode(&words)) != 0;)
		if (c < 0x80)
			text_add_glyph(text, c);
		else
			text_add(text, glyph_ascii(c));
}
