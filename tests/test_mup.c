/* muP: the learning rates of the layers, and the coordinate check of Yang et al.
 * 2022 (Tensor Programs V, appendix D): how far every layer's z has moved after a
 * few steps must not depend on the width. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "lab/quantity.h"
#include "lab/session_parts.h"
#include "session_fixture.h"

/* ---- learning rates ---- */

static const struct mlp_layer *layer_of(const struct session *session, size_t l)
{
	return &session->mlp->layer[l - 1];
}

static void test_mup_learning_rates(void **state)
{
	(void)state;
	static const char wide[] = "layers=*-400-200-* init=mup output-init=mup_readout optimizer=";
	char words[160];
	snprintf(words, sizeof words, "%sadam", wide);
	struct session *session = fixture_session(words);
	assert_true(layer_of(session, 1)->lr_scale == 1);     /* takes images: of no width */
	assert_true(layer_of(session, 2)->lr_scale == 0.25f);  /* 400 against the base of 100 */
	assert_true(layer_of(session, 3)->lr_scale == 0.5f);
	assert_true(layer_of(session, 2)->bias_lr_scale == 1);
	session_destroy(session);

	snprintf(words, sizeof words, "%ssgd", wide);
	session = fixture_session(words);
	assert_true(layer_of(session, 1)->lr_scale == 4);
	assert_true(layer_of(session, 2)->lr_scale == 0.5f);
	assert_true(layer_of(session, 3)->lr_scale == 0.5f);
	assert_true(layer_of(session, 1)->bias_lr_scale == 4);
	assert_true(layer_of(session, 3)->bias_lr_scale == 1);
	session_destroy(session);

	session = fixture_session("layers=*-400-200-* init=he");
	for (size_t l = 1; l <= 3; l++)
		assert_true(layer_of(session, l)->lr_scale == 1 && layer_of(session, l)->bias_lr_scale == 1);
	session_destroy(session);
}

/* ---- coordinate check ---- */

enum { LAYERS = 3, STEPS = 3, SEEDS = 2 };

/* mean |z now - z at the start| over units, images and seeds */
struct movement {
	double after[STEPS][LAYERS];
};

static float *copy_z(const struct session *session, size_t l, size_t *count)
{
	*count = session->probe->rows * session->mlp->layer[l].fan_out;
	float *copy = alloc_array(*count, sizeof *copy, NULL);
	assert_non_null(copy);
	memcpy(copy, session->probe->tensor[l].z, *count * sizeof *copy);
	return copy;
}

static void move(struct session *session, struct movement *movement)
{
	float *start[LAYERS];
	size_t count[LAYERS];
	mlp_forward(session->mlp, session->probe, session->pool, NULL);
	for (size_t l = 0; l < LAYERS; l++)
		start[l] = copy_z(session, l, &count[l]);
	for (size_t t = 0; t < STEPS; t++) {
		fixture_steps(session, 1);
		mlp_forward(session->mlp, session->probe, session->pool, NULL);
		for (size_t l = 0; l < LAYERS; l++) {
			double sum = 0;
			for (size_t i = 0; i < count[l]; i++)
				sum += fabs((double)session->probe->tensor[l].z[i] - (double)start[l][i]);
			movement->after[t][l] += sum / (double)count[l] / SEEDS;
		}
	}
	for (size_t l = 0; l < LAYERS; l++)
		alloc_free(start[l]);
}

static struct movement movement_of(const char *words, int width)
{
	struct movement movement = { 0 };
	for (int seed = 1; seed <= SEEDS; seed++) {
		char line[256];
		snprintf(line, sizeof line, "layers=*-%d-%d-* batch=100 probe=100 activation=relu seed=%d %s", width, width,
		         seed, words);
		struct session *session = fixture_session(line);
		move(session, &movement);
		session_destroy(session);
	}
	return movement;
}

/* Measured from width 50 to 1600: 0.55 to 0.48, 0.40 to 0.40 and 0.37 to 0.50
 * after one step of Adam; 0.022 to 0.019, 0.025 to 0.022 and 0.038 to 0.030 of
 * SGD. */
