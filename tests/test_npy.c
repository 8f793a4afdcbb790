/* NumPy's array files, made here byte by byte as numpy.lib.format describes them: types, byte and
 * index orders, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unpack.h"
#include "data/npy.h"

/* ---- a stream from memory ---- */

enum { ROOM = 4096 };

struct memory {
	size_t length, at;
	uint8_t bytes[ROOM];
};

static bool read_memory(void *context, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	struct memory *memory = context;
	(void)err;
	size_t left = memory->length - memory->at;
	*got = size < left ? size : left;
	memcpy(out, memory->bytes + memory->at, *got);
	memory->at += *got;
	return true;
}

static struct stream stream_of(struct memory *memory)
{
	memory->at = 0;
	return (struct stream){ .name = "x.npy", .most = memory->length, .context = memory, .read = read_memory };
}

static void add(struct memory *memory, const void *bytes, size_t length)
{
	assert_true(memory->length + length <= ROOM);
	memcpy(memory->bytes + memory->length, bytes, length);
	memory->length += length;
}

/* A file of this version whose header is `dictionary`, without data. */
static void begin(struct memory *memory, int version, const char *dictionary)
{
	uint32_t length = (uint32_t)strlen(dictionary) + 1;
	memory->length = 0;
	add(memory, "\x93NUMPY", 6);
	add(memory, (uint8_t[]){ (uint8_t)version, 0, (uint8_t)length, (uint8_t)(length >> 8), 0, 0 }, version == 1 ? 4 : 6);
	add(memory, dictionary, length - 1);
	add(memory, "\n", 1);
}

/* The usual header. */
static void begin_array(struct memory *memory, const char *descr, bool fortran, const char *shape)
{
	char text[200];
	snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, fortran ? "True" : "False", shape);
	begin(memory, 1, text);
}

/* `count` elements of `size` bytes, the numbers first, first + 1 ..., with the low byte first or last. */
static void add_whole(struct memory *memory, size_t size, bool high_first, int64_t first, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		uint64_t bits = (uint64_t)(first + (int64_t)k);
		uint8_t bytes[8];
		for (size_t i = 0; i < size; i++)
			bytes[high_first ? size - 1 - i : i] = (uint8_t)(bits >> (8 * i));
		add(memory, bytes, size);
	}
}

/* ---- expectations ---- */

static bool read_samples(struct samples *samples, struct memory *memory, struct err *err)
{
	struct stream stream = stream_of(memory);
	struct npy npy;
	*samples = (struct samples){0};
	return npy_read_header(&npy, &stream, err) && npy_read_samples(samples, &npy, &stream, err);
}

static struct samples read_well(struct memory *memory)
{
	struct samples samples;
	struct err err = {0};
	if (!read_samples(&samples, memory, &err))
		fail_msg("%s", err.message);
	return samples;
}

static void refused(struct memory *memory, const char *part)
{
	struct samples samples;
	struct err err = {0};
	assert_false(read_samples(&samples, memory, &err));
	samples_free(&samples);
	assert_int_equal(err.code, ERR_INPUT);
	if (strstr(err.message, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, err.message);
}

static void refused_header(const char *dictionary, const char *part)
{
	struct memory memory;
	begin(&memory, 1, dictionary);
	refused(&memory, part);
}

/* ---- tests ---- */

static void bytes_stay_bytes(void **state)
{
	(void)state;
	struct memory memory;
	begin_array(&memory, "|u1", false, "(3, 2, 5)");
	add_whole(&memory, 1, false, 250, 30);
	struct samples samples = read_well(&memory);
	assert_int_equal(samples.count, 3);
	assert_int_equal(samples.features, 10);
	assert_int_equal(samples.rows, 2);
	assert_int_equal(samples.columns, 5);
	assert_null(samples.values);
	for (size_t i = 0; i < 3; i++) {
		uint8_t pixel[10];
		const uint64_t *on = packed_at(samples.bytes, i);
		unpack(pixel, on, (const uint8_t *)(on + 1), 10);
		for (size_t f = 0; f < 10; f++)
			assert_int_equal(pixel[f], (250 + 10 * i + f) % 256);
	}
	samples_free(&samples);
}

/* Every type, both byte orders: the numbers -3 ... 8 (0 ... 11 where there is no sign). */
static void all_types_give_their_numbers(void **state)
{
	(void)state;
	static const char *const types[] = { "|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<u2", ">u2", "<u4", ">u4", "<u8", ">u8" };
	for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
		struct memory memory;
		int first = types[t][1] == 'i' ? -3 : 0;
		begin_array(&memory, types[t], false, "(4, 3)");
		add_whole(&memory, (size_t)(types[t][2] - '0'), types[t][0] == '>', first, 12);
		struct samples samples = read_well(&memory);
		assert_null(samples.bytes);
		for (int k = 0; k < 12; k++)
			assert_true(samples.values[k] == (float)(first + k));
		samples_free(&samples);
	}
}

