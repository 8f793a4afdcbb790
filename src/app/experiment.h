/* The runner, its status, and what the user has requested. */
#ifndef INITVIZ_APP_EXPERIMENT_H
#define INITVIZ_APP_EXPERIMENT_H

#include <stdbool.h>
#include "lab/runner.h"

struct app;

struct experiment {
	struct runner *runner;       /* not owned */
	struct runner_status status; /* as of the last refresh_app() */
	bool interactive;            /* else each command waits until the runner has done it */
	uint64_t run_left;           /* the run that the last start replaces: a status of this run is out of date */
	bool steps_requested;        /* steps were requested since the run began; the status may not show them yet */
	bool wants_run;              /* the user wants training, which starts when the data are loaded */
	bool run_request_pending;    /* wants_run has changed, and the status does not show it yet */
	double speed;                /* steps a second; 0: as fast as possible */
};

/* The speed at the start: not interactive, as fast as possible. */
double experiment_first_speed(const struct app *app);

/* Whether the net trains, or will when the data are loaded or when the runner
 * carries out its requests: keys that are typed fast are carried out before the
 * runner's status shows their effect. */
bool experiment_is_on(const struct app *app);

/* Records that the user wants training to run or to stop; call it with each such
 * request to the runner. */
void experiment_request(struct app *app, bool run);

/* After a poll of the status: records whether the runner has carried out these
 * requests. */
void experiment_follow(struct app *app);

/* Whether the runner trains or loads. */
bool experiment_is_running(const struct app *app);

#endif
