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

#include "nn/activation.h"
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
		{ "init=normal(sd=0.01) activation=relu depth=10", "init=he", 0 },
		{ "init=normal(sd=0.01) activation=relu depth=20", "residual=yes", 0 },
		{ "init=he activation=relu bias-init=constant(-4)", "bias-init=zeros", 7 },
		{ "init=constant(0.05) activation=tanh", "init=xavier", 0 },
		{ "init=zeros output-init=zeros activation=sigmoid", "output-init=xavier init=xavier", 0 },
		{ "init=xavier activation=sigmoid depth=20", "normalization=batch", 0 },
		{ "init=he activation=relu depth=50 normalization=batch", "residual=yes branch-scale=fixed(1/sqrt(branches))", 0 },
		{ "init=xavier activation=sigmoid normalization=batch batch=1 probe=batch depth=3", "normalization=layer", 0 },
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

/* ---- the cured net, built and measured ---- */

/* Over the hidden layers, from the raw tensors: what reaches the end of the
 * signal and of the gradient is neither under a thousandth nor over a thousand times
 * its size. */
static bool is_sound(const struct snapshot *snapshot)
{
	const struct layer_observation *first = snapshot->layer, *last = &snapshot->layer[snapshot->layers - 2];
	double gradient = first->tensor[MLP_DELTA].moments.mean_square / last->tensor[MLP_DELTA].moments.mean_square;
	double signal = last->tensor[MLP_Z].moments.mean_square / first->tensor[MLP_Z].moments.mean_square;
	return gradient > 1e-3 && gradient < 1e3 && signal > 1e-3 && signal < 1e3;
}

/* The net after the cure's changes, read from their text: the text must name all of
 * them. */
static const struct snapshot *cured_snapshot(const char *words, const struct cure *cure)
{
	char line[400];
	snprintf(line, sizeof line, "%s %s", words, cure->changes);
	return fixture_snapshot(line, 0);
}

/* How far signal and gradient are from a factor 1 over the hidden layers, in e-folds, measured. */
static double folds_away(const struct snapshot *snapshot)
{
	const struct layer_observation *first = snapshot->layer, *last = &snapshot->layer[snapshot->layers - 2];
	return fabs(log(first->tensor[MLP_DELTA].moments.mean_square / last->tensor[MLP_DELTA].moments.mean_square)) +
	       fabs(log(last->tensor[MLP_A].moments.mean_square / first->tensor[MLP_A].moments.mean_square));
}

/* Many residual branches of full size: each is divided by the root of their number. */
static void branches_are_scaled(void **state)
{
	(void)state;
	static const char *const nets[] = {
		"scenario=branches_relu_he", "init=orthogonal activation=gelu depth=40 residual=yes",
		"init=lecun activation=tanh depth=60 residual=yes branch-scale=fixed(2)", "init=lecun activation=linear depth=50 residual=yes",
	};
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		struct cure cure;
		find(&cure, nets[i], 0);
		if (strcmp(cure.changes, "branch-scale=fixed(1/sqrt(branches))") != 0)
			fail_msg("%s: %s", nets[i], cure.changes);
		if (strncmp(cure.words.form[0], "residual branches scaled by 1/sqrt(branches): ", 46) != 0)
			fail_msg("%s: %s", nets[i], cure.words.form[0]);
		const struct snapshot *ill = fixture_snapshot(nets[i], 0), *cured = cured_snapshot(nets[i], &cure);
		double before = folds_away(ill), after = folds_away(cured);
		double gradient = cured->layer[0].tensor[MLP_DELTA].moments.mean_square /
		                  cured->layer[cured->layers - 2].tensor[MLP_DELTA].moments.mean_square;
		snapshot_drop(ill);
		snapshot_drop(cured);
		if (!(after < 0.6 * before) || !(fabs(log(gradient / cure.predicted.gradient)) < 1))
			fail_msg("%s: %g e-folds, then %g; gradient %g, predicted %g", nets[i], before, after, gradient,
			         cure.predicted.gradient);
	}
}

