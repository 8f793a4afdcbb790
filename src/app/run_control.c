/* Controlling the run: run, pause, step and speed. */
#include "app/run_control.h"

#include <stdio.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/message.h"
#include "app/moment.h"

bool run_control_run(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->moment->live = true;
	app->experiment->steps_requested = true;
	experiment_request(app, true);
	runner_run(app->experiment->runner, true, app->experiment->speed);
	return true;
}

bool run_control_pause(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	experiment_request(app, false);
	runner_run(app->experiment->runner, false, app->experiment->speed);
	return true;
}

bool run_control_toggle(struct app *app, char *words, struct err *err)
{
	return experiment_is_on(app) ? run_control_pause(app, words, err) : run_control_run(app, words, err);
}

bool run_control_step(struct app *app, char *words, struct err *err)
{
	uint64_t steps = 1;
	char safe[64];
	if (words[0] && (!text_unsigned(words, &steps) || steps == 0))
		return err_set(err, ERR_USAGE, "step: '%s' is not a number of steps: give 1 or more",
		               text_escape(safe, sizeof safe, words));
	app->moment->live = true;
	experiment_request(app, false);
	app->experiment->steps_requested = true;
	runner_step(app->experiment->runner, steps);
	return true;
}

static const double speeds[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000 };
#define SPEEDS (sizeof speeds / sizeof speeds[0])

/* The next higher speed; above the last one 0, which is as fast as possible. */
static double faster(double pace)
{
	for (size_t i = 0; i < SPEEDS && pace > 0; i++)
		if (speeds[i] > pace)
			return speeds[i];
	return 0;
}

static double slower(double pace)
{
	for (size_t i = SPEEDS; i-- > 0;)
		if (pace <= 0 || speeds[i] < pace)
			return speeds[i];
	return speeds[0];
}

static void format_speed(char out[TEXT_EXACT_SIZE], double pace)
{
	if (pace > 0)
		text_exact(out, pace);
	else
		snprintf(out, TEXT_EXACT_SIZE, "max");
}

static void show_speed(struct app *app, double before)
{
	char was[TEXT_EXACT_SIZE], is[TEXT_EXACT_SIZE];
	format_speed(was, before);
	format_speed(is, app->experiment->speed);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "speed %s -> %s steps a second", was, is);
}

bool run_control_speed(struct app *app, char *words, struct err *err)
{
	double pace, before = app->experiment->speed;
	char safe[64];
	if (text_same_name(words, "max"))
		pace = 0;
	else if (text_same_name(words, "faster"))
		pace = faster(app->experiment->speed);
	else if (text_same_name(words, "slower"))
		pace = slower(app->experiment->speed);
	else if (!text_real(words, &pace) || pace <= 0)
		return err_set(err, ERR_USAGE, "speed: '%s' is not a speed: give steps a second, faster, slower or max",
		               text_escape(safe, sizeof safe, words));
	app->experiment->speed = pace;
	if (experiment_is_on(app) && app->experiment->wants_run)
		runner_run(app->experiment->runner, true, pace);
	show_speed(app, before);
	return true;
}
