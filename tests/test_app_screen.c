/* The app: help, the `:` line, the rows around the view, and any keys at any
 * size. */
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
#include "lab/diagnosis.h"
#include "lab/quantity.h"
#include "lab/scenario.h"
#include "app/command.h"
#include "app/overlay.h"
#include "view/view.h"

/* ---- help ---- */

static bool is_on_screen(const struct app *app, const char *words)
{
	bool found = false;
	for (int y = 0; y < app->screen->height; y++)
		found |= strstr(row(app, app->screen->width, app->screen->height, y), words) != NULL;
	return found;
}

static void test_help(void **state)
{
	(void)state;
	struct app *app = create(true);
	static struct text page;
	app_resize(app, 100, 40, false);
	type(app, "?");
	assert_true(app->help->open);
	char title[64];
	snprintf(title, sizeof title, "View %s: ", table_at(&views, 0)->name);
	assert_true(is_on_screen(app, title));
	/* the main keys come first: twelve, each with words */
	assert_non_null(strstr(row(app, 100, 40, 3), "Main keys"));
	int main_keys = 0;
	for (size_t i = 0; i < commands.count; i++)
		if (command_at(i)->main) {
			assert_true(command_at(i)->hint_keys > 0);
			assert_non_null(strstr(row(app, 100, 40, 4 + main_keys++ / 2), command_at(i)->main));
		}
	assert_int_equal(main_keys, 12);
	int lines = help_lines(app, 100);
	assert_true(lines > 40 && lines < 390);
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 100, 400, false, NULL));
	app_draw(app, &canvas);
	for (int y = 0; y < canvas.height; y++)
		for (int x = 0; x < canvas.width; x++)
			text_add_glyph(&page, canvas_cell(&canvas, x, y)->glyph);
	canvas_destroy(&canvas);
	for (size_t i = 0; i < commands.count; i++) {
		char form[96];
		const struct command *command = command_at(i);
		snprintf(form, sizeof form, " %s %s ", command->entry.name, command->arguments ? command->arguments : "");
		if (strstr(text_string(&page), form) == NULL)
			fail_msg("help lacks '%s'", form);
	}
	for (size_t i = 0; i < settings_table.count; i++)
		if (strstr(text_string(&page), table_at(&settings_table, i)->name) == NULL)
			fail_msg("help lacks the setting '%s'", table_at(&settings_table, i)->name);
	for (size_t i = 0; i < quantities.count; i++)
		if (quantity_is_on_screen(quantity_at(i), MLP_Z) && strstr(text_string(&page), quantity_at(i)->label[MLP_Z]) == NULL)
			fail_msg("help lacks the quantity '%s'", quantity_at(i)->entry.name);
	text_free(&page);
	app_key(app, APP_KEY_END);
	int last = app->help->pager.scroll;
	assert_true(last > 0);
	app_key(app, APP_KEY_DOWN);
	assert_int_equal(app->help->pager.scroll, last);
	const char *bottom = diagnosis_rule_at(diagnosis_rules.count - 1)->word; /* the last rule that is explained */
	assert_non_null(strstr(row(app, 100, 40, 36), bottom));
	app_key(app, APP_KEY_UP);
	assert_int_equal(app->help->pager.scroll, last - 1);
	type(app, "?");
	assert_false(app->help->open);
	destroy(app);
}

