/* What initializers, activations and optimizers do in real sessions: all of
 * them, and those that ask the session for more than numbers to begin with. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "lab/quantity.h"
#include "lab/session_parts.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/mat.h"
#include "session_fixture.h"

/* ---- LSUV ---- */

/* The variance of z is brought to 1 within the tolerance of the method, 0.1 of
 * its sd, and theory uses the resulting weights.  Over seeds, since one
 * net's E[z^2] scatters about theory's by the chi-square of 100 offsets. */
static void test_theory_goes_by_lsuv_weights(void **state)
{
	(void)state;
	enum { SEEDS = 8 };
	double ratio = 0;
	for (int seed = 1; seed <= SEEDS; seed++) {
		char words[128];
		snprintf(words, sizeof words, "init=lsuv activation=tanh seed=%d", seed);
		const struct snapshot *s = fixture_snapshot(words, 0);
		for (size_t l = 0; l < 2; l++) {
			const struct layer_observation *layer = &s->layer[l];
			const struct moments *w = &layer->tensor[MLP_W].moments;
			check_near(sqrt(layer->tensor[MLP_Z].moments.variance), 1, 0.1);
			check_near(layer->weight_variance / w->mean_square, 1, 1e-5);
			ratio += layer->theory.z_mean_square / layer->tensor[MLP_Z].moments.mean_square / (2 * SEEDS);
		}
		snapshot_drop(s);
	}
	check_near(ratio, 1, 0.15);
}

/* ---- theory of a first layer with a residual ---- */

/* z of layer 2 is W (f(z1) + x): its second moment has E[x]'s cross term. */
static void test_residual_over_images_that_are_not_centred(void **state)
{
	(void)state;
	enum { SEEDS = 10 };
	double seen = 0, predicted = 0;
	for (int seed = 1; seed <= SEEDS; seed++) {
		char words[128];
		snprintf(words, sizeof words, "layers=*-784-100-* residual=yes init=lecun activation=sigmoid seed=%d", seed);
		const struct snapshot *s = fixture_snapshot(words, 0);
		seen += s->layer[1].tensor[MLP_Z].moments.mean_square / SEEDS;
		predicted += s->layer[1].theory.z_mean_square / SEEDS;
		snapshot_drop(s);
	}
	/* 100 units in 10 nets: E[z^2] within sqrt(2 / 1000) = 4.5 % in one sd, as all images have one
	 * direction nearly in common; without the cross term it would be short by a quarter */
	check_near(seen / predicted, 1, 0.12);
}

/* ---- theory of biases with a mean ---- */

/* Over 3 nets of 3 hidden layers of 300 units on the digits.  With the mean of the
 * biases counted as variance theory said 0.436 for the first number, 36 for the
 * second, 4.12 for the third, 0.487 for the fourth, 4.61 for the fifth and 0 for
 * the last. */
static void test_biases_with_a_mean(void **state)
{
	(void)state;
	enum { SEEDS = 3 };
	static const struct {
		const char *words;
		size_t layer;
		enum mlp_tensor tensor;
		enum { MEAN, VARIANCE, MEAN_SQUARE } moment;
		double observed, band; /* of this band around it are both the net and theory */
	} cases[] = {
		{ "activation=sigmoid init=xavier bias-init=constant(6)", 1, MLP_A, MEAN_SQUARE, 0.995, 0.002 },
		{ "activation=sigmoid init=xavier bias-init=constant(6)", 1, MLP_Z, VARIANCE, 0.17, 0.02 },
		{ "activation=relu init=he bias-init=constant(1)", 4, MLP_Z, MEAN_SQUARE, 12, 6 },
		{ "activation=relu init=he bias-init=constant(-0.5)", 3, MLP_A, MEAN_SQUARE, 0, 0.002 },
		{ "activation=relu init=he_normal bias-init=constant(-3)", 1, MLP_A, MEAN_SQUARE, 0, 1e-4 },
		{ "activation=tanh init=xavier bias-init=constant(1)", 1, MLP_A, MEAN, 0.71, 0.03 },
	};
	for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
		double seen = 0, predicted = 0;
		for (int seed = 1; seed <= SEEDS; seed++) {
			char words[160];
			snprintf(words, sizeof words, "depth=3 width=300 %s seed=%d", cases[c].words, seed);
			const struct snapshot *s = fixture_snapshot(words, 0);
			const struct layer_observation *layer = &s->layer[cases[c].layer - 1];
			const struct moments *m = &layer->tensor[cases[c].tensor].moments;
			const struct layer_theory *t = &layer->theory;
			bool z = cases[c].tensor == MLP_Z;
			double seen_of[] = { m->mean, m->variance, m->mean_square };
			double theory_of[] = { z ? t->z_mean : t->a_mean, z ? t->z_variance : t->a_variance,
			                       z ? t->z_mean_square : t->a_mean_square };
			seen += seen_of[cases[c].moment] / SEEDS;
			predicted += theory_of[cases[c].moment] / SEEDS;
			snapshot_drop(s);
		}
		if (!(fabs(seen - cases[c].observed) < cases[c].band) || !(fabs(predicted - cases[c].observed) < cases[c].band))
			fail_msg("%s, layer %zu: observed %g, predicted %g", cases[c].words, cases[c].layer, seen, predicted);
	}
}

