/* Every verdict from a net with that fault, and none from healthy nets. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nn/mat.h"
#include "nn/optimizer.h"
#include "lab/diagnosis_parts.h"
#include "session_fixture.h"

/* ---- what is expected of a layer, of the net ---- */

static void check_layer(const char *words, int count, size_t layer, const char *word, enum severity severity)
{
	const struct snapshot *s = fixture_snapshot(words, count);
	struct diagnosis d;
	diagnosis_of_layer(&d, s, NULL, layer - 1);
	if (strcmp(d.word, word) != 0 || d.severity != severity)
		fail_msg("%s, layer %zu after %d steps: %s, not %s: %s", words, layer, count, d.word, word, d.what.form[0]);
	assert_true(d.what.form[0][0] && d.rule->entry.summary[0] && d.layer == layer);
	snapshot_drop(s);
}

/* The verdict on the net after so many steps, with what it was at the start. */
static struct diagnosis net_after(const char *words, int count)
{
	struct session *session = fixture_session(words);
	const struct snapshot *start = fixture_look(session);
	fixture_steps(session, count);
	const struct snapshot *now = fixture_look(session);
	struct diagnosis d;
	diagnosis_of_net(&d, now, start);
	snapshot_drop(now);
	snapshot_drop(start);
	session_destroy(session);
	return d;
}

/* Sentence and cause contain these words; NULL: any. */
static void check_net(const char *words, int count, const char *word, const char *what, const char *why)
{
	struct diagnosis d = net_after(words, count);
	if (strcmp(d.word, word) != 0 || (what && !strstr(d.what.form[0], what)) || (why && !strstr(d.why.form[0], why)))
		fail_msg("%s after %d steps: expected %s: %s: %s; but it says %s: %s: %s", words, count, word, what ? what : "*",
		         why ? why : "*", d.word, d.what.form[0], d.why.form[0]);
}

/* The probe is a sample.  Where none of its images reaches the units, others may: a net that
 * learns is not dead, however many units are. */
static void test_a_net_that_learns_is_not_dead(void **state)
{
	(void)state;
	static const char biased[] = "init=he activation=relu bias-init=constant(-1)";
	static const char fast[] = "init=he activation=relu width=256 optimizer=adam(lr=0.03)";
	check_net(biased, 0, "dead", "none of the 300 probe images reaches any of the units of layer 2; other images may", NULL);
	check_net(biased, 300, "dead units", "It learns, though none of the 300 probe images reaches ", "because the biases are about -0.9");
	check_net(fast, 100, "dead units", "It learns, though none of the 300 probe images reaches ", "because training pushed z of layer 1 below 0");
	check_layer(fast, 100, 1, "dead units", SEVERITY_NOTE);
	const char *const nets[] = { biased, fast };
	for (size_t i = 0; i < 2; i++) {
		const struct snapshot *s = fixture_snapshot(nets[i], 300);
		assert_true(s->train_accuracy > 0.75 && s->layer[0].dead >= 0.6); /* so that the cases are what they should be */
		struct diagnosis d;
		diagnosis_of_net(&d, s, NULL);
		assert_int_equal(d.severity, SEVERITY_NOTE);
		snapshot_drop(s);
	}
}

