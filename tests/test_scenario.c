/* The scenarios: each runs, and shows what its name and summary state. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "lab/scenario.h"
#include "nn/mat.h"
#include "session_fixture.h"
#include "view/verdict.h"

static const struct snapshot *after(const char *scenario, int count)
{
	char words[128];
	snprintf(words, sizeof words, "scenario=%s", scenario);
	return fixture_snapshot(words, count);
}

static void test_every_scenario_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < scenarios.count; i++) {
		const struct snapshot *s = after(table_at(&scenarios, i)->name, 2);
		check_entry(table_at(&scenarios, i)->name, isfinite(s->loss));
		check_entry(table_at(&scenarios, i)->name, &s->settings.scenario->entry == table_at(&scenarios, i));
		snapshot_drop(s);
	}
}

static void check_start(const char *scenario, size_t layer, const char *word)
{
	const struct snapshot *s = after(scenario, 0);
	struct verdict verdict = verdict_layer(s, layer - 1);
	if (strcmp(verdict.word, word) != 0)
		fail_msg("%s: layer %zu is called %s, not %s: %s", scenario, layer, verdict.word, word, verdict.sentence);
	snapshot_drop(s);
}

static void test_verdicts_at_the_start(void **state)
{
	(void)state;
	check_start("first_pass_normal", 1, "saturated");
	check_start("first_pass_variance", 2, "healthy");
	check_start("full_train_normal", 1, "saturated");
	check_start("full_train_normal_relu", 2, "exploding");
	check_start("full_train_variance_relu", 1, "healthy");
	check_start("full_train_he_relu", 1, "healthy");
	check_start("deep_relu_xavier", 1, "vanishing");
	check_start("deep_relu_he", 1, "healthy");
	check_start("deep_tanh_small_normal", 1, "vanishing");
	check_start("deep_tanh_xavier", 1, "healthy");
	check_start("deep_selu_lecun", 1, "healthy");
	check_start("deep_sigmoid_xavier", 1, "vanishing");
	check_start("zeros_symmetry", 1, "symmetric");
	check_start("batch_norm_normal", 1, "healthy");
	check_start("standardized_784", 1, "saturated");
	check_start("lsuv_tanh", 1, "healthy");
}

static double accuracy(const char *scenario, int count)
{
	const struct snapshot *s = after(scenario, count);
	double share = s->train_accuracy;
	snapshot_drop(s);
	return share;
}

/* Chance is 10 %; what learns is far above after half of its steps, what
 * cannot stays near. */
static void test_who_learns(void **state)
{
	(void)state;
	assert_true(accuracy("deep_relu_he", 250) > 0.5);
	assert_true(accuracy("deep_relu_xavier", 250) < 0.2);
	assert_true(accuracy("deep_tanh_xavier", 250) > 0.5);
	assert_true(accuracy("deep_tanh_small_normal", 250) < 0.2);
	assert_true(accuracy("deep_selu_lecun", 250) > 0.4);
	assert_true(accuracy("deep_sigmoid_xavier", 250) < 0.2);
	assert_true(accuracy("zeros_symmetry", 250) < 0.4);
	assert_true(accuracy("lsuv_tanh", 250) > 0.7);
	assert_true(accuracy("batch_norm_normal", 250) > accuracy("full_train_normal", 250) + 0.05);
}

/* The article's sum for inputs of mean 0 and variance 1. */
static void test_standardized_784(void **state)
{
	(void)state;
	double z = 0;
	for (int seed = 1; seed <= 5; seed++) {
		char words[128];
		snprintf(words, sizeof words, "scenario=standardized_784 seed=%d", seed);
		const struct snapshot *s = fixture_snapshot(words, 0);
		check_near(s->layer[0].theory.z_mean_square, 784 * s->input.mean_square, 1e-6 * 784);
		check_ratio(s->input.mean_square, 1.0, 0.1);
		z += s->layer[0].tensor[MLP_Z].moments.mean_square / 5;
		snapshot_drop(s);
	}
	check_ratio(z, 784.0, 0.1);
}

/* Gradient energy of a deep sigmoid net falls by the factor theory names. */
static void test_sigmoid_factor(void **state)
{
	(void)state;
	const struct snapshot *s = after("deep_sigmoid_xavier", 0);
	check_near(s->layer[2].theory.delta_factor, 0.057, 0.002);
	snapshot_drop(s);
}

static void test_scale_of_a_scenario_goes_with_it(void **state)
{
	(void)state;
	struct settings settings;
	fixture_settings(&settings, "scenario=standardized_784 scenario=3");
	assert_int_equal(settings.scale, DATASET_UNIT);
	fixture_settings(&settings, "scale=standard scenario=3");
	assert_int_not_equal(settings.scale, DATASET_UNIT);
	fixture_settings(&settings, "scale=standard scenario=full_train_variance");
	assert_int_not_equal(settings.scale, DATASET_UNIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_scenario_runs),
		cmocka_unit_test(test_verdicts_at_the_start),
		cmocka_unit_test(test_who_learns),
		cmocka_unit_test(test_standardized_784),
		cmocka_unit_test(test_sigmoid_factor),
		cmocka_unit_test(test_scale_of_a_scenario_goes_with_it),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
