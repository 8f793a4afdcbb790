/* Looking back: events, the row that shows the position in the run, changes made at
 * earlier steps, the command line that recreates the screen; and the settings
 * panel. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "fake_app.h"
#include "nn/activation.h"
#include "view/events.h"
#include "app/panel.h"
#include "app/panel_keys.h"
#include "view/timeline.h"

/* ---- events ---- */

/* A made-up run: what two hidden layers and the net do, every 10 steps. */
static const struct {
	double saturated[2], dead, test_accuracy, loss;
} course[] = {
	{ { 0.70, 0.40 }, 0.0, 0.10, 2.3 }, { { 0.71, 0.45 }, 0.1, 0.40, 1.5 }, { { 0.72, 0.44 }, 0.2, 0.90, 0.9 },
	{ { 0.60, 0.44 }, 0.6, 0.80, 0.2 }, { { 0.49, 0.44 }, 0.7, 0.80, 0.3 }, { { 0.55, 0.44 }, 0.7, NAN, NAN },
};
#define POINTS (sizeof course / sizeof course[0])

static void make_course(struct history *history)
{
	struct settings settings;
	settings_default(&settings);
	for (size_t i = 0; i < POINTS; i++) {
		struct snapshot *now = snapshot_create(3, NULL);
		assert_non_null(now);
		now->settings = settings;
		now->step = 10 * i;
		now->test_accuracy = course[i].test_accuracy;
		now->loss = course[i].loss;
		now->diverged = i == 5;
		now->diverged_step = 43;
		for (size_t l = 0; l < 2; l++) {
			now->layer[l].activation = settings.activation;
			now->layer[l].saturated = course[i].saturated[l];
		}
		now->layer[1].dead = course[i].dead;
		now->layer[2].saturated = now->layer[2].dead = NAN;
		assert_true(history_add(history, now, NULL));
		snapshot_drop(now);
	}
}

static void test_events(void **state)
{
	(void)state;
	static const struct { enum event_kind kind; size_t layer; long step; } expected[] = {
		{ EVENT_SATURATED, 0, 0 }, { EVENT_SATURATED, 1, -1 }, { EVENT_SATURATED, 2, -1 },
		{ EVENT_FALLING, 0, 20 }, /* 72 %, the last before it falls */
		{ EVENT_FALLING, 1, -1 }, /* one percentage point less is not a fall */
		{ EVENT_RECOVERED, 0, 40 }, { EVENT_RECOVERED, 1, -1 }, { EVENT_DEAD, 0, -1 }, { EVENT_DEAD, 1, 30 },
		{ EVENT_DIVERGED, 0, 50 }, { EVENT_BEST, 0, 20 }, { EVENT_LOSS, 0, 30 }, { EVENT_SATURATED, 3, -1 },
	};
	struct history history = {0};
	struct event event;
	assert_false(event_find(&history, EVENT_BEST, 0, &event));
	make_course(&history);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		bool found = event_find(&history, expected[i].kind, expected[i].layer, &event);
		assert_int_equal(found ? (long)event.step : -1, expected[i].step);
	}
	static const uint64_t walk[] = { 0, 20, 30, 40, 50 };
	uint64_t step;
	for (size_t i = 1; i < sizeof walk / sizeof walk[0]; i++) {
		assert_true(events_next(&history, walk[i - 1], 1, &step));
		assert_int_equal(step, walk[i]);
		assert_true(events_next(&history, walk[i], -1, &step));
		assert_int_equal(step, walk[i - 1]);
	}
	assert_false(events_next(&history, 50, 1, &step));
	assert_false(events_next(&history, 0, -1, &step));
	history_clear(&history);
}

/* What is inactive is not saturated. */
static void test_no_saturation_of_a_rectifier(void **state)
{
	(void)state;
	struct history history = {0};
	struct event event;
	make_course(&history);
	struct snapshot *first = (struct snapshot *)history.snapshot[0];
	assert_true(spec_parse(&first->layer[0].activation, &activations, "relu", NULL));
	assert_true(event_find(&history, EVENT_SATURATED, 0, &event));
	assert_int_equal(event.step, 10);
	history_clear(&history);
}

