/* Whether the run goes on. */
#include "app/experiment.h"

#include "app/app_parts.h"

bool experiment_is_on(const struct app *app)
{
	enum runner_state state = app->experiment->status.state;
	return state == RUNNER_RUNNING || (state == RUNNER_LOADING && app->experiment->wants_run);
}

bool experiment_is_running(const struct app *app)
{
	enum runner_state state = app->experiment->status.state;
	return state == RUNNER_RUNNING || state == RUNNER_LOADING;
}