static void test_every_verdict_from_a_session(void **state)
{
	(void)state;
	check_layer("init=normal activation=exponential", 3, 1, "NaN", SEVERITY_BROKEN);
	check_layer("init=zeros activation=tanh", 0, 1, "symmetric", SEVERITY_ILL);
	check_layer("init=constant(0.1) activation=sigmoid", 0, 2, "symmetric", SEVERITY_ILL);
	check_layer("init=normal activation=sigmoid", 0, 1, "saturated", SEVERITY_ILL);
	check_layer("init=normal(sd=0.3) activation=sigmoid", 0, 1, "saturated", SEVERITY_NOTE);
	check_layer("init=he activation=relu bias-init=constant(-3)", 0, 2, "dead", SEVERITY_ILL);
	check_layer("init=normal activation=relu depth=4", 0, 2, "exploding", SEVERITY_ILL); /* signal */
	check_layer("init=variance_scaling(scale=4) activation=relu depth=20", 0, 1, "exploding", SEVERITY_ILL); /* gradient */
	check_layer("init=normal activation=tanh depth=10", 0, 1, "exploding", SEVERITY_ILL);
	check_layer("init=normal activation=tanh depth=50 normalization=batch", 0, 1, "chaotic", SEVERITY_ILL);
	check_layer("init=normal activation=softsign depth=6", 0, 1, "saturated", SEVERITY_ILL);
	check_layer("init=xavier activation=sigmoid depth=8", 0, 1, "vanishing", SEVERITY_ILL);
	check_layer("init=xavier activation=sigmoid depth=3", 0, 1, "vanishing", SEVERITY_NOTE);
	check_layer("init=normal(sd=0.0001) activation=tanh", 0, 2, "vanishing", SEVERITY_ILL);
	check_layer("init=normal(sd=1e-10) activation=tanh depth=10", 0, 8, "underflow", SEVERITY_ILL); /* z */
	check_layer("init=normal(sd=1e-10) activation=sigmoid depth=10", 0, 1, "underflow", SEVERITY_ILL); /* delta */
	check_layer("init=xavier activation=sigmoid depth=10", 0, 10, "collapsed", SEVERITY_ILL);
	check_layer("init=normal activation=relu", 0, 3, "confident", SEVERITY_ILL);
	check_layer("init=he activation=relu optimizer=sgd(lr=1e-3)", 40, 3, "stalled", SEVERITY_ILL);
	check_layer("init=uniform(low=0,high=0.02) activation=relu depth=3", 0, 1, "mean shift", SEVERITY_NOTE);
	check_layer("init=he activation=relu layers=784-100-2-100-10", 0, 2, "bottleneck", SEVERITY_NOTE);
	check_layer("init=he activation=relu output-init=zeros", 0, 3, "zero output", SEVERITY_NOTE);
	check_layer("init=he activation=relu normalization=batch probe=1", 0, 1, "one image", SEVERITY_ILL);
	check_layer("init=he activation=relu optimizer=adam(lr=0.01)", 1, 1, "fast", SEVERITY_NOTE);
	check_layer("init=he activation=relu optimizer=adam(lr=0.01)", 0, 1, "healthy", SEVERITY_HEALTHY);
	check_layer("init=he activation=relu optimizer=adam(lr=0.1)", 0, 1, "fast", SEVERITY_NOTE);
	check_layer("init=xavier activation=tanh optimizer=sgd(lr=5)", 0, 3, "fast", SEVERITY_ILL);
	check_layer("init=xavier activation=tanh optimizer=sgd(lr=1)", 0, 3, "fast", SEVERITY_NOTE);
	check_layer("init=he activation=relu optimizer=adam(lr=1e-7)", 1, 1, "slow", SEVERITY_NOTE);
	check_layer("init=he activation=relu", 0, 1, "healthy", SEVERITY_HEALTHY);
	check_layer("init=he activation=relu", 20, 3, "healthy", SEVERITY_HEALTHY);
	check_layer("init=xavier activation=tanh", 0, 2, "healthy", SEVERITY_HEALTHY);
}

/* Zero weights make z 0, and saturated units make delta 0: nothing underflows. */
static void test_a_true_zero_is_no_underflow(void **state)
{
	(void)state;
	check_layer("init=zeros output-init=zeros activation=tanh", 0, 1, "symmetric", SEVERITY_ILL);
	check_layer("init=zeros output-init=zeros activation=tanh", 0, 2, "symmetric", SEVERITY_ILL);
	check_layer("init=he activation=relu bias-init=constant(-1e4)", 0, 1, "dead", SEVERITY_ILL);
	check_layer("init=normal(sd=1e4) activation=hard_tanh", 0, 1, "saturated", SEVERITY_ILL);
}