/* Keys in help scroll, search and close: nothing that they do elsewhere. */
static void test_keys_in_help(void **state)
{
	(void)state;
	struct app *app = create(true);
	size_t view = app->navigation->view, layer = app->navigation->layer;
	type(app, "?");
	for (int key = 1; key <= APP_KEY_OTHER; key = key == 0x7F ? APP_KEY_UP : key + 1) {
		app_key(app, key);
		if (app->help->pager.search.open)
			app_key(app, 27);
		if (!app->help->open)
			type(app, "?");
		assert_string_equal(requests_made(), "");
		assert_false(app->program->quit || app->prompt->open || app->panel->open || app->report->open);
		assert_true(app->navigation->view == view && app->navigation->layer == layer && saved_path[0] == '\0');
	}
	type(app, "x");
	assert_non_null(strstr(app->message->text, "x: here keys only scroll, search (/) and close"));
	assert_non_null(strstr(row(app, 80, 24, 23), "? help  q close"));
	app_key(app, APP_KEY_HOME);
	type(app, " ");
	assert_int_equal(app->help->pager.scroll, layout_of(app->screen).view.height);
	type(app, "q");
	assert_false(app->help->open || app->program->quit);
	destroy(app);
}

/* Cells of a row that are drawn reversed. */
static int reversed(const struct app *app, int y)
{
	struct canvas canvas;
	int count = 0;
	assert_true(canvas_create(&canvas, app->screen->width, app->screen->height, app->screen->ascii, NULL));
	app_draw(app, &canvas);
	for (int x = 0; x < canvas.width; x++)
		count += (canvas_cell(&canvas, x, y)->flags & CELL_REVERSE) != 0;
	canvas_destroy(&canvas);
	return count;
}

static void test_search(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, "?/RECREATES\r"); /* case does not count */
	assert_true(is_on_screen(app, "recreates"));
	assert_non_null(strstr(app->message->text, "'RECREATES' is in "));
	int first = app->help->pager.match, top = 3 + first - app->help->pager.scroll;
	assert_true(first > 0);
	assert_int_equal(reversed(app, top), strlen("recreates"));
	assert_int_equal(reversed(app, top == 3 ? 4 : 3), 0);

	type(app, "/layer\r");
	int at = app->help->pager.match;
	type(app, "n");
	int next = app->help->pager.match;
	assert_true(at >= 0 && next != at);
	type(app, "N");
	assert_int_equal(app->help->pager.match, at);
	type(app, "/\r"); /* nothing typed: the same word again */
	assert_string_equal(app->help->pager.word, "layer");

	/* visits every line with the word, then the first again */
	app_key(app, APP_KEY_HOME);
	type(app, "/layer\r");
	first = app->help->pager.match;
	int lines = 0;
	do {
		type(app, "n");
		assert_true(lines++ < 1000);
	} while (app->help->pager.match != first);
	char count[32];
	snprintf(count, sizeof count, "in %d lines of the help", lines);
	assert_non_null(strstr(app->message->text, count));

	at = app->help->pager.scroll;
	type(app, "/no such word\r");
	assert_string_equal(app->message->text, "'no such word' is not in the help");
	assert_int_equal(app->help->pager.scroll, at);
	type(app, "/abc\033"); /* left without searching */
	assert_string_equal(app->help->pager.word, "no such word");
	assert_true(app->help->open);
	assert_string_equal(requests_made(), "");
	type(app, "qq");
	assert_true(app->program->quit);
	destroy(app);
}

/* Whatever is open closes with Esc and with Ctrl-C, the topmost first; Ctrl-C
 * on the bare view quits, Esc does nothing there. */
static void test_closing(void **state)
{
	(void)state;
	static const char *const opening[] = { ":", ":x", "?", "?/", "?/x", ",", ",:", ",?", ",?/", ",\r", "e", "e/", "e?", "e?/" };
	for (size_t i = 0; i < sizeof opening / sizeof opening[0]; i++)
		for (int key = 3; key <= 27; key += 24) {
			struct app *app = create(true);
			type(app, opening[i]);
			int closed = 0;
			while (overlay_top(app)) {
				const struct overlay *top = overlay_top(app);
				app_key(app, key);
				assert_ptr_not_equal(overlay_top(app), top);
				assert_true(++closed <= 3);
			}
			assert_true(closed > 0);
			assert_false(app->program->quit);
			app_key(app, 27);
			assert_string_equal(app->message->text, "");
			assert_false(app->program->quit);
			app_key(app, 3);
			assert_true(app->program->quit);
			destroy(app);
		}
}

