/* Controlling the run: run, pause, step, speed and reset. */
#include <stdio.h>

#include "app/app_state.h"

bool experiment_run(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->live = true;
	app->wants_run = true;
	runner_run(app->runner, true, app->pace);
	return true;
}

bool experiment_pause(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->wants_run = false;
	runner_run(app->runner, false, app->pace);
	return true;
}

bool experiment_toggle(struct app *app, char *words, struct err *err)
{
	return app_is_on(app) ? experiment_pause(app, words, err) : experiment_run(app, words, err);
}

bool experiment_step(struct app *app, char *words, struct err *err)
{
	uint64_t steps = 1;
	char safe[64];
	if (words[0] && (!text_unsigned(words, &steps) || steps == 0))
		return err_set(err, ERR_USAGE, "step: '%s' is no number of steps: give 1 or more",
		               text_escape(safe, sizeof safe, words));
	app->live = true;
	app->wants_run = false;
	runner_step(app->runner, steps);
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
	format_speed(is, app->pace);
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "speed %s -> %s steps a second", was, is);
}

bool experiment_speed(struct app *app, char *words, struct err *err)
{
	double pace, before = app->pace;
	char safe[64];
	if (text_same_name(words, "max"))
		pace = 0;
	else if (text_same_name(words, "faster"))
		pace = faster(app->pace);
	else if (text_same_name(words, "slower"))
		pace = slower(app->pace);
	else if (!text_real(words, &pace) || pace <= 0)
		return err_set(err, ERR_USAGE, "speed: '%s' will not do: give steps a second, faster, slower or max",
		               text_escape(safe, sizeof safe, words));
	app->pace = pace;
	if (app_is_running(app) && app->wants_run)
		runner_run(app->runner, true, pace);
	show_speed(app, before);
	return true;
}

bool experiment_reset(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "new run, same settings and seeds");
	app_restart(app);
	return true;
}
