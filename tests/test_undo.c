/* Undo: runs that were replaced are restored to the state they were left in, from both runners,
 * and go on with the bits of a run that was never replaced; and what the app
 * takes over with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app_end.h"
#include "runner_end.h"
#include "app/app.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/navigation.h"
#include "app/panel.h"
#include "lab/run.h"
#include "nn/mat.h"

static struct settings net(const char *words)
{
	struct settings settings;
	char line[256];
	settings_default(&settings);
	snprintf(line, sizeof line, "data=digits layers=*-20-20-* steps=60 every=10 probe=40 %s", words);
	for (char *rest = line, *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
		struct err err = {0};
		char *value = strchr(word, '=');
		*value++ = '\0';
		if (!settings_set(&settings, word, value, &err))
			fail_msg("%s", err.message);
	}
	return settings;
}

struct seen {
	struct runner *runner;
	size_t lanes;
	struct history history[RUNNER_MAX_LANES];
	const struct snapshot *latest[RUNNER_MAX_LANES];
	struct runner_status status;
};

static struct seen begin(bool worker, const char *words, size_t lanes)
{
	struct seen seen = { .lanes = lanes };
	static struct settings settings[RUNNER_MAX_LANES];
	for (size_t i = 0; i < lanes; i++) {
		settings[i] = net(words);
		snprintf(settings[i].data, sizeof settings[i].data, "digits");
		assert_true(settings_set(&settings[i], "init", i ? "he" : "normal", NULL));
	}
	seen.runner = worker ? runner_worker(NULL, NULL, NULL) : runner_inline(NULL, NULL);
	assert_non_null(seen.runner);
	runner_start_lanes(seen.runner, settings, lanes);
	return seen;
}

static void settle(struct seen *seen)
{
	uint64_t run = seen->status.run;
	assert_true(runner_settle(seen->runner, 0));
	runner_poll(seen->runner, &seen->history[0], &seen->latest[0], &seen->status);
	for (size_t i = 1; i < seen->status.lanes; i++) {
		if (run != seen->status.run)
			history_clear(&seen->history[i]);
		runner_poll_lane(seen->runner, i, &seen->history[i], &seen->latest[i]);
	}
}

static void end(struct seen *seen)
{
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		history_clear(&seen->history[i]);
		snapshot_drop(seen->latest[i]);
	}
	end_runner(seen->runner);
}

static void assert_same_snapshot(const struct snapshot *x, const struct snapshot *y)
{
	assert_int_equal(x->step, y->step);
	assert_true(settings_equal(&x->settings, &y->settings));
	assert_memory_equal(x->layer, y->layer, x->layers * sizeof x->layer[0]);
	assert_memory_equal(&x->loss, &y->loss, sizeof x->loss);
	assert_memory_equal(&x->test_loss, &y->test_loss, sizeof x->test_loss);
	assert_memory_equal(&x->batch_loss, &y->batch_loss, sizeof x->batch_loss);
}

/* All observations, the latest, the lanes and the changes are the same. */
static void assert_same(const struct seen *one, const struct seen *other)
{
	assert_int_equal(one->status.lanes, other->status.lanes);
	assert_int_equal(one->status.step, other->status.step);
	assert_int_equal(one->status.state, other->status.state);
	for (size_t lane = 0; lane < one->status.lanes; lane++) {
		assert_int_equal(one->history[lane].count, other->history[lane].count);
		for (size_t i = 0; i < one->history[lane].count; i++)
			assert_same_snapshot(one->history[lane].snapshot[i], other->history[lane].snapshot[i]);
		assert_same_snapshot(one->latest[lane], other->latest[lane]);
	}
	struct runner_edit edit, other_edit;
	for (size_t i = 0; runner_past_edit(one->runner, i, &edit); i++) {
		assert_true(runner_past_edit(other->runner, i, &other_edit));
		assert_int_equal(edit.step, other_edit.step);
		assert_string_equal(edit.value, other_edit.value);
	}
}

