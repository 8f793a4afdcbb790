/* The coordinate check: slopes of known numbers, the verdict, and the nets that it trains. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "app_program.h"
#include "app/app.h"
#include "app/app_parts.h"
#include "app/coordinate_check.h"
#include "app/coordinate_work.h"
#include "app/key.h"
#include "app/navigation.h"
#include "base/text.h"
#include "draw/canvas.h"
#include "lab/coordinates_parts.h"
#include "nn/mat.h"
#include "view/view_list.h"
#include "session_fixture.h"

static struct coordinates *make(const char *words, const char *settings)
{
	struct settings base;
	struct err err = {0};
	fixture_settings(&base, settings);
	struct coordinates *c = coordinates_create(words, &base, &err);
	if (c == NULL)
		fail_msg("%s: %s", words, err.message);
	return c;
}

static void wrong_checks_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *settings, *words, *reason;
	} cases[] = {
		{ "", "width=64", "two or more" },
		{ "", "seed=1..3", "two or more" },
		{ "", "width=128,64", "not in order" },
		{ "", "width=64,64", "not in order" },
		{ "", "width=64,128 lr=0.1,0.2", "lr has several values" },
		{ "", "width=64,128 depth=0", "no hidden layers" },
		{ "", "width=64,128 steps=0", "1 to 50" },
		{ "", "width=64,128 steps=51", "1 to 50" },
		{ "", "width=1..20 seed=1..20", "too many" },
		{ "", "widht=64,128", "did you mean 'width'" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings base;
		struct err err = {0};
		fixture_settings(&base, cases[i].settings);
		if (coordinates_create(cases[i].words, &base, &err))
			fail_msg("%s was accepted", cases[i].words);
		assert_int_equal(err.code, ERR_USAGE);
		if (strstr(err.message, cases[i].reason) == NULL)
			fail_msg("%s: %s", cases[i].words, err.message);
	}
}

static const char *name_of(const struct coordinates *c, enum coordinates_kind kind)
{
	static struct text text;
	text_clear(&text);
	coordinates_name(&text, c, kind);
	return text_string(&text);
}

static void both_kinds_have_their_initializers(void **state)
{
	(void)state;
	static const struct {
		const char *settings, *own, *mup;
	} cases[] = {
		{ "init=he_normal output-init=lecun init.2=zeros", "he_normal, output lecun_normal", "mup, output mup_readout" },
		{ "init=normal(0,1) output-init=zeros", "normal, output zeros", "mup, output mup_readout" },
		/* under muP already: the usual weights beside it */
		{ "init=mup(sd=0.2) output-init=mup_readout", "he_normal, output lecun_normal", "mup(sd=0.2), output mup_readout" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct coordinates *c = make("", cases[i].settings);
		assert_string_equal(name_of(c, COORDINATES_OWN), cases[i].own);
		assert_string_equal(name_of(c, COORDINATES_MUP), cases[i].mup);
		assert_int_equal(c->widths, 5);
		assert_int_equal(coordinates_width(c, 4), 1024);
		assert_int_equal(c->grid.nets, 15);
		coordinates_free(c);
	}
}

/* ---- numbers that are known ---- */

/* Fills all nets: size a width^p, change b width^q of each layer. */
static void fill(struct coordinates *c, const double *p, const double *q)
{
	for (uint64_t net = 0; net < c->grid.nets; net++) {
		double width = (double)coordinates_width(c, sweep_grid_index(&c->grid, c->width_axis, net));
		for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++)
			for (size_t t = 0; t <= c->steps; t++)
				for (size_t l = 0; l < c->layers; l++) {
					coordinates_at(c, net, kind, COORDINATES_SIZE, t)[l] = 3 * pow(width, p[l]);
					coordinates_at(c, net, kind, COORDINATES_CHANGE, t)[l] = (double)t * 0.01 * pow(width, q[l]);
				}
		coordinates_add(c, &(struct sweep_result){ .net = net });
	}
}

