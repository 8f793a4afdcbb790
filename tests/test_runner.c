/* Runners: the inline one and the worker do the same, and the worker answers
 * while it works. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/runner.h"
#include "nn/mat.h"
#include "runner_fixture.h"

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

/* The record has the same bits at any speed, with and without a screen. */
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
	runner_edit(runner, "layers", "*-5-*");
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
	struct runner_sink sink = { .receive = count_then_fail, .context = &count };
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

/* Requests are carried out between steps; the runner ends without waiting for the run. */
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

/* ---- going back ---- */

/* The same observations in both, bit for bit. */
static void assert_same_record(const struct seen *one, const struct seen *other)
{
	assert_int_equal(one->history.count, other->history.count);
	for (size_t i = 0; i < one->history.count; i++) {
		const struct snapshot *x = one->history.snapshot[i], *y = other->history.snapshot[i];
		assert_int_equal(x->step, y->step);
		assert_true(settings_equal(&x->settings, &y->settings));
		assert_memory_equal(x->layer, y->layer, x->layers * sizeof x->layer[0]);
		assert_memory_equal(&x->loss, &y->loss, sizeof x->loss);
		assert_memory_equal(&x->batch_loss, &y->batch_loss, sizeof x->batch_loss);
	}
}

static struct runner *begin(bool worker)
{
	struct settings settings = small_net();
	struct runner *runner = make(worker);
	assert_true(settings_set(&settings, "every", "10", NULL));
	runner_start(runner, &settings);
	runner_step(runner, 20);
	return runner;
}

/* One change of every kind. */
static void change_and_go_on(struct runner *runner, struct seen *seen)
{
	static const char *const edits[][2] = {
		{ "batch", "17" }, { "activation", "tanh" }, { "optimizer", "momentum(lr=0.05)" }, { "every", "5" },
	};
	for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
		runner_edit(runner, edits[i][0], edits[i][1]);
		settle(runner, seen);
		assert_int_equal(seen->status.err.code, ERR_NONE);
		runner_step(runner, 10);
		settle(runner, seen);
	}
	runner_scale(runner, 2, 0.5);
	runner_run(runner, true, 0);
	settle(runner, seen);
}

static void rewind_and_change(bool worker)
{
	struct seen straight = {0}, back = {0};
	struct runner *a = begin(false), *b = begin(worker);
	runner_edit(a, "lr", "0.01");
	runner_step(a, 10);
	change_and_go_on(a, &straight);

	settle(b, &back);
	runner_edit(b, "lr", "0.01");
	runner_step(b, 15);
	settle(b, &back);
	runner_scale(b, 1, 3); /* after the step gone back to: must not be repeated */
	runner_step(b, 10);
	settle(b, &back);
	runner_rewind(b, 30);
	change_and_go_on(b, &back);
	assert_same_record(&straight, &back);

	struct runner_edit edit;
	static const uint64_t steps[] = { 20, 30, 40, 50, 60, 70 };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		assert_true(runner_past_edit(b, i, &edit));
		assert_int_equal(edit.step, steps[i]);
	}
	assert_false(runner_past_edit(b, 6, &edit));
	let_go(a, &straight);
	let_go(b, &back);
}

static void test_rewind_inline(void **state)
{
	(void)state;
	rewind_and_change(false);
}

static void test_rewind_worker(void **state)
{
	(void)state;
	rewind_and_change(true);
}

/* Requests after a rewind wait until its step is reached; a start does not. */
static void test_requests_wait_for_a_rewind(void **state)
{
	(void)state;
	struct seen seen = {0};
	struct runner_edit edit;
	struct runner *runner = begin(true);
	settle(runner, &seen);
	runner_rewind(runner, 20);
	runner_edit(runner, "lr", "0.25");
	runner_step(runner, 3);
	settle(runner, &seen);
	assert_int_equal(seen.latest->step, 23);
	assert_true(runner_past_edit(runner, 0, &edit));
	assert_int_equal(edit.step, 20);
	runner_rewind(runner, 1000000000);
	runner_edit(runner, "lr", "0.5");
	struct settings settings = small_net();
	runner_start(runner, &settings);
	settle(runner, &seen);
	assert_int_equal(seen.latest->step, 0);
	assert_false(runner_past_edit(runner, 0, &edit));
	let_go(runner, &seen);
}