/* ---- what replaces a run ---- */

static void start_another(struct runner *runner)
{
	struct settings settings = net("activation=tanh layers=*-9-*");
	runner_start(runner, &settings);
	runner_step(runner, 7);
}

static void start_more_lanes(struct runner *runner)
{
	struct settings settings[3] = { net("init=zeros"), net("init=he"), net("init=lecun") };
	runner_start_lanes(runner, settings, 3);
	runner_step(runner, 11);
}

static void fail_to_start(struct runner *runner)
{
	struct settings settings = net("data=/nonexistent/place");
	runner_start(runner, &settings);
}

static void change(struct runner *runner)
{
	runner_edit(runner, "lr", "0.25");
	runner_step(runner, 8);
}

static void scale(struct runner *runner)
{
	runner_scale(runner, 2, 3);
	runner_step(runner, 3);
}

static void branch(struct runner *runner)
{
	runner_rewind(runner, 15);
	runner_edit(runner, "activation", "relu");
	runner_step(runner, 9);
}

static void (*const replacements[])(struct runner *runner) = {
	start_another, start_more_lanes, fail_to_start, change, scale, branch,
};
#define REPLACEMENTS (sizeof replacements / sizeof replacements[0])

static void train(struct seen *seen)
{
	runner_step(seen->runner, 23);
	settle(seen);
	runner_edit(seen->runner, "lr", "0.01");
	runner_step(seen->runner, 2);
	settle(seen);
}

static void go_on(struct seen *seen)
{
	runner_step(seen->runner, 10);
	settle(seen);
	runner_edit(seen->runner, "batch", "11");
	runner_step(seen->runner, 10);
	settle(seen);
}

static void there_and_back(bool worker, size_t lanes)
{
	struct seen straight = begin(false, "batch=16", lanes);
	settle(&straight);
	train(&straight);
	struct seen left = begin(worker, "batch=16", lanes);
	settle(&left);
	train(&left);
	for (size_t i = 0; i < REPLACEMENTS; i++) {
		replacements[i](left.runner);
		settle(&left);
		assert_true(left.status.undo_trained);
		assert_int_equal(left.status.undo_step, 25);
		runner_undo(left.runner);
		settle(&left);
		assert_same(&left, &straight);
		assert_int_equal(left.status.err.code, ERR_NONE);
	}
	go_on(&straight);
	go_on(&left);
	assert_same(&left, &straight);
	end(&straight);
	end(&left);
}

static void test_there_and_back(void **state)
{
	(void)state;
	there_and_back(false, 1);
	there_and_back(true, 1);
	there_and_back(false, 2);
	there_and_back(true, 3);
}

/* Redo brings back what undo put aside, and both can be repeated. */
static void test_redo(void **state)
{
	(void)state;
	for (int worker = 0; worker < 2; worker++) {
		struct seen seen = begin(worker, "", 1), other = begin(false, "", 1);
		runner_step(seen.runner, 12);
		settle(&seen);
		start_another(seen.runner);
		settle(&seen);
		start_another(other.runner);
		settle(&other);
		for (int i = 0; i < 3; i++) {
			runner_undo(seen.runner);
			settle(&seen);
			assert_int_equal(seen.status.step, 12);
			assert_int_equal(seen.status.redo_step, 7);
			runner_redo(seen.runner);
			settle(&seen);
			assert_same(&seen, &other);
			assert_int_equal(seen.status.redo, 0);
		}
		runner_run(seen.runner, true, 0);
		runner_run(other.runner, true, 0);
		settle(&seen);
		settle(&other);
		assert_same(&seen, &other);
		/* something new: what was undone cannot be redone */
		runner_undo(seen.runner);
		start_another(seen.runner);
		settle(&seen);
		assert_int_equal(seen.status.redo, 0);
		runner_redo(seen.runner);
		settle(&seen);
		assert_int_equal(seen.status.err.code, ERR_USAGE);
		assert_int_equal(seen.status.state, RUNNER_PAUSED);
		assert_int_equal(seen.status.step, 7);
		end(&seen);
		end(&other);
	}
}