/* A mean square of 0 is shown as what it is below exactly where values were too small. */
static void test_a_tensor_of_zeros_has_underflowed_or_is_truly_zero(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("init=normal(sd=1e-10) activation=tanh depth=10", 0);
	for (size_t i = 0; i < s->layers; i++)
		for (enum mlp_tensor tensor = MLP_Z; tensor <= MLP_DELTA; tensor++) {
			if (tensor == MLP_W)
				continue;
			bool zero = s->layer[i].tensor[tensor].moments.mean_square == 0;
			assert_int_equal(diagnosis_underflowed(s, i, tensor), zero);
		}
	assert_true(diagnosis_underflowed(s, 9, MLP_Z) && diagnosis_underflowed(s, 0, MLP_DELTA));
	snapshot_drop(s);
	s = fixture_snapshot("init=zeros output-init=zeros activation=tanh", 0);
	assert_true(s->layer[1].tensor[MLP_Z].moments.mean_square == 0);
	assert_false(diagnosis_underflowed(s, 1, MLP_Z));
	assert_false(diagnosis_underflowed(s, 0, MLP_DELTA));
	snapshot_drop(s);
}

/* A layer behind the one where the signal underflows names that one. */
static void test_an_underflow_names_its_layer(void **state)
{
	(void)state;
	const struct snapshot *s = fixture_snapshot("init=normal(sd=1e-10) activation=tanh depth=10", 0);
	size_t first = 0;
	while (s->layer[first].tensor[MLP_Z].moments.max != 0)
		first++;
	struct diagnosis d;
	char expected[160];
	diagnosis_of_layer(&d, s, NULL, first);
	snprintf(expected, sizeof expected, "The signal has underflowed in layer %zu: z is below 1.18e-38, which counts as 0",
	         first + 1);
	assert_string_equal(d.what.form[0], expected);
	diagnosis_of_layer(&d, s, NULL, first + 1);
	snprintf(expected, sizeof expected, "in layer %zu, as from layer %zu on:", first + 2, first + 1);
	assert_non_null(strstr(d.what.form[0], expected));
	snapshot_drop(s);
}

/* The first layer's units stay equal for ever; their weights, one for each
 * pixel, differ after a step.  Batch normalization does not hide it. */
static void test_symmetry_lasts(void **state)
{
	(void)state;
	check_layer("init=constant(0.01) activation=sigmoid", 30, 1, "symmetric", SEVERITY_ILL);
	check_layer("init=constant(0.01) activation=sigmoid normalization=batch", 1, 1, "symmetric", SEVERITY_ILL);
	check_layer("init=zeros output-init=zeros activation=sigmoid", 30, 2, "symmetric", SEVERITY_ILL);
}

/* What a residual branch ends in is added to units that differ, and its weights'
 * gradients differ as its deltas do: equal weights there are no symmetry, unless the
 * units beside the branch are copies. */
static void test_a_zero_branch_is_not_symmetric(void **state)
{
	(void)state;
	static const char zero[] = "init=he activation=relu depth=11 residual=yes branch-layers=2 branch-init=zeros";
	check_layer(zero, 0, 3, "healthy", SEVERITY_HEALTHY);
	check_net(zero, 0, "healthy", NULL, NULL);
	check_net("init=xavier activation=tanh depth=10 residual=yes branch-init=zeros", 0, "healthy", NULL, NULL);
	check_layer("init=constant(0.01) activation=tanh depth=3 residual=yes", 0, 3, "symmetric", SEVERITY_ILL);
	check_net("scenario=rezero", 0, "healthy", NULL, NULL);
	check_net("scenario=fixup", 0, "zero output", NULL, NULL);
	/* as long as the branches are small, gradients are small in them and large beside them */
	static const char *const growing[] = { "scenario=rezero", "scenario=fixup" };
	for (int i = 0; i < 8; i++) {
		struct diagnosis d = net_after(growing[i % 2], 1 + 3 * (i / 2));
		if (d.severity > SEVERITY_NOTE)
			fail_msg("%s after %d steps: %s", growing[i % 2], 1 + 3 * (i / 2), d.what.form[0]);
	}
	/* relu has no slope at 0: such a branch stays as it is */
	check_net("init=he activation=relu depth=10 residual=yes branch-init=zeros", 0, "dead", NULL, NULL);
	/* after some steps the branch's units are no copies */
	const struct snapshot *trained = fixture_snapshot(zero, 3);
	const struct layer_observation *layer = &trained->layer[2];
	assert_true(layer->z_within > 0 && layer->z_shared < 0.9 * (layer->z_within + layer->z_between));
	snapshot_drop(trained);
}

