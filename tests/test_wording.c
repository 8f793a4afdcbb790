/* Statements in several lengths: the choice of one, and that every verdict's
 * words are whole at every width. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nn/mat.h"
#include "lab/diagnosis.h"
#include "session_fixture.h"

static void test_the_longest_that_fits(void **state)
{
	(void)state;
	struct wording w = {0};
	assert_string_equal(wording_fit(&w, 80), "");
	wording_add(&w, "E[z²] grows at every layer");
	wording_add(&w, "E[z²] grows");
	wording_add(&w, "it grows");
	assert_int_equal(wording_columns("E[z²] grows"), 11);
	assert_string_equal(wording_fit(&w, 80), "E[z²] grows at every layer");
	assert_string_equal(wording_fit(&w, 25), "E[z²] grows");
	assert_string_equal(wording_fit(&w, 11), "E[z²] grows");
	assert_string_equal(wording_fit(&w, 10), "it grows");
	assert_string_equal(wording_fit(&w, 1), "it grows");
}

static void test_a_form_is_shorter_than_the_one_before(void **state)
{
	(void)state;
	struct wording w = {0};
	wording_add(&w, "long");
	wording_add(&w, "longer");
	assert_string_equal(w.form[0], "longer");
	assert_string_equal(w.form[1], "");
}

/* ---- the words of all verdicts ---- */

static bool seen[DIAGNOSIS_KINDS][2]; /* of a layer, of a net */
static int wrong; /* forms */

/* All are listed before the test fails. */
#define WRONG(...) (wrong++, print_error(__VA_ARGS__))

static void check_words(const char *of, const struct wording *w, bool needed)
{
	if (!w->form[0][0] && !needed)
		return;
	size_t last = WORDING_FORMS;
	while (last > 0 && !w->form[last - 1][0])
		last--;
	assert_true(last > 0);
	for (size_t i = 0; i < last; i++) {
		const char *form = w->form[i];
		size_t length = strlen(form);
		if (length + 1 >= WORDING_SIZE || strstr(form, "...") || strstr(form, "…") || strstr(form, "nan") ||
		    strstr(form, "inf)") || strchr(" ,:;.-", form[length - 1]) || (i > 0 && wording_columns(form) >= wording_columns(w->form[i - 1])))
			WRONG("%s: form %zu is no whole sentence or not shorter: '%s'\n", of, i, form);
	}
	size_t columns = 200;
	while (columns >= WORDING_SHORTEST && wording_columns(wording_fit(w, columns)) <= columns)
		columns--;
	if (columns >= WORDING_SHORTEST)
		WRONG("%s: '%s' does not fit into %zu columns\n", of, wording_fit(w, columns), columns);
}

static void check_diagnosis(const char *words, const struct diagnosis *d, bool net)
{
	char of[240];
	snprintf(of, sizeof of, "%s: %s, %s", words, net ? "net" : "layer", d->rule->entry.name);
	check_words(of, &d->what, true);
	check_words(of, &d->why, false);
	seen[d->rule->kind][net] = true;
}

static void check_run(const char *words, int count)
{
	struct session *session = fixture_session(words);
	const struct snapshot *start = fixture_look(session);
	fixture_steps(session, count);
	const struct snapshot *now = fixture_look(session);
	struct diagnosis d;
	for (int known = 0; known < 2; known++) {
		diagnosis_of_net(&d, now, known ? start : NULL);
		check_diagnosis(words, &d, true);
		for (size_t l = 0; l < now->layers; l++) {
			diagnosis_of_layer(&d, now, known ? start : NULL, l);
			check_diagnosis(words, &d, false);
		}
	}
	snapshot_drop(now);
	snapshot_drop(start);
	session_destroy(session);
}