/* Every key has its own explanation, which is in the help. */
static void test_every_key_has_words(void **state)
{
	(void)state;
	struct app *app = create(true);
	app_resize(app, 200, 40, false);
	type(app, "?");
	for (size_t c = 0; c < commands.count; c++) {
		const struct command *command = command_at(c);
		char name[16], help[COMMAND_HELP_SIZE], others[COMMAND_HELP_SIZE], word[16], other[16];
		for (size_t k = 0; command_word(command->keys, k, name, sizeof name); k++) {
			command_key_help(command, k, help);
			assert_true(strlen(help) > 2);
			for (size_t i = 0; i < k && command->hint_keys <= 2; i++) /* all keys of a range have the same explanation */
				assert_int_equal(strcmp(help, command_key_help(command, i, others)) == 0,
				                 strcmp(command_key_word(command, k, word, sizeof word),
				                        command_key_word(command, i, other, sizeof other)) == 0);
			char line[256];
			snprintf(line, sizeof line, "/%.60s\r", help);
			type(app, line);
			if (strstr(app->message->text, "is not in") != NULL)
				fail_msg("%s %s: %s", command->entry.name, name, app->message->text);
		}
	}
	destroy(app);
}

static void test_unbound_keys(void **state)
{
	(void)state;
	static const struct { int key; const char *name; } keys[] = {
		{ '~', "~" }, { 1, "C-a" }, { 0xE9, "U+00E9" }, { APP_KEY_DELETE, "Delete" }, { APP_KEY_OTHER, "this key" },
		{ '*', "*" }, { '/', "/" },
	};
	struct app *app = create(true);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		char said[64];
		snprintf(said, sizeof said, "%s: no such key; ? lists keys", keys[i].name);
		app_key(app, keys[i].key);
		assert_string_equal(app->message->text, said);
		assert_string_equal(requests_made(), "");
	}
	destroy(app);
}

/* ---- the line ---- */

static void test_line_editing(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":stp 1");
	app_key(app, APP_KEY_LEFT);
	app_key(app, APP_KEY_LEFT);
	app_key(app, APP_KEY_LEFT);
	type(app, "e\005" "2\r");
	assert_string_equal(requests_made(), "step 12\n");
	assert_false(app->prompt->open);
	type(app, ":step 3 4");
	type(app, "\027"); /* C-w */
	assert_string_equal(app->prompt->text, "step 3 ");
	type(app, "\027\001x\013"); /* C-w, C-a, x, C-k */
	assert_string_equal(app->prompt->text, "x");
	type(app, "\177");
	assert_string_equal(app->prompt->text, "");
	assert_true(app->prompt->open);
	type(app, "\b");
	assert_false(app->prompt->open);
	type(app, ":run\003"); /* C-c closes the line, and only that */
	assert_false(app->prompt->open || app->program->quit);
	type(app, ":st\303\251ep 2\n"); /* bytes above 0x7F are not taken; a newline enters */
	assert_string_equal(requests_made(), "step 2\n");
	type(app, ":x\025step 7\r");
	assert_string_equal(requests_made(), "step 7\n");
	type(app, ":step 7\033"); /* so does Esc */
	assert_false(app->prompt->open || app->program->quit);
	type(app, "\r");
	assert_string_equal(requests_made(), "");
	destroy(app);
}

static void test_line_is_bounded(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":");
	for (int i = 0; i < 2 * LINE_SIZE; i++)
		type(app, "s");
	assert_int_equal(app->prompt->length, LINE_SIZE - 1);
	type(app, "\t\001\t");
	assert_int_equal(strlen(app->prompt->text), app->prompt->length);
	destroy(app);
}

