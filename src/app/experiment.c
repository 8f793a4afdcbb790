/* Whether the run goes on. */
#include "app/experiment.h"

#include "app/app_parts.h"

#define INTERACTIVE_SPEED 50 /* steps a second: the article's 1000 steps in 20 s */

double experiment_first_speed(const struct app *app)
{
	return app->experiment->interactive ? INTERACTIVE_SPEED : 0;
}

bool experiment_is_on(const struct app *app)
{
	enum runner_state state = app->experiment->status.state;
	if (app->experiment->run_request_pending)
		return app->experiment->wants_run;
	return state == RUNNER_RUNNING || (state == RUNNER_LOADING && app->experiment->wants_run);
}

void experiment_request(struct app *app, bool run)
{
	app->experiment->wants_run = run;
	app->experiment->run_request_pending = app->experiment->interactive;
}

void experiment_follow(struct app *app)
{
	app->experiment->run_request_pending &= app->experiment->status.behind;
}

bool experiment_is_running(const struct app *app)
{
	enum runner_state state = app->experiment->status.state;
	return state == RUNNER_RUNNING || state == RUNNER_LOADING;
}