/* Batch normalization takes the units' means out: no sign of symmetry. */
static void test_batch_norm_is_not_symmetric(void **state)
{
	(void)state;
	check_layer("init=he activation=relu normalization=batch", 0, 1, "healthy", SEVERITY_HEALTHY);
}

static void test_a_verdict_states_rule_and_limit(void **state)
{
	(void)state;
	struct diagnosis d = net_after("init=normal activation=sigmoid", 0);
	assert_non_null(strstr(d.rule->entry.summary, "at least 0.5 of the outputs"));
	assert_true(d.rule->limit == 0.5);
	for (size_t i = 0; i < diagnosis_rules.count; i++) {
		const struct diagnosis_rule *rule = diagnosis_rule_at(i);
		assert_true(strlen(rule->word) <= 11 && rule->fires);
		assert_true(rule->kind == DIAGNOSIS_HEALTHY || rule->entry.reference);
	}
}

/* ---- the net: pattern and cause ---- */

static void test_the_net_names_its_pattern(void **state)
{
	(void)state;
	check_net("init=normal activation=sigmoid", 0, "saturated", "Both hidden layers are saturated: ", NULL);
	check_net("init=normal activation=sigmoid", 0, "saturated", "stuck near 0 or 1", NULL);
	check_net("init=normal activation=tanh layers=784-100-10", 0, "saturated", "of layer 1's outputs are stuck near -1 or 1", NULL);
	check_net("init=normal activation=relu6", 0, "saturated", "active outputs are stuck at 6", NULL);
	check_net("init=xavier activation=sigmoid depth=20", 0, "vanishing", "The gradient vanishes: gradient² shrinks ×0.05", NULL);
	check_net("init=xavier activation=sigmoid depth=20", 0, "vanishing", "at every layer and reaches layer 1 of 20 at ", NULL);
	check_net("init=constant(0.05) activation=tanh", 0, "symmetric", "Units are copies of each other in both hidden layers", NULL);
	check_net("init=he activation=relu bias-init=constant(-4)", 0, "dead", "Dead from the start: ", NULL);
	check_net("init=xavier activation=tanh depth=50", 0, "healthy", "over all 50 layers E[z²] changes by ×0.0", NULL);
	check_net("init=he activation=relu", 0, "healthy", "keep their size over both layers", NULL);
	check_net("init=he activation=relu", 300, "healthy", "Healthy: it learns, the loss is ", NULL);
	check_net("init=normal activation=exponential", 0, "NaN", "from the start", NULL);
	check_net("init=xavier activation=exponential depth=10", 2, "NaN", "from the start",
	          "because the signal grows at every layer: E[z²] is 0.");
	check_net("init=normal activation=gelu depth=5", 100, "exploding", "The gradient explodes: gradient² grows ×", NULL);
}

