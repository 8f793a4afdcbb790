/* Between a front end and a session: commands in, snapshots out.  The inline
 * runner does everything within the call (headless, scripts, tests); the
 * worker does it in a thread of its own.  Both behave alike for the front end. */
#ifndef INITVIZ_LAB_RUNNER_H
#define INITVIZ_LAB_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "lab/history.h"
#include "lab/report.h"
#include "lab/runner_edit.h"
#include "lab/settings.h"
#include "lab/snapshot.h"
#include "lab/tensors.h"

struct runner;

/* Receives every scheduled observation of lane 0 in order, on the runner's thread;
 * false (with err filled) fails the run. */
struct runner_sink {
	bool (*receive)(void *context, const struct snapshot *snapshot, struct err *err);
	void *context;
	bool no_return; /* the caller never goes back in the run: it is not marked */
};

struct runner *runner_inline(const struct runner_sink *sink, struct err *err); /* sink may be NULL */

/* `wake` (may be NULL) is called from the worker's thread when there is
 * something new to show, so that an event loop can be woken. */
struct runner *runner_worker(void (*wake)(void *context), void *context, struct err *err);

/* Shows the observations (at least one, of which it takes references) and the
 * changes of a saved run, and refuses to train. */
struct runner *runner_replay(const struct history *history, struct err *err);
#define RUNNER_REPLAY_REFUSAL "a replay cannot train: start initviz without --replay"

/* Ends it within 100 ms.  False when a long step does not end in time: its thread
 * and memory are then abandoned, and the process must leave with _exit(). */
bool runner_destroy(struct runner *runner);

/* ---- commands: queued in order, answered within 100 ms ---- */

/* Drops the current run and starts another at step 0.  With several settings
 * (lanes, at most RUNNER_MAX_LANES) as many nets go in lock-step, all on the
 * first one's data; two have their histograms' axes in common.  A lane of 0
 * steps stays at its start when lane 0 has more. */
#define RUNNER_MAX_LANES 8
void runner_start(struct runner *runner, const struct settings *settings);
void runner_start_lanes(struct runner *runner, const struct settings *settings, size_t lanes);

/* Back to an earlier step of this run: it is repeated from its start with the
 * same seeds and edits, which gives the same bits.  Later requests wait
 * until it is reached, except another start. */
void runner_rewind(struct runner *runner, uint64_t step);
/* Observes the state after `step` steps, not more than those done: it is computed
 * again from the last mark before (run.h), and its observation joins the history.  The
 * run itself stays where it is.  Given up when another request arrives meanwhile. */
void runner_observe(struct runner *runner, uint64_t step);
/* Trains this number of steps, then pauses; during a run too. */
void runner_step(struct runner *runner, uint64_t steps);
/* Runs on until settings.steps (further by the same number when already
 * there), or stops; a run that diverges stops there when it is watched.
 * speed: steps a second, 0 for as fast as possible. */
void runner_run(struct runner *runner, bool run, double speed);

/* A number of lane 0's net (quantity_value()) that is to pass a limit. */
struct runner_goal {
	char name[RUNNER_NAME_SIZE];
	bool above; /* the number is to be larger than the limit, else smaller */
	double limit;
};
/* Runs like runner_run(), observes the net after every step, and pauses after the
 * first one at which the goal is met.  A goal that is not met before the run ends is
 * reported as status.err. */
void runner_until(struct runner *runner, const struct runner_goal *goal, double speed);
void runner_edit(struct runner *runner, const char *name, const char *value);
void runner_scale(struct runner *runner, uint32_t layer, double factor);

/* Copies arrays out of lane 0's net as it is when the request is carried out; ready for
 * runner_take_copy() then.  A start drops a copy that is not made yet. */
void runner_copy(struct runner *runner, enum tensors_kind kind);

/* What the observations from now on have of the images, in this run and in later ones; at first
 * nothing.  The latest is made again if that is more. */
void runner_want_images(struct runner *runner, const struct images_wanted *wanted);

/* Whether a copy is ready or has failed.  *tensors: the copy, which is now the caller's; NULL
 * with err filled if it has failed (ERR_RESOURCE, ERR_RUN). */
