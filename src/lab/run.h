/* A run: a session with its data, its threads and its observation schedule.
 * What both runners do, without queue, clock or thread. */
#ifndef INITVIZ_LAB_RUN_H
#define INITVIZ_LAB_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "lab/parked.h"
#include "lab/runner.h"
#include "lab/session.h"

/* Lanes run in lock-step: one step of the run is one step of every lane. */
struct lane {
	struct session *session;
	struct session_ranges scheduled, screen;
	const struct snapshot *latest; /* newest observation for the screen, or NULL */
	struct history history;        /* scheduled observations of this run */
};

struct run_sink {
	bool (*take)(void *context, size_t lane, const struct snapshot *snapshot, struct err *err);
	void *context;
};

#define RUN_MAX_EDITS 256

struct run {
	struct lane lane[RUNNER_MAX_LANES];
	size_t lanes;            /* 0 before run_start() and after it failed */
	struct dataset *dataset; /* shared by the lanes: lane 0's choice */
	char data[SETTINGS_DATA_SIZE]; /* dataset_open()'s spec, as asked */
	struct pool *pool;
	int wanted_threads;      /* that the pool was made for; it may have been refused some */
	bool share_cpu;          /* leave a CPU to the screen */
	uint64_t target;         /* step at which "run" ends */
	bool stale;              /* something changed since the lanes' `latest` */
	bool partial;            /* they are glances */
	struct settings start[RUNNER_MAX_LANES]; /* what the lanes began with */
	struct runner_edit edit[RUN_MAX_EDITS];  /* made so far, by step; made again when the run is repeated */
	size_t edits;
	struct runner_edit again[RUN_MAX_EDITS]; /* to be made again after run_rewind() */
	size_t again_count, again_next;
	uint64_t rewind_to;      /* step up to which this run repeats an earlier one; 0: it does not */
	uint64_t rewind_target;  /* `target` of the run that is repeated, when it was that far */
	bool branching;          /* rewound in order to be changed: that change is part of the same undo */
	uint64_t quiet;          /* observations of steps below this were handed to the caller of the sink before */
	struct parked_stack undo, redo; /* runs that this one replaced; those that were undone */
	uint64_t parked, undone; /* count runs put on and taken off those stacks by run_park() and run_undo() */
	struct run_sink sink;    /* is handed every scheduled observation */
	void (*loading)(void *context); /* called while data are read, with sink.context; NULL: read when needed */
};

/* Drops the sessions and begins others, settings[lanes]; opens the data set if
 * it is a different one; hands the observations of step 0 to the sink.  With
 * two lanes the histograms' axes are common to both. */
bool run_start(struct run *run, const struct settings *settings, size_t lanes, struct err *err);
/* Ends it and forgets the runs it replaced. */
void run_close(struct run *run);

/* Begins the same run again, to be stepped to `step`: the edits made before it
 * are made again on the way.  The change that follows is made there. */
bool run_rewind(struct run *run, uint64_t step, struct err *err);

/* Whether it has not come as far yet as it was rewound to. */
bool run_is_repeating(const struct run *run);

/* ---- undo: run_undo.c ---- */

/* Parks the run as it stands, before another replaces it.  Where memory is
 * short it is kept as the settings and changes it can be repeated from. */
void run_park(struct run *run);

/* The next run that undo, or redo, would bring back; NULL if there is none. */
const struct parked_run *run_undo_next(const struct run *run, bool redo);

/* Parks the present run and brings back the one that it replaced, or with
 * `redo` the one undone last, as it was left: every later step has the same
 * bits.  *repeat: so many steps are to be done until it is there (0, but where
 * memory was short).  On failure no run is left, and none is lost: it can be
 * tried again.  There must be one. */
bool run_undo(struct run *run, bool redo, uint64_t *repeat, struct err *err);

uint64_t run_steps(const struct run *run);  /* done so far */
bool run_diverged(const struct run *run);   /* any lane */

/* One step, and the scheduled observation if one is due: every settings.every
 * steps and at the target. */
bool run_step(struct run *run, struct err *err);

/* Sets the target for "run": settings.steps, or as many more. */
void run_aim(struct run *run);

/* Brings `latest` up to date.  glance: it is running, leave out what costs. */
bool run_wants_look(const struct run *run, bool glance);
bool run_look(struct run *run, bool glance, struct err *err);

/* The i-th change made so far; false when there are fewer. */
bool run_past_edit(const struct run *run, size_t i, struct runner_edit *edit);

/* What a lane was started with, and the same with the changes made so far; of a
 * run that is being repeated, with all that will be.  False for a lane that is
 * not there. */
bool run_settings(const struct run *run, size_t lane, struct settings *start, struct settings *now);

bool run_edit(struct run *run, const char *name, const char *value, struct err *err);
bool run_scale(struct run *run, uint32_t layer, double factor, struct err *err);

/* Threads that `settings` ask for, or that their work per step is worth. */
int run_threads(const struct settings *settings, bool share_cpu);

#endif