static void test_line_history(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":step 1\r:step 2\r:step 2\r:dra");
	app_key(app, APP_KEY_UP);
	assert_string_equal(app->prompt->text, "step 2");
	app_key(app, APP_KEY_UP);
	assert_string_equal(app->prompt->text, "step 1");
	app_key(app, APP_KEY_UP);
	assert_string_equal(app->prompt->text, "step 1");
	app_key(app, APP_KEY_DOWN);
	app_key(app, APP_KEY_DOWN);
	assert_string_equal(app->prompt->text, "dra");
	type(app, "\003");
	for (int i = 0; i < 2 * LINE_HISTORY; i++) {
		char line[32];
		snprintf(line, sizeof line, ":step %d\r", i + 1);
		type(app, line);
	}
	type(app, ":");
	for (int i = 0; i < 2 * LINE_HISTORY; i++)
		app_key(app, APP_KEY_UP);
	assert_string_equal(app->prompt->text, "step 33");
	destroy(app);
}

/* `key` that recalls itself from the history must not repeat for ever. */
static void test_key_within_key(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":key : Up Enter\r");
	assert_non_null(strstr(app->message->text, "must not run `key` again"));
	assert_false(app->prompt->open);
	destroy(app);
}

static void completes(struct app *app, const char *typed, const char *expected)
{
	type(app, ":");
	type(app, typed);
	type(app, "\t");
	assert_string_equal(app->prompt->text, expected);
	type(app, "\003");
}

static void test_completion(void **state)
{
	(void)state;
	struct app *app = create(true);
	completes(app, "exp", "expect ");
	completes(app, "opti", "optimizer ");
	completes(app, "s", "s");
	completes(app, "sc", "sc"); /* scenario, scale */
	completes(app, "scenario full_train_h", "scenario full_train_he_relu ");
	completes(app, "scenario full_train_n", "scenario full_train_normal");
	completes(app, "act sigm", "act sigmoid ");
	completes(app, "view layers", "view layers ");
	completes(app, "set opti", "set optimizer ");
	completes(app, "sce full_train_h", "sce full_train_he_relu "); /* after a name cut short, too */
	completes(app, "set activation tan", "set activation tanh");
	completes(app, "lr", "lr "); /* a command and a setting, one candidate */
	completes(app, "florb", "florb");
	completes(app, "step ", "step ");
	type(app, ":toggle\001\t");
	assert_string_equal(app->prompt->text, "toggle"); /* nothing agreed before the word */
	type(app, "\003:sc");
	assert_non_null(strstr(row(app, 80, 24, 22), "scenario"));
	assert_non_null(strstr(row(app, 80, 24, 22), "scale"));
	assert_int_equal(strncmp(row(app, 80, 24, 23), ":sc", 3), 0);
	type(app, "\025step 3");
	assert_non_null(strstr(row(app, 80, 24, 22), "step [N]"));
	destroy(app);
}

/* ---- the screen ---- */

static void test_bars_at_every_width(void **state)
{
	(void)state;
	struct app *app = create(true);
	for (size_t s = 0; s < scenarios.count; s++) {
		char line[64];
		snprintf(line, sizeof line, "scenario %s", table_at(&scenarios, s)->name);
		command(app, line);
		for (int width = 40; width <= 200; width++) {
			const char *header = row(app, width, 24, 0);
			assert_non_null(strstr(header, "step    0 "));
			if (width >= 60)
				assert_non_null(strstr(header, "×"));
			assert_non_null(strstr(row(app, width, 24, 23), "? help  q quit"));
		}
	}
	command(app, "scenario full_train_normal");
	command(app, "run");
	const char *wide = row(app, 160, 24, 0);
	assert_non_null(strstr(wide, " initviz "));
	assert_non_null(strstr(wide, "full_train_normal"));
	assert_non_null(strstr(wide, "built-in digits"));
	assert_non_null(strstr(wide, "adam 0.001"));
	assert_non_null(strstr(wide, "▶ running"));
	assert_non_null(strstr(row(app, 80, 24, 21), "loss 2.300"));
	type(app, " ");
	command(app, "step 15");
	command(app, "go back");
	assert_non_null(strstr(row(app, 160, 24, 0), "history step   10"));
	assert_non_null(strstr(row(app, 80, 24, 23), "Backspace live"));
	command(app, "live");
	assert_non_null(strstr(row(app, 160, 24, 0), "paused  step   15"));
	command(app, "init he");
	assert_non_null(strstr(row(app, 160, 24, 0), "* "));
	destroy(app);
}

