/* Going back in a run by its marks: the same bits as repeating it from its
 * start.  Observing a step that is past; running until a number passes a limit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "lab/marks.h"
#include "lab/quantity.h"
#include "runner_fixture.h"

static struct runner *begin(bool worker)
{
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", NULL));
	assert_true(settings_set(&settings, "layers", "*-20-20-*", NULL));
	assert_true(settings_set(&settings, "optimizer", "adam", NULL));
	assert_true(settings_set(&settings, "steps", "400", NULL));
	assert_true(settings_set(&settings, "every", "50", NULL));
	struct runner *runner = make(worker);
	runner_start(runner, &settings);
	return runner;
}

/* Steps, and waits for them: a request does not wait for the steps before it. */
static void step(struct runner *runner, uint64_t steps)
{
	runner_step(runner, steps);
	assert_true(runner_settle(runner, 0));
}

/* With changes before, between and after the marks at 64, 128, 192 ... */
static void train_to_100(struct runner *runner)
{
	step(runner, 70);
	runner_edit(runner, "lr", "0.002");
	step(runner, 30);
	runner_scale(runner, 1, 1.5);
}

static void train_to_260(struct runner *runner)
{
	step(runner, 92); /* at 192: a mark */
	runner_edit(runner, "batch", "17");
	step(runner, 68);
}

static void branch_and_go_on(struct runner *runner)
{
	runner_edit(runner, "activation", "tanh");
	step(runner, 140);
}

static void assert_same_numbers(const struct snapshot *x, const struct snapshot *y)
{
	assert_int_equal(x->step, y->step);
	assert_int_equal(x->layers, y->layers);
	assert_true(settings_equal(&x->settings, &y->settings));
	assert_memory_equal(&x->loss, &y->loss, sizeof x->loss);
	assert_memory_equal(&x->batch_loss, &y->batch_loss, sizeof x->batch_loss);
	for (size_t l = 0; l < x->layers; l++)
		for (int t = 0; t < MLP_TENSORS; t++)
			assert_memory_equal(&x->layer[l].tensor[t].moments, &y->layer[l].tensor[t].moments, sizeof(struct moments));
}

static void assert_same_record(const struct history *a, const struct history *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_same_numbers(a->snapshot[i], b->snapshot[i]);
		assert_memory_equal(a->snapshot[i]->layer, b->snapshot[i]->layer,
		                    a->snapshot[i]->layers * sizeof a->snapshot[i]->layer[0]);
	}
}

static void rewind_by_marks(bool worker)
{
	struct seen straight = {0}, back = {0};
	struct runner *a = begin(false), *b = begin(worker);
	train_to_100(a);
	step(a, 92);
	runner_edit(a, "batch", "17");
	step(a, 48); /* 240 */
	branch_and_go_on(a);
	settle(a, &straight);
	assert_int_equal(straight.status.step, 380);

	train_to_100(b);
	train_to_260(b);
	runner_rewind(b, 240);
	branch_and_go_on(b);
	settle(b, &back);
	assert_int_equal(back.status.err.code, ERR_NONE);
	assert_same_numbers(straight.latest, back.latest);
	assert_same_record(&straight.history, &back.history);

	/* and again, in a run that was restored by undo, whose marks came with it */
	runner_undo(b);
	settle(b, &back);
	assert_int_equal(back.status.step, 260);
	runner_rewind(b, 240);
	branch_and_go_on(b);
	settle(b, &back);
	assert_same_numbers(straight.latest, back.latest);
	assert_same_record(&straight.history, &back.history);
	let_go(a, &straight);
	let_go(b, &back);
}

static void test_rewind_inline(void **state)
{
	(void)state;
	rewind_by_marks(false);
}

static void test_rewind_worker(void **state)
{
	(void)state;
	rewind_by_marks(true);
}

/* ---- observing the past ---- */

static void observe_step(bool worker, uint64_t past)
{
	struct seen straight = {0}, seen = {0};
	struct runner *a = begin(false), *b = begin(worker);
	train_to_100(a);
	step(a, past - 100);
	settle(a, &straight);
	train_to_100(b);
	train_to_260(b);
	settle(b, &seen);
	size_t before = seen.history.count;
	uint64_t run = seen.status.run;
	runner_observe(b, past);
	settle(b, &seen);
	assert_int_equal(seen.status.run, run); /* the run is where it was */
	assert_int_equal(seen.status.step, 260);
	assert_int_equal(seen.history.count, before + 1);
	for (size_t i = 1; i < seen.history.count; i++)
		assert_true(seen.history.snapshot[i - 1]->step < seen.history.snapshot[i]->step);
	assert_same_numbers(history_at(&seen.history, past), straight.latest);

	/* what follows has the same bits as without the look */
	struct seen other = {0};
	struct runner *c = begin(false);
	train_to_100(c);
	train_to_260(c);
	step(c, 40);
	step(b, 40);
	settle(b, &seen);
	settle(c, &other);
	assert_same_numbers(seen.latest, other.latest);
	let_go(a, &straight);
	let_go(b, &seen);
	let_go(c, &other);
}

