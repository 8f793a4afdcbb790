/* Taking over what is new from the runner. */
#include "app/refresh.h"

#include <string.h>

#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/goal.h"
#include "app/lanes.h"
#include "app/moment.h"
#include "app/restored.h"

/* Compares what is shown of a status; the step is shown from the snapshot. */
static bool same_status(const struct runner_status *a, const struct runner_status *b)
{
	return a->state == b->state && a->run == b->run && a->loaded == b->loaded &&
	       a->rate == b->rate && a->refused == b->refused && a->err.code == b->err.code && strcmp(a->err.message, b->err.message) == 0;
}

bool refresh_app(struct app *app)
{
	struct runner_status before = app->experiment->status;
	bool changed = runner_poll(app->experiment->runner, &app->lanes->lane[0].history, &app->lanes->lane[0].latest, &app->experiment->status);
	experiment_follow(app);
	if (app->experiment->status.run != before.run)
		app->moment->live = true;
	restored_follow(app);
	if (app->lanes->lane[0].latest && app->lanes->lane[0].latest != app->lanes->lane[0].held) {
		snapshot_drop(app->lanes->lane[0].held);
		app->lanes->lane[0].held = snapshot_keep(app->lanes->lane[0].latest);
	}
	goal_refresh(app);
	changed |= lanes_refresh(app, app->experiment->status.run != before.run);
	return changed || !same_status(&before, &app->experiment->status);
}