bool runner_take_copy(struct runner *runner, struct tensors **tensors, struct err *err);

/* Brings back the run that the last start, rewinding or change replaced, paused
 * where it was left, with its lanes, observations and changes; redo is the
 * opposite.  Continuing gives the same bits as if it had never been replaced.
 * The last PARKED_RUNS of them are kept (parked.h).  Refused when there is
 * none. */
void runner_undo(struct runner *runner);
void runner_redo(struct runner *runner);

/* From now on, or no longer, observations for the screen, and those of runner_observe(), measure
 * singular values too, and the screen's is repeated when the present one lacks them.  While the net
 * trains, they delay each other so as to take a small share of the time.  Scheduled observations
 * do so as settings.isometry says. */
void runner_measure(struct runner *runner, bool on);

/* ---- state of the run ---- */

/* The i-th change of this run so far, by step; false when there are fewer. */
bool runner_past_edit(struct runner *runner, size_t i, struct runner_edit *edit);

/* What a lane of the run brought back last was started with, and the same with
 * its changes made: what the front end had asked for.  False if there is none. */
bool runner_settings(struct runner *runner, size_t lane, struct settings *start, struct settings *now);

enum runner_state { RUNNER_LOADING, RUNNER_PAUSED, RUNNER_RUNNING, RUNNER_FAILED };

struct runner_status {
	enum runner_state state;
	uint64_t run;      /* counts runner_start() calls: which run the rest belongs to */
	size_t lanes;
	bool replay;       /* a saved run: nothing can be trained or changed */
	uint64_t step;
	bool behind;       /* requests wait or are being carried out: the rest may change by them */
	double rate;       /* requested steps a second; 0: no limit */
	double loaded;     /* share of the data read, 0..1 */
	double steps_per_second;
	uint64_t met;      /* counts the goals of runner_until() that were met */
	double goal_value; /* the number, when the last of them was met */
	uint64_t parked;   /* counts the runs that a start, a rewinding or a change has replaced */
	uint64_t undone;   /* counts the runs brought back by undo and redo */
	size_t undo, redo; /* how many could be brought back now */
	uint64_t undo_step, redo_step; /* the steps at which the next of them were left */
	bool undo_trained; /* the next for undo has steps or changes */
	bool any_trained;  /* any of those for undo has steps or changes */
	uint64_t refused;  /* counts the requests that were refused */
	struct err err;    /* why it failed; or why the last request was refused, state unchanged */
};

/* Brings *history and *latest (its reference is replaced) up to date; history
 * is cleared when a new run has begun.  Requests a new observation for the screen from the
 * worker, unless `latest` is NULL, for a caller without a screen.  Returns whether anything
 * changed. */
bool runner_poll(struct runner *runner, struct history *history, const struct snapshot **latest,
                 struct runner_status *status);

/* The same for a further lane (1 .. lanes - 1), after runner_poll(); clear its
 * history when status->run has changed. */
void runner_poll_lane(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest);

/* Waits until all commands so far are carried out (steps done), for scripts;
 * at most `seconds` (0: for ever); false when the time ran out. */
bool runner_settle(struct runner *runner, double seconds);

/* ---- the report on the article ---- */

struct runner_report_status {
	double share;   /* measured so far, 0..1; exactly 1 at the end */
	struct err err; /* why it failed: ERR_INPUT, ERR_RESOURCE */
};

/* Measures the report with nets of its own, which leave the run alone and do not
 * depend on its state.  data: as settings.data; seed: of the first nets.  A
 * report that was stopped is continued, other data or another seed start a new
 * one. */
void runner_report(struct runner *runner, const char *data, uint64_t seed);

/* Stops measuring, after some hundredths of a second; what was measured is kept. */
void runner_stop_report(struct runner *runner);

/* Copies what has been measured so far.  The report names its nets only when
 * share > 0.  Returns whether anything changed since the last call. */
bool runner_poll_report(struct runner *runner, struct report *report, struct runner_report_status *status);

/* Waits until the report is complete, stopped or failed, for scripts. */
void runner_settle_report(struct runner *runner);

#endif