static void slopes_are_those_of_powers(void **state)
{
	(void)state;
	static const double p[] = { 0, 0.5, -0.5 }, q[] = { -1, 0.25, 1 };
	struct coordinates *c = make("width=10,20,80 seed=1,2", "layers=*-9-9-* init=he");
	assert_true(isnan(coordinates_line(c, COORDINATES_OWN, COORDINATES_SIZE, 0, 0).slope));
	fill(c, p, q);
	for (size_t l = 0; l < 3; l++) {
		struct coordinates_line size = coordinates_line(c, COORDINATES_OWN, COORDINATES_SIZE, 0, l);
		struct coordinates_line change = coordinates_line(c, COORDINATES_MUP, COORDINATES_CHANGE, c->steps, l);
		assert_int_equal(size.widths, 3);
		assert_true(fabs(size.slope - p[l]) < 1e-12 && fabs(change.slope - q[l]) < 1e-12);
		assert_true(fabs(size.spread - pow(8, fabs(p[l]))) < 1e-12);
	}
	/* nothing has moved at step 0 */
	assert_true(isnan(coordinates_line(c, COORDINATES_OWN, COORDINATES_CHANGE, 0, 0).slope));
	/* the line of three points that are on none: numpy.polyfit(log([10, 20, 80]), log([1, 4, 2]), 1)[0] */
	static const double mean[] = { 1, 4, 2 };
	for (uint64_t net = 0; net < c->grid.nets; net++)
		coordinates_at(c, net, COORDINATES_OWN, COORDINATES_SIZE, 0)[0] = mean[net / 2] + (net % 2 ? 0.25 : -0.25);
	assert_true(fabs(coordinates_line(c, COORDINATES_OWN, COORDINATES_SIZE, 0, 0).slope - 0.21428571428571425) < 1e-12);
	coordinates_free(c);
}

static void verdicts_name_the_layer(void **state)
{
	(void)state;
	static const struct {
		double p[3], q[3];
		enum coordinates_outcome outcome;
		size_t layer;
		const char *words;
	} cases[] = {
		{ { 0, 0, -0.5 }, { 0.1, -0.1, 0 }, COORDINATES_ALIKE, 0, "every layer moves alike at every width (slopes -0.10 to 0.10)" },
		{ { 0, 0, 0 }, { 0, 0.5, 1 }, COORDINATES_GROWS, 2, "the output layer's movement depends on the width: by step 1 as width^1.00" },
		{ { 0, 0, 0 }, { -1, 0, 0.5 }, COORDINATES_SHRINKS, 0, "layer 1's movement depends on the width: by step 1 as width^-1.00" },
		{ { 0, 0.5, 0 }, { 0, 1, 1 }, COORDINATES_START, 1, "z of layer 2 depends on the width before the first step, as width^0.50" },
		{ { 0, -0.5, 0 }, { 0, 0, 0 }, COORDINATES_START, 1, "as width^-0.50" },
		{ { 0, 0, 0.5 }, { 0, 0, 0 }, COORDINATES_START, 2, "z of the output layer depends" },
	};
	struct coordinates *c = make("width=10,20,80", "layers=*-9-9-* init=he");
	struct coordinates_verdict verdict;
	coordinates_judge(&verdict, c, COORDINATES_OWN);
	assert_int_equal(verdict.outcome, COORDINATES_OPEN);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct text text = {0};
		fill(c, cases[i].p, cases[i].q);
		coordinates_judge(&verdict, c, COORDINATES_OWN);
		coordinates_sentence(&text, c, COORDINATES_OWN, 0);
		assert_int_equal(verdict.outcome, cases[i].outcome);
		assert_int_equal(verdict.layer, cases[i].layer);
		if (strstr(text_string(&text), cases[i].words) == NULL)
			fail_msg("case %zu: %s", i, text_string(&text));
		text_free(&text);
	}
	coordinates_at(c, 0, COORDINATES_OWN, COORDINATES_CHANGE, c->steps)[1] = 0;
	for (uint64_t net = 0; net < 3; net++)
		coordinates_at(c, net, COORDINATES_MUP, COORDINATES_CHANGE, c->steps)[1] = 0;
	fill(c, cases[0].p, cases[0].q);
	for (uint64_t net = 0; net < 3; net++)
		coordinates_at(c, net, COORDINATES_MUP, COORDINATES_CHANGE, c->steps)[1] = 0;
	coordinates_judge(&verdict, c, COORDINATES_MUP);
	assert_int_equal(verdict.outcome, COORDINATES_STILL);
	assert_int_equal(verdict.layer, 1);
	coordinates_at(c, 1, COORDINATES_MUP, COORDINATES_SIZE, c->steps)[2] = NAN;
	coordinates_judge(&verdict, c, COORDINATES_MUP);
	assert_int_equal(verdict.outcome, COORDINATES_DIVERGES);
	assert_int_equal(verdict.width, 20);
	coordinates_free(c);
}

