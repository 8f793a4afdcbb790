/* The README's first minute, word by word: its keys are pressed in its order, and
 * after each step the screen shows what the text promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "app_end.h"
#include "runner_end.h"
#include "app/app.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/message.h"
#include "app/moment.h"
#include "base/text.h"
#include "draw/canvas.h"
#include "nn/mat.h"

/* ---- the text ---- */

/* The numbered lines of the section, one after the other. */
static bool next_step(FILE *readme, int number, char *line, int size)
{
	static bool inside;
	char start[8];
	snprintf(start, sizeof start, "%d. ", number);
	while (fgets(line, size, readme)) {
		if (strncmp(line, "## ", 3) == 0)
			inside = strstr(line, "The first minute") != NULL;
		if (inside && strncmp(line, start, strlen(start)) == 0)
			return true;
	}
	return false;
}

/* The next `word` of the line; false at its end. */
static bool next_word(const char **at, char word[64])
{
	const char *open = strchr(*at, '`'), *close = open ? strchr(open + 1, '`') : NULL;
	if (close == NULL)
		return false;
	snprintf(word, 64, "%.*s", (int)(close - open - 1), open + 1);
	*at = close + 1;
	return true;
}

static int key_of(const char *word)
{
	static const char *const arrows[][2] = { { "←", "Left" }, { "→", "Right" } };
	for (size_t i = 0; i < 2; i++)
		if (strcmp(word, arrows[i][0]) == 0)
			word = arrows[i][1];
	return app_key_by_name(word);
}

/* ---- the program ---- */

static struct app *app;
static struct runner *runner;

static void wait_a_little(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	app_poll(app, 1);
}

/* Until the runner is paused and what is shown is new. */
static void settle(void)
{
	assert_true(runner_settle(runner, 0));
	app_poll(app, 1);
}

static void wait_for_steps(uint64_t steps)
{
	while (app->experiment->status.step < steps)
		wait_a_little();
}

static const char *screen(void)
{
	static struct text text;
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 100, 30, false, NULL));
	app_draw(app, &canvas);
	text_clear(&text);
	for (int y = 0; y < canvas.height; y++)
		for (int x = 0; x < canvas.width; x++)
			text_add_glyph(&text, canvas_cell(&canvas, x, y)->glyph);
	canvas_destroy(&canvas);
	return text_string(&text);
}

static void shows(const char *words)
{
	if (strstr(screen(), words) == NULL)
		fail_msg("the screen lacks \"%s\"", words);
}

static double saturated(void)
{
	return moment_snapshot(app)->layer[0].saturated;
}

static bool is_running(void)
{
	return app->experiment->status.state == RUNNER_RUNNING;
}

/* Unless a busy machine left it so much time that it has come to its end. */
static bool goes_on(void)
{
	return is_running() || app->experiment->status.step >= moment_snapshot(app)->settings.steps;
}

/* ---- after each key, what README says ---- */

static uint64_t left_at;

static void after_step_1(void)
{
	assert_int_equal(moment_snapshot(app)->step, 0);
	assert_true(saturated() > 0.5); /* "Most of layer 1's inputs lie where the sigmoid is flat" */
	shows("full_train_normal");
	shows("saturated");
}

static void after_key_of_step_2(int nth)
{
	if (nth == 0) {
		wait_for_steps(20);
		assert_true(goes_on());
		return;
	}
	settle();
	assert_false(is_running());
	left_at = app->experiment->status.step;
	if (nth == 2)
		assert_true(left_at > 150 || moment_snapshot(app)->loss > 1.5); /* "falls slowly" */
}

static void after_key_of_step_3(int nth)
{
	const struct tensor_observation *z;
	switch (nth) {
	case 0:
		settle();
		shows("full_train_variance");
		assert_int_equal(moment_snapshot(app)->step, 0);
		assert_true(saturated() < 0.01);
		z = &moment_snapshot(app)->layer[0].tensor[MLP_Z];
		assert_true(z->percentile[0] > -2 && z->moments.variance < 1);
		return;
	case 1:
		wait_for_steps(5);
		assert_true(goes_on());
		return;
	case 2:
		settle();
		shows("full_train_normal ");
		assert_int_equal(moment_snapshot(app)->step, left_at);
	}
}

static void after_key_of_step_4(int nth)
{
	static const char *const names[] = { "full_train_normal_relu", "full_train_variance_relu", "full_train_he_relu" };
	settle();
	shows(names[nth]);
}

static void press_all(const char *line, void (*after)(int nth))
{
	char word[64];
	int nth = 0;
	for (int key; next_word(&line, word); nth++) {
		key = key_of(word);
		if (key < 0)
			fail_msg("no key is called \"%s\"", word);
		app_key(app, key);
		app_poll(app, 1);
		if (after)
			after(nth);
		if (app->message->role == ROLE_ALARM && app->message->text[0])
			fail_msg("%s: %s", word, app->message->text);
	}
	assert_true(nth > 0);
}

static void test_first_minute(void **state)
{
	(void)state;
	char path[512], line[1024];
	const char *folder = getenv("abs_top_srcdir");
	snprintf(path, sizeof path, "%s/README.md", folder ? folder : "..");
	FILE *readme = fopen(path, "r");
	assert_non_null(readme);
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", NULL));
	runner = runner_worker(NULL, NULL, NULL);
	assert_non_null(runner);
	app = app_create(runner, &settings, NULL, true, NULL);
	assert_non_null(app);
	settle();
	assert_true(next_step(readme, 1, line, sizeof line));
	after_step_1();
	assert_true(next_step(readme, 2, line, sizeof line));
	press_all(line, after_key_of_step_2);
	assert_true(next_step(readme, 3, line, sizeof line));
	press_all(line, after_key_of_step_3);
	assert_true(next_step(readme, 4, line, sizeof line));
	press_all(line, after_key_of_step_4);
	assert_true(next_step(readme, 5, line, sizeof line));
	press_all(line, NULL);
	fclose(readme);
	end_app(app);
	end_runner(runner);
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_first_minute) };
	return cmocka_run_group_tests_name("readme", tests, prepare, NULL);
}
