/* The base room: buffers, numbers, escaping, names and specs. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/spec.h"
#include "base/text.h"
#include "base/warnings.h"
#include "base/whole.h"

static void test_alloc_overflow(void **state)
{
	(void)state;
	struct err err = {0};
	assert_null(alloc_array(SIZE_MAX / 2, 3, &err));
	assert_int_equal(err.code, ERR_RESOURCE);
	assert_null(alloc_aligned(SIZE_MAX, 1, &err));
	void *nothing = alloc_array(0, 8, &err);
	assert_non_null(nothing);
	alloc_free(nothing);
	float *vector = alloc_aligned(3, sizeof *vector, &err);
	assert_int_equal((uintptr_t)vector % 64, 0);
	assert_true(vector[0] == 0 && vector[2] == 0);
	alloc_aligned_free(vector);
	alloc_aligned_free(NULL);
	size_t size = 0;
	char *block = alloc_huge(ALLOC_HUGE_PAGE + 1, &size, &err);
	assert_int_equal(size, 2 * ALLOC_HUGE_PAGE);
	assert_int_equal((uintptr_t)block % ALLOC_HUGE_PAGE, 0);
	block[0] = block[size - 1] = 1;
	alloc_free(block);
	assert_null(alloc_huge(SIZE_MAX, &size, &err));
}

static void test_whole(void **state)
{
	(void)state;
	assert_int_equal(whole_int(2.9, 0, 9), 2);
	assert_int_equal(whole_int(-2.9, -9, 9), -2);
	assert_int_equal(whole_int(-0.5, 0, 9), 0);
	assert_int_equal(whole_int(1e27, 0, 9), 9);
	assert_int_equal(whole_int(-INFINITY, -3, 9), -3);
	assert_int_equal(whole_int(INFINITY, INT_MIN, INT_MAX), INT_MAX);
	assert_int_equal(whole_int(-1e300, INT_MIN, INT_MAX), INT_MIN);
	assert_int_equal(whole_int(NAN, -3, 9), -3);
	assert_true(whole_count(0.99) == 0 && whole_count(-0.0) == 0 && whole_count(-1e30) == 0 && whole_count(NAN) == 0);
	assert_true(whole_count(0x1p53 + 2) == ((uint64_t)1 << 53) + 2);
	assert_true(whole_count(0x1.fffffffffffffp63) == UINT64_MAX - 2047);
	assert_true(whole_count(0x1p64) == UINT64_MAX && whole_count(INFINITY) == UINT64_MAX);
}

static void test_text_buffer(void **state)
{
	(void)state;
	struct text text = {0};
	assert_string_equal(text_string(&text), "");
	for (int i = 0; i < 1000; i++)
		text_addf(&text, "%d,", i % 10);
	assert_int_equal(text.length, 2000);
	assert_memory_equal(text_string(&text) + 1990, "5,6,7,8,9,", 10);
	text_clear(&text);
	text_add_glyph(&text, 0x2588);
	text_add_glyph(&text, 'x');
	text_add_glyph(&text, 0xE9);
	text_add_glyph(&text, 0x1F600);
	assert_string_equal(text_string(&text), "\xE2\x96\x88x\xC3\xA9\xF0\x9F\x98\x80");
	const char *p = text_string(&text);
	assert_int_equal(text_decode(&p), 0x2588);
	assert_int_equal(text_decode(&p), 'x');
	assert_int_equal(text_decode(&p), 0xE9);
	assert_int_equal(text_decode(&p), 0x1F600);
	assert_int_equal(text_decode(&p), 0);
	text_clear(&text);
	const char *const words[] = { "plain-1.5", "", "two words", "it's", "\x1b]0;t\a", "\\it's\n", "\xC2\x9B" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		text_add_quoted(&text, words[i]);
		text_add(&text, "|");
	}
	assert_string_equal(text_string(&text), "plain-1.5|''|'two words'|'it'\\''s'|$'\\x1b]0;t\\x07'|$'\\\\it\\'s\\x0a'|$'\\xc2\\x9b'|");
	text_free(&text);
}

static void test_decode_invalid(void **state)
{
	(void)state;
	static const char *const bad[] = { "\x80", "\xC0\xAF", "\xE2\x96", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *p = bad[i];
		assert_int_equal(text_decode(&p), 0xFFFD);
		assert_true(p > bad[i] && p <= bad[i] + strlen(bad[i]));
	}
}

static void test_escape(void **state)
{
	(void)state;
	char out[64];
	assert_string_equal(text_escape(out, sizeof out, "a\x1b[31m\n\t\\\x7f\xc3\xa9"), "a\\x1b[31m\\n\\t\\\\\\x7f\\xc3\\xa9");
	assert_string_equal(text_escape(out, 8, "0123456789"), "0123...");
	assert_string_equal(text_escape(out, 8, "0123456"), "0123456");
	for (size_t size = 1; size < 20; size++) {
		text_escape(out, size, "\x01\x02\x03\x04\x05\x06");
		assert_true(strlen(out) < size);
	}
}

static void test_numbers_in(void **state)
{
	(void)state;
	double x = 7;
	uint64_t n = 7;
	static const char *const bad[] = { "", " 1", "1 ", "0x10", "nan", "inf", "1e400", "0,5", "1e-3x", "1e", ".", "-", "1..2" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(text_real(bad[i], &x));
	assert_true(x == 7);
	assert_true(text_real("1e-3", &x) && x == 1e-3);
	assert_true(text_real("-.5", &x) && x == -0.5);
	assert_true(text_real("+5.", &x) && x == 5);
	assert_false(text_unsigned("-1", &n));
	assert_false(text_unsigned("", &n));
	assert_false(text_unsigned("18446744073709551616", &n));
	assert_false(text_unsigned("1.0", &n));
	assert_int_equal(n, 7);
	assert_true(text_unsigned("18446744073709551615", &n) && n == UINT64_MAX);
}

static void test_numbers_out(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *text;
	} known[] = {
		{ 0, "0" }, { -0.0, "0" }, { 1, "1.000" }, { 80.5, "80.50" }, { 0.205, "0.2050" }, { 0.00176, "0.001760" },
		{ 9.9996, "10.00" }, { 999.96, "1000" }, { 4392.15, "4392" }, { 99999.7, "1.00e+05" },
		{ 0.00099996, "0.001000" }, { 0.0123456, "0.01235" }, { 0.0009999, "1.00e-03" }, { 1e-9, "1.00e-09" }, { NAN, "NaN" }, { -NAN, "NaN" },
		{ INFINITY, "Inf" }, { -INFINITY, "-Inf" }, { -87.843, "-87.84" }, { 1e308, "1.00e+308" },
		{ -1.14e308, "-1.1e+308" }, { -9.999e99, "-1.0e+100" }, { -1e-99, "-1.00e-99" },
	};
	char out[TEXT_READOUT_SIZE], exact[TEXT_EXACT_SIZE];
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_string_equal(text_readout(out, known[i].value), known[i].text);
	assert_string_equal(text_exact(exact, 0.1), "0.1");
	assert_string_equal(text_exact(exact, copysign(NAN, -1)), "nan");
	assert_string_equal(text_exact(exact, 1.0 / 3), "0.3333333333333333");
	assert_true(strtod(text_exact(exact, 0.1 + 0.2), NULL) == 0.1 + 0.2);
}

static void test_distance(void **state)
{
	(void)state;
	assert_int_equal(text_distance("actvation", "activation"), 1);
	assert_int_equal(text_distance("siad", "said"), 1);
	assert_int_equal(text_distance("relu", "RELU"), 0);
	assert_int_equal(text_distance("", "abc"), 3);
	assert_true(text_same_name("bias-init", "BIAS_INIT"));
	assert_false(text_same_name("bias", "bias-init"));
}

/* ---- entries and specs ---- */