static void check_sentences(const struct coordinates *c, const char *begin)
{
	for (int form = 0; form < COORDINATES_FORMS; form++) {
		struct text text = {0};
		coordinates_sentence(&text, c, COORDINATES_OWN, form);
		if (strncmp(text_string(&text), begin, strlen(begin)) != 0)
			fail_msg("form %d: %s", form, text_string(&text));
		text_free(&text);
	}
}

/* With the widest net the slope changes from 0 to more than the limit. */
static void a_verdict_on_part_of_the_nets_says_so(void **state)
{
	(void)state;
	static const double flat[] = { 0, 0, 0 };
	struct coordinates *c = make("width=10,20,80", "layers=*-9-9-* init=he");
	check_sentences(c, "no slope yet");
	fill(c, flat, flat);
	coordinates_at(c, 2, COORDINATES_OWN, COORDINATES_CHANGE, 1)[0] *= 8;
	assert_true(coordinates_is_complete(c));
	check_sentences(c, "layer 1");
	c->state[2] = COORDINATES_MISSING;
	c->known = 2;
	assert_false(coordinates_is_complete(c));
	check_sentences(c, "so far ");
	coordinates_free(c);
}

/* ---- nets ---- */

static void compute(struct coordinates *c)
{
	struct err err = {0};
	struct sweep_plan plan = coordinates_plan(c);
	struct sweep_result result;
	struct sweep *sweep = sweep_open(&plan, &err);
	assert_non_null(sweep);
	assert_true(sweep_start(sweep, 0, &err));
	for (enum sweep_state at = SWEEP_RESULT; at != SWEEP_DONE;) {
		at = sweep_next(sweep, &result, 1000, &err);
		assert_true(at == SWEEP_RESULT || at == SWEEP_DONE);
		if (at == SWEEP_RESULT)
			coordinates_add(c, &result);
	}
	assert_true(sweep_end(sweep));
}

/* Yang et al. 2022, table 3 and figure 5: with the usual weights and Adam the logits move the more the wider the
 * net, under muP all layers move alike; under SGD layer 1 of the usual weights moves less.  The orders
 * for a batch: of Adam the logits' movement is width^1 (and below, since early steps start from 1/sqrt(width)). */
