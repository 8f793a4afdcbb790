/* Announces in words what has changed on the screen, one change a line.  Draws
 * nothing. */
#include "app/announcements.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "draw/glyphs.h"
#include "view/announce.h"
#include "view/report_text.h"
#include "view/verdict.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/experiment.h"
#include "app/help_screen.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/lesson_screen.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/report_screen.h"

/* ---- each kind of change ---- */

static bool is_busy(const struct app *app)
{
	return experiment_is_running(app) || report_is_at_work(app);
}

static void add_run(struct app *app, struct text *text)
{
	struct announced *announced = app->announced;
	if (announced->run == app->experiment->status.run || app->lanes->lane[0].history.count == 0)
		return;
	*announced = (struct announced){ .run = app->experiment->status.run, .view = announced->view, .layer = announced->layer,
	                               .layer_commands = announced->layer_commands, .said = announced->said,
	                               .page = announced->page };
	text_add(text, app->experiment->status.replay ? "a saved run of " : "");
	announce_run(text, app->lanes->lane[0].history.snapshot[0]);
	text_add(text, "\n");
}

static size_t chosen_layer(const struct app *app, const struct snapshot *snapshot)
{
	return app->navigation->layer < snapshot->layers ? app->navigation->layer : snapshot->layers - 1;
}

static void add_observation(struct app *app, struct text *text, const struct snapshot *snapshot)
{
	announce_observation(text, snapshot, chosen_layer(app, snapshot));
	text_add(text, "\n");
	app->announced->shown = snapshot->step;
}

/* The verdict is long, so it is announced only when it changes. */
static void add_verdict(struct app *app, struct text *text, const struct snapshot *snapshot)
{
	struct verdict verdict = verdict_worst(snapshot, history_start(&app->lanes->lane[0].history));
	char heading[sizeof app->announced->verdict];
	snprintf(heading, sizeof heading, "%s %.*s", verdict.word, (int)strcspn(verdict.sentence, ":"), verdict.sentence);
	if (strcmp(heading, app->announced->verdict) == 0)
		return;
	memcpy(app->announced->verdict, heading, sizeof heading);
	text_addf(text, "%s: %s\n", verdict.word, verdict.sentence);
}

/* Announces scheduled observations as they come and, while training is paused, any
 * other observation that is shown.  A saved run is complete from the start, so only
 * the observation that is shown is announced. */
static void add_observations(struct app *app, struct text *text)
{
	const struct history *history = &app->lanes->lane[0].history;
	struct announced *announced = app->announced;
	if (announced->run != app->experiment->status.run)
		return;
	for (size_t i = 0; i < history->count && !app->experiment->status.replay; i++)
		if (announced->steps <= history->snapshot[i]->step) {
			announced->steps = history->snapshot[i]->step + 1;
			add_observation(app, text, history->snapshot[i]);
		}
	const struct snapshot *shown = moment_snapshot(app);
	if (shown == NULL || is_busy(app))
		return;
	bool back = moment_is_past(app);
	bool first = app->experiment->status.replay && announced->steps == 0;
	if (announced->shown != shown->step || back != announced->back || first) {
		announced->steps = announced->steps ? announced->steps : 1;
		text_add(text, back ? "looking back, " : "");
		add_observation(app, text, shown);
	}
	announced->back = back;
	add_verdict(app, text, shown);
}

static void add_state(struct app *app, struct text *text)
{
	enum runner_state state = app->experiment->status.state;
	if (state == app->announced->state)
		return;
	app->announced->state = state;
	if (state == RUNNER_FAILED)
		text_addf(text, "this experiment could not be run: %s\n", app->experiment->status.err.message);
	else if (app->experiment->interactive && state != RUNNER_LOADING)
		text_add(text, state == RUNNER_RUNNING ? "running\n" : "paused\n");
}

static void add_choice(struct app *app, struct text *text)
{
	const struct snapshot *shown = moment_snapshot(app);
	bool chosen = app->announced->layer_commands != app->navigation->layer_commands;
	if ((chosen || app->announced->layer != app->navigation->layer) && shown) {
		app->announced->layer = app->navigation->layer;
		app->announced->layer_commands = app->navigation->layer_commands;
		announce_layer(text, shown, chosen_layer(app, shown));
		text_add(text, "\n");
	}
	if (app->announced->view == app->navigation->view)
		return;
	app->announced->view = app->navigation->view;
	const struct entry *view = table_at(&views, app->navigation->view);
	text_addf(text, "view %s: %s\n", view->name, view->summary);
}

static void add_message(struct app *app, struct text *text)
{
	if (app->announced->said == app->message->number || app->message->text[0] == '\0')
		return;
	app->announced->said = app->message->number;
	text_addf(text, "%s\n", app->message->text);
	app->message->text[0] = '\0'; /* an announced message needs no row on the screen */
}

/* The page of a lesson, once it is set up. */
static void add_page(struct app *app, struct text *text)
{
	const struct lesson_page *page = lesson_page(app);
	const struct lesson_screen *screen = app->lesson;
	if (page == NULL || app->announced->page == screen->pages_shown || screen->line < page->lines)
		return;
	app->announced->page = screen->pages_shown;
	text_addf(text, "%s, page %zu of %zu%s%s\n%s\n%s%s", screen->lesson->title, screen->page + 1, screen->lesson->pages,
	          page->heading[0] ? ": " : "", page->heading, text_string(&page->caption), text_string(&page->question),
	          page->question.length ? "\n" : "");
}

/* Writes what `?` shows, and closes it. */
static void add_help(struct app *app, struct text *text)
{
	struct scene scene;
	if (!app->help->open)
		return;
	app->help->open = false;
	const struct view *view = view_at(app->navigation->view);
	if (navigation_scene(app, &scene) && view->explain)
		view->explain(&scene, text);
	text_add(text, "Commands:\n");
	for (size_t i = 0; i < commands.count; i++) {
		const struct command *command = command_at(i);
		text_addf(text, "%s %s: %s\n", command->entry.name, command->arguments ? command->arguments : "",
		          command->entry.summary);
	}
}

/* Writes the report when it is complete, and closes it. */
static void add_report(struct app *app, struct text *text)
{
	if (!app->report->open || report_is_at_work(app))
		return;
	report_close(app);
	report_text(text, &app->report->report, 80, false);
}

/* ---- all of them ---- */

void announcements_add(struct app *app, struct text *text)
{
	struct text words = {0};
	add_run(app, &words);
	add_observations(app, &words);
	add_state(app, &words);
	add_choice(app, &words);
	add_message(app, &words);
	add_page(app, &words);
	add_help(app, &words);
	add_report(app, &words);
	if (app->screen->ascii)
		glyph_add_ascii(text, text_string(&words));
	else
		text_add(text, text_string(&words));
	text->failed |= words.failed;
	text_free(&words);
}