/* Learned biases have means too: theory of this step follows them, for as long as
 * weights are still nearly random. */
static void test_learned_biases_with_a_mean(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("depth=3 width=300 activation=relu init=he bias-init=constant(1) "
	                                            "optimizer=adam(lr=0.001)", 3);
	for (size_t l = 0; l < 3; l++) {
		const struct layer_observation *layer = &s->layer[l];
		double seen = layer->tensor[MLP_Z].moments.mean_square;
		if (!(fabs(layer->bias_mean - 1) < 0.1 && fabs(layer->theory_now.z_mean - layer->bias_mean) < 0.3) ||
		    !(fabs(log(layer->theory_now.z_mean_square / seen)) < log(1.5)))
			fail_msg("layer %zu: bias mean %g, mean %g, z^2 %g, predicted %g", l + 1, layer->bias_mean,
			         layer->theory_now.z_mean, seen, layer->theory_now.z_mean_square);
	}
	snapshot_drop(s);
}

/* ---- branches ---- */

/* Where a branch ends a is not f(z): saturation goes by z all the same. */
static void test_saturation_where_a_branch_ends(void **state)
{
	(void)state;
	for (int layers = 1; layers <= 2; layers++) {
		char words[160];
		snprintf(words, sizeof words, "depth=3 activation=tanh activation.3=tanh init=normal(0,0.5) residual=yes branch-layers=%d", layers);
		const struct snapshot *s = fixture_snapshot(words, 0);
		/* |tanh'| < 0.1 beyond 1.8184, and z of all units and images is nearly normal */
		const struct moments *z = &s->layer[2].tensor[MLP_Z].moments;
		double expected = erfc(1.8184 / sqrt(2 * z->mean_square));
		if (!(fabs(s->layer[2].saturated - expected) < 0.05))
			fail_msg("branches of %d: %g saturated, expected %g", layers, s->layer[2].saturated, expected);
		snapshot_drop(s);
	}
}

/* The scenarios' initializers in real sessions, over 8 nets of 10 branches: signal
 * and gradient at the end of their ways.  Each net's deviation counts in bands of
 * theory, so the mean of eight has a standard deviation of 1/sqrt(8); 4 of those. */
static void test_scenarios_with_branches(void **state)
{
	(void)state;
	enum { SEEDS = 8 };
	static const char *const names[] = { "rezero", "gpt2_rule", "deepnorm" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		double distance[2] = {0}, ratio[2] = {0};
		for (int seed = 1; seed <= SEEDS; seed++) {
			char words[96];
			snprintf(words, sizeof words, "scenario=%s width=300 seed=%d", names[i], seed);
			const struct snapshot *s = fixture_snapshot(words, 0);
			const struct layer_observation *first = &s->layer[0], *last = &s->layer[s->layers - 1];
			double z = last->tensor[MLP_Z].moments.mean_square, delta = first->tensor[MLP_DELTA].moments.mean_square;
			ratio[0] += z / last->theory.z_mean_square / SEEDS;
			ratio[1] += delta / first->theory.delta_mean_square / SEEDS;
			distance[0] += theory_distance(z, last->theory.z_mean_square, last->theory.z_band) / SEEDS;
			distance[1] += theory_distance(delta, first->theory.delta_mean_square, first->theory.delta_band) / SEEDS;
			snapshot_drop(s);
		}
		for (int k = 0; k < 2; k++)
			if (!(fabs(distance[k]) < 4 / sqrt(SEEDS) && fabs(ratio[k] - 1) < 0.3))
				fail_msg("%s: %s is %g times the prediction, %g bands away", names[i], k ? "the gradient" : "the signal",
				         ratio[k], distance[k]);
	}
}

/* Zero last layers and a zero readout: no gradient but the readout's, and it learns. */
static void test_fixup_learns(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("scenario=fixup", 300);
	assert_true(s->train_accuracy > 0.7);
	snapshot_drop(s);
}

/* ---- bands ---- */

/* relu with He in residual layers: the gradient at layer 1 varies so much from net
 * to net that at width 100 a factor of 3 is within chance, but at width 800 hardly
 * a factor of 1.5. */