static void nets_behave_as_published(void **state)
{
	(void)state;
	struct coordinates_verdict verdict;
	struct coordinates *c = make("width=64..512*4 seed=1,2 steps=3", "layers=*-9-9-* batch=100 init=he output-init=lecun activation=relu optimizer=adam(lr=0.01)");
	compute(c);
	assert_int_equal(c->known, 8);
	coordinates_judge(&verdict, c, COORDINATES_OWN);
	assert_int_equal(verdict.outcome, COORDINATES_GROWS);
	assert_int_equal(verdict.layer, 2);
	assert_in_range(verdict.slope * 100, 50, 150);
	coordinates_judge(&verdict, c, COORDINATES_MUP);
	assert_int_equal(verdict.outcome, COORDINATES_ALIKE);
	/* at the start the logits are as 1/sqrt(width) under muP, as 1 with lecun */
	assert_true(fabs(coordinates_line(c, COORDINATES_MUP, COORDINATES_SIZE, 0, 2).slope + 0.5) < 0.15);
	assert_true(fabs(coordinates_line(c, COORDINATES_OWN, COORDINATES_SIZE, 0, 2).slope) < 0.15);
	coordinates_free(c);

	/* N(0, 1): z of layer 2 is a sum of `width` terms */
	c = make("width=64..512*4", "layers=*-9-9-* init=normal(0,1) activation=tanh optimizer=sgd");
	compute(c);
	coordinates_judge(&verdict, c, COORDINATES_OWN);
	assert_int_equal(verdict.outcome, COORDINATES_START);
	assert_true(fabs(verdict.slope - 0.5) < 0.1);
	coordinates_free(c);
}

/* The numbers are those of the sessions that the settings give. */
static void numbers_are_those_of_a_session(void **state)
{
	(void)state;
	struct coordinates *c = make("width=20,40 seed=7 steps=2 probe=50", "depth=3 init=he activation=tanh");
	compute(c);
	struct session *session = fixture_session("depth=3 width=40 init=he activation=tanh seed=7 probe=50");
	static struct session_ranges ranges;
	for (size_t t = 0; t <= 2; t++) {
		/* E|z| from the histogram, to the width of its bins */
		const struct snapshot *now = session_observe(session, &ranges, SESSION_FULL, NULL);
		for (size_t l = 0; l < 3; l++) {
			const struct histogram *h = &now->layer[l].tensor[MLP_Z].histogram;
			double sum = 0, n = 0, bin = (h->high - h->low) / HISTOGRAM_BINS;
			for (int i = 0; i < HISTOGRAM_BINS; i++) {
				sum += (double)h->counts[i] * fabs(h->low + (i + 0.5) * bin);
				n += (double)h->counts[i];
			}
			double mean = coordinates_at(c, 1, COORDINATES_OWN, COORDINATES_SIZE, t)[l];
			assert_true(fabs(mean - sum / n) < bin);
		}
		snapshot_drop(now);
		fixture_steps(session, 1);
	}
	session_destroy(session);
	coordinates_free(c);
}

/* ---- the app ---- */

static void poll_until(bool (*done)(void))
{
	while (!done()) {
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
		app_poll(app, 1);
	}
}

static bool is_complete(void)
{
	return !coordinate_check_is_computing(app) && app->coordinates->replaced == NULL;
}

static bool has_stopped(void)
{
	return app->coordinates->work->job.sweep == NULL;
}

#define SMALL "width=8,16,32 seed=1,2 steps=2 probe=20 batch=20"

