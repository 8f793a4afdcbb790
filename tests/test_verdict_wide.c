/* Every activation, initializers that are too small, right and too large, and three
 * depths; normalized and residual nets, trained ones: the verdict on the net agrees
 * with the raw numbers of the observation, which are computed here independently. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nn/activation.h"
#include "nn/mat.h"
#include "lab/diagnosis.h"
#include "session_fixture.h"

static int wrong;

/* Raw numbers of a net. */
struct raw {
	bool finite, bounded, learns, start;
	double gradient;        /* E[delta²], first layer / output layer */
	double gradient_hidden; /* first / last hidden layer; the largest and smallest over the hidden layers */
	double most, least;
	double saturated, dead; /* the largest share of a hidden layer */
	double growth;          /* the largest of E[z²] from layer to layer, where E[z²] is above 100 */
	double faintest;        /* the smallest variance of outputs of a hidden layer */
	double within;          /* the smallest share of z's variance that lies within units over images */
	double loss;            /* / ln(classes) */
};

static struct raw raw_of(const struct snapshot *s)
{
	size_t hidden = s->layers - 1;
	double last = s->layer[hidden].tensor[MLP_DELTA].moments.mean_square;
	double last_hidden = s->layer[hidden - 1].tensor[MLP_DELTA].moments.mean_square, low, high;
	struct raw raw = { .finite = true, .most = 0, .least = INFINITY, .faintest = INFINITY, .within = 1 };
	const struct spec *f = &s->layer[0].activation;
	activation_of(f)->range(&low, &high, f->value);
	raw.bounded = isfinite(low) && isfinite(high);
	bool squashing = activation_of(f)->saturation == SATURATION_SATURATED;
	raw.gradient = s->layer[0].tensor[MLP_DELTA].moments.mean_square / last;
	raw.gradient_hidden = s->layer[0].tensor[MLP_DELTA].moments.mean_square / last_hidden;
	raw.start = s->step == 0;
	raw.loss = s->loss / log((double)s->layer[hidden].fan_out);
	raw.learns = s->step > 0 && (raw.loss <= 0.6 || s->train_accuracy >= 0.7);
	for (size_t l = 0; l < s->layers; l++) {
		const struct layer_observation *o = &s->layer[l];
		for (int t = 0; t < MLP_TENSORS; t++)
			raw.finite &= o->tensor[t].moments.nan + o->tensor[t].moments.inf == 0;
		raw.within = fmin(raw.within, o->z_within / (o->z_within + o->z_between));
		double z = o->tensor[MLP_Z].moments.mean_square;
		if (l > 0 && z >= 100)
			raw.growth = fmax(raw.growth, z / s->layer[l - 1].tensor[MLP_Z].moments.mean_square);
		if (l == hidden)
			break;
		double delta = o->tensor[MLP_DELTA].moments.mean_square / last_hidden;
		raw.most = fmax(raw.most, delta);
		raw.least = fmin(raw.least, delta);
		raw.saturated = squashing ? fmax(raw.saturated, o->saturated) : 0;
		raw.dead = squashing ? 0 : fmax(raw.dead, o->dead);
		raw.faintest = fmin(raw.faintest, o->tensor[MLP_A].moments.variance);
	}
	return raw;
}

/* Whether the numbers allow this word. */
static bool allows(const struct raw *r, const char *word)
{
	static const struct {
		const char *word;
		int which;
	} words[] = { { "NaN", 0 }, { "exploding", 1 }, { "chaotic", 2 }, { "vanishing", 3 }, { "underflow", 3 }, { "saturated", 4 },
		{ "dead", 5 }, { "dead units", 5 }, { "collapsed", 6 }, { "confident", 7 } };
	const bool allowed[] = {
		!r->finite, r->most >= 1e3 || r->gradient >= 1e7 || r->growth >= 10, r->most >= 100,
		r->least <= 0.01 || r->gradient <= 1e-6 || r->faintest <= 1e-8,
		/* relu6's share at its upper end is not among these numbers */
		r->saturated >= 0.2 || (r->bounded && r->saturated == 0), r->dead >= 0.3,
		r->within <= 1e-6 || (r->within <= 0.1 && r->dead >= 0.3), r->loss >= 2,
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i].word, word) == 0)
			return allowed[words[i].which];
	return strcmp(word, "fast") == 0 || strcmp(word, "slow") == 0 || strcmp(word, "stalled") == 0;
}

