/* Other ways to the app than keys and lines: clicks, and its screen in words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_app.h"
#include "draw/plot.h"

#define WIDTH 80
#define HEIGHT 24

/* ---- clicks ---- */

/* The cell at which `words` begin, on the first row that has them. */
static void find(const struct app *app, const char *words, int *x, int *y)
{
	for (*y = 0; *y < HEIGHT; (*y)++) {
		const char *line = row(app, app->screen->width, HEIGHT, *y), *at = strstr(line, words);
		if (at == NULL)
			continue;
		for (*x = 0; line < at; (*x)++)
			text_decode(&line);
		return;
	}
	fail_msg("'%s' is not on the screen", words);
}

static void click_on(struct app *app, const char *words, int right)
{
	int x, y;
	find(app, words, &x, &y);
	app_click(app, x + right, y);
	app_poll(app, 1);
}

static void test_click_selects_layer(void **state)
{
	(void)state;
	struct app *app = create(true);
	click_on(app, "layer 3", 2);
	assert_int_equal(app->navigation->layer, 2);
	click_on(app, "layer 1", 0);
	assert_int_equal(app->navigation->layer, 0);
	assert_string_equal(requests_made(), "");
	destroy(app);
}

/* The fake's bars: 240 values, one in each bin of -1..1. */
static void test_click_tells_the_bar(void **state)
{
	(void)state;
	struct app *app = create(true);
	int x, y;
	find(app, "layer 2", &x, &y);
	app_click(app, WIDTH - 1, y + 2); /* the last column of a */
	assert_int_equal(app->navigation->layer, 1);
	assert_non_null(strstr(app->message->text, "layer 2, a from 0."));
	assert_non_null(strstr(app->message->text, " to 1: "));
	assert_non_null(strstr(app->message->text, " of 240 values ("));
	destroy(app);
}

static void test_click_on_hints(void **state)
{
	(void)state;
	struct app *app = create(true);
	app_resize(app, 200, HEIGHT, false); /* room for all hints */
	click_on(app, "run/pause", 3);
	assert_string_equal(requests_made(), "run 50\n");
	click_on(app, "run/pause", 0);
	assert_string_equal(requests_made(), "stop\n");
	click_on(app, "help", 0);
	assert_true(app->help->open);
	click_on(app, "help", 0);
	assert_false(app->help->open);
	/* of the two keys of a hint, the one that was hit; of a range none */
	click_on(app, "↑/↓", 2);
	assert_int_equal(app->navigation->layer, 1);
	click_on(app, "↑/↓", 0);
	assert_int_equal(app->navigation->layer, 0);
	click_on(app, "1-9 scenario", 1);
	assert_string_equal(requests_made(), "");
	destroy(app);
}

static void test_clicks_anywhere(void **state)
{
	(void)state;
	struct app *app = create(true);
	app_resize(app, WIDTH, HEIGHT, true);
	for (int y = -3; y < HEIGHT + 3; y++)
		for (int x = -3; x < WIDTH + 3; x++)
			if (y != HEIGHT - 1) /* `quit` is there */
				app_click(app, x, y);
	assert_false(app_wants_to_quit(app));
	app_key(app, ':');
	size_t layer = app->navigation->layer;
	app_click(app, 3, 3);
	assert_true(app_is_typing(app));
	assert_int_equal(app->navigation->layer, layer);
	destroy(app);
}

static void test_columns_in_words(void **state)
{
	(void)state;
	struct histogram h = { .low = -10, .high = 10, .n = 1000, .below = 5, .spikes = 1 };
	char words[160];
	h.spike[0].value = 0;
	h.spike[0].count = 600;
	h.counts[120] = 41;
	plot_describe(&h, 4, 2, false, words, sizeof words);
	assert_string_equal(words, "from 0 to 5: 641 of 1000 values (64 %), 600 of them exactly 0");
	plot_describe(&h, 4, 2, true, words, sizeof words);
	assert_string_equal(words, "from 0 to 5: 641 of 1000 values (64 %), 600 of them rounded to 0");
	plot_describe(&h, 4, 1, false, words, sizeof words);
	assert_string_equal(words, "from -5 to 0: 0 of 1000 values (0 %)");
	plot_describe(&h, 4, 4, false, words, sizeof words);
	assert_string_equal(words, "");
	plot_describe(&h, 4, -1, false, words, sizeof words);
	assert_string_equal(words, "");
	plot_describe(&h, 4, 2, false, words, 12);
	assert_string_equal(words, "from 0 to 5");
}