/* Half precision: 1.5, -0.1, the smallest, the largest, -0, infinity, as numpy.float16 writes them. */
static void half_precision_in_both_orders(void **state)
{
	(void)state;
	static const uint8_t half[6][2] = { { 0x3E, 0x00 }, { 0xAE, 0x66 }, { 0x00, 0x01 }, { 0x7B, 0xFF }, { 0x80, 0x00 }, { 0x7C, 0x00 } };
	static const float value[6] = { 1.5f, -0.0999755859375f, 5.9604644775390625e-08f, 65504.0f, 0.0f, INFINITY };
	for (int high_first = 0; high_first < 2; high_first++) {
		struct memory memory;
		begin_array(&memory, high_first ? ">f2" : "<f2", false, "(2, 3)");
		for (size_t k = 0; k < 6; k++)
			for (size_t i = 0; i < 2; i++)
				add(&memory, &half[k][high_first ? i : 1 - i], 1);
		struct samples samples = read_well(&memory);
		for (size_t k = 0; k < 6; k++)
			assert_true(samples.values[k] == value[k]);
		assert_true(signbit(samples.values[4]));
		samples_free(&samples);
	}
}

static void floats_of_both_widths_and_orders(void **state)
{
	(void)state;
	/* 1.5, -0.1, NaN, 1e300 as IEEE 754 writes them, the high byte first */
	static const uint8_t wide[4][8] = { { 0x3F, 0xF8 }, { 0xBF, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A }, { 0x7F, 0xF8 },
		                            { 0x7E, 0x37, 0xE4, 0x3C, 0x88, 0x00, 0x75, 0x9C } };
	static const uint8_t narrow[4][4] = { { 0x3F, 0xC0 }, { 0xBD, 0xCC, 0xCC, 0xCD }, { 0x7F, 0xC0 }, { 0x7F, 0x80 } };
	for (int high_first = 0; high_first < 2; high_first++)
		for (size_t size = 4; size <= 8; size += 4) {
			struct memory memory;
			char descr[] = { high_first ? '>' : '<', 'f', size == 4 ? '4' : '8', '\0' };
			begin_array(&memory, descr, false, "(2, 2)");
			for (size_t k = 0; k < 4; k++)
				for (size_t i = 0; i < size; i++) {
					size_t at = high_first ? i : size - 1 - i;
					add(&memory, size == 4 ? &narrow[k][at] : &wide[k][at], 1);
				}
			struct samples samples = read_well(&memory);
			assert_true(samples.values[0] == 1.5f && samples.values[1] == -0.1f);
			assert_true(isnan(samples.values[2]) && isinf(samples.values[3]));
			assert_int_equal(samples.nan, 1);
			assert_int_equal(samples.inf, 1);
			assert_int_equal(samples.bad_sample, 1);
			assert_int_equal(samples.bad_feature, 0);
			samples_free(&samples);
		}
}

