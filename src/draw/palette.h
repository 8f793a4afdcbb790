/* Palettes: the colour and attributes of each role.  Colours are xterm-256
 * numbers with an 8-colour replacement; the background is always the
 * terminal's own. */
#ifndef INITVIZ_DRAW_PALETTE_H
#define INITVIZ_DRAW_PALETTE_H

#include <stdint.h>

#include "base/entry.h"
#include "draw/canvas.h"

#define PALETTE_DEFAULT_COLOUR (-1)

struct palette_style {
	int16_t colour_256; /* 0..255, or PALETTE_DEFAULT_COLOUR */
	int16_t colour_8;   /* 0..7, or PALETTE_DEFAULT_COLOUR */
	uint8_t flags;      /* enum cell_flags */
};

struct palette {
	struct entry entry; /* default, light, colour-blind, contrast, monochrome */
	bool light;         /* for a light background, else for a dark one */
	struct palette_style style[ROLES];
};

TABLE_DECLARE(palettes, struct palette, palette)

/* The palette for the background that COLORFGBG names, "0;15": foreground and
 * background of the terminal as numbers of the first 16 colours.  The default one
 * if no background is named; NULL is allowed. */
const struct palette *palette_for_background(const char *colorfgbg);

/* The palette for the background that a terminal reports, "11;rgb:ffff/ffff/ffff"
 * (xterm, OSC 11); NULL where the text is no such report. */
const struct palette *palette_for_report(const char *report);

/* The sRGB value of an xterm-256 colour, 0xRRGGBB. */
uint32_t palette_rgb(int colour_256);

#endif
