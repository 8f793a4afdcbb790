/* Bytes as a file of images or of labels, plain or gzip: all items or a
 * message, no more memory than the header declares. */

#include "data/idx.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

/* Reads each byte of every available item. */
static unsigned long sum_of(const struct idx *idx, size_t item)
{
	unsigned long sum = 0;
	for (size_t i = 0; i < idx_available(idx); i++) {
		const struct packed *images = idx_images(idx);
		if (images == NULL) {
			sum += idx_labels(idx)[i];
			continue;
		}
		const uint64_t *on = packed_at(images, i);
		const uint8_t *value = (const uint8_t *)(on + packed_words(item));
		for (size_t w = 0; w < packed_words(item); w++)
			for (int bits = __builtin_popcountll(on[w]); bits > 0; bits--)
				sum += *value++;
	}
	return sum;
}

static void read_all(struct idx *idx, size_t first)
{
	struct err err = {0};
	REQUIRE(idx_count(idx) >= 1 && idx_rows(idx) >= 1 && idx_columns(idx) >= 1);
	bool good = idx_need(idx, first, &err) && idx_need(idx, SIZE_MAX, &err);
	REQUIRE(idx_available(idx) <= idx_count(idx));
	size_t item = idx_rows(idx) * idx_columns(idx);
	REQUIRE(sum_of(idx, item) <= 255 * idx_available(idx) * item);
	if (good) {
		uint32_t crc;
		REQUIRE(idx_available(idx) == idx_count(idx));
		good = idx_crc(idx, &crc, &err);
	}
	if (!good)
		fuzz_check_message(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	unsigned what = input_byte(&input);
	struct err err = {0};
	const char *path = memory_file_open(input.byte, input.left);
	struct idx *idx = idx_open(path, what & 1 ? IDX_LABELS : IDX_IMAGES, &err);
	if (idx)
		read_all(idx, what >> 1);
	else
		fuzz_check_message(&err);
	idx_close(idx);
	memory_file_close();
	return 0;
}
