/* Saved runs: what is written is read back to the last bit, all numbers of a
 * file are checked, and the replaying runner shows the run and refuses to train. */
#include <errno.h>
#include <jansson.h>
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

#include "app_end.h"
#include "runner_end.h"
#include "io/export.h"
#include "io/in_run.h"
#include "lab/runner.h"
#include "app/app.h"
#include "view/view.h"

static char folder[] = "/tmp/initviz-test-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave_folder(void **state)
{
	(void)state;
	unlink("run.jsonl");
	unlink("again.jsonl");
	return chdir("/") != 0 || rmdir(folder) != 0;
}

/* ---- a run ---- */

static void set(struct settings *settings, const char *name, const char *value)
{
	struct err err = {0};
	if (!settings_set(settings, name, value, &err))
		fail_msg("%s", err.message);
}

static void small_settings(struct settings *settings)
{
	settings_default(settings);
	set(settings, "data", "digits");
	set(settings, "layers", "*-8-6-*");
	set(settings, "batch", "10");
	set(settings, "probe", "40");
	set(settings, "steps", "12");
	set(settings, "every", "3");
}

/* The observations of a run that was changed half way. */
static void observe(const struct settings *settings, const char *edit, const char *value, struct history *history)
{
	const struct snapshot *latest = NULL;
	struct runner_status status;
	struct runner *runner = runner_inline(NULL, NULL);
	assert_non_null(runner);
	runner_start(runner, settings);
	runner_step(runner, 6);
	if (edit)
		runner_edit(runner, edit, value);
	runner_run(runner, true, 0);
	runner_poll(runner, history, &latest, &status);
	assert_int_equal(status.err.code, ERR_NONE);
	assert_true(history->count >= 4);
	struct runner_edit made;
	for (size_t i = 0; runner_past_edit(runner, i, &made); i++)
		assert_true(history_note(history, &made, NULL));
	assert_int_equal(history->edits, edit != NULL);
	snapshot_drop(latest);
	runner_destroy(runner);
}

/* ---- the round trip ---- */

/* Whether both have a NaN around byte i: a double, or a float of a trace. */
static bool both_nan(const char *a, const char *b, size_t i)
{
	double x, y;
	float u, v;
	memcpy(&x, a + i / 8 * 8, sizeof x);
	memcpy(&y, b + i / 8 * 8, sizeof y);
	memcpy(&u, a + i / 4 * 4, sizeof u);
	memcpy(&v, b + i / 4 * 4, sizeof v);
	return (isnan(x) && isnan(y)) || (isnan(u) && isnan(v));
}

/* Everything behind the settings, byte by byte; any NaN is as good as another. */
static void assert_same(const struct snapshot *a, const struct snapshot *b)
{
	assert_int_equal(a->layers, b->layers);
	assert_true(settings_equal(&a->settings, &b->settings));
	const char *x = (const char *)a, *y = (const char *)b;
	for (size_t i = offsetof(struct snapshot, data_name); i < snapshot_bytes(a->layers); i++)
		if (x[i] != y[i] && !both_nan(x, y, i))
			fail_msg("byte %zu of a snapshot (layers from %zu on, %zu each) is not read back: what is new in snapshot.h "
			         "must go through out_json.c and in_observation.c",
			         i, offsetof(struct snapshot, layer), sizeof a->layer[0]);
}

static void assert_round_trip(const struct settings *settings, const char *edit, const char *value)
{
	struct history before = {0}, after = {0};
	struct settings read;
	struct err err = {0};
	observe(settings, edit, value, &before);
	assert_true(export_run(&before, "run.jsonl", &err));
	if (!in_run_read("run.jsonl", &after, &read, &err))
		fail_msg("%s", err.message);
	assert_true(settings_equal(&read, &before.snapshot[0]->settings));
	assert_int_equal(after.count, before.count);
	for (size_t i = 0; i < after.count; i++)
		assert_same(before.snapshot[i], after.snapshot[i]);
	assert_int_equal(after.edits, before.edits);
	for (size_t i = 0; i < after.edits; i++)
		assert_memory_equal(&before.edit[i], &after.edit[i], sizeof after.edit[i]);
	history_clear(&before);
	history_clear(&after);
}