static void test_the_cause_is_named(void **state)
{
	(void)state;
	check_net("init=normal activation=sigmoid", 0, "saturated", NULL,
	          "because Var(W) = 1 where sigmoid over 784 inputs wants about 0.0023: E[z²] = 784·E[x²]·Var(W) = 784·");
	check_net("init=normal activation=sigmoid", 0, "saturated", NULL, "flat beyond ±3.6");
	check_net("init=xavier activation=relu depth=20", 0, "vanishing", NULL,
	          "because Var(W) = 0.01 where relu over 100 inputs wants about 0.02: 100·Var(W)·E[f'²] = 100·0.01·0.");
	check_net("init=xavier activation=sigmoid depth=20", 0, "vanishing", NULL, "because sigmoid passes on at most 0.062 of gradient²");
	check_net("init=he activation=relu depth=20 residual=yes branch-layers=2", 0, "exploding", NULL,
	          "because every residual branch (branch-scale 1.000) adds its gradient to the one that passes by it: gradient² ×2.");
	check_net("init=he activation=relu depth=20 residual=yes branch-layers=2", 0, "exploding", NULL, " per branch of two layers");
	check_net("init=lecun activation=tanh depth=60 residual=yes branch-scale=fixed(2)", 0, "exploding", NULL,
	          "because every residual branch (branch-scale 2.000) adds its gradient");
	check_net("init=constant(0.05) activation=tanh", 0, "symmetric", NULL, "because all weights of layer 1 began at 0.05 (const");
	check_net("init=constant(0.05) activation=tanh", 0, "symmetric", NULL, "theory needs random weights");
	check_net("init=he activation=relu bias-init=constant(-4)", 0, "dead", NULL, "because the biases are about -4, ");
	check_net("init=xavier activation=sigmoid bias-init=constant(-4)", 0, "saturated", NULL, "because the biases are about -4, ");
	check_net("init=uniform(low=0,high=0.02) activation=relu depth=3", 0, "mean shift", NULL, "because the weights have a mean of 0.01 ");
	check_net("init=normal activation=tanh depth=50 normalization=batch", 0, "chaotic", NULL, "after batch normalization tanh multiplies");
	check_net("init=he activation=relu optimizer=sgd(lr=1e-3)", 40, "stalled", NULL, "because the learning rate 0.001 is too small");
	check_net("init=he activation=linear optimizer=sgd(lr=1000)", 30, "NaN", "Diverged at step ", "because the learning rate 1000 is too "
	          "large: the initializer was sound");
}

static double weights_rms(const struct snapshot *s, size_t layer)
{
	return sqrt(s->layer[layer].tensor[MLP_W].moments.mean_square);
}

/* The verdict at step 0 speaks of the first step: it is about as large as the one that
 * training then does, by every optimizer. */
static void test_the_first_step_is_predicted(void **state)
{
	(void)state;
	for (size_t i = 0; i < optimizers.count; i++) {
		char words[160];
		const struct optimizer *optimizer = optimizer_at(i);
		snprintf(words, sizeof words, "init=xavier activation=tanh probe=batch batch=100 optimizer=%s(lr=0.02)", optimizer->entry.name);
		struct session *session = fixture_session(words);
		const struct snapshot *start = fixture_look(session);
		fixture_steps(session, 1);
		const struct snapshot *after = fixture_look(session);
		for (size_t l = 0; l < start->layers; l++) {
			struct diagnosis_net net = diagnosis_net_of(start, start);
			double predicted = diagnosis_facts_of(&net, l).update;
			double floor = 1 / sqrt((double)start->layer[l].fan_in);
			double observed = after->layer[l].update_ratio * weights_rms(after, l) / fmax(weights_rms(start, l), floor);
			if (!(observed > 0.8 * predicted && observed < 1.25 * predicted))
				fail_msg("%s, layer %zu: predicted %g, observed %g", words, l + 1, predicted, observed);
		}
		snapshot_drop(start);
		snapshot_drop(after);
		session_destroy(session);
	}
}

/* Weights near 0 are compared with the size that lecun would give them; a start
 * that learns well is not called ill for its learning rate. */
static void test_a_usual_first_step_is_healthy(void **state)
{
	(void)state;
	check_net("init=he activation=relu", 0, "healthy", NULL, NULL);
	check_net("init=he activation=relu optimizer=sgd(lr=0.3)", 0, "healthy", NULL, NULL);
	check_net("init=xavier activation=tanh optimizer=rmsprop(lr=0.001)", 0, "healthy", NULL, NULL);
	check_net("init=xavier activation=tanh optimizer=adagrad(lr=0.01)", 0, "healthy", NULL, NULL);
	check_net("init=normal(0,0.01) activation=tanh depth=1", 0, "healthy", NULL, NULL);
	check_net("init=xavier activation=tanh optimizer=sgd(lr=5)", 0, "fast",
	          "The learning rate is large: the first step will change the weights of layer ", "because the learning rate is 5");
}

/* |g|² of all weights at step 0, times the learning rate, over the loss. */
static double promised_by_hand(const struct snapshot *s, double lr)
{
	double square = 0;
	for (size_t l = 0; l < s->layers; l++) {
		const struct moments *dw = &s->layer[l].tensor[MLP_DW].moments;
		square += (double)dw->n * (dw->variance + dw->mean * dw->mean);
	}
	return lr * square / s->loss;
}

