/* Pictures of numbers in rows and columns: greys as half blocks, numbers with a sign as glyphs. */
#ifndef INITVIZ_DRAW_PIXELS_H
#define INITVIZ_DRAW_PIXELS_H

#include <stddef.h>
#include <stdint.h>

#include "draw/canvas.h"

/* grey[side * side], row-major, 0 black to 255 white, averaged to rect.width x 2 rect.height
 * halves of cells.  In ASCII a glyph stands for both halves. */
void pixels_draw(struct canvas *canvas, struct rect rect, const uint8_t *grey, size_t side);

/* grey[count] as one row of cells; count 0: nothing. */
void pixels_draw_strip(struct canvas *canvas, int x, int y, int width, const uint8_t *grey, size_t count);

/* Positive and negative numbers differ by glyph and by colour. */
#define PIXELS_SIGNED_STEPS 4
void pixels_put_signed(struct canvas *canvas, int x, int y, int step); /* -PIXELS_SIGNED_STEPS .. PIXELS_SIGNED_STEPS */

/* value[side * side], row-major, averaged to rect.width x rect.height cells.  Returns the size of
 * the largest of them, which has the last step; 0 if no number is finite and not 0. */
double pixels_draw_signed(struct canvas *canvas, struct rect rect, const float *value, size_t side);

#endif
