/* The moment of the run that is shown: the present or an earlier observation. */
#ifndef INITVIZ_APP_MOMENT_H
#define INITVIZ_APP_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "lab/snapshot.h"

struct app;

struct moment {
	bool live;     /* the latest observation is shown, else the one at `step` */
	uint64_t step;
	bool hidden;   /* nothing is shown, as a lesson sets up another net than the runner's (lesson_screen.c) */
};

/* The observation shown; NULL before the first, when the run failed, and while nothing is shown.  Of
 * the chosen lane, or of any. */
const struct snapshot *moment_snapshot(const struct app *app);
const struct snapshot *moment_of_lane(const struct app *app, size_t lane);

/* Whether an earlier observation than the latest is shown. */
bool moment_is_past(const struct app *app);

/* Number of layers of the net shown, at least 1. */
size_t moment_layers(const struct app *app);

/* Commands. */
bool moment_go(struct app *app, char *words, struct err *err);
bool moment_live(struct app *app, char *words, struct err *err);

#endif