/* All these nets end at 10 % after 300 steps, or diverge (tests/check-grid.py, digits);
 * those of the last test but one at 84 to 92 %. */
static void test_momentum_counts_at_step_0(void **state)
{
	(void)state;
	static const char tanh_8[] = "init=xavier activation=tanh depth=8 optimizer=", selu_5[] = "init=lecun activation=selu depth=5 optimizer=";
	static const struct { const char *net, *optimizer; double lr, momentum; enum severity severity; } cases[] = {
		{ tanh_8, "sgd(lr=1)", 1, 0, SEVERITY_NOTE },
		{ tanh_8, "nesterov(lr=0.1)", 0.1, 0.9, SEVERITY_NOTE },
		{ tanh_8, "momentum(lr=0.3)", 0.3, 0.9, SEVERITY_NOTE },
		{ selu_5, "sgd(lr=0.1)", 0.1, 0, SEVERITY_ILL },
		{ selu_5, "nesterov(lr=0.1)", 0.1, 0.9, SEVERITY_ILL },
		{ tanh_8, "sgd(lr=0.3)", 0.3, 0, SEVERITY_HEALTHY },
		{ tanh_8, "momentum(lr=0.03)", 0.03, 0.9, SEVERITY_HEALTHY },
		{ tanh_8, "sgd(lr=0.1,momentum=0.5)", 0.1, 0.5, SEVERITY_HEALTHY },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char words[160];
		snprintf(words, sizeof words, "%s%s", cases[i].net, cases[i].optimizer);
		struct session *session = fixture_session(words);
		const struct snapshot *start = fixture_look(session);
		struct diagnosis d;
		diagnosis_of_net(&d, start, start);
		double first = promised_by_hand(start, cases[i].lr), later = first / (1 - cases[i].momentum);
		if (d.severity != cases[i].severity || strcmp(d.word, d.severity == SEVERITY_HEALTHY ? "healthy" : "fast") != 0)
			fail_msg("%s: %s, %s (lr |g|²/loss %g, with momentum %g)", words, d.word, severity_names[d.severity], first, later);
		assert_int_equal(later >= 0.5, d.severity >= SEVERITY_NOTE);
		assert_true(first < 1 || d.severity == SEVERITY_ILL);
		snapshot_drop(start);
		session_destroy(session);
	}
}

/* A net that learns is not called ill, whatever its layers show. */
static void test_no_false_alarm(void **state)
{
	(void)state;
	struct diagnosis d = net_after("init=xavier activation=tanh optimizer=adam(lr=0.02)", 300);
	assert_true(d.learns && d.severity <= SEVERITY_NOTE);
	assert_string_equal(d.word, "saturated");
	assert_non_null(strstr(d.what.form[0], "Saturated by learning, not by its start: it learns all the same"));
	assert_false(d.from_start);
	d = net_after("init=he activation=relu output-init=zeros", 0);
	assert_int_equal(d.severity, SEVERITY_NOTE);
	assert_string_equal(d.word, "zero output");
	d = net_after("init=he activation=relu output-init=zeros", 200);
	assert_true(d.learns && d.severity == SEVERITY_HEALTHY);
	d = net_after("init=normal activation=sigmoid", 0);
	assert_true(d.from_start && d.severity == SEVERITY_ILL);
}

/* A stalled net has the word of what explains it, and is ill. */
static void test_a_stalled_net_names_its_reason(void **state)
{
	(void)state;
	struct diagnosis d = net_after("init=he activation=relu optimizer=sgd(lr=1e-8)", 40);
	assert_string_equal(d.word, "slow");
	assert_int_equal(d.severity, SEVERITY_ILL);
	d = net_after("init=xavier activation=tanh depth=50 seed=2", 50);
	assert_string_equal(d.word, "vanishing");
	assert_int_equal(d.severity, SEVERITY_ILL);
	d = net_after("init=he activation=relu layers=784-100-1-100-10", 50);
	assert_string_equal(d.word, "bottleneck");
	assert_int_equal(d.severity, SEVERITY_ILL);
	d = net_after("init=he activation=relu layers=784-100-2-100-10", 0);
	assert_int_equal(d.severity, SEVERITY_NOTE);
}

