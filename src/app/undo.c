/* Bringing back the run that a command replaced.  The runner keeps the
 * runs; restored.c takes over the settings of the one that comes back. */
#include "app/undo.h"

#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/moment.h"
#include "app/refresh.h"

#define PATIENCE 0.1 /* seconds to wait for the runner: enough unless the run has to be repeated */

bool undo_is_possible(const struct app *app)
{
	return app->experiment->status.undo > 0;
}

static bool bring_back(struct app *app, void (*ask)(struct runner *runner), struct err *err)
{
	app->experiment->steps_requested = false;
	experiment_request(app, false);
	app->moment->live = true;
	for (size_t i = 0; i <= app->lanes->beside; i++)
		lanes_pin_finished(app, i);
	ask(app->experiment->runner);
	if (!app->experiment->interactive || !runner_settle(app->experiment->runner, PATIENCE))
		return true;
	refresh_app(app);
	if (app->experiment->status.err.code && app->experiment->status.state != RUNNER_FAILED && err)
		*err = app->experiment->status.err;
	return app->experiment->status.err.code == ERR_NONE || app->experiment->status.state == RUNNER_FAILED;
}

bool undo_run(struct app *app, char *words, struct err *err)
{
	(void)words;
	/* the runner gives no error here while the screen shows why a run failed */
	if (app->experiment->status.state == RUNNER_FAILED && app->experiment->status.undo == 0)
		return err_set(err, ERR_USAGE, "undo: there is no earlier run");
	return bring_back(app, runner_undo, err);
}

bool undo_redo(struct app *app, char *words, struct err *err)
{
	(void)words;
	if (app->experiment->status.state == RUNNER_FAILED && app->experiment->status.redo == 0)
		return err_set(err, ERR_USAGE, "redo: nothing was undone");
	return bring_back(app, runner_redo, err);
}
