/* Saving the screen, the run and the net as files.  What is written, and in which
 * format, is decided by the services (io/export.c). */
#include "app/save.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/scenario.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/frame.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/program.h"
#include "app/services.h"

#define HOLD_MOST 3600 /* seconds */

/* All observations that are kept of the run, the latest one, and the changes. */
bool save_history(const struct app *app, const char *path, struct err *err)
{
	const struct history *kept = &app->lanes->lane[0].history;
	const struct snapshot *latest = app->lanes->lane[0].latest;
	struct history all = { .limit = SIZE_MAX };
	bool done = true;
	for (size_t i = 0; i < kept->count && done; i++)
		done = history_add(&all, kept->snapshot[i], err);
	if (done && latest && (kept->count == 0 || kept->snapshot[kept->count - 1]->step < latest->step))
		done = history_add(&all, latest, err);
	struct runner_edit edit;
	for (size_t i = 0; done && runner_past_edit(app->experiment->runner, i, &edit); i++)
		done = history_note(&all, &edit, err);
	done = done && app->services->save_run(app->services->context, &all, path, err);
	history_clear(&all);
	return done;
}

/* The given file name, or initviz-SCENARIO-STEP with `suffix`.  A file that
 * exists is not replaced by a default name: a number from 2 on is added. */
static const char *file_name(const struct app *app, const char *words, const char *suffix, char *name, size_t size)
{
	const struct snapshot *now = moment_snapshot(app);
	if (words[0])
		return words;
	int length = snprintf(name, size, "initviz-%s-%llu", app->lanes->lane[0].settings.scenario->entry.name,
	                      now ? (unsigned long long)now->step : 0);
	snprintf(name + length, size - (size_t)length, "%s", suffix);
	for (int number = 2; app->services->file_exists && app->services->file_exists(app->services->context, name); number++)
		snprintf(name + length, size - (size_t)length, "-%d%s", number, suffix);
	return name;
}

/* as: the format where the name does not say it; NULL where it does. */
static bool show_saved(struct app *app, const char *path, const char *as)
{
	char safe[256];
	const struct app_services *services = app->services;
	const char *joint = as ? " as " : "";
	text_escape(safe, sizeof safe, path);
	if (services->is_saving && services->is_saving(services->context))
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "saving %s%s%s ...", safe, joint, as ? as : "");
	else
		message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "saved %s%s%s", safe, joint, as ? as : "");
	return true;
}

/* The format of a run in this file, for the message; NULL: not known. */
static const char *run_format(const struct app *app, const char *path)
{
	return app->services->run_format ? app->services->run_format(app->services->context, path) : NULL;
}

/* ---- the net ---- */

/* Saves the copy if the runner has made it; *answered: it has made it or failed. */
static bool save_copy(struct app *app, const char *path, bool *answered, struct err *err)
{
	struct tensors *tensors = NULL;
	*answered = runner_take_copy(app->experiment->runner, &tensors, err);
	return tensors && app->services->save_tensors(app->services->context, tensors, path, err) && show_saved(app, path, NULL);
}

bool save_tensors(struct app *app, enum tensors_kind kind, const char *path, struct err *err)
{
	bool answered;
	runner_run(app->experiment->runner, false, 0);
	runner_copy(app->experiment->runner, kind);
	runner_settle(app->experiment->runner, 0);
	return save_copy(app, path, &answered, err) || answered ||
	       err_set(err, ERR_RUN, "there is no net to save: the run has failed or has not begun");
}

/* ---- files that wait for the net ---- */

const char *save_waits(const struct app *app, char safe[256])
{
	return app->saving->wait == SAVING_NOTHING ? NULL : text_escape(safe, 256, app->saving->path);
}

static bool has_failed(const struct app *app)
{
	return app->experiment->status.state == RUNNER_FAILED;
}

/* Lets the file wait.  One at a time does. */
static bool wait_for(struct app *app, enum saving_wait what, const char *command, const char *path, struct err *err)
{
	struct saving *saving = app->saving;
	char safe[256];
	if (has_failed(app))
		return err_set(err, ERR_RUN, "%s: there is no net to save: the run has failed", command);
	if (saving->wait != SAVING_NOTHING)
		return err_set(err, ERR_RUN, "%s: the previous file is still being written: wait until it is saved", command);
	if (strlen(path) >= sizeof saving->path)
		return err_set(err, ERR_OUTPUT, "%s: the file's name is longer than %zu bytes", command, sizeof saving->path - 1);
	saving->wait = what;
	snprintf(saving->path, sizeof saving->path, "%s", path);
	if (what != SAVING_COPY)
		message_show(app->message, ROLE_PLAIN, 0, "%s is saved when the images are loaded", save_waits(app, safe));
	return true;
}

