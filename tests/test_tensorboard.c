/* TensorBoard's event files: records, checks and histograms against bytes and sums that
 * were computed elsewhere. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/tensorboard_parts.h"

/* RFC 3720, B.4: 32 bytes of zeros, 32 of ones, 0 to 31; and the usual check value. */
static void test_crc(void **state)
{
	(void)state;
	uint8_t bytes[32] = {0};
	assert_int_equal(tensorboard_crc(bytes, 32), 0x8A9136AA);
	memset(bytes, 0xFF, sizeof bytes);
	assert_int_equal(tensorboard_crc(bytes, 32), 0x62A8AB43);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = i;
	assert_int_equal(tensorboard_crc(bytes, 32), 0x46DD794E);
	assert_int_equal(tensorboard_crc("123456789", 9), 0xE3069283);
}

/* Written by TensorFlow for this time. */
static void test_first_record(void **state)
{
	(void)state;
	static const uint8_t golden[] = {
		0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22,
		0x09, 0, 0, 0, 0x40, 0xfc, 0x54, 0xd9, 0x41, 0x1a, 0x0d, 0x62, 0x72, 0x61, 0x69, 0x6e, 0x2e, 0x45, 0x76,
		0x65, 0x6e, 0x74, 0x3a, 0x32, 0xec, 0xed, 0x8f, 0x9d,
	};
	struct text file = {0};
	tensorboard_first_record(&file, 1700000000.0);
	assert_int_equal(file.length, sizeof golden);
	assert_memory_equal(text_string(&file), golden, sizeof golden);
	text_free(&file);
}

/* ---- histograms ---- */

static double total(const struct tensorboard_histogram *h)
{
	double sum = 0;
	for (size_t i = 0; i < h->rows; i++) {
		sum += h->row[i][2];
		assert_true(h->row[i][0] <= h->row[i][1]);
		if (i)
			assert_float_equal(h->row[i][0], h->row[i - 1][1], 1e-12);
	}
	return sum;
}

static void test_rows(void **state)
{
	(void)state;
	struct tensor_observation tensor = {
		.moments = { .n = 115, .nan = 3, .inf = 2, .min = -7, .max = 9 },
		.histogram = { .low = -2, .high = 2, .n = 115, .below = 4, .above = 6, .nan = 3, .inf = 2, .spikes = 1,
		               .spike = { { .value = 0, .count = 50 } } },
	};
	tensor.histogram.counts[10] = 20;
	tensor.histogram.counts[11] = 10;
	tensor.histogram.counts[200] = 20;
	struct tensorboard_histogram h;
	tensorboard_histogram(&h, &tensor);
	assert_float_equal(total(&h), 110, 0);
	assert_float_equal(h.row[0][0], -7, 0);
	assert_float_equal(h.row[0][1], -2, 0);
	assert_float_equal(h.row[0][2], 4, 0);
	assert_float_equal(h.row[h.rows - 1][1], 9, 0);
	assert_float_equal(h.row[h.rows - 1][2], 6, 0);
	/* below, gap, two bins, gap, the atom's bin, gap, a bin, gap, above */
	assert_int_equal(h.rows, 10);
	assert_float_equal(h.row[5][2], 50, 0);
	assert_true(h.row[5][0] <= 0 && h.row[5][1] >= 0);
}

static void test_rows_without_spread(void **state)
{
	(void)state;
	struct tensorboard_histogram h;
	struct tensor_observation equal = {
		.moments = { .n = 9, .min = 0.05, .max = 0.05 }, .histogram = { .low = 0, .high = 1, .n = 9 },
	};
	tensorboard_histogram(&h, &equal);
	assert_int_equal(h.rows, 1);
	assert_float_equal(h.row[0][0], 0.05, 0);
	assert_float_equal(h.row[0][1], 0.05, 0);
	assert_float_equal(h.row[0][2], 9, 0);
	struct tensor_observation none = { .moments = { .n = 5, .nan = 4, .inf = 1, .min = NAN, .max = NAN },
	                                   .histogram = { .low = 0, .high = 1, .n = 5, .nan = 4, .inf = 1 } };
	tensorboard_histogram(&h, &none);
	assert_int_equal(h.rows, 1);
	for (size_t i = 0; i < 3; i++)
		assert_float_equal(h.row[0][i], 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc),
		cmocka_unit_test(test_first_record),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_rows_without_spread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