static void test_observe(void **state)
{
	(void)state;
	for (int worker = 0; worker < 2; worker++) {
		observe_step(worker, 137); /* from the mark at 128 */
		observe_step(worker, 191);
	}
}

static void test_observe_before_the_first_mark(void **state)
{
	(void)state;
	struct seen straight = {0}, seen = {0};
	struct runner *a = begin(false), *b = begin(true);
	step(a, 33);
	settle(a, &straight);
	train_to_100(b);
	runner_observe(b, 33);
	settle(b, &seen);
	assert_same_numbers(history_at(&seen.history, 33), straight.latest);
	let_go(a, &straight);
	let_go(b, &seen);
}

/* ---- until ---- */

static void run_until(bool worker)
{
	struct seen seen = {0}, each = {0};
	struct runner *b = begin(worker), *a = begin(false);
	double value = INFINITY;
	uint64_t first = 0;
	while (!(value < 1.8)) {
		step(a, 1);
		settle(a, &each);
		assert_true(quantity_value(each.latest, "loss", &value, NULL));
		first++;
	}
	assert_in_range(first, 2, 399);
	runner_until(b, &(struct runner_goal){ .name = "loss", .limit = 1.8 }, 0);
	settle(b, &seen);
	assert_int_equal(seen.status.step, first);
	assert_int_equal(seen.latest->step, first);
	assert_int_equal(seen.status.met, 1);
	assert_int_equal(seen.status.err.code, ERR_NONE);
	assert_true(seen.status.goal_value == value);
	runner_until(b, &(struct runner_goal){ .name = "test_accuracy", .above = true, .limit = 1 }, 0);
	settle(b, &seen);
	assert_int_equal(seen.status.step, 400);
	assert_int_equal(seen.status.met, 1);
	assert_int_equal(seen.status.err.code, ERR_RUN);
	assert_non_null(strstr(seen.status.err.message, "until test_accuracy > 1"));
	assert_int_equal(seen.status.state, RUNNER_PAUSED);
	let_go(a, &each);
	let_go(b, &seen);
}

static void test_until(void **state)
{
	(void)state;
	run_until(false);
	run_until(true);
}

/* ---- distances and memory ---- */

static void add_mark(struct marks *marks, uint64_t step, size_t bytes)
{
	struct mark *mark = mark_create(1, NULL);
	assert_non_null(mark);
	mark->step = step;
	mark->bytes = bytes;
	marks_add(marks, mark, UINT64_MAX, NULL);
}

static void test_distances(void **state)
{
	(void)state;
	static struct marks marks, shared;
	for (uint64_t step = 1; step <= 100000; step++)
		if (marks_are_due(&marks, step))
			add_mark(&marks, step, MARKS_BYTES / 100);
	assert_in_range(marks.count, 40, 100);
	assert_true(marks.bytes <= MARKS_BYTES);
	for (size_t i = 0; i < marks.count; i++)
		assert_int_equal(marks.mark[i]->step, (i + 1) * marks.distance);
	marks_share(&shared, &marks, marks.distance - 1);
	assert_int_equal(shared.count, 0);
	marks_share(&shared, &marks, 5 * marks.distance);
	assert_int_equal(shared.count, 5);
	marks_clear(&marks);
	assert_int_equal(shared.mark[4]->step, 5 * shared.distance); /* still there */
	add_mark(&shared, 1u << 20, MARKS_BYTES + 1); /* too large for any distance */
	assert_int_equal(shared.count, 5);
	marks_clear(&shared);
	assert_int_equal(shared.count, 0);
}

/* ---- the file ---- */

