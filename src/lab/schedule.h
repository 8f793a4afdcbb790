/* The worker's schedule: when the next step and the next observation for the screen
 * are due, and the speed measured.  Times are those of clock_seconds(). */
#ifndef INITVIZ_LAB_SCHEDULE_H
#define INITVIZ_LAB_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule {
	double rate;         /* steps a second; 0: as fast as possible */
	double next_step;    /* when the next one is due, if rate > 0 */
	double next_observation;    /* earliest time of the next observation for the screen */
	double window_start; /* start of the window over which the speed is measured */
	uint64_t window_steps;
};

/* Starts the schedule now, with `rate` steps a second (0: no limit). */
void schedule_begin(struct schedule *schedule, double rate);

/* Whether a step is due. */
bool schedule_step_due(const struct schedule *schedule);

/* Records a step.  Lost time is not made up for: there is no burst of steps after
 * the machine was suspended. */
void schedule_stepped(struct schedule *schedule);

/* Records an observation that began at `since` and has ended: the next one is delayed
 * so that observations use a small share of the time. */
void schedule_observed(struct schedule *schedule, double since);

/* The steps a second measured over the last half second; false until that has passed. */
bool schedule_speed(struct schedule *schedule, double *steps_per_second);

#endif
