/* Bringing back the run that a command replaced.  The runs themselves are kept
 * by the runner; here the app follows. */
#include "app/undo.h"

#include <stdio.h>
#include <string.h>

#include "app/app_state.h"
#include "lab/scenario.h"

#define PATIENCE 0.1 /* seconds to wait for the runner: until then it is back, unless it has to be repeated */

/* ---- what comes with a run ---- */

/* The view of several nets while there are several, and none of them else. */
static void fit_view(struct app *app, size_t lanes)
{
	const char *now = table_at(&views, app->view)->name;
	const char *wanted = lanes > 2 ? "multiples" : lanes == 2 ? "compare" : now;
	if (lanes == 1 && (strcmp(now, "multiples") == 0 || strcmp(now, "compare") == 0))
		wanted = table_at(&views, 0)->name;
	app->view = table_index(&views, table_find(&views, wanted, NULL));
}

static void take_lanes(struct app *app, size_t lanes)
{
	if (lanes != app->lanes.beside + 1) {
		lanes_forget(app);
		fit_view(app, lanes);
	}
	app->lanes.beside = lanes - 1;
	if (lanes == 2)
		app->lanes.partner = table_index(&scenarios, &app->lanes.settings[1].scenario->entry);
}

static void take_settings(struct app *app)
{
	struct settings start, now;
	size_t lanes = 0;
	for (; lanes < RUNNER_MAX_LANES && runner_settings(app->runner, lanes, &start, &now); lanes++) {
		if (lanes == 0)
			app->settings = now;
		app->lanes.settings[lanes] = lanes ? now : start;
	}
	if (lanes)
		take_lanes(app, lanes);
}

/* ---- messages ---- */

static void say_back(struct app *app)
{
	const struct runner_status *status = &app->status;
	char label[RUN_LABEL_SIZE], other[64] = "";
	run_label(label, &app->settings);
	if (status->redo)
		snprintf(other, sizeof other, "; U returns to step %llu", (unsigned long long)status->redo_step);
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "step %llu is back: %s%s", (unsigned long long)status->step, label, other);
}

/* Names the way back in the message of the command that replaced a run. */
static void add_way_back(struct app *app)
{
	struct message *message = &app->message;
	size_t length = strlen(message->text);
	if (length == 0) {
		app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "new run");
		length = strlen(message->text);
	}
	snprintf(message->text + length, sizeof message->text - length, "; u brings back step %llu",
	         (unsigned long long)app->status.undo_step);
}

void undo_follow(struct app *app)
{
	struct undo *undo = &app->undo;
	const struct runner_status *status = &app->status;
	bool back = undo->undone != status->undone, parked = undo->parked != status->parked;
	if (status->state == RUNNER_LOADING)
		return;
	undo->undone = status->undone;
	undo->parked = status->parked;
	if (back) {
		take_settings(app);
		say_back(app);
	} else if (parked && status->undo_trained)
		add_way_back(app);
}

/* ---- commands ---- */

bool undo_is_possible(const struct app *app)
{
	return app->status.undo > 0;
}

static bool bring_back(struct app *app, void (*ask)(struct runner *runner), struct err *err)
{
	app->wants_run = false;
	app->live = true;
	for (size_t i = 0; i <= app->lanes.beside; i++)
		pins_keep_finished(app, i);
	ask(app->runner);
	if (!app->interactive || !runner_settle(app->runner, PATIENCE))
		return true;
	app_refresh(app);
	if (app->status.err.code && app->status.state != RUNNER_FAILED && err)
		*err = app->status.err;
	return app->status.err.code == ERR_NONE || app->status.state == RUNNER_FAILED;
}

bool undo_command(struct app *app, char *words, struct err *err)
{
	(void)words;
	/* a run that failed keeps its reason on the screen: the runner would say nothing */
	if (app->status.state == RUNNER_FAILED && app->status.undo == 0)
		return err_set(err, ERR_USAGE, "undo: there is no earlier run");
	return bring_back(app, runner_undo, err);
}

bool redo_command(struct app *app, char *words, struct err *err)
{
	(void)words;
	if (app->status.state == RUNNER_FAILED && app->status.redo == 0)
		return err_set(err, ERR_USAGE, "redo: nothing was undone");
	return bring_back(app, runner_redo, err);
}
