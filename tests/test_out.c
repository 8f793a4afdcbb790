/* Observations as JSON, CSV and text, and the saving of files. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/alloc.h"
#include "io/json_value.h"
#include "io/out.h"
#include "io/save.h"
#include "nn/activation.h"
#include "nn/initializer.h"

/* ---- an observation with every kind of number ---- */

static const double third = 1.0 / 3;

static void fill_tensor(struct tensor_observation *t, double mean)
{
	t->moments = (struct moments){ .n = 10, .nan = 2, .inf = 1, .mean = mean, .variance = third,
		                       .mean_square = third + mean * mean, .min = -1, .max = 2 };
	for (size_t i = 0; i < STATS_PERCENTILES; i++)
		t->percentile[i] = (double)i / 7;
	t->histogram = (struct histogram){ .low = -2, .high = 2, .n = 10, .below = 1, .nan = 2, .inf = 1, .spikes = 1 };
	t->histogram.spike[0].value = 0;
	t->histogram.spike[0].count = 3;
	t->histogram.counts[0] = 1;
	t->histogram.counts[HISTOGRAM_BINS - 1] = 2;
	t->magnitudes.n = mean < 3 ? 0 : 10; /* gradients only */
}

static struct snapshot *make_snapshot(const char *data_name)
{
	struct snapshot *s = snapshot_create(2, NULL);
	assert_non_null(s);
	settings_default(&s->settings);
	s->settings.seed = 7;
	snprintf(s->data_name, sizeof s->data_name, "%s", data_name);
	s->step = 50;
	s->epoch = 0.027;
	s->loss = 0.1;
	s->train_accuracy = 0.25;
	s->test_accuracy = NAN;
	s->input = (struct input_observation){ .mean = 0.13, .variance = 0.095, .mean_square = 0.112 };
	for (size_t i = 0; i < 2; i++) {
		struct layer_observation *l = &s->layer[i];
		l->fan_in = i ? 100 : 784;
		l->fan_out = i ? 10 : 100;
		assert_true(spec_parse(&l->init, &initializers, "normal(0,0.5)", NULL));
		if (i == 0)
			assert_true(spec_parse(&l->activation, &activations, "sigmoid", NULL));
		for (size_t t = 0; t < MLP_TENSORS; t++)
			fill_tensor(&l->tensor[t], (double)t);
		l->saturated = i ? NAN : 0.68;
		l->dead = i ? NAN : 0;
		l->update_ratio = INFINITY;
		l->theory = (struct layer_theory){ .z_mean_square = 87.8, .delta_factor = NAN };
	}
	return s;
}

/* What a format makes of it, header included; to be freed. */
static struct text written(const char *format, const struct snapshot *s)
{
	const struct out_format *out = out_format_find(format, NULL);
	assert_non_null(out);
	struct text text = {0};
	if (out->begin)
		out->begin(&text, s);
	out->observation(&text, s, NULL);
	assert_true(text_check(&text, NULL));
	return text;
}

/* ---- JSON ---- */