static void test_every_layer_moves_alike_at_every_width(void **state)
{
	(void)state;
	static const char *const rules[] = { "adam(lr=0.01)", "sgd(lr=0.1)" };
	static const int widths[] = { 50, 200, 600 };
	for (size_t o = 0; o < sizeof rules / sizeof rules[0]; o++) {
		char words[128];
		struct movement at[3];
		snprintf(words, sizeof words, "init=mup output-init=mup_readout optimizer=%s", rules[o]);
		for (size_t w = 0; w < 3; w++)
			at[w] = movement_of(words, widths[w]);
		for (size_t t = 0; t < STEPS; t++)
			for (size_t l = 0; l < LAYERS; l++)
				for (size_t w = 1; w < 3; w++) {
					double ratio = at[w].after[t][l] / at[0].after[t][l];
					if (!(ratio > 0.6 && ratio < 1.6))
						fail_msg("%s, layer %zu, step %zu: moves %g at width %d, %g at %d", rules[o], l + 1, t + 1,
						         at[0].after[t][l], widths[0], at[w].after[t][l], widths[w]);
				}
	}
}

static double ratio_of_movement(const char *words, size_t l)
{
	return movement_of(words, 600).after[0][l] / movement_of(words, 50).after[0][l];
}

/* What the check sees where a layer is left out of muP.  By the orders of Yang
 * et al. 2022, table 3: the readout of another initializer grows with the width
 * (sqrt(12) = 3.5 times and more); a first layer of another one stops moving
 * under SGD, as its gradient falls like 1/width (12 times), not under Adam. */
static void test_layers_left_out_of_mup(void **state)
{
	(void)state;
	static const char readout[] = "init=mup output-init=lecun optimizer=adam(lr=0.01)";
	static const char first_sgd[] = "init=lecun init.2=mup output-init=mup_readout optimizer=sgd(lr=0.1)";
	static const char first_adam[] = "init=lecun init.2=mup output-init=mup_readout optimizer=adam(lr=0.01)";
	static const char usual[] = "init=he output-init=lecun optimizer=adam(lr=0.01)";
	double grows = ratio_of_movement(readout, 2), stops = ratio_of_movement(first_sgd, 0);
	double moves = ratio_of_movement(first_adam, 0), logits = ratio_of_movement(usual, 2);
	if (!(grows > 3))
		fail_msg("readout of lecun: its movement changes by %g", grows);
	if (!(stops > 0.5 / 12 && stops < 2.0 / 12))
		fail_msg("first layer of lecun under SGD: its movement changes by %g", stops);
	if (!(moves > 0.7 && moves < 1.4))
		fail_msg("first layer of lecun under Adam: its movement changes by %g", moves);
	if (!(logits > 3))
		fail_msg("usual parametrization: the logits' movement changes by %g", logits);
}

/* The spectral condition of Yang, Simon and Bernstein 2023: under muP the change of the
 * hidden weights has a norm that is the same part of sqrt(out/in) at every width;
 * with the usual weights Adam's is sqrt(in out) lr, in proportion to the width. */
static void test_spectral_condition(void **state)
{
	(void)state;
	static const int widths[] = { 64, 512 };
	static const struct { const char *words; double least, most; } cases[] = {
		{ "init=mup output-init=mup_readout optimizer=adam(lr=0.01)", 0.7, 1.4 }, { "init=he output-init=lecun optimizer=adam(lr=0.01)", 4, 12 },
	};
	for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
		double norm[2];
		for (int i = 0; i < 2; i++) {
			char line[200];
			snprintf(line, sizeof line, "layers=*-%d-%d-* batch=100 probe=100 activation=relu %s", widths[i], widths[i], cases[c].words);
			struct session *session = fixture_session(line);
			fixture_steps(session, 2);
			session_watch_change(session);
			fixture_steps(session, 1);
			static struct session_ranges ranges;
			const struct snapshot *snapshot = session_observe(session, &ranges, SESSION_FULL, NULL);
			assert_true(quantity_value(snapshot, "change_norm_ratio2", &norm[i], NULL));
			snapshot_drop(snapshot);
			session_destroy(session);
		}
		if (!(norm[1] / norm[0] > cases[c].least && norm[1] / norm[0] < cases[c].most))
			fail_msg("%s: %g at width %d, %g at %d", cases[c].words, norm[0], widths[0], norm[1], widths[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mup_learning_rates),
		cmocka_unit_test(test_every_layer_moves_alike_at_every_width),
		cmocka_unit_test(test_layers_left_out_of_mup),
		cmocka_unit_test(test_spectral_condition),
	};
	return cmocka_run_group_tests_name("mup", tests, NULL, fixture_close);
}