static void test_round_trip(void **state)
{
	(void)state;
	struct settings settings;
	small_settings(&settings);
	assert_round_trip(&settings, NULL, NULL);
	assert_round_trip(&settings, "lr", "0.5");
	set(&settings, "init.2", "normal(0.1,0.333333333333333314)");
	set(&settings, "activation", "relu"); /* atoms */
	set(&settings, "weight-seed", "18446744073709551614");
	set(&settings, "normalization", "batch");
	assert_round_trip(&settings, NULL, NULL);
	set(&settings, "normalization", "none"); /* with batches there is no Jacobian */
	set(&settings, "singular", "1");
	assert_round_trip(&settings, "lr", "0.5");
}

/* NaN, both infinities and what they do to every number. */
static void test_round_trip_of_divergence(void **state)
{
	(void)state;
	struct settings settings;
	small_settings(&settings);
	set(&settings, "activation", "linear");
	set(&settings, "optimizer", "sgd(lr=1e6)");
	set(&settings, "steps", "40");
	set(&settings, "singular", "1"); /* of matrices with NaN, too */
	assert_round_trip(&settings, NULL, NULL);

	struct history before = {0}, after = {0};
	observe(&settings, NULL, NULL, &before);
	struct snapshot *s = (struct snapshot *)before.snapshot[0]; /* not yet shared */
	s->loss = INFINITY;
	s->batch_loss = (struct trace){ .stride = 1, .points = 1, .value = { INFINITY }, .pending = 1, .sum = INFINITY };
	s->step = 2;
	s->layer[0].theory.depth_scale = -INFINITY;
	s->layer[0].update_ratio = INFINITY;
	s->batch_accuracy = (struct trace){ .stride = 1, .points = 2, .value = { NAN, 0.5 } };
	assert_true(export_run(&before, "run.jsonl", NULL));
	assert_true(in_run_read("run.jsonl", &after, &settings, NULL));
	assert_same(s, after.snapshot[0]);
	history_clear(&before);
	history_clear(&after);
}

/* ---- damaged files ---- */

static char *bytes;
static size_t length;

