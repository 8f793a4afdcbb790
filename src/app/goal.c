/* Running until a number passes a limit. */
#include "app/goal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/quantity.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/refresh.h"

/* "saturated1 < 0.3", with or without blanks; "saturated(1)" is saturated1. */
static bool parse(const char *words, struct runner_goal *goal)
{
	size_t name = strcspn(words, "<>"), used = 0;
	if (words[name] == '\0' || !text_real(words + name + 1 + strspn(words + name + 1, " "), &goal->limit))
		return false;
	goal->above = words[name] == '>';
	for (size_t i = 0; i < name && used + 1 < sizeof goal->name; i++)
		if (!strchr(" ()", words[i]))
			goal->name[used++] = words[i];
	goal->name[used] = '\0';
	return used > 0;
}

static void format_value(char out[TEXT_READOUT_SIZE], double value)
{
	if (isfinite(value))
		snprintf(out, TEXT_READOUT_SIZE, "%.4g", value);
	else
		text_readout(out, value);
}

void goal_refresh(struct app *app)
{
	struct goal *goal = app->goal;
	const struct runner_status *status = &app->experiment->status;
	const struct snapshot *now = app->lanes->lane[0].held;
	char value[TEXT_READOUT_SIZE];
	if (goal->met == status->met && goal->missed == status->missed)
		return;
	bool met = goal->met != status->met;
	unsigned long long step = now ? now->step : status->step;
	goal->met = status->met;
	goal->missed = status->missed;
	app->experiment->wants_run = false;
	format_value(value, status->goal_value);
	if (met)
		message_show(app->message, ROLE_GOOD, MESSAGE_ALARM_SECONDS, "until %s: it is %s at step %llu", goal->words, value, step);
	else
		message_show(app->message, ROLE_WARNING, MESSAGE_ALARM_SECONDS, "until %s: not met; it is %s when the run ends at step %llu",
		             goal->words, value, step);
}

bool goal_until(struct app *app, char *words, struct err *err)
{
	struct runner_goal goal;
	char safe[80];
	double value;
	if (!parse(words, &goal))
		return err_set(err, ERR_USAGE, "until: '%s' is not a condition: give a number's name, < or >, and a limit, as in saturated1 < 0.3",
		               text_escape(safe, sizeof safe, words));
	const struct snapshot *now = app->lanes->lane[0].held;
	if (now == NULL)
		return err_set(err, ERR_RUN, "until: there is no observation yet");
	if (!quantity_value(now, goal.name, &value, err))
		return false;
	char limit[TEXT_EXACT_SIZE];
	snprintf(app->goal->words, sizeof app->goal->words, "%s %c %s", goal.name, goal.above ? '>' : '<',
	         text_exact(limit, goal.limit));
	app->moment->live = true;
	app->experiment->wants_run = true;
	uint64_t missed = app->experiment->status.missed;
	runner_until(app->experiment->runner, &goal, app->experiment->speed);
	if (app->experiment->interactive)
		return true;
	runner_settle(app->experiment->runner, 0);
	refresh_app(app);
	return app->experiment->status.missed == missed || err_set(err, ERR_RUN, "%s", app->message->text);
}