static const char *timeline(const struct history *history, size_t at, int width, bool ascii)
{
	static char line[4096];
	struct canvas canvas;
	struct text text = {0};
	assert_true(canvas_create(&canvas, width, 2, ascii, NULL));
	timeline_draw(history, history->snapshot[at], 50, 100, &canvas, (struct rect){ 0, 0, width, 1 });
	for (int x = 0; x < width; x++) {
		text_add_glyph(&text, canvas_cell(&canvas, x, 0)->glyph);
		assert_int_equal(canvas_cell(&canvas, x, 1)->glyph, ' ');
	}
	snprintf(line, sizeof line, "%s", text_string(&text));
	text_free(&text);
	canvas_destroy(&canvas);
	return line;
}

static void test_timeline(void **state)
{
	(void)state;
	struct history history = {0};
	make_course(&history);
	const char *line = timeline(&history, 2, 80, true);
	assert_non_null(strstr(line, " 0 v===#=")); /* the start's event, the cursor at step 20 */
	assert_non_null(strstr(line, "!.........")); /* at half of the run, the present: NaN; then nothing yet */
	assert_non_null(strstr(line, " 100 | layer 1 saturation begins to fall: 72 %; bes"));
	line = timeline(&history, 1, 80, false);
	assert_non_null(strstr(line, "loss 1.500"));
	assert_non_null(strstr(line, "test 40 %"));
	for (int width = 1; width < 200; width++)
		timeline(&history, 5, width, width % 2);
	history_clear(&history);
}

static void test_jumping(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "step 35"); /* 70 % saturated throughout, lowest loss at 30 */
	type(app, "[");
	assert_int_equal(moment_snapshot(app)->step, 30);
	assert_non_null(strstr(row(app, 100, 24, 22), "lowest loss"));
	type(app, "[[");
	assert_int_equal(moment_snapshot(app)->step, 0);
	assert_non_null(strstr(row(app, 80, 24, 22), "layer 1 70 % saturated"));
	type(app, "[");
	assert_non_null(strstr(app->message->text, "no event before step 0"));
	type(app, "]");
	assert_true(moment_snapshot(app)->step > 0);
	command(app, "event saturated");
	assert_int_equal(moment_snapshot(app)->step, 0);
	requests_made();
	refused(app, "event diverged", ERR_USAGE, "no such event");
	refused(app, "event sunrise", ERR_USAGE, "saturated, falling, recovered");
	destroy(app);
}

/* ---- going back ---- */

static void test_branch(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "step 10");
	command(app, "lr 0.5");
	command(app, "step 25");
	command(app, "batch 7");
	command(app, "step 5");
	requests_made();
	command(app, "go 20");
	command(app, "act relu");
	assert_string_equal(requests_made(), "rewind 20\nedit activation relu\n");
	assert_string_equal(app->message->text, "new run from step 20: activation sigmoid -> relu");
	assert_true(app->moment->live);
	assert_int_equal(moment_snapshot(app)->step, 20);
	assert_int_equal(app->lanes->lane[0].settings.batch, 30); /* that change came later */
	assert_true(spec_value(&app->lanes->lane[0].settings.optimizer, "lr") == 0.5);
	destroy(app);
}

/* A run that was training continues after the branch; relative changes are relative
 * to the settings at that step. */
static void test_branch_while_running(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "step 30");
	command(app, "lr 0.5");
	command(app, "step 5");
	command(app, "run");
	command(app, "go 20");
	requests_made();
	command(app, "lr *2");
	assert_string_equal(requests_made(), "rewind 20\nedit lr 0.002\nrun 50\n");
	command(app, "go 10");
	command(app, "layer 2");
	type(app, ")");
	assert_string_equal(requests_made(), "rewind 10\nscale 2 2\nrun 50\n");
	assert_string_equal(app->message->text, "new run from step 10: weights of layer 2 times 2");
	destroy(app);
}

