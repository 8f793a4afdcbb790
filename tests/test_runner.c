/* Runners: the inline one and the worker do the same, and the worker answers
 * while it works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/runner.h"
#include "nn/mat.h"

static struct settings small_net(void)
{
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", NULL));
	assert_true(settings_set(&settings, "layers", "*-20-20-*", NULL));
	assert_true(settings_set(&settings, "steps", "60", NULL));
	assert_true(settings_set(&settings, "every", "20", NULL));
	return settings;
}

struct seen {
	struct history history;
	const struct snapshot *latest;
	struct runner_status status;
};

static void settle(struct runner *runner, struct seen *seen)
{
	assert_true(runner_settle(runner, 60));
	runner_poll(runner, &seen->history, &seen->latest, &seen->status);
}

static void let_go(struct runner *runner, struct seen *seen)
{
	history_clear(&seen->history);
	snapshot_drop(seen->latest);
	assert_true(runner_destroy(runner));
}

static struct runner *make(bool worker)
{
	struct err err = {0};
	struct runner *runner = worker ? runner_worker(NULL, NULL, &err) : runner_inline(NULL, &err);
	assert_non_null(runner);
	return runner;
}

/* Start, single steps, run to the end, run on: what is recorded and seen. */
static void follow(bool worker)
{
	struct settings settings = small_net();
	struct seen seen = {0};
	struct runner *runner = make(worker);
	runner_start(runner, &settings);
	settle(runner, &seen);
	assert_int_equal(seen.status.state, RUNNER_PAUSED);
	assert_int_equal(seen.history.count, 1);
	assert_int_equal(seen.latest->step, 0);
	runner_step(runner, 7);
	runner_step(runner, 2);
	settle(runner, &seen);
	assert_int_equal(seen.latest->step, 9);
	assert_int_equal(seen.status.step, 9);
	assert_false(seen.latest->scheduled);
	assert_int_equal(seen.history.count, 1);
	runner_run(runner, true, 0);
	settle(runner, &seen);
	assert_int_equal(seen.latest->step, 60);
	assert_true(seen.latest->last);
	assert_int_equal(seen.latest->test_images, 10000);
	assert_int_equal(seen.history.count, 4); /* 0, 20, 40, 60 */
	assert_int_equal(seen.history.snapshot[2]->step, 40);
	runner_run(runner, true, 0);
	settle(runner, &seen);
	assert_int_equal(seen.latest->step, 120);
	uint64_t run = seen.status.run;
	runner_start(runner, &settings);
	settle(runner, &seen);
	assert_int_equal(seen.status.run, run + 1);
	assert_int_equal(seen.history.count, 1);
	assert_int_equal(seen.latest->step, 0);
	let_go(runner, &seen);
}

static void test_inline(void **state)
{
	(void)state;
	follow(false);
}

static void test_worker(void **state)
{
	(void)state;
	follow(true);
}

/* Watched at any pace or not at all: the same record, bit for bit. */
static void test_worker_records_what_inline_does(void **state)
{
	(void)state;
	struct settings settings = small_net();
	struct seen one = {0}, other = {0};
	struct runner *a = make(false), *b = make(true);
	runner_start(a, &settings);
	runner_run(a, true, 0);
	settle(a, &one);
	runner_start(b, &settings);
	runner_run(b, true, 2000);
	while (!runner_settle(b, 0.002))
		runner_poll(b, &other.history, &other.latest, &other.status);
	settle(b, &other);
	assert_int_equal(one.history.count, other.history.count);
	for (size_t i = 0; i < one.history.count; i++) {
		const struct snapshot *x = one.history.snapshot[i], *y = other.history.snapshot[i];
		assert_int_equal(x->step, y->step);
		assert_memory_equal(x->layer, y->layer, x->layers * sizeof x->layer[0]);
		assert_memory_equal(&x->loss, &y->loss, sizeof x->loss);
		assert_memory_equal(&x->batch_loss, &y->batch_loss, sizeof x->batch_loss);
	}
	let_go(a, &one);
	let_go(b, &other);
}

static void refused(bool worker)
{
	struct settings settings = small_net();
	struct seen seen = {0};
	struct runner *runner = make(worker);
	settings_set(&settings, "data", "/nonexistent/place", NULL);
	runner_start(runner, &settings);
	runner_step(runner, 3);
	settle(runner, &seen);
	assert_int_equal(seen.status.state, RUNNER_FAILED);
	assert_int_equal(seen.status.err.code, ERR_INPUT);
	assert_null(seen.latest);
	/* and it recovers */
	settings = small_net();
	runner_start(runner, &settings);
	runner_edit(runner, "batch", "5");
	settle(runner, &seen);
	assert_int_equal(seen.status.state, RUNNER_PAUSED);
	assert_int_equal(seen.status.err.code, ERR_USAGE);
	runner_edit(runner, "lr", "0.5");
	settle(runner, &seen);
	assert_int_equal(seen.status.err.code, ERR_NONE);
	assert_true(spec_value(&seen.latest->settings.optimizer, "lr") == 0.5);
	let_go(runner, &seen);
}

static void test_refused_inline(void **state)
{
	(void)state;
	refused(false);
}

static void test_refused_worker(void **state)
{
	(void)state;
	refused(true);
}

static bool count_then_fail(void *context, const struct snapshot *snapshot, struct err *err)
{
	int *count = context;
	(void)snapshot;
	return ++*count < 3 || err_set(err, ERR_OUTPUT, "full");
}

static void test_sink_stops_the_run(void **state)
{
	(void)state;
	int count = 0;
	struct runner_sink sink = { count_then_fail, &count };
	struct settings settings = small_net();
	struct seen seen = {0};
	struct runner *runner = runner_inline(&sink, NULL);
	runner_start(runner, &settings);
	runner_run(runner, true, 0);
	settle(runner, &seen);
	assert_int_equal(count, 3);
	assert_int_equal(seen.status.state, RUNNER_FAILED);
	assert_int_equal(seen.status.err.code, ERR_OUTPUT);
	assert_int_equal(seen.status.step, 40);
	let_go(runner, &seen);
}

/* A request is taken between steps, and the end does not wait for the run. */
static void test_stop_and_end_while_running(void **state)
{
	(void)state;
	struct settings settings = small_net();
	settings_set(&settings, "steps", "1000000000", NULL);
	struct seen seen = {0};
	struct runner *runner = make(true);
	runner_start(runner, &settings);
	runner_run(runner, true, 0);
	do
		runner_poll(runner, &seen.history, &seen.latest, &seen.status);
	while (seen.status.step < 100 && seen.status.state != RUNNER_FAILED);
	assert_int_equal(seen.status.state, RUNNER_RUNNING);
	runner_run(runner, false, 0);
	settle(runner, &seen);
	assert_int_equal(seen.status.state, RUNNER_PAUSED);
	assert_true(seen.latest->step >= 100);
	assert_int_equal(seen.latest->step, seen.status.step);
	runner_run(runner, true, 0);
	let_go(runner, &seen);
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inline),         cmocka_unit_test(test_worker),
		cmocka_unit_test(test_worker_records_what_inline_does),
		cmocka_unit_test(test_refused_inline), cmocka_unit_test(test_refused_worker),
		cmocka_unit_test(test_sink_stops_the_run), cmocka_unit_test(test_stop_and_end_while_running),
	};
	return cmocka_run_group_tests_name("runner", tests, prepare, NULL);
}
