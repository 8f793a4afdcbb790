/* What has changed since it was last told, a line of words each.  Sees what
 * the screen would show, draws nothing. */
#include <stdio.h>
#include <string.h>

#include "draw/glyphs.h"
#include "view/report_text.h"
#include "view/verdict.h"
#include "view/announce.h"
#include "app/app_state.h"

/* ---- each kind of change ---- */

static void tell_run(struct app *app, struct text *text)
{
	struct told *told = &app->told;
	if (told->run == app->status.run || app->history.count == 0)
		return;
	*told = (struct told){ .run = app->status.run, .view = told->view, .layer = told->layer, .said = told->said };
	text_add(text, app->status.replay ? "a saved run of " : "");
	announce_run(text, app->history.snapshot[0]);
	text_add(text, "\n");
}

static size_t chosen_layer(const struct app *app, const struct snapshot *snapshot)
{
	return app->layer < snapshot->layers ? app->layer : snapshot->layers - 1;
}

static void tell_observation(struct app *app, struct text *text, const struct snapshot *snapshot)
{
	announce_observation(text, snapshot, chosen_layer(app, snapshot));
	text_add(text, "\n");
	app->told.shown = snapshot->step;
}

/* Once more only when it became another: it is long. */
static void tell_verdict(struct app *app, struct text *text, const struct snapshot *snapshot)
{
	struct verdict verdict = verdict_worst(snapshot);
	char heading[sizeof app->told.verdict];
	snprintf(heading, sizeof heading, "%s %.*s", verdict.word, (int)strcspn(verdict.sentence, ":"), verdict.sentence);
	if (strcmp(heading, app->told.verdict) == 0)
		return;
	memcpy(app->told.verdict, heading, sizeof heading);
	text_addf(text, "%s: %s\n", verdict.word, verdict.sentence);
}

/* Scheduled observations as they come; while nothing moves, whatever else is
 * shown.  A saved run is there at once: only what is shown of it. */
static void tell_observations(struct app *app, struct text *text)
{
	const struct history *history = &app->history;
	struct told *told = &app->told;
	if (told->run != app->status.run)
		return;
	for (size_t i = 0; i < history->count && !app->status.replay; i++)
		if (told->steps <= history->snapshot[i]->step) {
			told->steps = history->snapshot[i]->step + 1;
			tell_observation(app, text, history->snapshot[i]);
		}
	const struct snapshot *shown = app_shown(app);
	if (shown == NULL || app_is_running(app))
		return;
	bool back = app_looks_back(app);
	if (told->shown != shown->step || back != told->back || (app->status.replay && told->steps == 0)) {
		told->steps = told->steps ? told->steps : 1;
		text_add(text, back ? "looking back, " : "");
		tell_observation(app, text, shown);
	}
	told->back = back;
	tell_verdict(app, text, shown);
}

static void tell_state(struct app *app, struct text *text)
{
	enum runner_state state = app->status.state;
	if (state == app->told.state)
		return;
	app->told.state = state;
	if (state == RUNNER_FAILED)
		text_addf(text, "this experiment could not be run: %s\n", app->status.err.message);
	else if (app->interactive && state != RUNNER_LOADING)
		text_add(text, state == RUNNER_RUNNING ? "running\n" : "paused\n");
}

static void tell_choice(struct app *app, struct text *text)
{
	const struct snapshot *shown = app_shown(app);
	if (app->told.layer != app->layer && shown) {
		app->told.layer = app->layer;
		announce_layer(text, shown, chosen_layer(app, shown));
		text_add(text, "\n");
	}
	if (app->told.view == app->view)
		return;
	app->told.view = app->view;
	const struct entry *view = table_at(&views, app->view);
	text_addf(text, "view %s: %s\n", view->name, view->summary);
}

static void tell_message(struct app *app, struct text *text)
{
	if (app->told.said == app->message.number || app->message.text[0] == '\0')
		return;
	app->told.said = app->message.number;
	text_addf(text, "%s\n", app->message.text);
	app->message.text[0] = '\0'; /* a line that was written does not need its place any longer */
}

/* What `?` shows, once. */
static void tell_help(struct app *app, struct text *text)
{
	struct scene scene;
	if (!app->help)
		return;
	app->help = false;
	const struct view *view = view_at(app->view);
	if (app_scene(app, &scene) && view->explain)
		view->explain(&scene, text);
	text_add(text, "Commands:\n");
	for (size_t i = 0; i < commands.count; i++) {
		const struct command *command = command_at(i);
		text_addf(text, "%s %s: %s\n", command->entry.name, command->arguments ? command->arguments : "",
		          command->entry.summary);
	}
}

/* What `report` measured, when it is complete. */
static void tell_report(struct app *app, struct text *text)
{
	if (!app->report.open || report_is_at_work(app))
		return;
	app->report.open = false;
	report_text(text, report_of(app->report.run), 80, false);
}

/* ---- all of them ---- */

void app_words(struct app *app, struct text *text)
{
	struct text words = {0};
	tell_run(app, &words);
	tell_observations(app, &words);
	tell_state(app, &words);
	tell_choice(app, &words);
	tell_message(app, &words);
	tell_help(app, &words);
	tell_report(app, &words);
	if (app->ascii)
		glyph_add_ascii(text, text_string(&words));
	else
		text_add(text, text_string(&words));
	text->failed |= words.failed;
	text_free(&words);
}