static json_t *parsed(const struct snapshot *s)
{
	struct text text = written("json", s);
	assert_int_equal(strchr(text.bytes, '\n') - text.bytes, text.length - 1);
	json_t *object = json_loads(text.bytes, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	text_free(&text);
	return object;
}

static void assert_keys(const json_t *object, const char *const *keys)
{
	size_t count = 0;
	for (; keys[count]; count++)
		assert_non_null(json_object_get(object, keys[count]));
	assert_int_equal(json_object_size(object), count);
}

/* The contract of the manual: these keys, no others. */
static void test_json_keys(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("built-in digits");
	json_t *object = parsed(s), *layer = json_array_get(json_object_get(object, "layers"), 0);
	assert_keys(object, (const char *const[]){ "schema", "scenario", "data", "warning", "warnings", "seed", "settings", "step",
	            "scheduled", "last", "epoch", "loss", "train_accuracy", "test_accuracy", "test_loss", "test_images",
	            "loss_error", "train_accuracy_error", "test_accuracy_error",
	            "diverged", "batch_loss", "batch_accuracy", "input", "verdict", "layers", NULL });
	assert_keys(json_object_get(object, "input"), (const char *const[]){ "images", "mean", "variance", "mean_square",
	            "mean_vector_square", "sum_variance", "length_spread", NULL });
	assert_keys(json_object_get(object, "batch_loss"), (const char *const[]){ "stride", "values", "pending", "sum",
	            NULL });
	assert_keys(layer, (const char *const[]){ "layer", "fan_in", "fan_out", "initializer", "activation", "z", "a", "w",
	            "delta", "dw", "saturated", "dead", "update_ratio", "weight_norm", "change_norm", "weight_variance", "z_within", "z_between",
	            "z_shared", "effective_rank", "z_error", "branch_scale", "correlation", "weight_mean", "bias_mean", "bias_variance", "theory", "theory_now", "verdict",
	            "singular_mean_square", "singular_variance", "singular_smallest", "singular_largest", "singular_condition",
	            "singular_zero", "singular_count", "singular_estimated", "input_singular_mean_square", "input_singular_variance",
	            "input_singular_smallest", "input_singular_largest", "input_singular_condition", "input_singular_zero",
	            "input_singular_count", "input_singular_estimated",
	            "infinite", NULL });
	for (int i = 0; i < 2; i++)
		assert_keys(json_object_get(i ? layer : object, "verdict"), (const char *const[]){ "word", "severity", "sentence",
		            "cause", "rule", "threshold", "layer", "learns", "from_start", i ? NULL : "cure", NULL });
	for (int i = 0; i < 2; i++)
		assert_keys(json_object_get(layer, i ? "theory_now" : "theory"), (const char *const[]){ "z_mean", "z_mean_square",
		            "z_variance", "z_within", "z_between", "slope_square", "a_mean", "a_mean_square", "a_variance",
		            "delta_mean_square", "delta_factor", "chi", "depth_scale", "correlation", "correlation_slope",
		            "correlation_limit", "correlation_rate", "z_mean_band", "z_band", "z_variance_band", "z_within_band",
		            "z_between_band", "correlation_band", "a_mean_band", "a_band", "delta_band", "delta_factor_band",
		            "singular_mean_square", "singular_variance", "input_singular_mean_square", "input_singular_variance",
		            "lacks", NULL });
	static const char *const tensors[] = { "z", "a", "w", "delta", "dw" };
	for (size_t i = 0; i < 5; i++) {
		const json_t *tensor = json_object_get(layer, tensors[i]);
		assert_keys(tensor, (const char *const[]){ "n", "mean", "variance", "mean_square", "min", "max", "nan", "inf",
		            "percentiles", "histogram", i < 3 ? NULL : "magnitudes", NULL });
		assert_keys(json_object_get(tensor, "percentiles"),
		            (const char *const[]){ "1", "5", "25", "50", "75", "95", "99", NULL });
		assert_keys(json_object_get(tensor, "histogram"),
		            (const char *const[]){ "low", "high", "below", "above", "spikes", "counts", NULL });
	}
	json_decref(object);
	snapshot_drop(s);
}

/* Every digit of a double survives; NaN and Inf are null. */
static void test_json_numbers(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("MNIST");
	json_t *object = parsed(s);
	const json_t *layer = json_array_get(json_object_get(object, "layers"), 0);
	const json_t *z = json_object_get(layer, "z");
	assert_true(json_real_value(json_object_get(z, "variance")) == third);
	assert_true(json_real_value(json_object_get(object, "loss")) == 0.1);
	assert_true(json_is_null(json_object_get(object, "test_accuracy")));
	assert_true(json_is_null(json_object_get(object, "diverged")));
	assert_true(json_is_null(json_object_get(layer, "update_ratio")));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(layer, "infinite"), "update_ratio")), 1);
	assert_true(json_is_null(json_object_get(json_object_get(layer, "theory"), "delta_factor")));
	assert_string_equal(json_string_value(json_object_get(layer, "initializer")), "normal(sd=0.5)");
	const json_t *last = json_array_get(json_object_get(object, "layers"), 1);
	assert_string_equal(json_string_value(json_object_get(last, "activation")), "softmax");
	json_decref(object);
	snapshot_drop(s);
}

/* sum(counts) + below + above + nan + inf + spikes = n */
static void test_json_histogram_is_complete(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("MNIST");
	json_t *object = parsed(s);
	const json_t *w = json_object_get(json_array_get(json_object_get(object, "layers"), 1), "w");
	const json_t *histogram = json_object_get(w, "histogram"), *counts = json_object_get(histogram, "counts");
	const json_t *spikes = json_object_get(histogram, "spikes");
	assert_int_equal(json_array_size(counts), 240);
	assert_int_equal(json_array_size(spikes), 1);
	json_int_t sum = json_integer_value(json_object_get(histogram, "below")) +
	                 json_integer_value(json_object_get(histogram, "above")) +
	                 json_integer_value(json_object_get(w, "nan")) + json_integer_value(json_object_get(w, "inf")) +
	                 json_integer_value(json_object_get(json_array_get(spikes, 0), "count"));
	for (size_t i = 0; i < json_array_size(counts); i++)
		sum += json_integer_value(json_array_get(counts, i));
	assert_int_equal(sum, json_integer_value(json_object_get(w, "n")));
	json_decref(object);
	snapshot_drop(s);
}

