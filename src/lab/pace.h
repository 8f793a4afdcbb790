/* The worker's clock: when the next step and the next look are due, and how
 * fast it goes.  Times are those of clock_seconds(). */
#ifndef INITVIZ_LAB_PACE_H
#define INITVIZ_LAB_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	double rate;         /* steps a second; 0: as fast as it goes */
	double next_step;    /* when the next one is due, with a rate */
	double next_look;    /* earliest time of the next observation for the screen */
	double window_start; /* of the window the speed is measured in */
	uint64_t window_steps;
};

/* Steps begin anew, from now on, at this rate. */
void pace_begin(struct pace *pace, double rate);

/* Whether a step is due. */
bool pace_step_due(const struct pace *pace);

/* A step was done.  One that is late is not made up for: no burst after a
 * stop of the machine. */
void pace_stepped(struct pace *pace);

/* A look began at `since` and is over: the next one has to wait, so that
 * looking takes a small share of the time. */
void pace_looked(struct pace *pace, double since);

/* Steps a second lately, every half second; false in between. */
bool pace_speed(struct pace *pace, double *steps_per_second);

#endif