static const char *const fan_words[] = { "in", "out", NULL };

static const struct entry items[] = {
	{ .name = "zeros", .summary = "nothing" },
	{ .name = "normal", .aliases = "gauss random_normal", .summary = "a bell",
	  .parameters = { { .name = "mean", .low = -10, .high = 10, .summary = "centre" },
	                  { .name = "sd", .initial = 1, .high = 100, .summary = "width" },
	                  { .name = "mode", .high = 1, .words = fan_words, .summary = "which" } } },
};
static const struct table table = TABLE_OF(items, "thing", "things");

static void test_find(void **state)
{
	(void)state;
	struct err err = {0};
	assert_ptr_equal(table_find(&table, "Random-Normal", &err), &items[1]);
	assert_null(table_find(&table, "zeroes", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.message, "did you mean 'zeros'"));
	assert_null(table_find(&table, "q\x1bq", &err));
	assert_non_null(strstr(err.message, "choose from zeros, normal"));
	assert_non_null(strstr(err.message, "q\\x1bq"));
}

static void test_spec(void **state)
{
	(void)state;
	struct err err = {0};
	struct spec spec;
	assert_true(spec_parse(&spec, &table, "normal(2, 0.5)", &err));
	assert_true(spec.value[0] == 2 && spec.value[1] == 0.5);
	assert_true(spec_parse(&spec, &table, " normal( 2 , sd = 0.5 ) ", &err)); /* blanks beside signs */
	assert_true(spec.value[0] == 2 && spec.value[1] == 0.5);
	assert_true(spec_parse(&spec, &table, "gauss(sd=3,mode=out)", &err));
	assert_true(spec_value(&spec, "sd") == 3 && spec_value(&spec, "mode") == 1 && spec.value[0] == 0);
	struct text text = {0};
	spec_format(&spec, &text);
	assert_string_equal(text_string(&text), "normal(sd=3,mode=out)");
	struct spec again;
	assert_true(spec_parse(&again, &table, text_string(&text), &err));
	assert_true(spec_equal(&spec, &again));
	text_free(&text);
	static const char *const bad[] = { "normal(", "normal)", "normal(1,2,3,4)", "normal(x=1)", "normal(sd=-1)",
	                                   "normal(sd=nan)", "normal(mode=up)", "normal(1)(2)", "", "normal(,)", "zeros(1)",
	                                   "normal(0,1 2)", "normal(0,0. 5)", "normal(sd=1 mode=out)", "normal(0, 1,o ut)" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err.code = ERR_NONE;
		assert_false(spec_parse(&spec, &table, bad[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	assert_false(spec_parse(&spec, &table, "normal(0,(1)", &err));
	assert_string_equal(err.message, "thing 'normal(0,(1)': a closing parenthesis is missing");
	assert_false(spec_parse(&spec, &table, "normal(0)1", &err));
	assert_string_equal(err.message, "thing 'normal(0)1': something follows its closing parenthesis");
	assert_true(spec_equal(&spec, &again)); /* untouched by failures */
	assert_true(spec_set(&spec, "sd", 5, &err) && spec_value(&spec, "sd") == 5);
	assert_false(spec_set(&spec, "sd", 500, &err));
	assert_false(spec_set(&spec, "sd", NAN, &err));
}

/* Lists share nothing that changes: a longer one leaves the shorter one alone. */
static void test_warnings(void **state)
{
	(void)state;
	char name[1000];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	const struct warnings *list = NULL, *more = NULL;
	assert_int_equal(warnings_count(list), 0);
	assert_true(warnings_add(&list, NULL, "%s: cut", name));
	const struct warnings *kept = warnings_keep(list);
	assert_true(warnings_add(&list, NULL, "second %d", 2));
	assert_true(warnings_add(&list, NULL, "second %d", 2)); /* it is there already */
	assert_int_equal(warnings_count(kept), 1);
	assert_int_equal(warnings_count(list), 2);
	assert_int_equal(strlen(warnings_at(list, 0)), 999 + strlen(": cut"));
	assert_string_equal(warnings_at(list, 1), "second 2");
	warnings_drop(list);
	assert_true(warnings_have(kept, warnings_at(kept, 0)) && !warnings_have(kept, "second 2"));
	assert_true(warnings_add(&more, NULL, "first") && warnings_add_all(&more, kept, NULL) &&
	            warnings_add_all(&more, kept, NULL));
	assert_int_equal(warnings_count(more), 2);
	warnings_drop(more);
	warnings_drop(kept);
	warnings_drop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc_overflow), cmocka_unit_test(test_whole), cmocka_unit_test(test_text_buffer),
		cmocka_unit_test(test_decode_invalid), cmocka_unit_test(test_escape),
		cmocka_unit_test(test_numbers_in),     cmocka_unit_test(test_numbers_out),
		cmocka_unit_test(test_distance),       cmocka_unit_test(test_find),
		cmocka_unit_test(test_spec),           cmocka_unit_test(test_warnings),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