/* A changed setting never displaces the learning rate or the batch size. */
static void test_header_keeps_the_rate(void **state)
{
	(void)state;
	struct app *app = create(true);
	for (size_t s = 0; s < scenarios.count; s++) {
		char line[64], rate[64], number[TEXT_EXACT_SIZE];
		bool seen[201];
		snprintf(line, sizeof line, "scenario %s", table_at(&scenarios, s)->name);
		command(app, line);
		snprintf(rate, sizeof rate, " %s ", text_exact(number, spec_value(&fake.settings.optimizer, "lr")));
		assert_non_null(strstr(row(app, 80, 24, 0), rate));
		for (int width = 40; width <= 200; width++) {
			seen[width] = strstr(row(app, width, 24, 0), rate) != NULL;
			assert_true(seen[width]);
		}
		command(app, "bias-init constant(1)"); /* a star */
		assert_non_null(strstr(row(app, 200, 24, 0), "* "));
		for (int width = 40; width <= 200; width++)
			if (seen[width] != (strstr(row(app, width, 24, 0), rate) != NULL))
				fail_msg("%s, %d columns: %s", line, width, row(app, width, 24, 0));
		command(app, "batch 77");
		assert_non_null(strstr(row(app, 80, 24, 0), " batch 77 "));
		assert_non_null(strstr(row(app, 80, 24, 0), rate));
	}
	destroy(app);
}

/* A changed scenario keeps the name of the data where its short form fits. */
static void test_header_keeps_the_data(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "scenario full_train_normal");
	assert_non_null(strstr(row(app, 80, 24, 0), " digits "));
	assert_non_null(strstr(row(app, 120, 24, 0), " built-in digits "));
	command(app, "activation tanh");
	assert_non_null(strstr(row(app, 80, 24, 0), "* "));
	assert_non_null(strstr(row(app, 80, 24, 0), " digits "));
	command(app, "init xavier");
	assert_non_null(strstr(row(app, 80, 24, 0), " digits "));
	destroy(app);
}

/* Verdict, cause and advice are whole at every width: a sentence that was cut
 * ends with an ellipsis. */
static void test_statements_are_whole(void **state)
{
	(void)state;
	struct app *app = create(true);
	for (int height = SCREEN_MIN_HEIGHT; height <= 24; height += 7)
		for (int width = 40; width <= 200; width++) {
			struct layout layout = layout_of(&(struct screen){ .width = width, .height = height });
			const struct rect *rows[] = { &layout.what, &layout.why, &layout.numbers, &layout.advice };
			for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
				const char *line = rows[i]->height ? row(app, width, height, rows[i]->y) : "";
				if (strstr(line, "…"))
					fail_msg("%d columns: %s", width, line);
			}
			assert_true(strspn(row(app, width, height, layout.what.y), " ") < (size_t)width);
		}
	destroy(app);
}

/* A glance at a running net has no test accuracy: the last scheduled one stays. */
static void test_test_accuracy_stays(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "step 15");
	((struct snapshot *)fake.latest)->test_accuracy = NAN;
	/* with the step at which it was measured */
	assert_non_null(strstr(row(app, 80, 24, 21), "train 50 %   test 25 % (step 10)"));
	assert_non_null(strstr(row(app, 40, 24, 21), "train 50 %   test 25 %"));
	assert_non_null(strstr(row(app, 120, 40, 37), "test 25 % (step 10)"));
	destroy(app);
}