/* An edit made at the start is the setting made before it. */
static void test_batch_at_the_start(void **state)
{
	(void)state;
	struct seen edited = {0}, set = {0};
	struct settings settings = small_net();
	struct runner *a = make(false), *b = make(false);
	assert_true(settings_set(&settings, "probe", "batch", NULL)); /* a batch is drawn ahead */
	runner_start(a, &settings);
	runner_edit(a, "batch", "77");
	runner_edit(a, "lr", "0.02");
	runner_edit(a, "activation", "relu");
	runner_run(a, true, 0);
	settle(a, &edited);
	assert_true(settings_set(&settings, "batch", "77", NULL));
	assert_true(settings_set(&settings, "lr", "0.02", NULL));
	assert_true(settings_set(&settings, "activation", "relu", NULL));
	runner_start(b, &settings);
	runner_run(b, true, 0);
	settle(b, &set);
	history_clear(&edited.history); /* the first was taken before the edits, and its axes are kept */
	history_clear(&set.history);
	assert_int_equal(edited.latest->step, 60);
	assert_memory_equal(&edited.latest->loss, &set.latest->loss, sizeof set.latest->loss);
	assert_memory_equal(&edited.latest->batch_loss, &set.latest->batch_loss, sizeof set.latest->batch_loss);
	let_go(a, &edited);
	let_go(b, &set);
}

/* R7: many requests and polls while the worker trains.  Whatever is polled is in
 * order, and the run that follows is the inline runner's, bit for bit. */
static void test_many_requests_and_polls(void **state)
{
	(void)state;
	struct settings settings = small_net();
	struct seen seen = {0}, expected = {0};
	struct runner *worker = make(true), *at_once = make(false);
	uint64_t run = 0;
	settings_set(&settings, "steps", "1000000000", NULL);
	runner_start(worker, &settings);
	for (uint64_t i = 0; i < 3000; i++) {
		switch (i % 11) {
		case 0: runner_run(worker, true, 0); break;
		case 4: runner_run(worker, false, 0); break;
		case 5: runner_step(worker, i % 3); break;
		case 7: runner_edit(worker, "lr", i % 2 ? "0.1" : "0.01"); break;
		case 9: if (i % 5 == 0) runner_rewind(worker, i % 40); break;
		case 10: if (i % 7 == 0) runner_start(worker, &settings); break;
		}
		runner_poll(worker, &seen.history, &seen.latest, &seen.status);
		assert_int_not_equal(seen.status.state, RUNNER_FAILED);
		assert_true(seen.status.run >= run);
		run = seen.status.run;
		for (size_t k = 1; k < seen.history.count; k++)
			assert_true(seen.history.snapshot[k - 1]->step < seen.history.snapshot[k]->step);
	}
	settings = small_net();
	struct { struct runner *runner; struct seen *seen; } both[] = { { worker, &seen }, { at_once, &expected } };
	for (size_t i = 0; i < 2; i++) {
		runner_run(both[i].runner, false, 0);
		runner_start(both[i].runner, &settings);
		runner_step(both[i].runner, 60);
		settle(both[i].runner, both[i].seen);
		assert_int_equal(both[i].seen->status.step, 60);
	}
	assert_same_record(&seen, &expected);
	let_go(worker, &seen);
	let_go(at_once, &expected);
}

/* ---- the report ---- */

/* Polls until there is more of the report than `share`, or it has failed. */
static struct runner_report_status wait_for_report(struct runner *runner, struct report *report, double share)
{
	struct runner_report_status status = { .share = -1 };
	while (status.share <= share && status.err.code == ERR_NONE) {
		runner_poll_report(runner, report, &status);
		poll(NULL, 0, 1);
	}
	return status;
}

/* It does not change the run; it stops and continues; another seed starts another
 * report; the runner ends without waiting for it. */
