/* Every verdict from a net that deserves it, and none from nets that do not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nn/mat.h"
#include "session_fixture.h"
#include "view/verdict.h"

static void check_layer(const char *words, int count, size_t layer, const char *word, enum role role)
{
	const struct snapshot *s = fixture_snapshot(words, count);
	struct verdict verdict = verdict_layer(s, layer - 1);
	if (strcmp(verdict.word, word) != 0 || verdict.role != role)
		fail_msg("%s, layer %zu after %d steps: %s, not %s: %s", words, layer, count, verdict.word, word, verdict.sentence);
	assert_true(verdict.sentence[0] && verdict.rule[0]);
	snapshot_drop(s);
}

static void test_every_verdict_from_a_session(void **state)
{
	(void)state;
	check_layer("init=normal activation=exponential", 3, 1, "NaN", ROLE_ALARM);
	check_layer("init=zeros activation=tanh", 0, 1, "symmetric", ROLE_WARNING);
	check_layer("init=constant(0.1) activation=sigmoid", 0, 2, "symmetric", ROLE_WARNING);
	check_layer("init=normal activation=sigmoid", 0, 1, "saturated", ROLE_WARNING);
	check_layer("init=normal(sd=0.3) activation=sigmoid", 0, 1, "saturated", ROLE_NOTE);
	check_layer("init=he activation=relu bias-init=constant(-3)", 0, 2, "dead", ROLE_WARNING);
	check_layer("init=normal activation=relu", 0, 2, "exploding", ROLE_WARNING); /* signal */
	check_layer("init=variance_scaling(scale=4) activation=relu depth=20", 0, 1, "exploding", ROLE_WARNING); /* gradient */
	check_layer("init=normal activation=tanh depth=10", 0, 1, "exploding", ROLE_WARNING);
	check_layer("init=xavier activation=sigmoid depth=8", 0, 1, "vanishing", ROLE_WARNING);
	check_layer("init=xavier activation=sigmoid depth=3", 0, 1, "vanishing", ROLE_NOTE);
	check_layer("init=normal(sd=0.0001) activation=tanh", 0, 2, "vanishing", ROLE_WARNING);
	check_layer("init=normal(sd=1e-10) activation=tanh depth=10", 0, 8, "underflow", ROLE_WARNING); /* z */
	check_layer("init=normal(sd=1e-10) activation=sigmoid depth=10", 0, 1, "underflow", ROLE_WARNING); /* delta */
	check_layer("init=normal activation=relu", 0, 3, "confident", ROLE_WARNING);
	check_layer("init=he activation=relu optimizer=adam(lr=0.01)", 1, 1, "fast", ROLE_NOTE);
	check_layer("init=he activation=relu optimizer=adam(lr=1e-7)", 1, 1, "slow", ROLE_NOTE);
	check_layer("init=he activation=relu", 0, 1, "healthy", ROLE_GOOD);
	check_layer("init=he activation=relu", 20, 3, "healthy", ROLE_GOOD);
	check_layer("init=xavier activation=tanh", 0, 2, "healthy", ROLE_GOOD);
}

/* Zero weights make z 0, and saturated units make delta 0: nothing underflows. */
static void test_a_true_zero_is_no_underflow(void **state)
{
	(void)state;
	check_layer("init=zeros output-init=zeros activation=tanh", 0, 1, "symmetric", ROLE_WARNING);
	check_layer("init=zeros output-init=zeros activation=tanh", 0, 2, "symmetric", ROLE_WARNING);
	check_layer("init=he activation=relu bias-init=constant(-1e4)", 0, 1, "dead", ROLE_WARNING);
	check_layer("init=normal(sd=1e4) activation=hard_tanh", 0, 1, "saturated", ROLE_WARNING);
}

/* A layer behind the one where the signal underflows names that one. */
static void test_an_underflow_names_its_layer(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("init=normal(sd=1e-10) activation=tanh depth=10", 0);
	size_t first = 0;
	while (s->layer[first].tensor[MLP_Z].moments.max != 0)
		first++;
	struct verdict verdict = verdict_layer(s, first);
	assert_string_equal(verdict.sentence, "the signal has underflowed: z is below 1.18e-38, which counts as 0");
	char expected[160];
	snprintf(expected, sizeof expected, "the signal has underflowed from layer %zu on: z is below 1.18e-38, which counts as 0",
	         first + 1);
	verdict = verdict_layer(s, first + 1);
	assert_string_equal(verdict.sentence, expected);
	snapshot_drop(s);
}

/* The first layer's units stay alike for ever; their weights, one for each
 * pixel, differ after a step. */
static void test_symmetry_lasts(void **state)
{
	(void)state;
	check_layer("init=constant(0.01) activation=sigmoid", 30, 1, "symmetric", ROLE_WARNING);
	check_layer("init=zeros output-init=zeros activation=sigmoid", 30, 2, "symmetric", ROLE_WARNING);
}

/* Batch normalization takes the units' means out: no sign of symmetry. */
static void test_batch_norm_is_not_symmetric(void **state)
{
	(void)state;
	check_layer("init=he activation=relu normalization=batch", 0, 1, "healthy", ROLE_GOOD);
}

static void test_a_verdict_states_rule_and_limit(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("init=normal activation=sigmoid", 0);
	struct verdict verdict = verdict_layer(s, 0);
	assert_non_null(strstr(verdict.rule, "is at least 0.5"));
	verdict = verdict_worst(s);
	assert_non_null(strstr(verdict.rule, "is at least 0.5"));
	snapshot_drop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_verdict_from_a_session),
		cmocka_unit_test(test_a_true_zero_is_no_underflow),
		cmocka_unit_test(test_an_underflow_names_its_layer),
		cmocka_unit_test(test_symmetry_lasts),
		cmocka_unit_test(test_batch_norm_is_not_symmetric),
		cmocka_unit_test(test_a_verdict_states_rule_and_limit),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