static void every_activation_at_every_depth_is_cured(void **state)
{
	(void)state;
	static const char *const depths[] = { "2", "10", "50" }, *const scales[] = { "0.01", "100" };
	int found = 0, sound = 0, none = 0;
	for (size_t i = 0; i < activations.count; i++)
		for (size_t c = 0; c < 6; c++) {
			char words[200];
			struct cure cure;
			struct diagnosis diagnosis;
			const struct entry *entry = table_at(&activations, i);
			if (entry_needs_formula(entry))
				continue;
			snprintf(words, sizeof words, "activation=%s depth=%s width=64 probe=64 init=variance_scaling(scale=%s)",
			         entry->name, depths[c / 2], scales[c % 2]);
			const struct snapshot *ill = fixture_snapshot(words, 0);
			diagnosis_of_net(&diagnosis, ill, NULL);
			cure_find(&cure, ill, &diagnosis);
			bool needs = !is_sound(ill);
			snapshot_drop(ill);
			if (cure.outcome == CURE_NOT_NEEDED && needs)
				fail_msg("%s: no cure is thought necessary", words);
			found += cure.outcome == CURE_FOUND;
			none += cure.outcome == CURE_NONE;
			if (cure.outcome != CURE_FOUND)
				continue;
			const struct snapshot *cured = cured_snapshot(words, &cure);
			sound += is_sound(cured);
			if (!is_sound(cured))
				print_error("%s: %s does not cure it\n", words, cure.changes);
			snapshot_drop(cured);
		}
	assert_int_equal(sound, found);
	assert_true(found >= 120); /* or the test tests little */
	assert_in_range(none, 0, 6);
}

/* ---- the quick estimate ---- */

static void assert_near(double a, double b, double tolerance, const char *what, const char *where)
{
	if (!(fabs(a / b - 1) <= tolerance) && !(a == b))
		fail_msg("%s: %s is %.9g, not %.9g", where, what, a, b);
}

static void the_grid_agrees_with_the_integrals(void **state)
{
	(void)state;
	static struct theory_grid grid;
	for (size_t i = 0; i < activations.count; i++) {
		const struct entry *entry = table_at(&activations, i);
		struct spec spec = spec_of(entry);
		if (entry_needs_formula(entry))
			continue;
		memset(&grid, 0, sizeof grid);
		grid.activation = &spec;
		for (double q = 3e-9; q < 1e6; q *= 7.3) {
			struct theory_moments exact, found;
			theory_moments(&exact, &spec, q);
			theory_grid_moments(&found, &grid, q);
			if (!(exact.mean_square > 1e-280 && exact.mean_square < 1e30))
				continue;
			assert_near(found.mean_square, exact.mean_square, 1e-3, "E f^2", entry->name);
			assert_near(found.slope_square, exact.slope_square, 1e-3, "E f'^2", entry->name);
		}
	}
}

static void the_estimate_agrees_with_the_prediction(void **state)
{
	(void)state;
	static const char *const nets[] = {
		"init=xavier activation=sigmoid depth=12", "init=he activation=relu depth=10 residual=yes",
		"init=lecun activation=selu depth=20 bias-init=normal(sd=0.1)", "init=orthogonal activation=gelu depth=5 normalization=layer",
		"init=normal activation=tanh depth=3 bias-init=constant(0.5)",
	};
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		static struct theory_layer full[MLP_MAX_LAYERS], quick[MLP_MAX_LAYERS];
		static struct theory_grid grid;
		const struct snapshot *snapshot = fixture_snapshot(nets[i], 0);
		const struct theory_input input = factors_input(&snapshot->input);
		const struct settings *settings = &snapshot->settings;
		memset(&grid, 0, sizeof grid);
		grid.activation = &settings->activation;
		assert_true(factors_layers(full, settings));
		assert_true(factors_layers(quick, settings));
		theory_predict(full, settings->layers, &input, 10);
		assert_true(theory_estimate(quick, settings->layers, &input, &grid));
		for (size_t l = 0; l < settings->layers; l++) {
			/* the snapshot's theory is made by the session from the net itself */
			assert_near(full[l].z_mean_square, snapshot->layer[l].theory.z_mean_square, 1e-9, "E z^2 of the session", nets[i]);
			assert_near(quick[l].z_mean_square, full[l].z_mean_square, 1e-3, "E z^2", nets[i]);
			/* of a branch of one layer the estimate leaves out what grows along the signal */
			if (settings->residual)
				assert_true(!(quick[l].delta_factor > full[l].delta_factor * 1.001));
			else if (l + 1 < settings->layers)
				assert_near(quick[l].delta_factor, full[l].delta_factor, 1e-3, "delta factor", nets[i]);
		}
		snapshot_drop(snapshot);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_known_cures_are_found),
		cmocka_unit_test(branches_are_scaled),
		cmocka_unit_test(every_activation_at_every_depth_is_cured),
		cmocka_unit_test(the_grid_agrees_with_the_integrals),
		cmocka_unit_test(the_estimate_agrees_with_the_prediction),
		cmocka_unit_test(a_healthy_net_needs_none),
	};
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