/* The step is at the same columns for any number of digits. */
static void test_nothing_jitters(void **state)
{
	(void)state;
	struct app *app = create(true);
	char before[4096];
	snprintf(before, sizeof before, "%s", row(app, 80, 24, 0));
	*strstr(before, "step") = '\0';
	static const char *const lines[] = { "step 9", "step 80", "step 900" };
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		command(app, lines[i]);
		assert_memory_equal(row(app, 80, 24, 0), before, strlen(before));
	}
	destroy(app);
}

static void test_too_small(void **state)
{
	(void)state;
	struct app *app = create(true);
	assert_non_null(strstr(row(app, 39, 24, 12), "need 40x10, have 39x24"));
	assert_non_null(strstr(row(app, 80, 9, 4), "need 40x10, have 80x9"));
	destroy(app);
}

static void test_layout(void **state)
{
	(void)state;
	struct layout layout = layout_of(&(struct screen){ .width = 80, .height = 24 });
	assert_int_equal(layout.view.height, 18);
	for (int height = SCREEN_MIN_HEIGHT; height <= 300; height++) {
		layout = layout_of(&(struct screen){ .width = 80, .height = height });
		const struct rect *part[] = {
			&layout.header, &layout.what, &layout.why, &layout.view, &layout.numbers, &layout.advice, &layout.hints,
		};
		int y = 0;
		for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
			assert_int_equal(part[i]->y, y);
			y += part[i]->height;
		}
		assert_int_equal(y, height);
		assert_true(layout.view.height >= 5);
		assert_int_equal(layout.advice.height, 1); /* the cure is offered at every size */
	}
}

/* A presentation has the verdict, the step, and all other rows for the view and a
 * lesson; what is typed and messages have their rows over it. */
static void test_presentation(void **state)
{
	(void)state;
	struct app *app = create(true);
	assert_non_null(strstr(row(app, 80, 24, 23), "quit"));
	app_key(app, 'O');
	for (int height = SCREEN_MIN_HEIGHT; height <= 300; height++) {
		struct layout layout = layout_of(&(struct screen){ .width = 80, .height = height, .present = true });
		assert_int_equal(layout.what.height + layout.header.height, layout.view.y);
		assert_int_equal(layout.view.y + layout.view.height, height);
		assert_int_equal(layout.hints.height + layout.numbers.height + layout.advice.height + layout.why.height, 0);
	}
	assert_non_null(strstr(row(app, 80, 24, 1), "step"));
	assert_null(strstr(row(app, 80, 24, 23), "quit"));
	for (int height = SCREEN_MIN_HEIGHT; height <= 60; height += 5)
		for (int width = 40; width <= 200; width += 20)
			for (size_t view = 0; view < views.count; view++) {
				command(app, "view next");
				assert_non_null(strstr(row(app, width, height, 1), "step"));
			}
	command(app, "prompt");
	assert_int_equal(row(app, 80, 24, 23)[0], ':');
	app_key(app, 27);
	command(app, "recreate");
	assert_true(is_on_screen(app, "present on"));
	app_key(app, 'O');
	assert_non_null(strstr(row(app, 80, 24, 23), "quit"));
	assert_false(app_command(app, "present perhaps", NULL));
	destroy(app);
}

/* A line that waited for the runner changes the screen, also where the runner has
 * nothing new: the view of a lesson's page was not drawn until the next key. */
static void test_waiting_lines_are_drawn(void **state)
{
	(void)state;
	static const char *const lines[] = { "view depth" };
	struct app *app = create(true);
	while (app_poll(app, 0))
		;
	app_queue(app, lines, 1);
	assert_true(app_poll(app, 0));
	assert_false(app_poll(app, 0));
	destroy(app);
}

