/* A session restored from a checkpoint continues as if it had never been saved: every
 * bit of what is observed later is that of a session trained straight through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nn/mat.h"
#include "nn/optimizer.h"
#include "session_fixture.h"

#define SMALL "layers=*-13-11-* probe=20 batch=16 "

static struct dataset *digits;

static void assert_same(const struct snapshot *one, const struct snapshot *other, const char *words)
{
	bool same = one->step == other->step && settings_equal(&one->settings, &other->settings) &&
	            memcmp(one->layer, other->layer, one->layers * sizeof one->layer[0]) == 0 &&
	            memcmp(&one->loss, &other->loss, sizeof one->loss) == 0 &&
	            memcmp(&one->batch_loss, &other->batch_loss, sizeof one->batch_loss) == 0 &&
	            memcmp(&one->batch_accuracy, &other->batch_accuracy, sizeof one->batch_accuracy) == 0 &&
	            memcmp(&one->input, &other->input, sizeof one->input) == 0 && one->diverged == other->diverged &&
	            one->diverged_step == other->diverged_step && one->diverged_layer == other->diverged_layer;
	if (!same)
		fail_msg("%s: differs at step %llu", words, (unsigned long long)one->step);
}

static const struct snapshot *observe(struct session *session)
{
	static struct session_ranges ranges;
	memset(&ranges, 0, sizeof ranges);
	const struct snapshot *snapshot = session_observe(session, &ranges, SESSION_GLANCE, NULL);
	assert_non_null(snapshot);
	return snapshot;
}

static void train(struct session *session, int steps)
{
	for (int i = 0; i < steps; i++)
		assert_true(session_step(session, NULL));
}

/* What is done to the session before the checkpoint. */
typedef void changes(struct session *session);

static void nothing(struct session *session)
{
	(void)session;
}

static void all_kinds(struct session *session)
{
	assert_true(session_edit(session, "activation", "tanh", NULL));
	train(session, 1);
	assert_true(session_edit(session, "optimizer", "momentum(lr=0.05)", NULL));
	assert_true(session_edit(session, "batch", "7", NULL));
	train(session, 1);
	assert_true(session_scale_weights(session, 2, 1.5, NULL));
}

static void check(const char *words, int before, changes *change, int after)
{
	struct err err = {0};
	struct session *straight = fixture_session(words), *left = fixture_session(words);
	train(straight, before);
	change(straight);
	train(straight, after);
	train(left, before);
	change(left);
	snapshot_drop(observe(left)); /* looking changes nothing */
	struct session_checkpoint *checkpoint = session_checkpoint(left, &err);
	assert_non_null(checkpoint);
	const struct snapshot *then = observe(left);
	train(left, after); /* what the checkpoint was made of goes on */
	const struct snapshot *expected = observe(straight), *gone_on = observe(left);
	assert_same(gone_on, expected, words);
	session_destroy(left);
	if (digits == NULL)
		digits = dataset_open("digits", &err);
	struct session *restored = session_restore(checkpoint, digits, NULL, &err);
	if (restored == NULL)
		fail_msg("%s: %s", words, err.message);
	session_checkpoint_destroy(checkpoint);
	const struct snapshot *back = observe(restored);
	assert_same(back, then, words);
	train(restored, after);
	const struct snapshot *end = observe(restored);
	assert_same(end, expected, words);
	const struct snapshot *const all[] = { then, expected, gone_on, back, end };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		snapshot_drop(all[i]);
	session_destroy(straight);
	session_destroy(restored);
}

static void test_optimizers(void **state)
{
	(void)state;
	for (size_t i = 0; i < optimizers.count; i++) {
		char words[128];
		snprintf(words, sizeof words, SMALL "optimizer=%s", table_at(&optimizers, i)->name);
		check(words, 5, nothing, 4);
	}
}

static void test_nets(void **state)
{
	(void)state;
	static const char *const nets[] = {
		SMALL "normalization=batch", SMALL "normalization=layer", SMALL "normalization=weight", SMALL "normalization=weight init=lsuv",
		"layers=*-12-12-12-* residual=yes probe=20",
		SMALL "init=lsuv activation=tanh", SMALL "init=mup output-init=mup", SMALL "scale=standard",
		"layers=*-* probe=20",
	};
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		check(nets[i], 3, nothing, 3);
		check(nets[i], 0, nothing, 2);
	}
}

static void test_changes_on_the_way(void **state)
{
	(void)state;
	check(SMALL, 4, all_kinds, 5);
	check(SMALL "init=mup", 4, all_kinds, 5);
	check(SMALL "normalization=weight", 4, all_kinds, 5);
	check("layers=*-13-11-* batch=16 probe=batch", 4, all_kinds, 5);
}

/* The end of an epoch falls into the batch that comes next. */
static void test_epochs(void **state)
{
	(void)state;
	check("layers=*-4-* batch=25000 probe=20", 2, nothing, 1);    /* 60000 images: the next batch is the third */
	check("layers=*-4-* batch=25000 probe=batch", 2, nothing, 1); /* it has been drawn ahead */
}

static void test_diverged(void **state)
{
	(void)state;
	check("layers=*-20-20-* activation=relu optimizer=sgd(lr=1e6) probe=20", 4, nothing, 2);
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

static int finish(void **state)
{
	dataset_close(digits);
	return fixture_close(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_optimizers), cmocka_unit_test(test_nets), cmocka_unit_test(test_changes_on_the_way),
		cmocka_unit_test(test_epochs), cmocka_unit_test(test_diverged),
	};
	return cmocka_run_group_tests_name("checkpoint", tests, prepare, finish);
}