/* a[i, j, k] = 100 i + 10 j + k, written with i fastest. */
static void fortran_order_is_undone(void **state)
{
	(void)state;
	struct memory memory;
	for (int bytes = 0; bytes < 2; bytes++) {
		begin_array(&memory, bytes ? "|u1" : "<i4", true, "(2, 3, 4)");
		for (int k = 0; k < 4; k++)
			for (int j = 0; j < 3; j++)
				for (int i = 0; i < 2; i++)
					add_whole(&memory, bytes ? 1 : 4, false, 100 * i + 10 * j + k, 1);
		struct samples samples = read_well(&memory);
		for (size_t i = 0; i < 2; i++) {
			uint8_t pixel[12];
			if (bytes)
				unpack(pixel, packed_at(samples.bytes, i), (const uint8_t *)(packed_at(samples.bytes, i) + 1), 12);
			for (size_t f = 0; f < 12; f++)
				assert_true((bytes ? (float)pixel[f] : samples.values[12 * i + f]) == (float)(100 * i + 10 * (f / 4) + f % 4));
		}
		samples_free(&samples);
	}
}

static void versions_and_spellings_of_the_header(void **state)
{
	(void)state;
	static const char *const headers[] = {
		"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }",
		"{\"shape\":(2L,3L),\"descr\":\"|u1\",\"fortran_order\":False}   ",
		"{ 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , 'descr' : 'u1' }",
	};
	for (int version = 1; version <= 3; version++)
		for (size_t h = 0; h < 3; h++) {
			struct memory memory;
			begin(&memory, version, headers[h]);
			add_whole(&memory, 1, false, 1, 6);
			if (h == 2) {
				refused(&memory, "('u1')"); /* NumPy always writes the order */
				continue;
			}
			struct samples samples = read_well(&memory);
			assert_int_equal(samples.features, 3);
			samples_free(&samples);
		}
}

static void what_is_no_array_of_numbers_is_refused(void **state)
{
	(void)state;
	struct memory memory = { .length = 10, .bytes = "not NUMPY." };
	refused(&memory, "x.npy: not a NumPy array");
	begin(&memory, 4, "{}");
	refused(&memory, "version 4 of the NumPy format");
	refused_header("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }",
	               "Python objects (a pickle), which are never read, because reading them can run any program");
	refused_header("{'descr': '<U5', 'fortran_order': False, 'shape': (2, 3), }", "holds text");
	refused_header("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 3), }", "holds complex numbers");
	refused_header("{'descr': '|f1', 'fortran_order': False, 'shape': (2, 3), }", "a type that is not read");
	refused_header("{'descr': '<f16', 'fortran_order': False, 'shape': (2, 3), }", "a type that is not read");
	refused_header("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }", "holds records");
	refused_header("{'descr': '|u1', 'fortran_order': False}", "the header is damaged");
	refused_header("{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 3)}", "the header is damaged");
	refused_header("{'descr': '|u1', 'fortran_order': False, 'shape': (-2, 3)}", "the header is damaged");
	refused_header("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), 'shape': (2, 3)}", "the header is damaged");
	refused_header("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), 'more': 1}", "the header is damaged");
	refused_header("__import__('os').system('true')", "the header is damaged");
}