/* Units that are inactive for all images, because all images look alike: the cause comes first. */
static void test_images_that_become_alike(void **state)
{
	(void)state;
	struct diagnosis d = net_after("init=he activation=relu depth=50", 0);
	assert_string_equal(d.word, "collapsed");
	assert_int_equal(d.severity, SEVERITY_NOTE);
	assert_non_null(strstr(d.why.form[0], "correlation is"));
	d = net_after("init=xavier activation=sigmoid", 0);
	assert_string_not_equal(d.word, "collapsed"); /* images are as much alike, and it learns */
}

/* The gradient in a scaled branch is smaller than beside it, and grows with the signal:
 * neither is chaos.  Units that are inactive in a branch do not stop what passes by it. */
static void test_residual_branches_are_not_ill(void **state)
{
	(void)state;
	static const char scaled[] = "depth=50 residual=yes branch-scale=fixed(1/sqrt(branches)) ";
	char words[160];
	static const char *const sound[] = { "init=xavier activation=tanh", "init=xavier activation=tanh normalization=layer",
		"init=he activation=gelu branch-layers=2 depth=51" };
	for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
		snprintf(words, sizeof words, "%s%s", scaled, sound[i]);
		check_net(words, 0, "healthy", NULL, NULL);
	}
	struct diagnosis d = net_after("depth=50 residual=yes init=xavier activation=tanh normalization=batch", 0);
	assert_true(d.severity <= SEVERITY_NOTE);
	d = net_after("depth=20 residual=yes init=normal(sd=0.01) activation=relu", 100);
	assert_true(d.learns);
	assert_string_equal(d.word, "healthy");
	/* without branches the same growth is chaos */
	d = net_after("depth=50 init=xavier activation=tanh normalization=batch", 0);
	assert_string_equal(d.word, "chaotic");
	/* branches that make the gradient grow beyond the signal are ill still */
	d = net_after("depth=50 residual=yes init=he activation=relu", 0);
	assert_int_equal(d.severity, SEVERITY_ILL);
}

/* A large loss at the start is gone after some steps, unless it is very large. */
static void test_a_confident_start(void **state)
{
	(void)state;
	static const char start[] = "init=he activation=relu output-init=normal(sd=%s)";
	static const struct { const char *sd; enum severity severity; } starts[] = {
		{ "0.2", SEVERITY_HEALTHY }, { "1", SEVERITY_NOTE }, { "10", SEVERITY_ILL } };
	for (size_t i = 0; i < 3; i++) {
		char words[80];
		snprintf(words, sizeof words, start, starts[i].sd);
		struct diagnosis d = net_after(words, 0);
		if (d.severity != starts[i].severity)
			fail_msg("%s: %s: %s", words, d.word, d.what.form[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_net_that_learns_is_not_dead),
		cmocka_unit_test(test_every_verdict_from_a_session),
		cmocka_unit_test(test_a_true_zero_is_no_underflow),
		cmocka_unit_test(test_a_tensor_of_zeros_has_underflowed_or_is_truly_zero),
		cmocka_unit_test(test_an_underflow_names_its_layer),
		cmocka_unit_test(test_symmetry_lasts),
		cmocka_unit_test(test_batch_norm_is_not_symmetric),
		cmocka_unit_test(test_a_zero_branch_is_not_symmetric),
		cmocka_unit_test(test_a_verdict_states_rule_and_limit),
		cmocka_unit_test(test_the_net_names_its_pattern),
		cmocka_unit_test(test_the_cause_is_named),
		cmocka_unit_test(test_no_false_alarm),
		cmocka_unit_test(test_a_stalled_net_names_its_reason),
		cmocka_unit_test(test_images_that_become_alike),
		cmocka_unit_test(test_residual_branches_are_not_ill),
		cmocka_unit_test(test_a_confident_start),
		cmocka_unit_test(test_the_first_step_is_predicted),
		cmocka_unit_test(test_a_usual_first_step_is_healthy),
		cmocka_unit_test(test_momentum_counts_at_step_0),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