static void test_nothing_to_undo(void **state)
{
	(void)state;
	for (int worker = 0; worker < 2; worker++) {
		struct seen seen = begin(worker, "", 1);
		runner_step(seen.runner, 3);
		runner_undo(seen.runner);
		settle(&seen);
		assert_int_equal(seen.status.err.code, ERR_USAGE);
		assert_int_equal(seen.status.step, 3);
		runner_edit(seen.runner, "lr", "nonsense"); /* refused: nothing was replaced */
		settle(&seen);
		assert_int_equal(seen.status.undo, 0);
		end(&seen);
	}
}

/* Each change is one undo, a rewinding and its change together are one. */
static void test_step_by_step(void **state)
{
	(void)state;
	struct seen seen = begin(true, "", 1);
	struct runner_edit edit;
	runner_step(seen.runner, 20);
	settle(&seen);
	branch(seen.runner);
	settle(&seen);
	runner_edit(seen.runner, "lr", "0.5");
	runner_edit(seen.runner, "lr", "0.25");
	settle(&seen);
	assert_int_equal(seen.status.undo, 3);
	runner_undo(seen.runner);
	settle(&seen);
	assert_true(runner_past_edit(seen.runner, 1, &edit));
	assert_string_equal(edit.value, "0.5");
	assert_false(runner_past_edit(seen.runner, 2, &edit));
	runner_undo(seen.runner);
	runner_undo(seen.runner);
	settle(&seen);
	assert_int_equal(seen.status.step, 20);
	assert_false(runner_past_edit(seen.runner, 0, &edit));
	end(&seen);
}

/* Undo does not wait for a run that is still being repeated, and takes nothing
 * else with it. */
static void test_undo_of_a_long_repetition(void **state)
{
	(void)state;
	struct seen seen = begin(true, "", 1);
	runner_step(seen.runner, 30);
	settle(&seen);
	runner_rewind(seen.runner, 1000000000);
	runner_edit(seen.runner, "lr", "0.5");
	runner_step(seen.runner, 3);
	runner_undo(seen.runner);
	settle(&seen);
	assert_int_equal(seen.status.step, 30);
	assert_int_equal(seen.latest[0]->step, 30);
	assert_int_equal(seen.status.redo_step, 1000000000);
	end(&seen);
}

/* ---- memory ---- */

/* A run whose checkpoint was given up is repeated: the same bits, later. */
static void test_repeated_where_memory_is_short(void **state)
{
	(void)state;
	struct settings settings = net("steps=20"), other = net("init=he");
	static struct run run, straight;
	struct err err = {0};
	uint64_t repeat;
	struct run *const both[] = { &run, &straight };
	for (int i = 0; i < 2; i++) {
		assert_true(run_start(both[i], &settings, 1, &err));
		for (int step = 0; step < 13; step++)
			assert_true(run_step(both[i], &err));
		assert_true(run_edit(both[i], "lr", "0.02", &err));
		run_aim(both[i]);
		for (int step = 13; step < 25; step++) {
			if (step == 20)
				run_aim(both[i]); /* run on from the end */
			assert_true(run_step(both[i], &err));
		}
		assert_true(run_edit(both[i], "lr", "0.03", &err));
	}
	run_park(&run);
	assert_true(run_start(&run, &other, 1, &err));
	assert_true(parked_limit(&run.undo, &run.redo, 0));
	assert_true(run_undo(&run, false, &repeat, &err));
	assert_int_equal(repeat, 25);
	static struct settings start, now; /* too large for one frame with the others */
	assert_true(run_settings(&run, 0, &start, &now)); /* known before it is there */
	assert_true(spec_value(&now.optimizer, "lr") == 0.03);
	while (repeat--)
		assert_true(run_step(&run, &err));
	assert_int_equal(run.edits, 2);
	assert_int_equal(run.target, straight.target);
	assert_int_equal(run.lane[0].history.count, straight.lane[0].history.count);
	for (size_t i = 0; i < run.lane[0].history.count; i++)
		assert_same_snapshot(run.lane[0].history.snapshot[i], straight.lane[0].history.snapshot[i]);
	for (int i = 0; i < 2; i++)
		assert_true(run_step(both[i], &err) && run_refresh(both[i], false, &err));
	assert_same_snapshot(run.lane[0].latest, straight.lane[0].latest);
	run_close(&run);
	run_close(&straight);
}