static void write_file(const char *start, size_t size)
{
	FILE *file = fopen("again.jsonl", "w");
	assert_non_null(file);
	assert_int_equal(fwrite(start, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* Reads run.jsonl, a small one, into bytes. */
static int load_file(void **state)
{
	struct settings settings;
	struct history history = {0};
	struct stat info;
	(void)state;
	small_settings(&settings);
	set(&settings, "singular", "1");
	observe(&settings, NULL, NULL, &history);
	assert_true(export_run(&history, "run.jsonl", NULL));
	history_clear(&history);
	FILE *file = fopen("run.jsonl", "r");
	assert_int_equal(fstat(fileno(file), &info), 0);
	length = (size_t)info.st_size;
	bytes = malloc(length + 1);
	assert_int_equal(fread(bytes, 1, length, file), length);
	bytes[length] = '\0';
	return fclose(file);
}

static int free_file(void **state)
{
	(void)state;
	free(bytes);
	return 0;
}

static bool reads(struct history *history, struct settings *settings, struct err *err)
{
	*err = (struct err){0};
	*history = (struct history){0};
	return in_run_read("again.jsonl", history, settings, err);
}

/* The file with its first `from` replaced by `to` is refused with `words`. */
static void assert_refused(const char *from, const char *to, const char *words)
{
	struct history history;
	struct settings settings;
	struct err err;
	char *at = strstr(bytes, from);
	assert_non_null(at);
	FILE *file = fopen("again.jsonl", "w");
	fprintf(file, "%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
	fclose(file);
	if (reads(&history, &settings, &err))
		fail_msg("%s in place of %s was accepted", to, from);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(history.count, 0);
	if (strstr(err.message, words) == NULL || strncmp(err.message, "again.jsonl:", 12) != 0)
		fail_msg("\"%s\" lacks \"%s\"", err.message, words);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_refused("initviz-run/1", "initviz-run/2", ":1: this is not a saved run");
	assert_refused("{", "[{", ":1: this is not a saved run");
	assert_refused("\"init\":\"normal\"", "\"init\":\"nromal\"", ":1: settings: init:");
	assert_refused("\"init\":\"normal\"", "\"init\":3", ":1: settings: 'init' is not a string");
	assert_refused("\"observations\":5", "\"observations\":6", "cut off: it ends after 5 of 6");
	assert_refused("\"observations\":5", "\"observations\":4", "more observations than the 4");
	assert_refused("\"observations\":5", "\"observations\":5.0", "not a whole number");
	assert_refused("\"observations\":5", "\"observations\":0", "before its first observation");
	assert_refused("784-8-6-10", "784-8-7-10", ":2: layer 2: 'fan_out' is not the 7");
	assert_refused("784-8-6-10", "784-8-10", ":2: 'layers' has 3 entries, the settings have 2");
	assert_refused("784-8-6-10", "*-8-6-*", "must have all widths");
	assert_refused("\"edits\":[]", "\"edits\":{}", ":1: 'edits' is not a list");
	assert_refused("\"edits\":[]", "\"edits\":[{\"step\":5,\"name\":\"lr\",\"value\":\"x\"}]", "edits: lr: 'x'");
	assert_refused("\"edits\":[]", "\"edits\":[{\"step\":5,\"layer\":4,\"factor\":1}]", "edits: 'layer' is no");
	assert_refused("\"edits\":[]", "\"edits\":[{\"step\":5,\"layer\":1,\"factor\":2},"
	               "{\"step\":4,\"layer\":1,\"factor\":2}]", "edits: out of order at step 4");
	assert_refused("\"initviz/1\"", "\"initviz/2\"", ":2: this is not an observation");
	assert_refused("\"step\":0", "\"step\":-1", ":2: 'step' is not a whole number");
	assert_refused("\"step\":3,", "\"step\":2,", "batch_loss: 'values', 'stride' and 'pending' are not those of 2 steps");
	assert_refused("\"scheduled\":true", "\"scheduled\":1", "neither true nor false");
	assert_refused("\"loss\":", "\"loss\":\"", "this is not JSON");
	assert_refused("\"loss\":", "\"los\":", "'loss' is missing");
	assert_refused("\"data\":\"built", "\"data\":\"\\u001b[31m", "printable ASCII");
	assert_refused("\"data\":\"built", "\"data\":\"\\u0000", "this is not JSON");
	assert_refused("\"counts\":[", "\"counts\":[0,", "'counts' has 241 entries");
	assert_refused("\"below\":0", "\"below\":1", "z: histogram: the counts add up to");
	assert_refused("\"softmax\"", "\"relu\"", "last layer is not softmax");
	assert_refused("\"activation\":\"sigmoid\",\"z\"", "\"activation\":\"softmax\",\"z\"", "layer 1:");
	assert_refused("\"spikes\":[]", "\"spikes\":[{\"value\":null,\"count\":0}]", "'value' is not a number");
	assert_refused("\"stride\":0,\"values\":[]", "\"stride\":0,\"values\":[1]", "'stride' is 0");
}

/* The first observation a second time. */
static void test_order(void **state)
{
	(void)state;
	struct history history;
	struct settings settings;
	struct err err;
	const char *first = strchr(bytes, '\n') + 1, *second = strchr(first, '\n') + 1;
	FILE *file = fopen("again.jsonl", "w");
	fprintf(file, "%.*s%s", (int)(second - bytes), bytes, first);
	fclose(file);
	assert_false(reads(&history, &settings, &err));
	assert_non_null(strstr(err.message, ":3: the observations are out of order at step 0"));
}

/* The number at `path` ("layers.0.z.variance") of the first observation, as a
 * JSON value, refused with `words`; or accepted (NULL). */
static void assert_number(const char *path, const char *value, const char *words)
{
	struct history history;
	struct settings settings;
	struct err err;
	const char *first = strchr(bytes, '\n') + 1, *second = strchr(first, '\n') + 1;
	json_t *object = json_loadb(first, (size_t)(second - first), 0, NULL), *at = object;
	char names[80], *last = names;
	snprintf(names, sizeof names, "%s", path);
	for (char *dot; (dot = strchr(last, '.')); last = dot + 1) {
		*dot = '\0';
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(last)) : json_object_get(at, last);
		assert_non_null(at);
	}
	json_t *number = json_loads(value, JSON_DECODE_ANY, NULL);
	assert_non_null(number);
	if (json_is_array(at))
		assert_int_equal(json_array_set_new(at, (size_t)atoi(last), number), 0);
	else
		assert_int_equal(json_object_set_new(at, last, number), 0);
	FILE *file = fopen("again.jsonl", "w");
	fprintf(file, "%.*s", (int)(first - bytes), bytes);
	json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(17));
	fprintf(file, "\n%s", second);
	fclose(file);
	json_decref(object);
	bool read = reads(&history, &settings, &err);
	if (read != (words == NULL) || (words && strstr(err.message, words) == NULL))
		fail_msg("%s = %s: \"%s\" lacks \"%s\"", path, value, err.message, words ? words : "");
	history_clear(&history);
}

/* Numbers that no run has, or that contradict their neighbours. */
static void test_numbers(void **state)
{
	(void)state;
	assert_number("loss", "2.5", NULL); /* a changed number without relation to others is accepted */
	assert_number("loss", "-1", "'loss' is negative");
	assert_number("train_accuracy", "1.01", "'train_accuracy' is a share and above 1");
	assert_number("layers.0.saturated", "-0.1", "'saturated' is negative");
	assert_number("layers.0.dead", "1e9", "'dead' is a share");
	assert_number("layers.1.theory.z_mean_square", "-1", "'z_mean_square' is negative");
	assert_number("layers.0.weight_variance", "-1e-9", "'weight_variance' is negative");
	assert_number("layers.0.delta.mean_square", "-1e-12", "delta: 'mean_square' is negative");
	assert_number("layers.0.delta.mean_square", "1e300", "'mean_square' is not 'variance' + 'mean'^2");
	assert_number("layers.0.z.variance", "-1", "'variance' is negative");
	assert_number("layers.0.z.variance", "1e30", "'variance' is larger than");
	assert_number("layers.0.z.min", "1e30", "'min' and 'max' are not a range");
	assert_number("layers.0.z.max", "1e300", "'min' and 'max' are not a range");
	assert_number("layers.0.z.max", "1e30", "the histogram does not agree");
	assert_number("layers.0.w.mean", "1e9", "'mean' is not between");
	assert_number("layers.0.w.mean", "null", "'mean' is not between");
	assert_number("layers.0.w.percentiles.50", "-1e9", "percentiles: 50");
	assert_number("layers.0.z.histogram.low", "-1e30", "the histogram does not agree");
	assert_number("layers.0.z.histogram.high", "1e30", "the histogram does not agree");
	assert_number("layers.0.z.histogram.high", "1e300", "wider than floats");
	assert_number("layers.0.z.n", "1000", "the counts add up to");
	assert_number("layers.0.z_within", "1e9", "not the parts of z's variance");
	assert_number("input.mean_square", "7", "input: 'mean_square' is not");
	assert_number("batch_loss.pending", "7", "batch_loss: ");
	assert_number("diverged", "{\"step\": 5, \"layer\": 1}", "diverged: 'step' is later");
}

/* Lists of values: of singular values, of the losses and accuracies of batches. Layer 1's Jacobian
 * is 8 x 784, layer 2's 6 x 8. */
static void test_value_lists(void **state)
{
	(void)state;
	static const char *const wrong[] = { "\"1\"", "true", "[]", "{}", "null", "-1e-300" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_number("layers.0.singular_values.3", wrong[i], "layer 1: 'singular_values' are not ascending numbers of 0 or more");
	assert_number("layers.0.singular_values.3", "0", "ascending");
	assert_number("layers.1.input_singular_values.5", "0", "layer 2: 'input_singular_values' are not ascending");
	assert_number("layers.0.singular_values", "[]", "'singular_values' has 0 entries instead of 8");
	assert_number("layers.0.singular_values", "[1,2,3,4,5,6,7]", "has 7 entries instead of 8");
	assert_number("layers.0.singular_values", "[1,2,3,4,5,6,7,8,9]", "has 9 entries instead of 8");
	assert_number("layers.0.singular_values", "null", "'singular_values' is not a list");
	assert_number("layers.0.singular_values", "1", "'singular_values' is not a list");
	assert_number("layers.0.singular_count", "7", "has 8 entries instead of 7");
	assert_number("layers.0.singular_count", "0", "has 8 entries instead of 0");
	assert_number("layers.0.singular_count", "200", "has 8 entries instead of 128");
	assert_number("layers.0.singular_count", "-1", "'singular_count' is not a whole number");
	/* against the numbers that are computed from them */
	assert_number("layers.0.singular_values.7", "1e9", "layer 1: 'singular_values' are not from the smallest to the largest");
	assert_number("layers.1.input_singular_values.0", "0", "layer 2: 'input_singular_values' are not from the smallest to the largest");
	assert_number("layers.0.singular_largest", "1e-9", "not from the smallest to the largest");
	assert_number("layers.0.singular_smallest", "1e9", "not from the smallest to the largest");
	assert_number("layers.0.singular_largest", "null", "not from the smallest to the largest");
	static const char *const traces[] = { "[\"1\"]", "[true]", "[[]]", "[-1]", "[1e39]" };
	for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++) {
		char loss[100];
		snprintf(loss, sizeof loss, "{\"stride\":1,\"values\":%s,\"pending\":0,\"sum\":0}", traces[i]);
		assert_number("batch_loss", loss, "batch_loss: 'values' has an entry");
		assert_number("batch_accuracy", loss, "batch_accuracy: 'values' has an entry");
	}
	assert_number("batch_accuracy", "{\"stride\":1,\"values\":[1.01],\"pending\":0,\"sum\":0}", "'values' has an entry outside 0 to 1");
	assert_number("batch_loss.values", "{}", "'values' is not a list");
}

/* A file cut anywhere is refused, but for its last line end. */
static void test_cut_files(void **state)
{
	(void)state;
	struct history history;
	struct settings settings;
	struct err err;
	for (size_t size = 0; size + 1 < length; size += size < 3000 ? 7 : 611) {
		write_file(bytes, size);
		assert_false(reads(&history, &settings, &err));
		assert_int_equal(err.code, ERR_INPUT);
	}
	write_file(bytes, length - 1);
	assert_true(reads(&history, &settings, &err));
	history_clear(&history);
}

/* ---- random damage ---- */

static uint64_t random_state = 0x9E3779B97F4A7C15;

static size_t below(size_t n) /* xorshift: any stream will do */
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % n);
}

