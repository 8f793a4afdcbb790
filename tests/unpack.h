/* The pixels of a packed image, struct dataset_image. */
#ifndef INITVIZ_TESTS_UNPACK_H
#define INITVIZ_TESTS_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/* on: bit i % 64 of word i / 64 is set if pixel i is not 0; value: the bytes of
 * those pixels in order. */
static inline void unpack(uint8_t *pixel, const uint64_t *on, const uint8_t *value, size_t pixels)
{
	for (size_t i = 0; i < pixels; i++)
		pixel[i] = on[i / 64] >> i % 64 & 1 ? *value++ : 0;
}

#endif