static void test_new_weights_from_the_past(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "step 10");
	command(app, "lr 0.5");
	command(app, "step 20");
	command(app, "go 10"); /* before the change */
	requests_made();
	command(app, "init he");
	assert_string_equal(requests_made(), "start\n");
	assert_non_null(strstr(app->message->text, "new run from step 0: init normal -> he_normal, same seeds"));
	assert_true(spec_value(&fake.settings.optimizer, "lr") == 0.001);
	command(app, "step 20");
	command(app, "go first");
	requests_made();
	command(app, "lr 0.25"); /* at the start: another start */
	assert_string_equal(requests_made(), "start\n");
	assert_true(spec_value(&fake.settings.optimizer, "lr") == 0.25);
	destroy(app);
}

static void test_depth(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "layers *-50-20-*");
	type(app, "d");
	assert_int_equal(fake.settings.layers, 4);
	assert_int_equal(fake.settings.width[1], 50);
	assert_int_equal(fake.settings.width[3], 20);
	type(app, "DDD");
	assert_int_equal(fake.settings.layers, 1);
	requests_made();
	refused(app, "remove", ERR_USAGE, "no hidden layer");
	command(app, "add");
	assert_int_equal(fake.settings.width[1], 100);
	destroy(app);
}

/* ---- the same screen again ---- */

static const char *recreation(struct app *app)
{
	command(app, "recreate");
	return app->message->text;
}

static void test_recreate(void **state)
{
	(void)state;
	struct app *app = create(false);
	app_resize(app, 200, 50, false);
	assert_string_equal(recreation(app), "initviz -s full_train_normal");
	command(app, "init he");
	command(app, "step 10");
	command(app, "optimizer sgd(lr=0.5)");
	command(app, "step 10");
	command(app, "scale 1 0.5");
	command(app, "step 25");
	command(app, "go 20");
	command(app, "layer 2");
	assert_string_equal(recreation(app), "initviz -s full_train_normal --init he_normal -c 'step 10' "
	                    "-c 'optimizer sgd(lr=0.5)' -c 'step 10' -c 'scale 1 0.5' -c 'step 25' -c 'go 20' -c 'layer 2'");
	app_resize(app, 80, 24, false); /* broken so that a shell reads on */
	assert_non_null(strstr(recreation(app), " \\\n-c '"));
	for (const char *line = app->message->text, *end; (end = strchr(line, '\n')); line = end + 1)
		assert_true(end - line <= 78);
	destroy(app);
}

/* The lines given at the start come in order, and end with the first that fails. */
static void test_queue(void **state)
{
	(void)state;
	static const char *const lines[] = { "step 20", "lr 0.5", "step 10", "go 10", "layer 9", "layer 2" };
	struct app *app = create(true);
	app_queue(app, lines, sizeof lines / sizeof lines[0]);
	app_poll(app, 1);
	assert_string_equal(requests_made(), "step 20\nedit lr 0.5\nstep 10\n");
	assert_int_equal(moment_snapshot(app)->step, 10);
	assert_int_equal(app->navigation->layer, 0);
	assert_non_null(strstr(app->message->text, "1 to 3"));
	destroy(app);
}

/* ---- the panel ---- */

static void press(struct app *app, const char *name)
{
	app_key(app, app_key_by_name(name));
	app_poll(app, 1);
}

static void test_panel_keys(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ",");
	assert_true(app->panel->open);
	press(app, "Down");
	press(app, "Right");
	assert_string_not_equal(fake.settings.init.entry->name, "normal");
	press(app, "Left");
	assert_string_equal(fake.settings.init.entry->name, "normal");
	command(app, "settings batch");
	assert_true(app->panel->open);
	press(app, "Right");
	assert_int_equal(fake.settings.batch, 50);
	press(app, "Enter"); /* typed into the line, which has the value there is */
	assert_true(app->prompt->open);
	assert_string_equal(app->prompt->text, "set batch 50");
	press(app, "C-w");
	type(app, "64\r");
	assert_int_equal(fake.settings.batch, 64);
	press(app, "End");
	assert_int_equal(app->panel->chosen, settings_table.count - 1);
	press(app, "Down");
	assert_int_equal(app->panel->chosen, settings_table.count - 1);
	press(app, "Home");
	press(app, "Up");
	assert_int_equal(app->panel->chosen, 0);
	requests_made();
	type(app, "."); /* other keys keep their meaning */
	assert_string_equal(requests_made(), "step 1\n");
	press(app, "Esc");
	assert_false(app->panel->open);
	refused(app, "settings weather", ERR_USAGE, "weather");
	destroy(app);
}