static void test_finite_width_lies_in_the_band(void **state)
{
	(void)state;
	static const struct {
		int width;
		double least, most; /* of the band */
	} cases[] = { { 100, 0.35, 1.5 }, { 800, 0.1, 0.5 } };
	const struct quantity *square = quantity_of(QUANTITY_MEAN_SQUARE);
	for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
		for (int seed = 1; seed <= 3; seed++) {
			char words[160];
			snprintf(words, sizeof words, "depth=10 width=%d activation=relu init=he residual=yes probe=60 seed=%d",
			         cases[c].width, seed);
			const struct snapshot *s = fixture_snapshot(words, 0);
			const struct layer_observation *layer = &s->layer[0];
			double seen = layer->tensor[MLP_DELTA].moments.mean_square, predicted = layer->theory.delta_mean_square;
			double band = layer->theory.delta_band, distance = theory_distance(seen, predicted, band);
			struct quantity_place place = { .snapshot = s, .layer = 0, .tensor = MLP_DELTA };
			if (!(fabs(distance) < 2.5) || !(band > cases[c].least && band < cases[c].most))
				fail_msg("width %d, seed %d: delta^2 %g times theory, band %g", cases[c].width, seed, seen / predicted, band);
			assert_int_equal(quantity_is_far(square, &place), fabs(distance) > 2);
			/* what no draw gives */
			((struct snapshot *)(uintptr_t)s)->layer[0].tensor[MLP_DELTA].moments.mean_square = predicted * exp(3 * band);
			assert_true(quantity_is_far(square, &place));
			snapshot_drop(s);
		}
}

/* ---- everything there is ---- */

#define STEPS 20

/* All observed numbers are finite, or the run is marked as diverged. */
static void check_finite_or_declared(const char *words)
{
	const struct snapshot *s = fixture_snapshot(words, STEPS);
	bool finite = isfinite(s->loss);
	for (size_t l = 0; l < s->layers; l++)
		for (int t = 0; t < MLP_TENSORS; t++) {
			const struct moments *m = &s->layer[l].tensor[t].moments;
			finite = finite && m->nan + m->inf == 0 && isfinite(m->mean_square);
		}
	if (!finite && !s->diverged)
		fail_msg("%s: numbers that are not finite, and no word of it", words);
	if (finite && s->diverged)
		fail_msg("%s: called diverged at step %d", words, (int)s->diverged_step);
	snapshot_drop(s);
}

static void test_every_activation(void **state)
{
	(void)state;
	for (size_t i = 0; i < activations.count; i++) {
		char words[128];
		snprintf(words, sizeof words, "activation=%s init=normal", table_at(&activations, i)->name);
		check_finite_or_declared(words);
		snprintf(words, sizeof words, "activation=%s init=xavier", table_at(&activations, i)->name);
		check_finite_or_declared(words);
	}
}

static void test_every_initializer(void **state)
{
	(void)state;
	for (size_t i = 0; i < initializers.count; i++) {
		char words[128];
		snprintf(words, sizeof words, "init=%s activation=relu", table_at(&initializers, i)->name);
		check_finite_or_declared(words);
		snprintf(words, sizeof words, "init.2=%s", table_at(&initializers, i)->name);
		check_finite_or_declared(words);
	}
}

static void test_divergence_is_declared(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("activation=exponential init=normal", STEPS);
	assert_true(s->diverged);
	snapshot_drop(s);
}

/* Where and when it began stays what it was: a net that is born with Inf, in layer
 * 5 at step 0, is seen in every training step too. */
static void test_divergence_does_not_move(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct session *session = fixture_session("depth=10 activation=exponential init=xavier");
	for (int step = 0; step < 4; step++) {
		const struct snapshot *s = fixture_look(session);
		assert_true(s->diverged);
		assert_int_equal(s->diverged_step, 0);
		assert_int_equal(s->diverged_layer, 5);
		snapshot_drop(s);
		fixture_steps(session, 1);
	}
	struct session_checkpoint *checkpoint = session_checkpoint(session, &err);
	assert_non_null(checkpoint);
	struct session *again = session_restore(checkpoint, session->dataset, NULL, &err);
	assert_non_null(again);
	assert_int_equal(again->diverged_step, 0);
	assert_int_equal(again->diverged_layer, 5);
	session_checkpoint_destroy(checkpoint);
	session_destroy(again);
	session_destroy(session);
}