/* Puts another value in the place of a number. */
static size_t damage_number(char *copy, size_t size)
{
	static const char *const values[] = { "null", "-1", "1e308", "-1e308", "\"x\"", "[]", "{}", "true", "0", "1e-320",
	                                      "9223372036854775807", "99999999999999999999", "0.5", "-0.0" };
	const char *value = values[below(sizeof values / sizeof values[0])];
	size_t start = below(size), end;
	while (start < size && copy[start] != ':' && copy[start] != ',')
		start++;
	for (end = ++start; end < size && strchr("+-.0123456789e", copy[end]);)
		end++;
	if (end <= start || end >= size)
		return size;
	memmove(copy + start + strlen(value), copy + end, size - end);
	memcpy(copy + start, value, strlen(value));
	return size - (end - start) + strlen(value);
}

static void damage_bytes(char *copy, size_t size)
{
	for (size_t n = 1 + below(3); n > 0; n--)
		copy[below(size)] = (char)below(256);
}

/* Numbers that pass the checks are drawn, however absurd. */
static void draw_all(const struct history *history, const struct settings *settings)
{
	struct runner *runner = runner_replay(history, NULL);
	assert_non_null(runner);
	struct app *app = app_create(runner, settings, NULL, false, NULL);
	struct canvas canvas;
	assert_non_null(app);
	assert_true(canvas_create(&canvas, 80, 24, false, NULL));
	for (size_t i = 0; i < views.count; i++) {
		char line[64];
		snprintf(line, sizeof line, "view %s", table_at(&views, i)->name);
		assert_true(app_command(app, line, NULL));
		app_draw(app, &canvas);
	}
	canvas_destroy(&canvas);
	end_app(app);
	end_runner(runner);
}