/* The numbers of a net that cannot be sound. */
static bool is_ill(const struct raw *r)
{
	return !r->finite || r->least < 1e-6 || r->most > 1e4 || r->saturated >= 0.5 || r->dead >= 0.6 || r->within < 1e-6 ||
	       r->faintest < 1e-8 || r->loss > (r->start ? 6 : 2);
}

/* Far enough from all limits for a healthy verdict. */
static bool is_sound(const struct raw *r)
{
	return r->finite && r->least > 0.1 && r->most < 10 && r->saturated < 0.1 && r->dead < 0.2 && r->within > 1e-3 &&
	       r->faintest > 1e-6 && r->loss < 1.5 && r->gradient > 1e-3 && r->gradient < 1e3 && r->growth < 5;
}

static bool out_of_range(double factor)
{
	return !(factor >= 1e-3 && factor <= 1e3);
}

static void check_snapshot(const char *words, const struct snapshot *now, const struct snapshot *start)
{
	struct raw r = raw_of(now);
	struct diagnosis d;
	diagnosis_of_net(&d, now, start);
	const char *problem = NULL;
	bool healthy = strcmp(d.word, "healthy") == 0;
	if (healthy && (out_of_range(sqrt(r.gradient)) || out_of_range(r.gradient_hidden) || !r.finite))
		problem = "healthy, and the gradient does not reach the first layer, or too much of it";
	else if (is_ill(&r) && !r.learns && d.severity < SEVERITY_ILL)
		problem = "not ill";
	else if (r.finite && r.learns && d.severity >= SEVERITY_ILL)
		problem = "ill, and it learns";
	else if (!healthy && !allows(&r, d.word))
		problem = "not what the numbers say";
	else if (is_sound(&r) && now->step == 0 && !healthy && r.saturated > 0)
		problem = "not healthy";
	if (problem == NULL)
		return;
	wrong++;
	print_error("%s, step %d: %s: %s (%s): %s\n  gradient %.2g, of hidden %.2g..%.2g, saturated %.2g, dead %.2g, growth %.2g, "
	            "var a %.2g, within %.2g, loss %.2g\n", words, (int)now->step, problem, d.word, d.rule->entry.name, d.what.form[0],
	            r.gradient, r.least, r.most, r.saturated, r.dead, r.growth, r.faintest, r.within, r.loss);
}

static void check(const char *words, int steps)
{
	struct session *session = fixture_session(words);
	const struct snapshot *start = fixture_look(session);
	check_snapshot(words, start, start);
	if (steps) {
		fixture_steps(session, steps);
		const struct snapshot *now = fixture_look(session);
		check_snapshot(words, now, start);
		snapshot_drop(now);
	}
	snapshot_drop(start);
	session_destroy(session);
}

static void test_every_activation(void **state)
{
	(void)state;
	static const int depths[] = { 2, 10, 50 };
	for (size_t i = 0; i < activations.count; i++) {
		const struct activation *f = activation_at(i);
		if (entry_needs_formula(&f->entry))
			continue;
		const char *inits[] = { "normal(sd=0.01)", f->saturation == SATURATION_SATURATED ? "xavier" : "he", "normal" };
		for (size_t k = 0; k < 3; k++)
			for (size_t d = 0; d < 3; d++) {
				char words[128];
				snprintf(words, sizeof words, "activation=%s init=%s depth=%d probe=60", f->entry.name, inits[k], depths[d]);
				check(words, 0);
			}
	}
	assert_int_equal(wrong, 0);
}

static void test_other_nets(void **state)
{
	(void)state;
	static const char *const nets[] = {
		"activation=tanh init=normal normalization=batch depth=10", "activation=tanh init=xavier normalization=layer depth=50",
		"activation=relu init=he normalization=batch depth=50", "activation=sigmoid init=normal normalization=layer depth=20",
		"activation=relu init=he residual=yes depth=20", "activation=tanh init=xavier residual=yes depth=50",
		"activation=gelu init=normal normalization=layer depth=50", "activation=selu init=lecun depth=50",
	};
	static const char *const trained[] = {
		"activation=sigmoid init=xavier", "activation=relu init=he", "activation=tanh init=xavier depth=5",
		"activation=sigmoid init=normal", "activation=relu init=he bias-init=constant(-4)",
		"activation=tanh init=xavier optimizer=adam(lr=0.02)", "activation=linear optimizer=sgd(lr=1000)",
		"activation=relu init=he normalization=batch depth=5", "activation=relu init=he residual=yes depth=5",
	};
	wrong = 0;
	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
		check(nets[i], 0);
	for (size_t i = 0; i < sizeof trained / sizeof trained[0]; i++)
		check(trained[i], 100);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_activation),
		cmocka_unit_test(test_other_nets),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
