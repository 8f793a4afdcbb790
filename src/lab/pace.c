/* Arithmetic of times.  Knows no thread and no run. */
#include "lab/pace.h"

#include "base/clock.h"

#define LOOK_INTERVAL 0.03 /* seconds between observations for the screen */
#define LOOK_SHARE 25      /* steps get at least so many times what looking takes */
#define SPEED_WINDOW 0.5   /* seconds over which the speed is measured */

void pace_begin(struct pace *pace, double rate)
{
	pace->rate = rate;
	pace->next_step = pace->window_start = clock_seconds();
	pace->window_steps = 0;
}

bool pace_step_due(const struct pace *pace)
{
	return pace->rate <= 0 || clock_seconds() >= pace->next_step;
}

void pace_stepped(struct pace *pace)
{
	pace->window_steps++;
	if (pace->rate <= 0)
		return;
	double now = clock_seconds();
	pace->next_step += 1 / pace->rate;
	if (pace->next_step < now)
		pace->next_step = now;
}

void pace_looked(struct pace *pace, double since)
{
	double now = clock_seconds(), rest = LOOK_SHARE * (now - since);
	pace->next_look = now + (rest > LOOK_INTERVAL ? rest : LOOK_INTERVAL);
}

bool pace_speed(struct pace *pace, double *steps_per_second)
{
	double now = clock_seconds(), span = now - pace->window_start;
	if (span < SPEED_WINDOW)
		return false;
	*steps_per_second = (double)pace->window_steps / span;
	pace->window_start = now;
	pace->window_steps = 0;
	return true;
}