static void test_json_diverged_and_large_seed(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("MNIST");
	s->diverged = true;
	s->diverged_step = 12;
	s->diverged_layer = 2;
	s->settings.seed = UINT64_MAX - 1;
	json_t *object = parsed(s);
	const json_t *diverged = json_object_get(object, "diverged");
	assert_int_equal(json_integer_value(json_object_get(diverged, "step")), 12);
	assert_int_equal(json_integer_value(json_object_get(diverged, "layer")), 2);
	assert_string_equal(json_string_value(json_object_get(object, "seed")), "18446744073709551614");
	json_decref(object);
	snapshot_drop(s);
}

/* A double holds whole numbers up to 2^53: above it they are strings, and either
 * is read back. */
static void test_json_whole_numbers_keep_their_digits(void **state)
{
	(void)state;
	static const struct {
		uint64_t value;
		bool string;
	} cases[] = { { 0, false }, { 9007199254740992, false }, { 9007199254740993, true }, { UINT64_MAX, true } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *object = json_object();
		bool failed = false;
		uint64_t back = 1;
		json_put(object, "n", json_count(cases[i].value), &failed);
		assert_false(failed);
		assert_int_equal(json_is_string(json_object_get(object, "n")), cases[i].string);
		assert_true(json_get_count(object, "n", UINT64_MAX, &back, NULL));
		assert_true(back == cases[i].value);
		assert_int_equal(json_get_count(object, "n", 9007199254740992, &back, NULL), !cases[i].string);
		json_decref(object);
	}
	static const char *const bad[] = { "", "-1", "1.5", "18446744073709551616", "12 " };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		json_t *object = json_pack("{ss}", "n", bad[i]);
		uint64_t back;
		assert_false(json_get_count(object, "n", UINT64_MAX, &back, NULL));
		json_decref(object);
	}
}

static void test_json_hostile_name(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("a\"b\\\x1b[31m\n");
	json_t *object = parsed(s);
	assert_string_equal(json_string_value(json_object_get(object, "data")), "a\"b\\\x1b[31m\n");
	json_decref(object);
	snapshot_drop(s);
}

/* ---- CSV ---- */

/* The next field of a row (RFC 4180) into field[size]; false after the last. */
static bool next_field(const char **p, char *field, size_t size)
{
	size_t used = 0;
	if (*p == NULL)
		return false;
	bool quoted = **p == '"';
	if (quoted)
		(*p)++;
	for (;; (*p)++) {
		if (quoted && **p == '"' && (*p)[1] == '"')
			(*p)++;
		else if (quoted && **p == '"') {
			(*p)++;
			break;
		} else if (!quoted && (**p == ',' || **p == '\n'))
			break;
		assert_true(**p && used + 1 < size);
		field[used++] = **p;
	}
	field[used] = '\0';
	assert_true(**p == ',' || **p == '\n');
	*p = **p == ',' ? *p + 1 : NULL;
	return true;
}

static const char *line_of(const struct text *text, int number)
{
	const char *line = text->bytes;
	while (number-- > 0)
		line = strchr(line, '\n') + 1;
	return line;
}

/* The field of `row` (1: first layer, tensor z; 2: a) below the header `name`. */
static void csv_value(const struct text *text, int row, const char *name, char field[256])
{
	const char *header = line_of(text, 0), *values = line_of(text, row);
	char title[256];
	while (next_field(&header, title, sizeof title)) {
		assert_true(next_field(&values, field, 256));
		if (strcmp(title, name) == 0)
			return;
	}
	fail_msg("no column %s", name);
}