/* ---- palettes ---- */

static const struct palette *chosen;
static bool refuse;

static bool choose_palette(void *context, const struct palette *palette, struct err *err)
{
	(void)context;
	if (refuse)
		return err_set(err, ERR_USAGE, "palette: colours are off");
	chosen = palette;
	return true;
}

static void test_palette(void **state)
{
	(void)state;
	struct app *app = create(true);
	refused(app, "palette contrast", ERR_USAGE, "cannot be done here");
	app->services->choose_palette = choose_palette;
	command(app, "palette contrast");
	assert_string_equal(chosen->entry.name, "contrast");
	command(app, "palette next");
	assert_string_equal(chosen->entry.name, "monochrome");
	type(app, "C");
	assert_string_equal(chosen->entry.name, "default");
	refused(app, "palette beige", ERR_USAGE, "colour-blind");
	refuse = true;
	refused(app, "palette contrast", ERR_USAGE, "colours are off");
	refuse = false;
	command(app, "palette next"); /* what was refused did not count */
	assert_string_equal(chosen->entry.name, "light");
	destroy(app);
}

/* ---- words ---- */

static struct text heard;

static const char *hear(struct app *app)
{
	text_clear(&heard);
	app_poll(app, 1);
	app_announce(app, &heard);
	return text_string(&heard);
}

static void assert_heard(struct app *app, const char *words)
{
	if (strstr(hear(app), words) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", text_string(&heard), words);
}

static void test_words_follow_a_run(void **state)
{
	(void)state;
	struct app *app = create(false);
	assert_heard(app, "full_train_normal: normal(0,1) weights, sigmoid, layers 784-100-100-10, ");
	assert_non_null(strstr(text_string(&heard), "\nstep 0: loss 2.300, accuracy 50 %, on test images 25 %; "
	                                            "layer 1 70 % saturated, mean square of z 80.50, theory 0"));
	assert_string_equal(hear(app), ""); /* nothing has changed */
	command(app, "step 25");
	const char *words = hear(app), *ten = strstr(words, "step 10: "), *twenty = strstr(words, "step 20: ");
	assert_true(ten && twenty && ten < twenty && twenty < strstr(words, "step 25: "));
	command(app, "go 10");
	assert_heard(app, "looking back, step 10: ");
	command(app, "live");
	assert_int_equal(strncmp(hear(app), "step 25: ", 9), 0);
	command(app, "reset");
	assert_heard(app, "full_train_normal: ");
	assert_non_null(strstr(text_string(&heard), "\nstep 0: "));
	destroy(app);
}

static void test_words_answer_commands(void **state)
{
	(void)state;
	struct app *app = create(true);
	hear(app);
	command(app, "layer 2");
	assert_heard(app, "layer 2 70 % saturated, mean square of z 80.50, ");
	command(app, "layer 2");
	assert_heard(app, "layer 2 "); /* announced again on request */
	command(app, "speed 10");
	assert_heard(app, "speed 50 -> 10 steps a second\n");
	assert_string_equal(hear(app), "");
	command(app, "run");
	assert_heard(app, "running\n");
	command(app, "pause");
	assert_heard(app, "paused\n");
	command(app, "help");
	assert_heard(app, "\nscenario NAME|N: ");
	assert_false(app->help->open);
	fake.status.state = RUNNER_FAILED;
	err_set(&fake.status.err, ERR_INPUT, "no data");
	assert_heard(app, "this experiment could not be run: no data\n");
	destroy(app);
}

static void test_words_in_ascii(void **state)
{
	(void)state;
	struct app *app = create(false);
	app_resize(app, WIDTH, HEIGHT, true);
	command(app, "help");
	for (const char *p = hear(app); *p; p++)
		assert_true(*p == '\n' || (*p >= ' ' && *p <= '~'));
	assert_true(heard.length > 1000);
	destroy(app);
}

static int free_heard(void **state)
{
	(void)state;
	text_free(&heard);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_click_selects_layer),
		cmocka_unit_test(test_click_tells_the_bar),
		cmocka_unit_test(test_click_on_hints),
		cmocka_unit_test(test_clicks_anywhere),
		cmocka_unit_test(test_columns_in_words),
		cmocka_unit_test(test_palette),
		cmocka_unit_test(test_words_follow_a_run),
		cmocka_unit_test(test_words_answer_commands),
		cmocka_unit_test(test_words_in_ascii),
	};
	return cmocka_run_group_tests_name("reach", tests, NULL, free_heard);
}