static void commands_and_keys_choose_the_step(void **state)
{
	(void)state;
	struct err err = {0};
	begin(false);
	command("coordinates " SMALL);
	assert_string_equal(view(), "coordinates");
	assert_int_equal(app->coordinates->work->check->known, 6);
	assert_int_equal(app->coordinates->step, 2);
	press("Left");
	assert_int_equal(app->coordinates->step, 1);
	press("Right");
	press("Right"); /* at the end: stays there */
	assert_int_equal(app->coordinates->step, 2);
	command("coordinates step 0");
	press("Left");
	assert_int_equal(app->coordinates->step, 0);
	press("Down");
	assert_int_equal(app->navigation->layer, 1);
	static const char *const wrong[] = { "coordinates step 3", "coordinates step", "coordinates width=8", "coordinates elsewhere" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		err = (struct err){0};
		assert_false(app_command(app, wrong[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	assert_int_equal(app->coordinates->work->check->grid.nets, 6); /* as before */
	press("Esc");
	assert_string_equal(view(), "layers");
	end();
}

/* What is known stays while the view is left; the numbers are those of a script. */
static void a_check_is_computed_while_it_is_open(void **state)
{
	(void)state;
	enum { NETS = 6 };
	double number[NETS];
	begin(true);
	command("coordinates " SMALL);
	press("Esc");
	poll_until(has_stopped);
	uint64_t known = app->coordinates->work->check->known;
	for (int i = 0; i < 20; i++)
		app_poll(app, 1);
	assert_int_equal(app->coordinates->work->check->known, known);
	press("K");
	assert_string_equal(view(), "coordinates");
	poll_until(is_complete);
	assert_int_equal(app->coordinates->work->check->known, NETS);
	/* another one while threads may still run */
	command("coordinates width=8,16 seed=1..20");
	app_poll(app, 1);
	command("coordinates " SMALL);
	poll_until(is_complete);
	for (uint64_t net = 0; net < NETS; net++)
		number[net] = coordinates_at(app->coordinates->work->check, net, COORDINATES_MUP, COORDINATES_CHANGE, 2)[1];
	end();
	begin(false);
	command("coordinates " SMALL);
	for (uint64_t net = 0; net < NETS; net++)
		assert_true(number[net] == coordinates_at(app->coordinates->work->check, net, COORDINATES_MUP, COORDINATES_CHANGE, 2)[1]);
	end();
}

/* Every size, shallow and deep nets, from no net to all, diverged ones too. */
static void it_is_drawn_at_every_size(void **state)
{
	(void)state;
	static const double flat[40], rising[40] = { [38] = 0.5 };
	struct coordinates *c = make("width=10,20,80", "depth=39 init=he");
	struct scene scene = { .coordinates = { .check = c, .problem = "" } };
	for (int round = 0; round < 4; round++) {
		if (round == 1)
			fill(c, flat, rising);
		if (round == 2)
			scene.coordinates.step = c->steps;
		if (round == 3)
			coordinates_at(c, 2, COORDINATES_OWN, COORDINATES_CHANGE, c->steps)[39] = INFINITY;
		for (int width = 1; width < 210; width += 9)
			for (int height = 1; height < 61; height += 2) {
				struct canvas canvas;
				assert_true(canvas_create(&canvas, width, height, width % 2, NULL));
				view_coordinates_draw(&scene, &canvas, (struct rect){ 0, 0, width, height });
				canvas_destroy(&canvas);
			}
	}
	/* the layer that breaks the condition is in the table though there is room for few */
	struct canvas canvas;
	struct text text = {0};
	coordinates_at(c, 2, COORDINATES_OWN, COORDINATES_CHANGE, c->steps)[39] = 1;
	assert_true(canvas_create(&canvas, 40, 8, true, NULL));
	view_coordinates_draw(&scene, &canvas, (struct rect){ 0, 0, 40, 8 });
	for (int i = 0; i < 40 * 8; i++)
		text_add_glyph(&text, canvas_cell(&canvas, i % 40, i / 40)->glyph);
	assert_non_null(strstr(text_string(&text), "layer 39"));
	assert_non_null(strstr(text_string(&text), "! 0.50"));
	text_free(&text);
	canvas_destroy(&canvas);
	coordinates_free(c);
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_checks_are_refused),
		cmocka_unit_test(both_kinds_have_their_initializers),
		cmocka_unit_test(slopes_are_those_of_powers),
		cmocka_unit_test(verdicts_name_the_layer),
		cmocka_unit_test(a_verdict_on_part_of_the_nets_says_so),
		cmocka_unit_test(nets_behave_as_published),
		cmocka_unit_test(numbers_are_those_of_a_session),
		cmocka_unit_test(commands_and_keys_choose_the_step),
		cmocka_unit_test(a_check_is_computed_while_it_is_open),
		cmocka_unit_test(it_is_drawn_at_every_size),
	};
	return cmocka_run_group_tests_name("coordinates", tests, prepare, fixture_close);
}