/* More than can be kept: the oldest are forgotten, the memory is bounded. */
static void test_bounds(void **state)
{
	(void)state;
	struct settings settings = net("layers=*-1200-1200-* probe=10 batch=2");
	static struct run run;
	struct err err = {0};
	assert_true(run_start(&run, &settings, 1, &err));
	size_t bytes = 0, heavy = 0;
	for (int i = 0; i < 10; i++)
		assert_true(run_scale(&run, 1, 0.5, &err)); /* 29 MB each */
	for (size_t i = 0; i < run.undo.count; i++) {
		bytes += run.undo.run[i]->bytes;
		heavy += run.undo.run[i]->lane != NULL;
	}
	assert_true(bytes <= PARKED_BYTES);
	assert_int_equal(heavy, PARKED_BYTES / run.undo.run[9]->bytes);
	assert_null(run.undo.run[0]->lane); /* the oldest went first */
	settings = net("layers=*-3-*");
	assert_true(run_start(&run, &settings, 1, &err));
	for (int i = 0; i < PARKED_RUNS + 5; i++)
		assert_true(run_scale(&run, 1, 0.5, &err));
	assert_int_equal(run.undo.count, PARKED_RUNS);
	run_close(&run);
}

/* What a script prints is printed once, whether the run was kept or repeated. */
static bool count(void *context, const struct snapshot *snapshot, struct err *err)
{
	(void)snapshot, (void)err;
	++*(int *)context;
	return true;
}

static void test_observations_are_handed_over_once(void **state)
{
	(void)state;
	int seen = 0;
	struct runner *runner = runner_inline(&(struct runner_sink){ .receive = count, .context = &seen }, NULL);
	struct settings settings = net("");
	runner_start(runner, &settings);
	runner_step(runner, 30); /* 0, 10, 20, 30 */
	start_another(runner);   /* 0 */
	assert_int_equal(seen, 5);
	runner_undo(runner);
	assert_int_equal(seen, 5);
	runner_step(runner, 10);
	assert_int_equal(seen, 6);
	runner_destroy(runner);
}

/* ---- the app ---- */

static struct app *open_app(struct runner **runner)
{
	struct settings settings = net("");
	*runner = runner_inline(NULL, NULL);
	struct app *app = app_create(*runner, &settings, NULL, true, NULL);
	assert_non_null(app);
	app_poll(app, 1);
	return app;
}

static void keys(struct app *app, const char *text)
{
	for (; *text; text++)
		app_key(app, (unsigned char)*text);
	app_poll(app, 1);
}

static void line(struct app *app, const char *words)
{
	struct err err = {0};
	if (!app_command(app, words, &err))
		fail_msg("%s: %s", words, err.message);
	app_poll(app, 1);
}