static void test_csv(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("say \"hi\", there");
	struct text text = written("csv", s);
	enum { ROWS = 1 + 2 * MLP_TENSORS };
	size_t fields[ROWS];
	for (int row = 0; row < ROWS; row++) {
		const char *p = line_of(&text, row);
		char field[256];
		for (fields[row] = 0; next_field(&p, field, sizeof field);)
			fields[row]++;
	}
	assert_string_equal(line_of(&text, ROWS), "");
	for (int row = 1; row < ROWS; row++)
		assert_int_equal(fields[0], fields[row]);

	char field[256];
	csv_value(&text, 1, "data", field);
	assert_string_equal(field, "say \"hi\", there");
	csv_value(&text, 1 + MLP_TENSORS, "layer", field);
	assert_string_equal(field, "2");
	csv_value(&text, 1 + MLP_Z, "variance", field);
	assert_true(strtod(field, NULL) == third);
	csv_value(&text, 1 + MLP_DW, "tensor", field);
	assert_string_equal(field, "dw");
	csv_value(&text, 1 + MLP_DW, "mean", field);
	assert_string_equal(field, "4");
	csv_value(&text, 1 + MLP_W, "p99", field);
	assert_true(strtod(field, NULL) == 6.0 / 7);
	csv_value(&text, 1, "test_accuracy", field);
	assert_string_equal(field, "");
	csv_value(&text, 1, "update_ratio", field);
	assert_string_equal(field, "");
	csv_value(&text, 1 + MLP_TENSORS, "activation", field);
	assert_string_equal(field, "softmax");
	text_free(&text);
	snapshot_drop(s);
}

/* ---- text ---- */

/* N10: steps beyond 2^31 and 2^53 keep all their digits in every format. */
static void test_steps_have_64_bits(void **state)
{
	(void)state;
	static const uint64_t steps[] = { 2147483649, 4294967297, 9007199254740993 };
	for (size_t i = 0; i < 3; i++) {
		char digits[32], field[256];
		snprintf(digits, sizeof digits, "%llu", (unsigned long long)steps[i]);
		struct snapshot *s = make_snapshot("MNIST");
		s->step = steps[i];
		json_t *object = parsed(s);
		uint64_t back = 0;
		assert_true(json_get_count(object, "step", UINT64_MAX, &back, NULL));
		assert_true(back == steps[i]);
		json_decref(object);
		struct text text = written("csv", s);
		csv_value(&text, 1, "step", field);
		assert_string_equal(field, digits);
		text_free(&text);
		text = written("text", s);
		assert_non_null(strstr(text_string(&text), digits));
		text_free(&text);
		snapshot_drop(s);
	}
}

static void test_text_is_ascii_and_narrow(void **state)
{
	(void)state;
	struct snapshot *s = make_snapshot("built-in digits");
	struct text text = written("text", s);
	size_t column = 0;
	for (const char *p = line_of(&text, 2); *p; p++) {
		assert_true(*p == '\n' || (*p >= ' ' && *p <= '~'));
		column = *p == '\n' ? 0 : column + 1;
		assert_true(column <= 80);
	}
	assert_non_null(strstr(text.bytes, "built-in digits"));
	assert_non_null(strstr(text.bytes, "784-100"));
	assert_non_null(strstr(text.bytes, "68%"));
	assert_non_null(strstr(text.bytes, "layer 2: dw has 2 NaN, 1 Inf of 10"));
	text_free(&text);
	snapshot_drop(s);
}

static void test_suffixes(void **state)
{
	(void)state;
	struct err err = {0};
	assert_string_equal(out_picture_for("a.b/c.SVG", &err)->entry.name, "svg");
	assert_string_equal(out_picture_for("-", &err)->entry.name, "txt");
	assert_null(out_picture_for("a.svg/picture", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.message, ".ans"));
	assert_string_equal(out_format_for("run.jsonl")->entry.name, "json");
	assert_string_equal(out_format_for("run.csv")->entry.name, "csv");
	assert_null(out_format_for("run"));
	assert_null(out_format_for(NULL));
}

/* ---- saving: in a folder of its own, which must be empty again at the end ---- */

static char folder[] = "/tmp/initviz-test-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave_folder(void **state)
{
	(void)state;
	return chdir("/") != 0 || rmdir(folder) != 0;
}

static void assert_contains(const char *path, const char *expected)
{
	char bytes[64] = {0};
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_true(read(fd, bytes, sizeof bytes - 1) >= 0);
	close(fd);
	assert_string_equal(bytes, expected);
}

static void test_save_replaces_whole_files(void **state)
{
	(void)state;
	struct err err = {0};
	struct stat info;
	assert_true(save_whole("file", "old", 3, &err));
	assert_int_equal(chmod("file", 0640), 0);
	struct save *save = save_open("file", &err);
	assert_non_null(save);
	assert_true(save_write(save, "new", 3, &err));
	assert_contains("file", "old");
	assert_true(save_commit(save, &err));
	assert_contains("file", "new");
	assert_int_equal(stat("file", &info), 0);
	assert_int_equal(info.st_mode & 07777, 0640);

	save = save_open("file", &err);
	assert_true(save_write(save, "lost", 4, &err));
	save_abandon(save);
	assert_contains("file", "new");

	save = save_open("other", &err);
	save_remove_temporaries();
	assert_false(save_commit(save, &err));
	assert_int_equal(err.code, ERR_OUTPUT);
	assert_int_equal(access("other", F_OK), -1);
	unlink("file");
}

