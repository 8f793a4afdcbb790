/* CSV: headers, label columns, numbers, and what is refused with line and column. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unpack.h"
#include "data/csv.h"

static char folder[] = "test_csv.XXXXXX";
static const struct warnings *warnings;

static int enter(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	return system("rm -f ./*") == 0 && chdir("..") == 0 ? rmdir(folder) : -1;
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

static bool read_text(struct samples *samples, const char *text, struct err *err)
{
	struct csv_set *set = csv_set_create(err);
	write_text("a.csv", text);
	warnings_drop(warnings);
	warnings = NULL;
	bool read = csv_read_samples(samples, "a.csv", set, NULL, &warnings, err);
	csv_set_destroy(set);
	return read;
}

static struct samples read_well(const char *text)
{
	struct samples samples;
	struct err err = {0};
	if (!read_text(&samples, text, &err))
		fail_msg("%s", err.message);
	return samples;
}

static void refused(const char *text, const char *part)
{
	struct samples samples;
	struct err err = {0};
	assert_false(read_text(&samples, text, &err));
	assert_int_equal(err.code, ERR_INPUT);
	if (strstr(err.message, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, err.message);
}

/* Two samples with the labels 1 and 0 and the features 0.5, -2 and 3, 4e2. */
static void check_two(const char *text)
{
	struct samples samples = read_well(text);
	assert_int_equal(samples.count, 2);
	assert_int_equal(samples.features, 2);
	assert_memory_equal(samples.label, "\1\0", 2);
	static const float wanted[] = { 0.5f, -2, 3, 400 };
	for (size_t i = 0; i < 4; i++)
		assert_true(samples.values[i] == wanted[i]);
	samples_free(&samples);
}

static void label_columns_are_found(void **state)
{
	(void)state;
	check_two("label,a,b\n1,0.5,-2\n0,3,4e2\n");
	check_two("a,b,Class\n0.5,-2,1\n3,4e2,0\n");
	check_two("a,target,b\n0.5,1,-2\n3,0,4e2\n");
	check_two("0,1,y\n0.5,-2,1\n3,4e2,0\n");    /* names that are numbers */
	check_two("1,0.5,-2\n0,3,4e2\n");           /* no header: the first */
	check_two("0.5,-2,1\n3,4e2,0\n");           /* no header: the last, since 0.5 is no label */
	check_two("0.5,-2,b\n3,4e2,a\n");           /* text */
	check_two("b,0.5,-2\na,3,4e2\n");
	check_two("x1,x2,x3\n1,0.5,-2\n0,3,4e2");   /* a header without a known name; no line end */
	check_two("a,b,species\n0.5,-2,virginica\n3,4e2,setosa\n");
	check_two("label,a,b\n1.0,.5,-2.\n0.0,3,+4E2\n");
}

static void separators_quotes_and_line_ends(void **state)
{
	(void)state;
	check_two("label;a;b\n1;0.5;-2\n0;3;4e2\n");
	check_two("label\ta\tb\n1\t0.5\t-2\n0\t3\t4e2\n");
	check_two("label,a,b\r\n1,0.5,-2\r\n0,3,4e2\r\n");
	check_two("\xEF\xBB\xBFlabel,a,b\n1,0.5,-2\n0,3,4e2\n");
	check_two("\xEF\xBB\xBF" "1,0.5,-2\n0,3,4e2\n");
	check_two(&"\n label , a , b \n\n 1 , 0.5 , -2 \n\n0,3,4e2\n\n"[1]);
	check_two("\"label\",\"a, or b\",\"c \"\"d\"\"\"\n\"1\",\"0.5\",-2\n0,\"3\",4e2\n");
	check_two("\"b, \"\"x\"\"\",0.5,-2\n\"a\",3,4e2\n");
}

static void whole_numbers_up_to_255_stay_bytes(void **state)
{
	(void)state;
	struct samples samples = read_well("label,a,b,c\n7,0,255,1.0\n3,12,0,-0\n");
	assert_null(samples.values);
	uint8_t pixel[3];
	const uint64_t *on = packed_at(samples.bytes, 0);
	unpack(pixel, on, (const uint8_t *)(on + 1), 3);
	assert_memory_equal(pixel, "\0\377\1", 3);
	assert_memory_equal(samples.label, "\7\3", 2);
	samples_free(&samples);
	samples = read_well("label,a,b\n7,0,255\n3,12,256\n"); /* one that is none makes all floats */
	assert_null(samples.bytes);
	static const float wanted[] = { 0, 255, 12, 256 };
	for (size_t i = 0; i < 4; i++)
		assert_true(samples.values[i] == wanted[i]);
	samples_free(&samples);
}

static void missing_values_are_counted(void **state)
{
	(void)state;
	struct samples samples = read_well("label,a,b\n1,2,\n0,NA,nan\n2,-Inf,1e39\n");
	assert_int_equal(samples.nan, 3);
	assert_int_equal(samples.inf, 2);
	assert_int_equal(samples.bad_sample, 0);
	assert_int_equal(samples.bad_feature, 1);
	assert_true(isnan(samples.values[1]) && samples.values[4] == -INFINITY && samples.values[5] == INFINITY);
	samples_free(&samples);
}

static void a_column_of_numbers_of_rows_is_left_out(void **state)
{
	(void)state;
	check_two(",label,a,b\n0,1,0.5,-2\n1,0,3,4e2\n");
	assert_string_equal(warnings_at(warnings, 0), "a.csv: the first column ('') is left out: it numbers the samples");
	check_two("Id,a,b,y\n0,0.5,-2,1\n1,3,4e2,0\n");
	assert_string_equal(warnings_at(warnings, 0), "a.csv: the first column ('Id') is left out: it numbers the samples");
}