static void assert_says(const struct app *app, const char *words)
{
	if (strstr(app->message->text, words) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", app->message->text, words);
}

static void close_app(struct app *app, struct runner *runner)
{
	end_app(app);
	runner_destroy(runner);
}

/* Every key that replaces a run shows how to bring it back, and u brings it back. */
static void test_keys_that_replace_a_run(void **state)
{
	(void)state;
	static const char *const all[] = { "i", "I", "d", "r", "4", "9", "R", "c", "m", "H", "a", ")", ",l" };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct runner *runner;
		struct app *app = open_app(&runner);
		struct settings before = app->lanes->lane[0].settings;
		line(app, "step 23");
		app->panel->chosen = table_index(&settings_table, table_find(&settings_table, "seed", NULL));
		keys(app, all[i]);
		if (strstr(app->message->text, "u brings back step 23") == NULL)
			fail_msg("%s: \"%s\"", all[i], app->message->text);
		line(app, "step 2");
		keys(app, "u");
		assert_int_equal(app->lanes->lane[0].latest->step, 23);
		assert_true(settings_equal(&app->lanes->lane[0].settings, &before));
		assert_int_equal(app->lanes->beside, 0);
		assert_string_equal(table_at(&views, app->navigation->view)->name, table_at(&views, 0)->name);
		assert_says(app, "step 23 is back");
		assert_int_equal(app->lanes->lane[0].history.count, 3); /* 0, 10, 20 */
		keys(app, "U");
		assert_int_not_equal(app->lanes->lane[0].latest->step, 23);
		keys(app, "u");
		assert_int_equal(app->lanes->lane[0].latest->step, 23);
		close_app(app, runner);
	}
}

/* Settings, partners and views come back with several nets, too. */
static void test_lanes_come_back(void **state)
{
	(void)state;
	struct runner *runner;
	struct app *app = open_app(&runner);
	line(app, "compare init=he");
	line(app, "step 5");
	line(app, "lr 0.02");
	line(app, "compare off");
	line(app, "multiples");
	line(app, "step 3");
	keys(app, "4");
	assert_int_equal(app->lanes->beside, 0);
	keys(app, "u");
	assert_int_equal(app->lanes->beside, 6);
	assert_string_equal(table_at(&views, app->navigation->view)->name, "multiples");
	keys(app, "uu");
	assert_int_equal(app->lanes->beside, 1);
	assert_string_equal(table_at(&views, app->navigation->view)->name, "compare");
	assert_string_equal(app->lanes->lane[1].settings.init.entry->name, "he_normal");
	assert_true(spec_value(&app->lanes->lane[1].settings.optimizer, "lr") == 0.02);
	assert_true(spec_value(&app->lanes->lane[0].settings.optimizer, "lr") == 0.02);
	assert_true(spec_value(&app->lanes->started[0].optimizer, "lr") == 0.001); /* as when it was started */
	assert_int_equal(app->lanes->lane[1].latest->step, 5);
	close_app(app, runner);
}

/* Undo returns from a run that cannot be started. */
static void test_failure(void **state)
{
	(void)state;
	struct runner *runner;
	struct app *app = open_app(&runner);
	line(app, "step 4");
	line(app, "data /nonexistent/place");
	assert_int_equal(app->experiment->status.state, RUNNER_FAILED);
	assert_says(app, "u brings back step 4");
	keys(app, "u");
	assert_int_equal(app->experiment->status.state, RUNNER_PAUSED);
	assert_int_equal(app->lanes->lane[0].latest->step, 4);
	assert_string_equal(app->lanes->lane[0].settings.data, "digits");
	close_app(app, runner);
}

static void test_a_run_without_steps_is_not_named(void **state)
{
	(void)state;
	struct runner *runner;
	struct app *app = open_app(&runner);
	keys(app, "i");
	assert_null(strstr(app->message->text, "brings back"));
	keys(app, "u");
	assert_string_equal(app->lanes->lane[0].settings.init.entry->name, "normal");
	keys(app, "u");
	assert_says(app, "undo: ");
	close_app(app, runner);
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_redo), cmocka_unit_test(test_nothing_to_undo),
		cmocka_unit_test(test_step_by_step), cmocka_unit_test(test_undo_of_a_long_repetition),
		cmocka_unit_test(test_repeated_where_memory_is_short), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_observations_are_handed_over_once), cmocka_unit_test(test_keys_that_replace_a_run),
		cmocka_unit_test(test_lanes_come_back), cmocka_unit_test(test_failure),
		cmocka_unit_test(test_a_run_without_steps_is_not_named),
	};
	return cmocka_run_group_tests_name("undo", tests, prepare, NULL);
}