/* From ln 10 = 2.30 in 100 steps of 30 images, each with its own learning rate. */
static void test_every_optimizer_learns(void **state)
{
	(void)state;
	for (size_t i = 0; i < optimizers.count; i++) {
		char words[128];
		const char *name = table_at(&optimizers, i)->name;
		snprintf(words, sizeof words, "init=he activation=relu optimizer=%s", name);
		struct session *session = fixture_session(words);
		const struct snapshot *before = fixture_look(session);
		fixture_steps(session, 100);
		const struct snapshot *after = fixture_look(session);
		if (!(after->loss < 0.6 * before->loss))
			fail_msg("%s: loss %g, after 100 steps %g", name, before->loss, after->loss);
		snapshot_drop(before);
		snapshot_drop(after);
		session_destroy(session);
	}
}

/* ---- sampling ---- */

/* The standard errors are what the same net's readouts scatter by over batches of
 * other images. */
static void test_errors_are_the_scatter_over_images(void **state)
{
	(void)state;
	enum { BATCHES = 60, NUMBERS = 3 };
	double sum[NUMBERS] = {0}, squares[NUMBERS] = {0}, error[NUMBERS] = {0};
	for (int seed = 1; seed <= BATCHES; seed++) {
		char words[128];
		snprintf(words, sizeof words, "init=normal probe=batch batch=100 weight-seed=7 batch-seed=%d", seed);
		struct session *session = fixture_session(words);
		static struct session_ranges ranges;
		const struct snapshot *s = session_observe(session, &ranges, SESSION_FULL, NULL);
		assert_non_null(s);
		double value[NUMBERS] = { s->loss, s->layer[0].tensor[MLP_Z].moments.mean_square,
		                          s->layer[1].tensor[MLP_Z].moments.mean_square };
		double own[NUMBERS] = { s->loss_error, s->layer[0].z_error, s->layer[1].z_error };
		for (int i = 0; i < NUMBERS; i++) {
			sum[i] += value[i] / BATCHES;
			squares[i] += value[i] * value[i] / BATCHES;
			error[i] += own[i] / BATCHES;
		}
		double p = s->train_accuracy, q = s->test_accuracy, n = (double)s->test_images;
		check_near(s->train_accuracy_error, sqrt(p * (1 - p) / 99), 1e-12);
		check_near(s->test_accuracy_error, sqrt(q * (1 - q) / (n - 1)), 1e-12);
		snapshot_drop(s);
		session_destroy(session);
	}
	for (int i = 0; i < NUMBERS; i++) /* an sd of 60 values is 9 % off, as a rule */
		check_near(sqrt(squares[i] - sum[i] * sum[i]) / error[i], 1, 0.3);
}

/* The same from the side of the units, with M as it is defined; and 1 where all units are copies. */
static void test_effective_rank(void **state)
{
	(void)state;
	enum { IMAGES = 100 };
	static const char *const nets[] = { "init=normal", "init=xavier activation=tanh", "init=constant(0.01)" };
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		struct session *session = fixture_session(nets[i]);
		static struct session_ranges ranges;
		const struct snapshot *s = session_observe(session, &ranges, SESSION_FULL, NULL);
		assert_non_null(s);
		const float *a = session->probe->tensor[0].a;
		size_t units = session->mlp->layer[0].fan_out;
		double trace = 0, squares = 0;
		for (size_t u = 0; u < units; u++)
			for (size_t v = 0; v < units; v++) {
				double moment = 0;
				for (size_t image = 0; image < IMAGES; image++)
					moment += (double)a[image * units + u] * (double)a[image * units + v] / IMAGES;
				trace += u == v ? moment : 0;
				squares += moment * moment;
			}
		check_near(s->layer[0].effective_rank, trace * trace / squares, 1e-9 * trace * trace / squares);
		if (i == 2)
			check_near(s->layer[0].effective_rank, 1, 1e-9);
		assert_true(isnan(s->layer[s->layers - 1].effective_rank));
		snapshot_drop(s);
		session_destroy(session);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effective_rank),
		cmocka_unit_test(test_errors_are_the_scatter_over_images),
		cmocka_unit_test(test_theory_goes_by_lsuv_weights),
		cmocka_unit_test(test_residual_over_images_that_are_not_centred),
		cmocka_unit_test(test_biases_with_a_mean),
		cmocka_unit_test(test_learned_biases_with_a_mean),
		cmocka_unit_test(test_saturation_where_a_branch_ends),
		cmocka_unit_test(test_scenarios_with_branches),
		cmocka_unit_test(test_fixup_learns),
		cmocka_unit_test(test_finite_width_lies_in_the_band),
		cmocka_unit_test(test_every_activation),
		cmocka_unit_test(test_every_initializer),
		cmocka_unit_test(test_divergence_is_declared),
		cmocka_unit_test(test_divergence_does_not_move),
		cmocka_unit_test(test_every_optimizer_learns),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