/* Every setting chosen, at sizes from the least on; nothing outside of its place. */
static void test_panel_at_every_size(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct settings settings;
	struct panel panel;
	struct canvas canvas;
	for (int width = 1; width <= 200; width += 13)
		for (int height = 1; height <= 60; height += 7) {
			assert_true(canvas_create(&canvas, width + 2, height + 2, width % 2, NULL));
			for (app->panel->chosen = 0; app->panel->chosen < settings_table.count; app->panel->chosen++) {
				canvas_clear(&canvas);
				panel_fill(app, &panel, &settings);
				panel_draw(&panel, &canvas, (struct rect){ 1, 1, width, height });
				for (int x = 0; x < width + 2; x++) {
					assert_int_equal(canvas_cell(&canvas, x, 0)->glyph, ' ');
					assert_int_equal(canvas_cell(&canvas, x, height + 1)->glyph, ' ');
				}
			}
			canvas_destroy(&canvas);
		}
	destroy(app);
}

static void test_panel_says(void **state)
{
	(void)state;
	struct app *app = create(true);
	bool formula = false, choice = false, changed = false, pointer = false;
	command(app, "init he");
	command(app, "settings init");
	for (int y = 0; y < 40; y++) {
		const char *line = row(app, 120, 40, y);
		formula |= strstr(line, "784→100: Var(W) = 2/784 = 0.002551") != NULL;
		choice |= strstr(line, "initializers; Enter") != NULL;
		changed |= strstr(line, "* the scenario has normal") != NULL;
		pointer |= strstr(line, "▶* init") != NULL && strstr(line, "◂ he_normal ▸") != NULL;
	}
	assert_true(formula && choice && changed && pointer);
	assert_non_null(strstr(row(app, 40, 10, 2), "scenario")); /* over the view where it is narrow */
	destroy(app);
}

/* The column of a word in a row of the screen at 80 x 24. */
static int column(struct app *app, int y, const char *word)
{
	const char *line = row(app, 80, 24, y), *at = strstr(line, word);
	int x = 0;
	assert_non_null(at);
	while (line < at) {
		text_decode(&line);
		x++;
	}
	return x;
}

static void test_clicks(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "settings init");
	app_click(app, column(app, 6, "output-init"), 6);
	assert_string_equal(table_at(&settings_table, app->panel->chosen)->name, "output-init");
	command(app, "settings init");
	app_click(app, column(app, 5, "▸"), 5);
	assert_string_not_equal(fake.settings.init.entry->name, "normal");
	app_click(app, column(app, 5, "◂"), 5);
	assert_string_equal(fake.settings.init.entry->name, "normal");
	type(app, ",");
	command(app, "step 1000");
	command(app, "go first");
	app_click(app, column(app, 22, "1000") - 2, 22); /* the bar's end */
	app_click(app, column(app, 22, "━") + 2, 22);
	assert_false(app->moment->live);
	assert_true(moment_snapshot(app)->step > 50 && moment_snapshot(app)->step < 300);
	destroy(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_no_saturation_of_a_rectifier),
		cmocka_unit_test(test_timeline),
		cmocka_unit_test(test_jumping),
		cmocka_unit_test(test_branch),
		cmocka_unit_test(test_branch_while_running),
		cmocka_unit_test(test_new_weights_from_the_past),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_recreate),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_panel_keys),
		cmocka_unit_test(test_panel_at_every_size),
		cmocka_unit_test(test_panel_says),
		cmocka_unit_test(test_clicks),
	};
	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
