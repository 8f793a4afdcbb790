/* The nets that train in lock-step, each in a lane: same seeds, same batches. There
 * is always lane 0; a comparison has one more, all scenarios at once have several
 * more. */
#ifndef INITVIZ_APP_LANES_H
#define INITVIZ_APP_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include "lab/history.h"
#include "lab/runner.h"

struct app;

struct app_lane {
	struct settings settings;      /* of the run, and of the next one that is started */
	struct history history;
	const struct snapshot *latest; /* NULL before the run's first; owned */
	const struct snapshot *held;   /* the last one, shown until a new run has one; NULL before the first; owned */
};

struct lanes {
	struct app_lane lane[RUNNER_MAX_LANES];
	size_t beside;           /* number of lanes in use besides lane 0 */
	size_t chosen;           /* the lane that views of one net show */
	size_t partner;          /* index of the scenario that lane 1 was made from */
	struct settings started[RUNNER_MAX_LANES]; /* the settings that each run was started with */
};

/* Starts a run in every lane. */
void lanes_start(struct app *app);

/* Removes all lanes but lane 0. */
void lanes_remove(struct app *app);

/* Takes over new observations of the lanes beside lane 0; true if there were any. */
bool lanes_refresh(struct app *app, bool new_run);

/* Changes a setting in the lanes beside lane 0, too.  They keep their own
 * initializers; another scenario removes them. */
void lanes_set(struct app *app, const struct setting *setting, const char *name, const char *value);
void lanes_reseed(struct app *app);

const struct history *lanes_history(const struct app *app, size_t lane);

/* What the header calls the nets; false when there is only lane 0. */
bool lanes_title(const struct app *app, char *out, size_t size);

/* Pins a lane's run if it has done all its steps. */
void lanes_pin_finished(struct app *app, size_t lane);

#endif
