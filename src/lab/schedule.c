/* Arithmetic of times, independent of threads and runs. */
#include "lab/schedule.h"

#include "base/clock.h"

#define OBSERVE_INTERVAL 0.03 /* seconds between observations for the screen */
#define STEP_SHARE 25      /* time for steps per time for observations, at least */
#define SPEED_WINDOW 0.5   /* seconds over which the speed is measured */

void schedule_begin(struct schedule *schedule, double rate)
{
	schedule->rate = rate;
	schedule->next_step = schedule->window_start = clock_seconds();
	schedule->window_steps = 0;
}

bool schedule_step_due(const struct schedule *schedule)
{
	return schedule->rate <= 0 || clock_seconds() >= schedule->next_step;
}

void schedule_stepped(struct schedule *schedule)
{
	schedule->window_steps++;
	if (schedule->rate <= 0)
		return;
	double now = clock_seconds();
	schedule->next_step += 1 / schedule->rate;
	if (schedule->next_step < now)
		schedule->next_step = now;
}

void schedule_observed(struct schedule *schedule, double since)
{
	double now = clock_seconds(), rest = STEP_SHARE * (now - since);
	schedule->next_observation = now + (rest > OBSERVE_INTERVAL ? rest : OBSERVE_INTERVAL);
}

bool schedule_speed(struct schedule *schedule, double *steps_per_second)
{
	double now = clock_seconds(), span = now - schedule->window_start;
	if (span < SPEED_WINDOW)
		return false;
	*steps_per_second = (double)schedule->window_steps / span;
	schedule->window_start = now;
	schedule->window_steps = 0;
	return true;
}