static void test_blocks(void **state)
{
	(void)state;
	struct mark_file *file = mark_file_create();
	struct mark_block a, b, c, d;
	char bytes[40];
	assert_non_null(file);
	assert_null(mark_file_fault(file));
	mark_file_limit(file, 100);
	assert_true(mark_file_reserve(file, 30, &a) && mark_file_reserve(file, 40, &b) && mark_file_reserve(file, 30, &c));
	assert_true(mark_file_is_full(file, 1) && !mark_file_reserve(file, 1, &d));
	assert_true(mark_file_write(file, &a, 0, "aaaaa", 5) && mark_file_write(file, &b, 35, "bbbbb", 5) &&
	            mark_file_write(file, &c, 0, "ccccc", 5));
	mark_file_release(file, &b);
	assert_true(mark_file_reserve(file, 25, &b) && mark_file_reserve(file, 15, &d)); /* both in its place */
	assert_true(mark_file_is_full(file, 1));
	assert_true(mark_file_write(file, &d, 10, "ddddd", 5));
	assert_true(mark_file_read(file, &a, 0, bytes, 5, NULL) && memcmp(bytes, "aaaaa", 5) == 0);
	assert_true(mark_file_read(file, &c, 0, bytes, 5, NULL) && memcmp(bytes, "ccccc", 5) == 0);
	assert_true(mark_file_read(file, &d, 10, bytes, 5, NULL) && memcmp(bytes, "ddddd", 5) == 0);
	assert_false(mark_file_read(file, &c, 20, bytes, 20, NULL)); /* never written */
	mark_file_drop(file);
}

/* Marks of nets that do not fit in memory are in the file; the bits are the same. */
static void test_marks_in_the_file(void **state)
{
	(void)state;
	marks_memory = 1;
	for (int worker = 0; worker < 2; worker++) {
		rewind_by_marks(worker);
		observe_step(worker, 137);
	}
	marks_memory = MARKS_BYTES;
}

/* Some in memory, the older ones in the file, at a distance that is doubled again when it is full. */
static void test_memory_then_file(void **state)
{
	(void)state;
	static struct marks marks;
	struct mark_file *file = mark_file_create();
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "layers", "*-4-*", NULL));
	struct dataset *data = dataset_open("digits", NULL);
	struct session *session = session_create(&settings, data, NULL, NULL);
	size_t bytes = session_checkpoint_bytes(session);
	marks_memory = 10 * (bytes + sizeof(struct mark_lane) + 200);
	mark_file_limit(file, 20 * (bytes + sizeof(struct mark_lane)));
	for (uint64_t step = 1; step <= 64 * 256; step++) {
		if (!marks_are_due(&marks, step))
			continue;
		struct mark *mark = mark_create(1, NULL);
		mark->lane[0].checkpoint = session_checkpoint(session, NULL);
		mark->lane[0].scheduled.range[3][2].high = (double)step;
		mark->bytes += bytes;
		mark->step = step;
		marks_add(&marks, mark, 256, file);
		assert_true(marks.bytes <= marks_memory);
	}
	assert_in_range(marks.count, 15, 30);
	assert_true(marks.mark[0]->file && !marks.mark[marks.count - 1]->file);
	for (size_t i = 0; i < marks.count; i++) {
		struct mark_lane *lane = mark_open(marks.mark[i], NULL);
		assert_int_equal(marks.mark[i]->step, (i + 1) * marks.distance);
		assert_true(lane[0].scheduled.range[3][2].high == (double)marks.mark[i]->step);
		mark_close(marks.mark[i], lane);
	}
	marks_clear(&marks);
	assert_false(mark_file_is_full(file, 20 * bytes));
	mark_file_drop(file);
	session_destroy(session);
	dataset_close(data);
	marks_memory = MARKS_BYTES;
}

static void fault_is_said_once(const char *part)
{
	struct seen seen = {0};
	size_t said = 0;
	marks_memory = 1;
	rewind_by_marks(true);
	struct runner *runner = begin(true);
	step(runner, 300);
	settle(runner, &seen);
	assert_int_equal(seen.status.err.code, ERR_NONE);
	for (size_t i = 0; i < warnings_count(seen.latest->warnings); i++)
		said += strstr(warnings_at(seen.latest->warnings, i), part) != NULL;
	assert_int_equal(said, 1);
	let_go(runner, &seen);
	marks_memory = MARKS_BYTES;
}

/* No room for the file, or none in it: fewer marks, one warning, the same bits. */
static void test_no_file(void **state)
{
	(void)state;
	struct rlimit before, none;
	setenv("TMPDIR", "/nonexistent", 1);
	fault_is_said_once("/nonexistent: a temporary file cannot be created");
	unsetenv("TMPDIR");
	getrlimit(RLIMIT_FSIZE, &before);
	none = before;
	none.rlim_cur = 200000; /* a mark and a half */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	fault_is_said_once("a temporary file cannot be written: File too large");
	setrlimit(RLIMIT_FSIZE, &before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rewind_inline), cmocka_unit_test(test_rewind_worker),
		cmocka_unit_test(test_observe), cmocka_unit_test(test_observe_before_the_first_mark),
		cmocka_unit_test(test_until), cmocka_unit_test(test_distances),
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_marks_in_the_file),
		cmocka_unit_test(test_memory_then_file), cmocka_unit_test(test_no_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