static void test_report_beside_a_run(void **state)
{
	(void)state;
	struct settings settings = small_net();
	struct seen seen = {0};
	static struct report report;
	struct runner *runner = make(true);
	runner_start(runner, &settings);
	runner_report(runner, "digits", 3);
	runner_step(runner, 5);
	settle(runner, &seen);
	assert_int_equal(seen.status.step, 5);
	double share = wait_for_report(runner, &report, 0).share;
	assert_true(share > 0 && share < 1);
	assert_int_equal(report.seed, 3);
	assert_int_equal(report.train.images, 55000);

	runner_stop_report(runner);
	poll(NULL, 0, 200); /* longer than a piece */
	struct runner_report_status stopped, later;
	runner_poll_report(runner, &report, &stopped);
	poll(NULL, 0, 100);
	assert_false(runner_poll_report(runner, &report, &later));
	assert_true(later.share == stopped.share && stopped.share < 1);
	runner_settle_report(runner); /* returns: nothing is measured */

	runner_report(runner, "digits", 3);
	assert_true(wait_for_report(runner, &report, stopped.share).share < 1);
	runner_report(runner, "digits", 4);
	assert_true(runner_poll_report(runner, &report, &later));
	assert_true(later.share < stopped.share);
	wait_for_report(runner, &report, 0);
	assert_int_equal(report.seed, 4);
	let_go(runner, &seen);
}

/* Of any kind of runner, with or without a run; afterwards it can be measured
 * from other images. */
static void test_report_fails(void **state)
{
	(void)state;
	for (int worker = 0; worker < 2; worker++) {
		static struct report report;
		struct runner *runner = make(worker);
		for (int i = 0; i < 2; i++) {
			runner_report(runner, "/nonexistent", 1);
			runner_settle_report(runner);
			struct runner_report_status status = wait_for_report(runner, &report, 0);
			assert_int_equal(status.err.code, ERR_INPUT);
			assert_non_null(strstr(status.err.message, "/nonexistent"));
		}
		if (worker) {
			runner_report(runner, "digits", 1);
			assert_int_equal(wait_for_report(runner, &report, 0).err.code, ERR_NONE);
		}
		end_runner(runner);
	}
}

/* A run far longer than its history: bounded, and every step can be searched for. */
static void test_history_of_a_long_run(void **state)
{
	(void)state;
	struct snapshot *first = snapshot_create(3, NULL);
	struct history history = { .limit = 40 * snapshot_bytes(3) };
	assert_non_null(first);
	for (uint64_t step = 0; step < 5000; step++) {
		struct snapshot *snapshot = step ? snapshot_create(3, NULL) : first;
		snapshot->step = step;
		assert_true(history_add(&history, snapshot, NULL));
		snapshot_drop(snapshot);
		assert_true(history.bytes <= history.limit);
	}
	assert_int_equal(history.snapshot[0]->step, 0);
	assert_int_equal(history.snapshot[5]->step, 5); /* the start stays dense */
	assert_int_equal(history.snapshot[history.count - 1]->step, 4999);
	for (size_t i = 1; i < history.count; i++)
		assert_true(history.snapshot[i - 1]->step < history.snapshot[i]->step);
	for (uint64_t step = 0; step < 5000; step += 7) {
		size_t i = history_index(&history, step);
		assert_true(history.snapshot[i]->step <= step);
		assert_true(i + 1 == history.count || history.snapshot[i + 1]->step > step);
	}
	history_clear(&history);
}

/* A status that is not behind shows what was asked last, however soon it is read. */
static void test_status_behind_requests(void **state)
{
	(void)state;
	struct settings settings = small_net();
	settings.steps = 1000000;
	struct seen seen = {0};
	struct runner *runner = make(true);
	runner_start(runner, &settings);
	runner_poll(runner, &seen.history, &seen.latest, &seen.status);
	assert_true(seen.status.behind || seen.status.state == RUNNER_PAUSED);
	unsigned behind = 0;
	for (int i = 0; i < 200; i++) {
		bool run = i % 2 == 0;
		runner_run(runner, run, 0);
		do {
			runner_poll(runner, &seen.history, &seen.latest, &seen.status);
			behind += seen.status.behind;
		} while (seen.status.behind);
		assert_int_equal(seen.status.state, run ? RUNNER_RUNNING : RUNNER_PAUSED);
	}
	assert_true(behind > 0);
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
		cmocka_unit_test(test_rewind_inline), cmocka_unit_test(test_rewind_worker),
		cmocka_unit_test(test_requests_wait_for_a_rewind), cmocka_unit_test(test_batch_at_the_start),
		cmocka_unit_test(test_many_requests_and_polls), cmocka_unit_test(test_history_of_a_long_run),
		cmocka_unit_test(test_status_behind_requests), cmocka_unit_test(test_report_beside_a_run), cmocka_unit_test(test_report_fails),
	};
	return cmocka_run_group_tests_name("runner", tests, prepare, NULL);
}