static void shapes_that_are_no_samples_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *shape, *part;
	} shapes[] = {
		{ "()", "0 dimensions" }, { "(1, 2, 3, 4, 5)", "5 dimensions" }, { "(0, 3)", "0 samples" }, { "(3, 0)", "0 features" },
		{ "(3,)", "one dimension" }, { "(1000, 1000)", "truncated: the header declares 1000000 bytes" },
		{ "(4294967296, 4294967296)", "more than the 2 GiB" }, { "(99999999999999999999, 2)", "the header is damaged" },
		{ "(0, 4294967296, 4294967296)", "0 samples" }, { "(30000000000, 1)", "more than the 2 GiB" },
	};
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		struct memory memory;
		begin_array(&memory, "|u1", false, shapes[i].shape);
		add_whole(&memory, 1, false, 0, 3);
		refused(&memory, shapes[i].part);
	}
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (int fortran = 0; fortran < 2; fortran++) {
		struct memory memory, cut;
		begin_array(&memory, "<f4", fortran, "(3, 2)");
		add_whole(&memory, 4, false, 0, 6);
		for (size_t length = 0; length < memory.length; length++) {
			cut = memory;
			cut.length = length;
			struct samples samples;
			struct err err = {0};
			assert_false(read_samples(&samples, &cut, &err));
			assert_int_equal(err.code, ERR_INPUT);
			assert_non_null(strstr(err.message, "truncated"));
			samples_free(&samples);
		}
		add(&memory, "x", 1);
		refused(&memory, "more bytes follow");
	}
}

/* ---- labels ---- */

static bool read_labels(struct samples *samples, struct memory *memory, struct err *err)
{
	struct stream stream = stream_of(memory);
	struct npy npy;
	*samples = (struct samples){ .count = 3, .name = "x" };
	return npy_read_header(&npy, &stream, err) && npy_read_labels(samples, &npy, &stream, err);
}

static void labels_are_whole_numbers_of_any_width(void **state)
{
	(void)state;
	static const char *const types[] = { "|b1", "|u1", "|i1", "<u2", ">i2", "<i4", ">u4", "<i8", ">i8" };
	for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
		for (int column = 0; column < 2; column++) {
			struct memory memory;
			struct samples samples;
			struct err err = {0};
			begin_array(&memory, types[t], false, column ? "(3, 1)" : "(3,)");
			add_whole(&memory, (size_t)(types[t][2] - '0'), types[t][0] == '>', 0, 3);
			if (!read_labels(&samples, &memory, &err))
				fail_msg("%s: %s", types[t], err.message);
			assert_memory_equal(samples.label, "\0\1\2", 3);
			samples_free(&samples);
		}
}

static void labels_out_of_range_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *descr, *shape;
		int64_t first;
		const char *part;
	} labels[] = {
		{ "<i4", "(3,)", -1, "label -1 of sample 0: 0 to 255" },
		{ "<i8", "(3,)", 254, "label 256 of sample 2: 0 to 255" },
		{ "<u8", "(3,)", -3, "label 18446744073709551613 of sample 0" },
		{ "<f4", "(3,)", 0, "label 1.4013e-45 of sample 1: whole numbers from 0 to 255" },
		{ "<i4", "(2,)", 0, "2 labels, but 3 samples in x" },
		{ "|u1", "(3, 10)", 0, "argmax(1)" },
		{ "|u1", "(1, 1, 3)", 0, "labels of 3 dimensions" },
	};
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		struct memory memory;
		struct samples samples;
		struct err err = {0};
		begin_array(&memory, labels[i].descr, false, labels[i].shape);
		add_whole(&memory, (size_t)(labels[i].descr[2] - '0'), false, labels[i].first, 30);
		assert_false(read_labels(&samples, &memory, &err));
		samples_free(&samples);
		if (strstr(err.message, labels[i].part) == NULL)
			fail_msg("'%s' is not in '%s'", labels[i].part, err.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_stay_bytes),
		cmocka_unit_test(all_types_give_their_numbers),
		cmocka_unit_test(half_precision_in_both_orders),
		cmocka_unit_test(floats_of_both_widths_and_orders),
		cmocka_unit_test(fortran_order_is_undone),
		cmocka_unit_test(versions_and_spellings_of_the_header),
		cmocka_unit_test(what_is_no_array_of_numbers_is_refused),
		cmocka_unit_test(shapes_that_are_no_samples_are_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(labels_are_whole_numbers_of_any_width),
		cmocka_unit_test(labels_out_of_range_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
