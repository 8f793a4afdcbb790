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
		const struct theory_input input = factors_input(snapshot);
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
			if (l + 1 < settings->layers)
				assert_near(quick[l].delta_factor, full[l].delta_factor, 1e-3, "delta factor", nets[i]);
		}
		snapshot_drop(snapshot);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_known_cures_are_found),
		cmocka_unit_test(the_grid_agrees_with_the_integrals),
		cmocka_unit_test(the_estimate_agrees_with_the_prediction),
		cmocka_unit_test(a_healthy_net_needs_none),
	};
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