/* Asks the runner for the copy. */
static void ask_for_copy(struct app *app, enum tensors_kind kind)
{
	app->saving->wait = SAVING_COPY;
	app->saving->run = app->experiment->status.run;
	runner_copy(app->experiment->runner, kind);
}

static bool save_net(struct app *app, enum tensors_kind kind, const char *command, char *words, struct err *err)
{
	struct saving *saving = app->saving;
	char name[128];
	const char *path = file_name(app, words, kind == TENSORS_PROBE ? "-probe.safetensors" : ".safetensors", name, sizeof name);
	bool answered;
	if (app->services->save_tensors == NULL)
		return program_cannot(command, err);
	if (!wait_for(app, app->experiment->status.lanes ? SAVING_COPY : SAVING_NET, command, path, err))
		return false;
	saving->kind = kind;
	if (saving->wait == SAVING_NET)
		return true;
	ask_for_copy(app, kind);
	if (!app->experiment->interactive)
		runner_settle(app->experiment->runner, 0);
	bool saved = save_copy(app, path, &answered, err);
	if (answered)
		saving->wait = SAVING_NOTHING;
	return saved || !answered;
}

bool save_weights(struct app *app, char *words, struct err *err)
{
	return save_net(app, TENSORS_WEIGHTS, "save-weights", words, err);
}

bool save_probe(struct app *app, char *words, struct err *err)
{
	return save_net(app, TENSORS_PROBE, "save-probe", words, err);
}

/* What waits, once it is there: true when it need wait no more, with *err if it is not saved. */
static bool follow_wait(struct app *app, struct err *err)
{
	struct saving *saving = app->saving;
	const struct runner_status *status = &app->experiment->status;
	char safe[256];
	bool answered;
	if (has_failed(app))
		return !err_set(err, ERR_RUN, "%s: not saved: %s", save_waits(app, safe), status->err.message);
	if (saving->wait == SAVING_RUN) {
		if (app->lanes->lane[0].latest == NULL)
			return false;
		if (save_history(app, saving->path, err))
			show_saved(app, saving->path, run_format(app, saving->path));
		return true;
	}
	if (saving->wait == SAVING_NET && status->lanes)
		ask_for_copy(app, saving->kind);
	if (saving->wait == SAVING_NET)
		return false;
	save_copy(app, saving->path, &answered, err);
	if (!answered && saving->run != status->run)
		return !err_set(err, ERR_RUN, "%s: not saved: another run has begun before the net was copied", save_waits(app, safe));
	return answered;
}

static bool follow_waiting(struct app *app)
{
	struct err err = {0};
	if (app->saving->wait == SAVING_NOTHING || !follow_wait(app, &err))
		return false;
	app->saving->wait = SAVING_NOTHING;
	app->saving->failed = err.code != ERR_NONE;
	if (err.code)
		message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", err.message);
	return true;
}

bool save_follow(struct app *app)
{
	struct saved saved;
	bool any = follow_waiting(app);
	while (app->services->take_saved && app->services->take_saved(app->services->context, &saved)) {
		any = true;
		if (saved.done)
			message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "saved %s", saved.name);
		else
			message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", saved.err.message);
	}
	return any;
}

bool save_screen(struct app *app, char *words, struct err *err)
{
	char name[128];
	const char *path = file_name(app, words, ".svg", name, sizeof name);
	struct canvas canvas;
	if (app->services->save_screen == NULL)
		return program_cannot("snapshot", err);
	if (!canvas_create(&canvas, app->screen->width, app->screen->height, app->screen->ascii, err))
		return false;
	frame_draw(app, &canvas);
	bool done = app->services->save_screen(app->services->context, &canvas, path, err);
	canvas_destroy(&canvas);
	return done && show_saved(app, path, NULL);
}

bool save_run(struct app *app, char *words, struct err *err)
{
	char name[128];
	const char *path = file_name(app, words, ".jsonl", name, sizeof name);
	if (app->services->save_run == NULL)
		return program_cannot("save", err);
	if (app->lanes->lane[0].latest == NULL)
		return wait_for(app, SAVING_RUN, "save", path, err);
	return save_history(app, path, err) && show_saved(app, path, run_format(app, path));
}

bool save_hold(struct app *app, char *words, struct err *err)
{
	double seconds;
	char safe[64];
	if (!text_real(words, &seconds) || seconds < 0 || seconds > HOLD_MOST)
		return err_set(err, ERR_USAGE, "hold: '%s' is not valid: give seconds from 0 to %d", text_escape(safe, sizeof safe, words), HOLD_MOST);
	app->saving->hold = seconds;
	return true;
}
