/* Running until a number passes a limit. */
#include "app/goal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/quantity.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/moment.h"

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

void goal_refresh(struct app *app)
{
	const struct runner_status *status = &app->experiment->status;
	const struct snapshot *now = app->lanes->lane[0].held;
	char value[TEXT_READOUT_SIZE];
	if (app->goal->met == status->met)
		return;
	app->goal->met = status->met;
	if (!app->experiment->run_request_pending)
		app->experiment->wants_run = false;
	message_show(app->message, ROLE_GOOD, MESSAGE_ALARM_SECONDS, "until %s: it is %s at step %llu", app->goal->words,
	             text_readout(value, status->goal_value), (unsigned long long)(now ? now->step : status->step));
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
	experiment_request(app, true);
	runner_until(app->experiment->runner, &goal, app->experiment->speed);
	return true;
}
