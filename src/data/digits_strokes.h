/* The pen strokes from which the built-in digits are drawn; used by digits.c
 * only. */
#ifndef INITVIZ_DATA_DIGITS_STROKES_H
#define INITVIZ_DATA_DIGITS_STROKES_H

#include <stdint.h>

#define STROKES_WIDTH 100  /* of the box in which all glyphs are written */
#define STROKES_HEIGHT 140
#define STROKES_MAX_POINTS 20
#define STROKES_PEN_UP 255 /* as x: the next point begins another stroke */

/* One way to write one digit: a smooth curve through the points in order, x
 * to the right, y downwards.  A point given twice is a corner. */
struct glyph {
	uint8_t digit;
	uint8_t weight; /* how often this way is chosen, among the digit's glyphs */
	uint8_t count;  /* points, pen-ups included */
	struct {
		uint8_t x, y;
	} point[STROKES_MAX_POINTS];
};

/* All glyphs, ordered by digit. */
extern const struct glyph strokes_glyphs[];

/* The glyphs of digit d are strokes_first[d] <= i < strokes_first[d + 1]. */
extern const uint8_t strokes_first[11];

#endif