static void test_save_follows_links(void **state)
{
	(void)state;
	struct err err = {0};
	struct stat info;
	assert_int_equal(mkdir("sub", 0700), 0);
	assert_int_equal(symlink("sub/target", "link"), 0);
	assert_true(save_whole("link", "one", 3, &err)); /* dangling at first */
	assert_true(save_whole("link", "two", 3, &err));
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_contains("sub/target", "two");
	unlink("link");
	assert_int_equal(symlink("link", "link"), 0);
	assert_false(save_whole("link", "x", 1, &err));
	assert_int_equal(err.code, ERR_OUTPUT);
	unlink("link");
	unlink("sub/target");
	rmdir("sub");
}

static void test_save_refuses_early(void **state)
{
	(void)state;
	struct err err = {0};
	assert_null(save_open(".", &err));
	assert_int_equal(err.code, ERR_OUTPUT);
	assert_non_null(strstr(err.message, "directory"));
	assert_null(save_open("missing/file", &err));
	assert_null(save_open("", &err));
	char longest[5000];
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_null(save_open(longest, &err));
	assert_null(save_open("bad\x1b/name", &err));
	assert_non_null(strstr(err.message, "bad\\x1b"));
	if (geteuid() == 0)
		return; /* root may write everywhere */
	assert_true(save_whole("file", "old", 3, &err));
	assert_int_equal(chmod("file", 0400), 0);
	assert_null(save_open("file", &err));
	unlink("file");
}

static void test_save_writes_devices_and_fifos_directly(void **state)
{
	(void)state;
	struct err err = {0};
	char bytes[8] = {0};
	struct save *save = save_open("/dev/full", &err);
	assert_non_null(save);
	assert_false(save_write(save, "x", 1, &err));
	assert_int_equal(err.code, ERR_OUTPUT);
	assert_false(save_commit(save, &err));

	assert_int_equal(mkfifo("fifo", 0600), 0);
	int reader = open("fifo", O_RDONLY | O_NONBLOCK);
	assert_true(save_whole("fifo", "bytes", 5, &err));
	assert_int_equal(read(reader, bytes, sizeof bytes), 5);
	close(reader);
	struct stat info;
	assert_int_equal(stat("fifo", &info), 0);
	assert_true(S_ISFIFO(info.st_mode));
	unlink("fifo");
}

/* Every format has a test of its own here, every picture one in test_canvas.c. */
static const char *const tested[] = { "text", "json", "csv", "txt", "ans", "svg" };

static void check_is_tested(const struct table *table, const char *example, const char *file)
{
	for (size_t i = 0; i < table->count; i++) {
		const char *name = table_at(table, i)->name;
		size_t k = 0;
		while (k < sizeof tested / sizeof tested[0] && strcmp(tested[k], name) != 0)
			k++;
		if (k == sizeof tested / sizeof tested[0])
			fail_msg("%s '%s' has no test: write one in %s, as %s, and then name it in `tested`", table->noun, name, file,
			         example);
	}
}

static void test_every_format_is_tested(void **state)
{
	(void)state;
	check_is_tested(&out_formats, "test_csv", "tests/test_out.c");
	check_is_tested(&out_pictures, "test_pictures", "tests/test_canvas.c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_keys),
		cmocka_unit_test(test_json_numbers),
		cmocka_unit_test(test_json_histogram_is_complete),
		cmocka_unit_test(test_json_diverged_and_large_seed),
		cmocka_unit_test(test_json_whole_numbers_keep_their_digits),
		cmocka_unit_test(test_steps_have_64_bits),
		cmocka_unit_test(test_json_hostile_name),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_text_is_ascii_and_narrow),
		cmocka_unit_test(test_every_format_is_tested),
		cmocka_unit_test(test_suffixes),
		cmocka_unit_test(test_save_replaces_whole_files),
		cmocka_unit_test(test_save_follows_links),
		cmocka_unit_test(test_save_refuses_early),
		cmocka_unit_test(test_save_writes_devices_and_fifos_directly),
	};
	return cmocka_run_group_tests_name("out", tests, enter_folder, leave_folder);
}
