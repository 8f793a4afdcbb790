/* A run as a file: saving it, and what cannot be done while a saved one is
 * shown.  Knows neither the format nor who reads it. */
#include "app/app_state.h"

/* All that is kept of the run, what is newer than that, and its changes. */
bool app_save_run(const struct app *app, const char *path, struct err *err)
{
	const struct history *kept = &app->history;
	const struct snapshot *latest = app->latest;
	struct history all = { .limit = SIZE_MAX };
	bool done = true;
	for (size_t i = 0; i < kept->count && done; i++)
		done = history_add(&all, kept->snapshot[i], err);
	if (done && latest && (kept->count == 0 || kept->snapshot[kept->count - 1]->step < latest->step))
		done = history_add(&all, latest, err);
	struct runner_edit edit;
	for (size_t i = 0; done && runner_past_edit(app->runner, i, &edit); i++)
		done = history_note(&all, &edit, err);
	done = done && app->services.save_run(app->services.context, &all, path, err);
	history_clear(&all);
	return done;
}

static bool only_looks(const struct command *command)
{
	switch (command->action) {
	case ACTION_PAUSE:
	case ACTION_GO:
	case ACTION_LIVE:
		return true;
	default:
		return command->group != COMMAND_RUNNING && command->group != COMMAND_CHANGING;
	}
}

bool share_refuses(const struct app *app, const struct command *command, struct err *err)
{
	if (!app->status.replay || (command && only_looks(command)))
		return false;
	err_set(err, ERR_USAGE, "%s", RUNNER_REPLAY_REFUSAL);
	return true;
}
