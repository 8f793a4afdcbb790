/* The built-in digits: an endless, index-keyed generator of handwritten-looking
 * digits, 28 x 28, matched to MNIST's first two moments and norm spread, from
 * own strokes.  The same bytes on every machine: integer arithmetic only. */
#ifndef INITVIZ_DATA_DIGITS_H
#define INITVIZ_DATA_DIGITS_H

#include <stdint.h>

#define DIGITS_SIDE 28
#define DIGITS_PIXELS (DIGITS_SIDE * DIGITS_SIDE)

/* Draws image number `index` of the endless series of `seed` into
 * pixel[DIGITS_PIXELS] (0 background, 255 ink) and returns its digit, 0..9. */
int digits_draw(uint8_t *pixel, uint64_t seed, uint64_t index);

/* The digit that digits_draw() will draw, without drawing.  Ten images in a
 * row, from a multiple of ten on, are the ten digits in shuffled order. */
int digits_label(uint64_t seed, uint64_t index);

#endif
