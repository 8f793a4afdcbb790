/* Cures: which one is found, and whether the cured net, built and measured, is
 * what theory predicted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/cure.h"
#include "session_fixture.h"

static void find(struct cure *cure, const char *words, int steps)
{
	const struct snapshot *snapshot = fixture_snapshot(words, steps);
	struct diagnosis diagnosis;
	diagnosis_of_net(&diagnosis, snapshot, NULL);
	cure_find(cure, snapshot, &diagnosis);
	snapshot_drop(snapshot);
}

static void the_known_cures_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *net, *changes;
		int scenario;
	} cases[] = {
		{ "init=normal activation=sigmoid", "init=xavier", 4 },
		{ "init=normal activation=relu", "init=he", 7 },
		{ "init=normal(sd=0.01) activation=relu depth=20", "init=he", 0 },
		{ "init=he activation=relu bias-init=constant(-4)", "bias-init=zeros", 7 },
		{ "init=constant(0.05) activation=tanh", "init=xavier", 0 },
		{ "init=zeros output-init=zeros activation=sigmoid", "output-init=xavier init=xavier", 0 },
		{ "init=xavier activation=sigmoid depth=20", "normalization=batch", 0 },
		{ "init=he activation=relu depth=50 normalization=batch", "normalization=none", 0 },
		{ "init=xavier activation=tanh init.2=zeros", "init.2=none", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cure cure;
		find(&cure, cases[i].net, 0);
		if (cure.outcome != CURE_FOUND || strcmp(cure.changes, cases[i].changes) != 0 || cure.scenario != cases[i].scenario)
			fail_msg("%s: %s (key %d), %s", cases[i].net, cure.changes, cure.scenario, cure.words.form[0]);
	}
}

static void a_healthy_net_needs_none(void **state)
{
	(void)state;
	struct cure cure;
	find(&cure, "init=xavier activation=tanh", 0);
	assert_int_equal(cure.outcome, CURE_NOT_NEEDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_known_cures_are_found),
		cmocka_unit_test(a_healthy_net_needs_none),
	};
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
