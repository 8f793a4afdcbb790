/* Images of which most pixels are 0, kept as a bitmap of the others and their
 * bytes: a third of the memory for MNIST.  Grows as images come, in any order,
 * and moves none.  Used by one thread at a time. */
#ifndef INITVIZ_DATA_PACKED_H
#define INITVIZ_DATA_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct packed;

/* Words of the bitmap of an image. */
static inline size_t packed_words(size_t pixels)
{
	return (pixels + 63) / 64;
}

/* Room for `count` images of `pixels` bytes each, none of which is stored yet. */
struct packed *packed_create(size_t count, size_t pixels, struct err *err);
void packed_destroy(struct packed *packed); /* NULL is allowed */

/* Packs bytes[pixels] as image `index`, which must not be stored yet.  Up to
 * PACKED_BEHIND bytes after them are read and ignored.  ERR_RESOURCE when memory
 * runs out. */
#define PACKED_BEHIND 15
bool packed_put(struct packed *packed, size_t index, const uint8_t *bytes, struct err *err);

/* Image `index`, NULL when it is not stored: packed_words() words, bit i % 64 of
 * word i / 64 being 1 if pixel i is not 0, then the bytes of those pixels.
 *  Valid until packed_destroy(). */
const uint64_t *packed_at(const struct packed *packed, size_t index);

/* The number of stored images. */
size_t packed_count(const struct packed *packed);

/* Prefetches an image that will be used soon into the CPU's cache, if it is stored. */
void packed_prefetch(const struct packed *packed, size_t index);

#endif