/* Whether any row has these words. */
static bool shows(const struct app *app, const char *words)
{
	bool found = false;
	for (int y = 0; y < 24; y++)
		found |= strstr(row(app, 80, 24, y), words) != NULL;
	return found;
}

/* Until the net of a lesson's page is there, no other net's numbers are shown under its words. */
static void test_a_page_is_set_up(void **state)
{
	(void)state;
	struct app *app = create(true);
	app_poll(app, 0);
	assert_true(shows(app, "80.5"));
	fake.loading = true;
	command(app, "lesson fake 2");
	for (int frame = 0; frame < 2; frame++) {
		assert_true(shows(app, "The net of page 2 is being set up"));
		assert_true(shows(app, "scenario full_train_he_relu"));
		assert_false(shows(app, "80.5"));
		assert_false(shows(app, "full_train_normal"));
		assert_true(shows(app, "second"));
		app_poll(app, frame);
	}
	fake.loading = false;
	fake.status.state = RUNNER_PAUSED;
	fake_observe();
	app_poll(app, 3);
	assert_true(shows(app, "80.5"));
	assert_false(shows(app, "set up"));
	assert_int_equal(app->navigation->layer, 1);
	fake.loading = true;
	command(app, "scenario 1"); /* what the reader changes is loaded as without a lesson */
	app_poll(app, 4);
	assert_true(shows(app, "80.5"));
	destroy(app);
}

/* The initializer and the activation of hidden layers are none of a net that has no such layer. */
static void test_header_without_hidden_layers(void **state)
{
	(void)state;
	struct app *app = create(false);
	assert_non_null(strstr(row(app, 80, 24, 0), "normal(0,1) × sigmoid"));
	command(app, "depth 0");
	assert_non_null(strstr(row(app, 80, 24, 0), " no hidden layer "));
	assert_null(strstr(row(app, 80, 24, 0), "sigmoid"));
	destroy(app);
}

static void test_loading(void **state)
{
	(void)state;
	struct settings settings;
	settings_default(&settings);
	snprintf(settings.data, sizeof settings.data, "mnist");
	fake.loading = true;
	struct app *app = app_create(&fake, &settings, &fake_services, true, NULL);
	struct scene scene;
	assert_false(navigation_scene(app, &scene));
	fake.status.loaded = 0.4;
	assert_true(app_poll(app, 0));
	bool found = false;
	for (int y = 1; y < 22; y++)
		found |= strstr(row(app, 80, 24, y), "loading mnist ... 40 %") != NULL;
	assert_true(found);
	fake.status.state = RUNNER_PAUSED;
	fake_observe();
	assert_true(app_poll(app, 0));
	assert_true(navigation_scene(app, &scene));
	runner_start(&fake, &settings); /* the old picture stays until there is a new one */
	app_poll(app, 0);
	assert_null(app->lanes->lane[0].latest);
	assert_true(navigation_scene(app, &scene));
	destroy(app);
}

static void draw_at(const struct app *app, int width, int height, bool ascii)
{
	struct canvas canvas;
	assert_true(canvas_create(&canvas, width, height, ascii, NULL));
	app_draw(app, &canvas);
	if (ascii)
		for (int i = 0; i < width * height; i++)
			assert_in_range(canvas.cells[i].glyph, ' ', '~');
	canvas_destroy(&canvas);
}

static void test_draw_at_every_size(void **state)
{
	(void)state;
	struct app *app = create(true);
	static const char *const situations[] = { "step 15", "key ?", "prompt", "key ?", "recreate", "go first" };
	for (size_t i = 0; i < sizeof situations / sizeof situations[0]; i++) {
		command(app, situations[i]);
		for (int width = 1; width <= 300; width += width < 100 ? 3 : 40)
			for (int height = 1; height <= 100; height += height < 40 ? 3 : 20)
				draw_at(app, width, height, (width + height) % 2);
		if (app->prompt->open)
			app_key(app, 3);
	}
	destroy(app);
}

