/* A run: a session with its data, its threads and its observation schedule. It is
 * what both runners have in common, without queue, clock or thread. */
#ifndef INITVIZ_LAB_RUN_H
#define INITVIZ_LAB_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "lab/marks.h"
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
	bool (*receive)(void *context, size_t lane, const struct snapshot *snapshot, struct err *err);
	void *context;
};

#define RUN_MAX_EDITS 256

struct run {
	struct lane lane[RUNNER_MAX_LANES];
	size_t lanes;            /* 0 before run_start() and after it failed */
	struct dataset *dataset; /* shared by the lanes: lane 0's choice */
	char data[SETTINGS_DATA_SIZE]; /* dataset_open()'s spec, as asked */
	struct dataset_division division; /* as asked */
	bool data_complete;      /* the data set is verified, and loaded for a caller who wants reports of progress */
	struct pool *pool;
	struct images_wanted images; /* asked of the observations of all lanes */
	int wanted_threads;      /* requested for the pool, which may have fewer */
	uint64_t target;         /* step at which "run" ends */
	bool stale;              /* something changed since the lanes' `latest` */
	bool partial;            /* they are SESSION_GLANCE observations */
	struct settings start[RUNNER_MAX_LANES]; /* settings with which the lanes started */
	struct runner_edit edit[RUN_MAX_EDITS];  /* made so far, by step; made again when the run is repeated */
	size_t edits;
	struct runner_edit replayed[RUN_MAX_EDITS]; /* edits to repeat after run_rewind() */
	size_t replayed_count, replayed_next;
	uint64_t rewind_to;      /* step up to which this run repeats an earlier one; 0: it does not */
	uint64_t rewind_target;  /* the `target` that the repeated run had at that step */
	bool branching;          /* it was rewound in order to be changed: undo takes back both at once */
	struct marks marks;      /* of this run, so far */
	bool unmarked;           /* no marks are made: nobody goes back */
	struct mark_file *mark_file; /* of this run's marks and those of parked runs; NULL until one is needed */
	bool warned_of_file;     /* that it has a fault */
	uint64_t quiet;          /* observations of steps below this were handed to the caller of the sink before */
	struct parked_stack undo, redo; /* runs that this one replaced; those that were undone */
	uint64_t parked, undone; /* count runs put on and taken off those stacks by run_park() and run_undo() */
	struct run_sink sink;    /* receives every scheduled observation */
	bool measuring;          /* observations for the screen measure singular values */
	bool (*go_on)(void *context); /* called meanwhile, with sink.context: false ends that without a result; NULL: none */
	void (*loading)(void *context); /* called while data are read, with sink.context; NULL: read when needed */
};

/* Replaces the sessions by new ones, settings[lanes]; opens the data set if
 * it is a different one; hands the observations of step 0 to the sink.  With
 * two lanes the histograms' axes are common to both. */
bool run_start(struct run *run, const struct settings *settings, size_t lanes, struct err *err);
/* Ends it and frees the runs it replaced. */
void run_close(struct run *run);

/* Takes the run back to the last mark at or before `step`, or else to its start,
 * and repeats it up to `step` with the edits made before that step.  A change that
 * follows is made at `step`.  The sink receives the observations before the mark
 * again. */
bool run_rewind(struct run *run, uint64_t step, struct err *err);

/* Observes the state after `step` steps, not more than those done, by repeating them
 * from the last mark in nets of their own; the run itself stays where it is.  Adds the
 * observations to the lanes' histories and keeps a reference to each in seen[lanes].
 * Gives up when go_on() (NULL: never) returns false: then seen[] is NULL, without an
 * error. */
bool run_observe_past(struct run *run, uint64_t step, bool (*go_on)(void *context), void *context,
                      const struct snapshot **seen, struct err *err);

/* Whether it has not reached the step to which it was rewound. */
bool run_is_repeating(const struct run *run);

/* ---- undo: run_undo.c ---- */

/* Parks the run in its present state, before another replaces it.  If memory is
 * short, only its settings and changes are kept, from which it can be repeated. */
void run_park(struct run *run);

/* The run that undo, or redo, would restore next; NULL if there is none. */
const struct parked_run *run_undo_next(const struct run *run, bool redo);

/* Parks the present run and restores the one that it replaced, or with `redo` the
 * one that was undone last: all later steps give the same bits.  *repeat: the steps
 * that must be repeated to reach its state (0 unless memory was short).  On failure
 * no run is active and none is lost: the call can be repeated.  Requires a run to
 * restore. */
bool run_undo(struct run *run, bool redo, uint64_t *repeat, struct err *err);

uint64_t run_steps(const struct run *run);  /* done so far */
bool run_diverged(const struct run *run);   /* any lane */

/* One step, and the scheduled observation if one is due: every settings.every
 * steps and at the target. */
bool run_step(struct run *run, struct err *err);

/* Sets the target for "run": settings.steps, or as many more. */
void run_aim(struct run *run);

/* Updates `latest`.  glance: the net is running, so expensive numbers are left out. */
bool run_needs_observation(const struct run *run, bool glance);
bool run_refresh(struct run *run, bool glance, struct err *err);

/* Whether lane 0's net meets the goal now; *value: its number, NaN where it has none.
 * False with err filled for a number that does not exist, or when the net cannot be observed. */
bool run_goal_is_met(struct run *run, const struct runner_goal *goal, bool *met, double *value, struct err *err);

/* For a run that ended without meeting the goal: fills err and returns false. */
bool run_missed_goal(const struct run *run, const struct runner_goal *goal, double value, struct err *err);

/* The i-th change made so far; false when there are fewer. */
bool run_past_edit(const struct run *run, size_t i, struct runner_edit *edit);

/* What a lane was started with, and the same with the changes made so far; of a
 * run that is being repeated, with all changes still to be repeated.  False for a lane that
 * does not exist. */
bool run_settings(const struct run *run, size_t lane, struct settings *start, struct settings *now);

/* What further observations have of the images; the screen's is made again if that is more. */
void run_want_images(struct run *run, const struct images_wanted *wanted);

bool run_edit(struct run *run, const char *name, const char *value, struct err *err);
bool run_scale(struct run *run, uint32_t layer, double factor, struct err *err);

/* Threads that `settings` ask for, or that their work per step is worth. */
int run_threads(const struct settings *settings);

#endif
