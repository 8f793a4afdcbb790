/* Packed images: they are unpacked to the same bytes for any size, order and
 * share of pixels that are 0; records do not move; short memory is an error. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "unpack.h"
#include "data/packed.h"
#include "faulty_alloc.h"

enum { MOST = 784 + PACKED_BEHIND };

/* Image k of a series: a share of its pixels is not 0, all of them in the fifth
 * image, none in the sixth. */
static void draw(uint8_t *pixel, size_t pixels, unsigned k)
{
	uint32_t state = 2654435761u * (k + 1);
	for (size_t i = 0; i < pixels + PACKED_BEHIND; i++) {
		state = 1664525 * state + 1013904223;
		bool on = k % 8 == 5 || (k % 8 != 6 && (state >> 8) % 8 < k % 8 + 1);
		pixel[i] = (uint8_t)(on ? (state >> 16) % 255 + 1 : 0);
	}
}

/* Image `index` is image k of the series, its bitmap has no other bits, and its
 * values follow. */
static void holds(const struct packed *packed, size_t index, size_t pixels, unsigned k)
{
	uint8_t wanted[MOST], seen[MOST];
	const uint64_t *on = packed_at(packed, index);
	assert_non_null(on);
	draw(wanted, pixels, k);
	const uint8_t *value = (const uint8_t *)(on + packed_words(pixels));
	unpack(seen, on, value, pixels);
	assert_memory_equal(seen, wanted, pixels);
	for (size_t i = 0; i < 64 * packed_words(pixels); i++) {
		bool is_on = on[i / 64] >> i % 64 & 1;
		assert_int_equal(is_on, i < pixels && wanted[i] != 0);
		if (is_on)
			assert_int_equal(*value++, wanted[i]);
	}
}

static void images_of_any_size_come_back(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 7, 8, 9, 63, 64, 65, 127, 128, 130, 576, 783, 784 };
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
		uint8_t pixel[MOST];
		struct packed *packed = packed_create(40, sizes[s], NULL);
		assert_non_null(packed);
		for (unsigned k = 0; k < 40; k++) {
			draw(pixel, sizes[s], k);
			assert_true(packed_put(packed, k, pixel, NULL));
		}
		for (unsigned k = 0; k < 40; k++)
			holds(packed, k, sizes[s], k);
		packed_destroy(packed);
	}
}

/* More images than a block holds, from the last to the first. */
static void nothing_moves(void **state)
{
	(void)state;
	enum { COUNT = 5000 };
	uint8_t pixel[MOST];
	const uint64_t *first = NULL;
	struct packed *packed = packed_create(COUNT, 784, NULL);
	assert_non_null(packed);
	for (unsigned k = COUNT; k-- > 0;) {
		assert_null(packed_at(packed, k));
		assert_int_equal(packed_count(packed), COUNT - 1 - k);
		packed_prefetch(packed, k);
		draw(pixel, 784, k);
		assert_true(packed_put(packed, k, pixel, NULL));
		packed_prefetch(packed, k);
		first = first ? first : packed_at(packed, k);
	}
	assert_ptr_equal(packed_at(packed, COUNT - 1), first);
	for (unsigned k = 0; k < COUNT; k++)
		holds(packed, k, 784, k);
	packed_destroy(packed);
}

static void an_image_larger_than_a_block_has_its_own(void **state)
{
	(void)state;
	enum { LARGE = 1500 * 1500 };
	uint8_t *pixel = calloc(LARGE + PACKED_BEHIND, 1), *seen = calloc(LARGE, 1);
	assert_true(pixel && seen);
	memset(pixel, 9, LARGE);
	struct packed *packed = packed_create(3, LARGE, NULL);
	assert_non_null(packed);
	for (size_t k = 0; k < 3; k++) {
		pixel[LARGE - 1 - k] = 0;
		assert_true(packed_put(packed, k, pixel, NULL));
	}
	for (size_t k = 3; k-- > 0;) {
		const uint64_t *on = packed_at(packed, k);
		unpack(seen, on, (const uint8_t *)(on + packed_words(LARGE)), LARGE);
		assert_memory_equal(seen, pixel, LARGE);
		pixel[LARGE - 1 - k] = 9;
	}
	packed_destroy(packed);
	free(pixel);
	free(seen);
}

static void no_memory_is_told_and_can_be_tried_again(void **state)
{
	(void)state;
	uint8_t pixel[MOST];
	struct err err = {0};
	draw(pixel, 784, 3);
	for (unsigned long n = 1; n <= 3; n++) {
		err = (struct err){0};
		faulty_alloc_arm(n, false);
		assert_null(packed_create(10, 784, &err));
		assert_int_equal(err.code, ERR_RESOURCE);
	}
	faulty_alloc_arm(0, false);
	struct packed *packed = packed_create(10, 784, NULL);
	assert_non_null(packed);
	faulty_alloc_arm(1, false);
	err = (struct err){0};
	assert_false(packed_put(packed, 4, pixel, &err));
	assert_int_equal(err.code, ERR_RESOURCE);
	assert_int_equal(packed_count(packed), 0);
	assert_null(packed_at(packed, 4));
	assert_true(packed_put(packed, 4, pixel, &err));
	holds(packed, 4, 784, 3);
	packed_destroy(packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_of_any_size_come_back),
		cmocka_unit_test(nothing_moves),
		cmocka_unit_test(an_image_larger_than_a_block_has_its_own),
		cmocka_unit_test(no_memory_is_told_and_can_be_tried_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
