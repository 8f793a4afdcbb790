/* The interactive program without a terminal: its state and what the runner
 * tells it.  What commands do is in app_command.c, what is drawn in
 * app_draw.c, which key is which command in app_key.c. */
#include "app/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "app/app_state.h"
#include "app/overlay.h"

#define DEFAULT_WIDTH 80
#define DEFAULT_HEIGHT 24
#define INTERACTIVE_PACE 50 /* steps a second: the article's 1000 steps in 20 s */
#define QUEUE_PATIENCE 0.001 /* seconds that a poll waits for what a queued line began */

struct app *app_create(struct runner *runner, const struct settings *settings, const struct app_services *services,
                       bool interactive, struct err *err)
{
	struct app *app = alloc_array(1, sizeof *app, err);
	if (app == NULL)
		return NULL;
	app->runner = runner;
	app->settings = *settings;
	if (services)
		app->services = *services;
	app->interactive = interactive;
	app->palette = app->services.palette ? table_index(&palettes, &app->services.palette->entry) : 0;
	app->pace = interactive ? INTERACTIVE_PACE : 0;
	app->live = true;
	app_resize(app, DEFAULT_WIDTH, DEFAULT_HEIGHT, false);
	lanes_start(app);
	if (interactive)
		return app;
	runner_settle(runner, 0);
	app_refresh(app);
	if (app->status.state != RUNNER_FAILED)
		return app;
	if (err)
		*err = app->status.err;
	app_destroy(app);
	return NULL;
}

void app_destroy(struct app *app)
{
	if (app == NULL)
		return;
	lanes_forget(app);
	pins_clear(&app->pins);
	history_clear(&app->history);
	snapshot_drop(app->latest);
	snapshot_drop(app->held);
	report_end(app->report.run);
	warnings_drop(app->warned);
	alloc_free(app);
}

void app_resize(struct app *app, int width, int height, bool ascii)
{
	app->width = width;
	app->height = height;
	app->ascii = ascii;
}

void app_say(struct app *app, enum role role, double seconds, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(app->message.text, sizeof app->message.text, format, arguments);
	va_end(arguments);
	app->message.role = role;
	app->message.seconds = seconds;
	app->message.until = 0;
	app->message.number++;
}

void app_tell(struct app *app, const char *notice)
{
	if (notice)
		app_say(app, ROLE_NOTE, APP_ALARM_SECONDS, "%s", notice);
}

/* ---- what the runner tells ---- */

/* Of what is shown; the step is the snapshot's. */
static bool same_status(const struct runner_status *a, const struct runner_status *b)
{
	return a->state == b->state && a->run == b->run && a->loaded == b->loaded &&
	       a->pace == b->pace && a->err.code == b->err.code && strcmp(a->err.message, b->err.message) == 0;
}

bool app_refresh(struct app *app)
{
	struct runner_status before = app->status;
	bool changed = runner_poll(app->runner, &app->history, &app->latest, &app->status);
	if (app->status.run != before.run)
		app->live = true;
	undo_follow(app);
	if (app->latest && app->latest != app->held) {
		snapshot_drop(app->held);
		app->held = snapshot_keep(app->latest);
	}
	changed |= lanes_refresh(app, app->status.run != before.run);
	return changed || !same_status(&before, &app->status);
}

/* A message is counted down from the first poll that sees it. */
static bool fade(struct message *message, double now)
{
	if (message->text[0] == '\0' || message->seconds <= 0)
		return false;
	if (message->until <= 0)
		message->until = now + message->seconds;
	if (now < message->until)
		return false;
	message->text[0] = '\0';
	return true;
}

/* Each warning is shown once, not with every run, and stays until a key: the next one
 * waits for the one before and for any other message. */
static bool show_warning(struct app *app)
{
	const struct warnings *known = app->held ? app->held->warnings : NULL;
	if (app->message.text[0] || app->queue_length)
		return false;
	for (size_t i = 0; i < warnings_count(known); i++) {
		const char *line = warnings_at(known, i);
		if (warnings_have(app->warned, line) || !warnings_add(&app->warned, NULL, "%s", line))
			continue;
		app_say(app, ROLE_NOTE, 0, "%s", line);
		return true;
	}
	return false;
}

void app_queue(struct app *app, const char *const *line, size_t count)
{
	app->queued = line;
	app->queue_length = count;
}

/* Lines given at the start wait for each other as those of a script do. */
static void run_queued(struct app *app)
{
	while (app->queue_length && app->status.state != RUNNER_FAILED && runner_settle(app->runner, QUEUE_PATIENCE)) {
		struct err err = {0};
		const char *line = *app->queued++;
		app->queue_length--;
		app_refresh(app);
		if (app_command(app, line, &err))
			continue;
		app_say(app, ROLE_ALARM, 0, "%s", err.message);
		app->queue_length = 0;
	}
}

bool app_poll(struct app *app, double now)
{
	struct err before = app->status.err;
	bool changed = app_refresh(app);
	run_queued(app);
	const struct err *err = &app->status.err;
	if (err->code && app->status.state != RUNNER_FAILED && strcmp(before.message, err->message) != 0)
		app_say(app, ROLE_ALARM, APP_ALARM_SECONDS, "%s", err->message);
	struct err report_err = {0};
	changed |= report_is_at_work(app);
	if (!report_measure(app, &report_err))
		app_say(app, ROLE_ALARM, APP_ALARM_SECONDS, "%s", report_err.message);
	changed |= fade(&app->message, now);
	return show_warning(app) || changed;
}

/* ---- what is looked at ---- */

const struct snapshot *app_shown(const struct app *app)
{
	return lanes_shown(app, app->lanes.chosen);
}

bool app_looks_back(const struct app *app)
{
	const struct snapshot *now = lanes_shown(app, 0);
	return !app->live && now && now->step != app->held->step;
}

bool app_scene(const struct app *app, struct scene *scene)
{
	const struct snapshot *now = app_shown(app);
	if (now == NULL)
		return false;
	size_t layer = app->layer < now->layers ? app->layer : now->layers - 1;
	*scene = (struct scene){
		.now = now, .history = lanes_history(app, app->lanes.chosen), .status = &app->status, .layer = layer, .scroll = layer,
		.tensor = app->tensor, .live = !app_looks_back(app),
		.pins = &app->pins, .linear = app->linear, .recent = app->recent,
	};
	lanes_fill_scene(app, scene);
	return true;
}

size_t app_layers(const struct app *app)
{
	const struct snapshot *now = app_shown(app);
	return now ? now->layers : app->settings.layers;
}

bool app_is_on(const struct app *app)
{
	enum runner_state state = app->status.state;
	return state == RUNNER_RUNNING || (state == RUNNER_LOADING && app->wants_run);
}

bool app_wants_to_quit(const struct app *app)
{
	return app->quit;
}

bool app_is_typing(const struct app *app)
{
	return overlay_line(app) != NULL;
}

bool app_is_running(const struct app *app)
{
	return app->status.state == RUNNER_RUNNING || app->status.state == RUNNER_LOADING || report_is_at_work(app);
}

const struct snapshot *app_snapshot(const struct app *app)
{
	return app->latest;
}
