/* A run: a session with its data, its threads and its observation schedule.
 * What both runners do, without queue, clock or thread. */
#ifndef INITVIZ_LAB_RUN_H
#define INITVIZ_LAB_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "lab/runner.h"
#include "lab/session.h"

struct run {
	struct session *session; /* NULL before run_start() and after it failed */
	struct dataset *dataset;
	char data[SETTINGS_DATA_SIZE]; /* dataset_open()'s spec, as asked */
	struct pool *pool;
	bool share_cpu;          /* leave a CPU to the screen */
	uint64_t target;         /* step at which "run" ends */
	struct session_ranges scheduled, screen;
	const struct snapshot *latest; /* newest observation for the screen, or NULL */
	bool stale;              /* something changed since `latest` */
	bool partial;            /* `latest` is a glance */
	uint64_t last_scheduled; /* step of the newest scheduled observation */
	struct runner_sink sink; /* take may be NULL */
};

/* Drops the session and begins another; opens the data set if it is a
 * different one; hands the observation of step 0 to the sink. */
bool run_start(struct run *run, const struct settings *settings, struct err *err);
void run_close(struct run *run);

/* One step, and the scheduled observation if one is due: every settings.every
 * steps and at the target. */
bool run_step(struct run *run, struct err *err);

/* Sets the target for "run": settings.steps, or as many more. */
void run_aim(struct run *run);

/* Brings `latest` up to date.  glance: it is running, leave out what costs. */
bool run_wants_look(const struct run *run, bool glance);
bool run_look(struct run *run, bool glance, struct err *err);

bool run_edit(struct run *run, const char *name, const char *value, struct err *err);
bool run_scale(struct run *run, uint32_t layer, double factor, struct err *err);

/* Threads that `settings` ask for, or that their work per step is worth. */
int run_threads(const struct settings *settings, bool share_cpu);

#endif