static void test_every_form_is_whole(void **state)
{
	(void)state;
	static const struct {
		const char *words;
		int steps;
	} runs[] = {
		{ "init=normal activation=sigmoid", 0 }, { "init=normal activation=sigmoid", 40 },
		{ "init=normal(sd=0.3) activation=sigmoid", 0 },
		{ "init=normal activation=exponential", 0 }, { "init=he activation=linear optimizer=sgd(lr=1000)", 30 },
		{ "init=constant(0.05) activation=tanh", 0 }, { "init=constant(0.012345678) activation=tanh depth=20", 2 },
		{ "init=zeros output-init=zeros activation=tanh", 0 },
		{ "init=he activation=relu bias-init=constant(-4)", 0 }, { "init=he activation=relu depth=50", 0 },
		{ "init=he activation=relu optimizer=sgd(lr=10)", 40 },
		{ "init=normal activation=relu depth=3", 0 }, { "init=normal activation=relu depth=50", 0 },
		{ "init=variance_scaling(scale=4) activation=relu depth=20", 0 },
		{ "init=normal activation=tanh depth=10", 0 }, { "init=normal activation=tanh depth=50 normalization=batch", 0 },
		{ "init=normal(sd=0.15) activation=tanh depth=20", 0 }, { "init=normal activation=softsign depth=10", 0 },
		{ "init=xavier activation=sigmoid depth=20", 0 }, { "init=xavier activation=sigmoid depth=3", 0 },
		{ "init=normal(sd=0.0001) activation=tanh depth=3", 0 }, { "init=normal(sd=1e-10) activation=tanh depth=50", 0 },
		{ "init=normal activation=sigmoid normalization=layer depth=20", 0 },
		{ "init=normal activation=gelu depth=5", 60 }, { "init=normal activation=relu6", 0 },
		{ "init=he activation=relu optimizer=sgd(lr=1e-8)", 40 }, { "init=he activation=relu optimizer=sgd(lr=1e-3)", 40 }, { "init=he activation=relu optimizer=sgd(lr=3)", 40 },
		{ "init=uniform(low=0,high=0.02) activation=relu depth=20", 0 },
		{ "init=uniform(low=0,high=0.02) activation=relu depth=3", 0 }, { "init=normal(sd=1e-6) activation=tanh layers=784-100-10", 0 },
		{ "init=normal(sd=0.01) activation=sigmoid", 0 },
		{ "init=he activation=relu layers=784-100-2-100-10", 0 }, { "init=xavier activation=tanh layers=784-100-1-100-10", 40 },
		{ "init=he activation=relu output-init=zeros", 0 }, { "init=he activation=relu output-init=zeros", 1 },
		{ "init=he activation=relu normalization=batch probe=1", 0 },
		{ "init=he activation=relu optimizer=adam(lr=0.01)", 1 }, { "init=he activation=relu optimizer=adam(lr=1e-7)", 1 },
		{ "init=xavier activation=tanh optimizer=adam(lr=0.02)", 300 }, { "init=he activation=relu", 300 },
		{ "init=he activation=relu residual=yes depth=20", 0 }, { "init=normal activation=tanh_shrink depth=3", 100 },
		{ "init=lecun activation=selu depth=5 optimizer=sgd(lr=0.1)", 0 }, { "init=xavier activation=tanh depth=8 optimizer=momentum(lr=0.3)", 0 },
		{ "layers=784-10", 0 }, { "layers=784-100-10 init=he activation=relu", 0 }, { "init=xavier activation=tanh depth=50", 0 },
		{ "init=he activation=relu bias-init=normal(sd=5)", 0 }, { "init=normal(sd=0.01) activation=softplus depth=10", 0 },
	};
	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
		check_run(runs[i].words, runs[i].steps);
	for (size_t kind = 0; kind < DIAGNOSIS_KINDS; kind++)
		if (!seen[kind][0] || !seen[kind][1])
			WRONG("no run here has a verdict of kind %zu on a %s: add one\n", kind, seen[kind][0] ? "net" : "layer");
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_longest_that_fits),
		cmocka_unit_test(test_a_form_is_shorter_than_the_one_before),
		cmocka_unit_test(test_every_form_is_whole),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, NULL, fixture_close);
}
