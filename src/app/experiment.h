/* The runner, its status, and what the user asked it for. */
#ifndef INITVIZ_APP_EXPERIMENT_H
#define INITVIZ_APP_EXPERIMENT_H

#include <stdbool.h>
#include "lab/runner.h"

struct app;

struct experiment {
	struct runner *runner;       /* not owned */
	struct runner_status status; /* as of the last refresh_app() */
	bool interactive;            /* else each command waits until the runner has done it */
	uint64_t run_left;           /* the run that the last start has left: a status of it is out of date */
	bool steps_requested;            /* since the run began; the status may not show them yet */
	bool wants_run;              /* the user asked for training; it starts when the data are loaded */
	bool run_request_pending;             /* ... or against it, and the status does not show it yet */
	double speed;                /* steps a second; 0: as fast as possible */
};

/* The speed at the start: not interactive, as fast as possible. */
double experiment_first_speed(const struct app *app);

/* Whether training goes on now, or will when the data are loaded or when the runner
 * comes to the requests: keys typed fast are carried out before their status is read. */
bool experiment_is_on(const struct app *app);

/* To be called with each request to the runner that begins or ends training: what the user wants. */
void experiment_request(struct app *app, bool run);

/* Takes over from a status just polled whether the runner has come to these requests. */
void experiment_follow(struct app *app);

/* Whether the runner trains or loads. */
bool experiment_is_running(const struct app *app);

#endif