/* ---- the report ---- */

/* The runner measures it while it is open; Esc stops that, `e` continues it. */
static void test_report_is_asked_of_the_runner(void **state)
{
	(void)state;
	struct app *app = create(true);
	app_command(app, "data digits", NULL);
	app_command(app, "seed 7", NULL);
	requests_made();
	app_key(app, 'e');
	assert_string_equal(requests_made(), "report digits 7\n");
	assert_true(app_is_running(app));
	app_key(app, 27);
	assert_string_equal(requests_made(), "stop report\n");
	assert_false(app_is_running(app) || app->report->open);
	app_key(app, 'e');
	fake.report_status = (struct runner_report_status){ .share = 0.25 };
	fake.report_changed = true;
	assert_true(app_poll(app, 1));
	assert_true(app->report->status.share == 0.25);
	fake.report_status.share = 1;
	app_poll(app, 2);
	assert_false(app_is_running(app));
	assert_true(app->report->open);
	app_key(app, 'q');
	fake.report_status = (struct runner_report_status){0};
	err_set(&fake.report_status.err, ERR_INPUT, "images are gone");
	app_key(app, 'e');
	app_poll(app, 3);
	assert_false(app->report->open);
	assert_string_equal(app->message->text, "images are gone");
	fake.report_status = (struct runner_report_status){0};
	destroy(app);
}

/* ---- random input ---- */

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void test_random_keys(void **state)
{
	(void)state;
	struct app *app = create(true);
	uint64_t seed = 1;
	static const int special[] = { '\t', '\r', ':', '?', ':', APP_KEY_BACKSPACE, APP_KEY_UP, APP_KEY_RESIZE, -1, 0x1F600 };
	enum { SPECIAL = sizeof special / sizeof special[0] };
	for (int i = 0; i < 6000; i++) { /* fuzz_keys presses more */
		uint32_t r = next_random(&seed) % 100;
		int key = r < 60 ? (int)(next_random(&seed) % 128)
		          : r < 80 ? APP_KEY_UP + (int)(next_random(&seed) % 14)
		                   : special[next_random(&seed) % SPECIAL];
		app_key(app, key);
		assert_true(app->prompt->cursor <= app->prompt->length && app->prompt->length < LINE_SIZE);
		assert_int_equal(app->prompt->text[app->prompt->length], '\0');
		if (i % 16 == 0)
			app_poll(app, i * 0.03);
		if (i % 256 == 0) {
			int width = 1 + (int)(next_random(&seed) % 200), height = 1 + (int)(next_random(&seed) % 60);
			app_resize(app, width, height, i % 512);
			draw_at(app, width, height, i % 512);
		}
		if (fake.status.step > 2000)
			app_command(app, "reset", NULL);
		text_clear(&fake.log);
	}
	destroy(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_keys_in_help),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_closing),
		cmocka_unit_test(test_every_key_has_words),
		cmocka_unit_test(test_unbound_keys),
		cmocka_unit_test(test_line_editing),
		cmocka_unit_test(test_line_is_bounded),
		cmocka_unit_test(test_line_history),
		cmocka_unit_test(test_key_within_key),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_bars_at_every_width),
		cmocka_unit_test(test_header_keeps_the_rate),
		cmocka_unit_test(test_header_keeps_the_data),
		cmocka_unit_test(test_statements_are_whole),
		cmocka_unit_test(test_test_accuracy_stays),
		cmocka_unit_test(test_nothing_jitters),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_presentation),
		cmocka_unit_test(test_waiting_lines_are_drawn),
		cmocka_unit_test(test_a_page_is_set_up),
		cmocka_unit_test(test_header_without_hidden_layers),
		cmocka_unit_test(test_loading),
		cmocka_unit_test(test_draw_at_every_size),
		cmocka_unit_test(test_report_is_asked_of_the_runner),
		cmocka_unit_test(test_random_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