static void errors_name_line_and_column(void **state)
{
	(void)state;
	refused("label,a,b\n1,2,3\n1,x\033,3\n", "a.csv: line 3, column 2: 'x\\x1b' is not a number");
	refused("label,a,b\n\n1,2,3\n\n256,2,3\n", "a.csv: line 5, column 1: '256' is no label: whole numbers from 0 to 255");
	refused("label,a,b\n1,2,3\n-1,2,3\n", "line 3, column 1: '-1' is no label");
	refused("label,a,b\n1,2,3\n,2,3\n", "line 3, column 1: '' is no label");
	refused("a,b,class\n1,2,x\n1,2,\n", "line 3, column 3: '' is no label: it is missing");
	refused("label,a,b\n1,2,3\n1,2\n", "line 3 has 2 cells, where the first line has 3");
	refused("label,a,b\n1,2,3\n1,2,3,4,5\n", "line 3 has 5 cells, where the first line has 3");
	refused("label,a,b\n1,2,3\n1;2;3\n", "line 3 has 1 cell, where the first line has 3, separated by commas");
	refused("label;a;b\n1;2;3\n1,2,3\n", "line 3 has 1 cell, where the first line has 3, separated by semicolons");
	refused("label\ta\tb\n1\t2\t3\n1\t2\n", "line 3 has 2 cells, where the first line has 3, separated by tabs");
	refused("label,a,b\n1,\"2,3\n", "line 2, column 2: a quote that is not closed");
	refused("label,a,b\n1,\"2\"x,3\n", "line 2, column 2: a quote that is not closed");
	refused("label,a,b\n1,1e999,3\n", "line 2, column 2: '1e999' is not a number");
	refused("label,a,b\n1,0x10,3\n", "line 2, column 2: '0x10' is not a number");
	refused("label,a,b\n", "no samples: there is only a header");
	refused("only text\n", "line 1: 1 column: a label and one feature at least are needed");
	refused("0.5,0.5\n0.1,0.1\n", "neither the first nor the last column has labels");
	refused("a,1,b\nc,2,d\n", "neither the first nor the last column has labels");
}

static void more_than_256_classes_are_refused(void **state)
{
	(void)state;
	char text[257 * 8 + 1] = "";
	for (int i = 0; i < 257; i++)
		sprintf(text + strlen(text), "c%d,1\n", i);
	refused(text, "line 257, column 1: 'c256' is one class more than the 256 that are possible");
	*strstr(text, "c256") = '\0';
	struct samples samples = read_well(text);
	assert_int_equal(samples.count, 256);
	assert_int_equal(samples.label[10], 2); /* c10 comes after c0, c1 in the order of bytes */
	samples_free(&samples);
}

static void files_of_a_set_agree(void **state)
{
	(void)state;
	static const struct {
		const char *train, *test, *part;
	} pairs[] = {
		{ "a,b,class\n1,2,x\n1,2,y\n", "a,b,class\n1,2,y\n", NULL },
		{ "a,b,class\n1,2,x\n1,2,y\n", "a,b,class\n1,2,z\n", "line 2, column 3: 'z' is a class that no training sample has" },
		{ "0.5,1,2\n0.5,1,3\n", "7,1,2\n7,1,3\n", NULL }, /* the last column, as the training file has it */
		{ "1,2,3\n", "1,2\n", "2 columns, where the training file has 3" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct samples train, test;
		struct err err = {0};
		bool unlabelled;
		struct csv_set *set = csv_set_create(NULL);
		write_text("train.csv", pairs[i].train);
		write_text("test.csv", pairs[i].test);
		assert_true(csv_read_samples(&train, "train.csv", set, NULL, &warnings, &err));
		bool read = csv_read_samples(&test, "test.csv", set, &unlabelled, &warnings, &err);
		assert_int_equal(read, pairs[i].part == NULL);
		if (pairs[i].part && strstr(err.message, pairs[i].part) == NULL)
			fail_msg("'%s' is not in '%s'", pairs[i].part, err.message);
		if (i == 0)
			assert_int_equal(test.label[0], 1);
		if (i == 2)
			assert_memory_equal(test.label, "\2\3", 2);
		samples_free(&train);
		samples_free(&test);
		csv_set_destroy(set);
	}
}

/* Whatever remains of a file is read or refused, and never crashes. */
static void every_truncation_is_read_or_refused(void **state)
{
	(void)state;
	static const char text[] = "\xEF\xBB\xBF\"la\"\"bel\",a;b,species\r\n1,\"0.5\",x\r\n0,3e2,\"y,\"\"z\"\r\n,NA,x";
	for (size_t size = 1; size < sizeof text; size++) {
		struct samples samples;
		struct err err = {0};
		struct csv_set *set = csv_set_create(NULL);
		write_bytes("a.csv", text, size);
		if (!csv_read_samples(&samples, "a.csv", set, NULL, &warnings, &err))
			assert_int_equal(err.code, ERR_INPUT);
		samples_free(&samples);
		csv_set_destroy(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(label_columns_are_found),
		cmocka_unit_test(separators_quotes_and_line_ends),
		cmocka_unit_test(whole_numbers_up_to_255_stay_bytes),
		cmocka_unit_test(missing_values_are_counted),
		cmocka_unit_test(a_column_of_numbers_of_rows_is_left_out),
		cmocka_unit_test(errors_name_line_and_column),
		cmocka_unit_test(more_than_256_classes_are_refused),
		cmocka_unit_test(files_of_a_set_agree),
		cmocka_unit_test(every_truncation_is_read_or_refused),
	};
	int failed = cmocka_run_group_tests(tests, enter, leave);
	warnings_drop(warnings);
	return failed;
}