static void test_damaged_files(void **state)
{
	(void)state;
	char *copy = malloc(length + 1024);
	size_t accepted = 0;
	for (int round = 0; round < 500; round++) {
		struct history history;
		struct settings settings;
		struct err err;
		size_t size = length;
		memcpy(copy, bytes, length);
		if (round % 4 == 0)
			damage_bytes(copy, size);
		for (size_t n = 1 + below(2); round % 4 && n > 0; n--)
			size = damage_number(copy, size);
		write_file(copy, size);
		if (reads(&history, &settings, &err)) {
			draw_all(&history, &settings);
			accepted++;
		} else
			assert_int_equal(err.code, ERR_INPUT);
		history_clear(&history);
	}
	assert_true(accepted > 20);
	free(copy);
}

/* ---- the runner ---- */

static void test_replay_shows_and_refuses(void **state)
{
	(void)state;
	struct history history = {0}, seen = {0};
	struct settings settings;
	const struct snapshot *latest = NULL;
	struct runner_status status;
	assert_true(in_run_read("run.jsonl", &history, &settings, NULL));
	struct runner *runner = runner_replay(&history, NULL);
	runner_start(runner, &settings);
	assert_true(runner_settle(runner, 1));
	assert_true(runner_poll(runner, &seen, &latest, &status));
	assert_int_equal(status.state, RUNNER_PAUSED);
	assert_true(status.replay);
	assert_int_equal(status.step, 12);
	assert_int_equal(status.err.code, ERR_NONE);
	assert_int_equal(seen.count, history.count);
	assert_ptr_equal(latest, history.snapshot[history.count - 1]);
	assert_false(runner_poll(runner, &seen, &latest, &status));

	for (int request = 0; request < 6; request++) {
		switch (request) {
		case 0: runner_start(runner, &settings); break;
		case 1: runner_step(runner, 1); break;
		case 2: runner_run(runner, true, 0); break;
		case 3: runner_rewind(runner, 0); break;
		case 4: runner_edit(runner, "lr", "1"); break;
		case 5: runner_scale(runner, 1, 2); break;
		}
		assert_true(runner_poll(runner, &seen, &latest, &status));
		assert_int_equal(status.err.code, ERR_USAGE);
		assert_string_equal(status.err.message, RUNNER_REPLAY_REFUSAL);
		assert_int_equal(status.state, RUNNER_PAUSED);
		assert_int_equal(status.run, 1);
		assert_false(runner_poll(runner, &seen, &latest, &status));
		assert_int_equal(status.err.code, ERR_NONE);
	}
	assert_int_equal(seen.count, history.count);
	snapshot_drop(latest);
	history_clear(&seen);
	end_runner(runner);
	history_clear(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_of_divergence),
		cmocka_unit_test_setup_teardown(test_refusals, load_file, free_file),
		cmocka_unit_test_setup_teardown(test_order, load_file, free_file),
		cmocka_unit_test_setup_teardown(test_numbers, load_file, free_file),
		cmocka_unit_test_setup_teardown(test_value_lists, load_file, free_file),
		cmocka_unit_test_setup_teardown(test_cut_files, load_file, free_file),
		cmocka_unit_test_setup_teardown(test_damaged_files, load_file, free_file),
		cmocka_unit_test(test_replay_shows_and_refuses),
	};
	return cmocka_run_group_tests_name("replay", tests, enter_folder, leave_folder);
}
