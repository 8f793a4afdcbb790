/* Packed images: records in blocks of memory that are added and never moved. */
#include "data/packed.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"

enum {
	FIRST_BLOCK = 64 * 1024, /* bytes, enough for a small data set; the others are huge pages */
	CACHE_LINE = 64,
};

struct block {
	struct block *before;
	uint64_t words[];
};

struct packed {
	size_t count, pixels;
	size_t filled;           /* stored images */
	size_t total;            /* words of their records */
	const uint64_t **record; /* (count) */
	uint64_t *draft;         /* room for the longest possible record */
	struct block *block;     /* the last one */
	size_t used, size;       /* words of it */
};

struct packed *packed_create(size_t count, size_t pixels, struct err *err)
{
	struct packed *packed = alloc_array(1, sizeof *packed, err);
	if (packed == NULL)
		return NULL;
	packed->count = count;
	packed->pixels = pixels;
	packed->record = alloc_array(count, sizeof *packed->record, err);
	size_t longest = packed_words(pixels) * sizeof(uint64_t) + pixels + PACKED_BEHIND;
	packed->draft = packed->record ? alloc_array(longest, 1, err) : NULL;
	if (packed->draft)
		return packed;
	packed_destroy(packed);
	return NULL;
}

void packed_destroy(struct packed *packed)
{
	if (packed == NULL)
		return;
	while (packed->block) {
		struct block *block = packed->block;
		packed->block = block->before;
		alloc_free(block);
	}
	alloc_free(packed->record);
	alloc_free(packed->draft);
	alloc_free(packed);
}

/* ---- packing ---- */

/* Eight pixels with the first one in the lowest byte, on any machine. */
static uint64_t eight_pixels(const uint8_t *bytes)
{
	uint64_t pixels;
	memcpy(&pixels, bytes, sizeof pixels);
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(pixels) : pixels;
}

/* One bit for each of eight bytes, set where it is not 0: it is carried or kept
 * in the byte's high bit, and a product brings the eight high bits together. */
static uint64_t bits_of(uint64_t pixels)
{
	const uint64_t low = 0x7F7F7F7F7F7F7F7F;
	uint64_t high = (((pixels & low) + low) | pixels) & ~low;
	return (high >> 7) * 0x0102040810204080 >> 56;
}

/* The bitmap of up to 64 pixels. */
static inline uint64_t map(const uint8_t *bytes, size_t pixels)
{
	uint64_t on = 0;
	size_t i = 0;
	for (; i + 8 <= pixels; i += 8)
		on |= bits_of(eight_pixels(bytes + i)) << i;
	for (; i < pixels; i++)
		on |= (uint64_t)(bytes[i] != 0) << i;
	return on;
}

/* Appends those of 64 pixels that are on, a run of them at once, and returns where
 * the next ones go.  Copies sixteen at a time: the excess is overwritten later. */
static uint8_t *gather(uint8_t *value, const uint8_t *bytes, uint64_t on)
{
	while (on) {
		size_t zeros = (size_t)__builtin_ctzll(on);
		on >>= zeros;
		bytes += zeros;
		size_t length = ~on ? (size_t)__builtin_ctzll(~on) : 64;
		for (size_t i = 0; i < length; i += 16)
			memcpy(value + i, bytes + i, 16);
		on = length < 64 ? on >> length : 0;
		bytes += length;
		value += length;
	}
	return value;
}

/* Writes the record of an image and returns its words. */
static size_t pack(uint64_t *record, const uint8_t *bytes, size_t pixels)
{
	const size_t words = packed_words(pixels);
	uint8_t *first = (uint8_t *)(record + words), *value = first;
	for (size_t w = 0; w < words; w++) {
		size_t left = pixels - 64 * w;
		record[w] = left < 64 ? map(bytes + 64 * w, left) : map(bytes + 64 * w, 64);
		value = gather(value, bytes + 64 * w, record[w]);
	}
	return words + ((size_t)(value - first) + sizeof *record - 1) / sizeof *record;
}

static bool make_room(struct packed *packed, size_t words, struct err *err)
{
	if (packed->size - packed->used >= words)
		return true;
	size_t bytes = sizeof(struct block) + words * sizeof(uint64_t), size = FIRST_BLOCK;
	bool small = packed->block == NULL && bytes <= size;
	struct block *block = small ? alloc_array(size, 1, err) : alloc_huge(bytes, &size, err);
	if (block == NULL)
		return false;
	block->before = packed->block;
	packed->block = block;
	packed->used = 0;
	packed->size = (size - sizeof *block) / sizeof(uint64_t);
	return true;
}

bool packed_put(struct packed *packed, size_t index, const uint8_t *bytes, struct err *err)
{
	assert(index < packed->count && packed->record[index] == NULL);
	size_t words = pack(packed->draft, bytes, packed->pixels);
	if (!make_room(packed, words, err))
		return false;
	packed->record[index] = memcpy(packed->block->words + packed->used, packed->draft, words * sizeof(uint64_t));
	packed->used += words;
	packed->total += words;
	packed->filled++;
	return true;
}

/* ---- reading ---- */

const uint64_t *packed_at(const struct packed *packed, size_t index)
{
	assert(index < packed->count);
	return packed->record[index];
}

size_t packed_count(const struct packed *packed)
{
	return packed->filled;
}

void packed_prefetch(const struct packed *packed, size_t index)
{
	const uint64_t *record = packed_at(packed, index);
	if (record == NULL)
		return;
	/* the length is known only from the record itself: assume the mean and one cache line */
	const char *at = (const char *)record, *end = at + packed->total / packed->filled * sizeof *record + CACHE_LINE;
	for (; at < end; at += CACHE_LINE)
		__builtin_prefetch(at);
}
