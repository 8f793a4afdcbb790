/* The two glyph tables, Unicode and ASCII, with the same indexes, and the
 * ASCII forms of the few other characters used in texts. */
#ifndef INITVIZ_DRAW_GLYPHS_H
#define INITVIZ_DRAW_GLYPHS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum glyph {
	GLYPH_BLANK,
	GLYPH_BAR_1, GLYPH_BAR_2, GLYPH_BAR_3, GLYPH_BAR_4, GLYPH_BAR_5, GLYPH_BAR_6, GLYPH_BAR_7, GLYPH_BAR_8,
	GLYPH_LEFT_1, GLYPH_LEFT_2, GLYPH_LEFT_3, GLYPH_LEFT_4, GLYPH_LEFT_5, GLYPH_LEFT_6, GLYPH_LEFT_7, /* eighths from the left */
	GLYPH_UPPER_HALF,
	GLYPH_SHADE_1, GLYPH_SHADE_2, GLYPH_SHADE_3, GLYPH_SHADE_4,
	GLYPH_LINE_H, GLYPH_LINE_V, GLYPH_BAND, /* a heavy horizontal line */
	GLYPH_CORNER_UL, GLYPH_CORNER_UR, GLYPH_CORNER_LL, GLYPH_CORNER_LR,
	GLYPH_ARC_UL, GLYPH_ARC_UR, GLYPH_ARC_LL, GLYPH_ARC_LR, GLYPH_DASH_H, GLYPH_DASH_V,
	GLYPH_BAND_V, /* a heavy vertical line */
	GLYPH_TEE_UP, GLYPH_TEE_DOWN, GLYPH_TEE_LEFT, GLYPH_TEE_RIGHT, GLYPH_CROSS,
	GLYPH_DOT, GLYPH_SPOT, GLYPH_POINT, GLYPH_RUN, GLYPH_PAUSE, GLYPH_LEFT, GLYPH_RIGHT, GLYPH_UP, GLYPH_DOWN,
	GLYPH_ELLIPSIS, GLYPH_TIMES, GLYPH_ARROW, GLYPH_CHECK, GLYPH_ALERT,
	GLYPH_CURVE, GLYPH_DOTTED, /* samples of the curves of draw/braille.h */
	GLYPH_DISC, GLYPH_CIRCLE, GLYPH_DIAMOND, GLYPH_LOZENGE, /* points: filled, hollow */
	GLYPHS
};

uint32_t glyph(enum glyph glyph, bool ascii);

/* The printable ASCII text for a code point ("x" for the times sign, "->"
 * for an arrow, "d" for delta ...), "?" if there is none. */
const char *glyph_ascii(uint32_t code_point);

/* Appends UTF-8 text with all non-ASCII characters replaced. */
void glyph_add_ascii(struct text *text, const char *words);

#endif
