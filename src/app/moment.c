/* The moment of the run that is shown, and the commands that choose it. */
#include "app/moment.h"

#include "base/text.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"

const struct snapshot *moment_of_lane(const struct app *app, size_t lane)
{
	if (app->experiment->status.state == RUNNER_FAILED || app->moment->hidden)
		return NULL;
	const struct snapshot *past = app->moment->live ? NULL : history_at(lanes_history(app, lane), app->moment->step);
	return past ? past : app->lanes->lane[lane].held;
}

const struct snapshot *moment_snapshot(const struct app *app)
{
	return moment_of_lane(app, app->lanes->chosen);
}

bool moment_is_past(const struct app *app)
{
	const struct snapshot *now = moment_of_lane(app, 0);
	return !app->moment->live && now && now->step != app->lanes->lane[0].held->step;
}

size_t moment_layers(const struct app *app)
{
	const struct snapshot *now = moment_snapshot(app);
	return now ? now->layers : app->lanes->lane[0].settings.layers;
}

/* ---- choosing it ---- */

/* Shows the observation at `step`, which is one of the history's. */
static void go_to(struct app *app, const struct snapshot *snapshot)
{
	app->moment->live = false;
	app->moment->step = snapshot->step;
}

/* Shows the state after `step` steps, computed again if it was not observed. */
static void look_at_step(struct app *app, uint64_t step)
{
	const struct history *history = &app->lanes->lane[0].history;
	const struct snapshot *past = history_at(history, step);
	const struct runner_status *status = &app->experiment->status;
	if (past && past->step != step && !status->replay && step < app->lanes->lane[0].held->step) {
		runner_observe(app->experiment->runner, step);
		app->moment->live = false;
		app->moment->step = step;
	} else
		go_to(app, past ? past : history->snapshot[0]);
}

static void look_back(struct app *app)
{
	const struct history *history = &app->lanes->lane[0].history;
	size_t before = 0; /* observations before what is shown */
	while (before < history->count && history->snapshot[before]->step < moment_snapshot(app)->step)
		before++;
	if (before > 0)
		go_to(app, history->snapshot[before - 1]);
}

static void look_forward(struct app *app)
{
	const struct history *history = &app->lanes->lane[0].history;
	size_t next = history_index(history, app->moment->step) + 1;
	if (next < history->count)
		go_to(app, history->snapshot[next]);
	else
		app->moment->live = true;
}

bool moment_go(struct app *app, char *words, struct err *err)
{
	static const char *const places[] = { "back", "forward", "first", "last" };
	enum { BACK, FORWARD, FIRST, LAST, PLACES } to = BACK;
	uint64_t step = 0;
	char safe[64];
	while (to < PLACES && !text_same_name(places[to], words))
		to++;
	if (to == PLACES && !text_unsigned(words, &step))
		return err_set(err, ERR_USAGE, "go: '%s' is not a step: give a step, back, forward, first or last",
		               text_escape(safe, sizeof safe, words));
	const struct history *history = &app->lanes->lane[0].history;
	if (history->count == 0 || moment_snapshot(app) == NULL)
		return true;
	switch (to) {
	case BACK:
		if (moment_snapshot(app)->step <= history->snapshot[0]->step)
			message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "this is the first observation");
		look_back(app);
		break;
	case FORWARD:
		if (!app->moment->live)
			look_forward(app);
		else
			message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "this is the newest observation");
		break;
	case FIRST:
		go_to(app, history->snapshot[0]);
		break;
	case LAST:
		go_to(app, history->snapshot[history->count - 1]);
		break;
	case PLACES:
		look_at_step(app, step);
	}
	return true;
}

bool moment_live(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->moment->live = true;
	return true;
}
