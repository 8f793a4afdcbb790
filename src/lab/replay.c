/* The replaying runner: shows the observations of a saved run, all at once,
 * and refuses to train. */
#include <stdio.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "lab/runner_kind.h"
#include "lab/worker_report.h"
#include "lab/worker_thread.h"

struct replay {
	struct runner runner;
	struct history history;
	struct runner_status status;
	bool changed;
	struct copied copied;
	struct worker_report report;
};

static struct replay *self(struct runner *runner)
{
	return (struct replay *)(void *)runner;
}

/* The first start comes from the front end, which has the run's settings from the
 * file; a stop is accepted, because it requests no training. */
static void send_replay(struct runner *runner, const struct request *request)
{
	struct replay *r = self(runner);
	if (request->kind == REQUEST_START && r->status.run == 0)
		r->status.run = 1;
	else if (request->kind == REQUEST_COPY) {
		struct err err = {0};
		err_set(&err, ERR_RUN, "a saved run has no weights: start initviz without --replay");
		copied_put(&r->copied, NULL, &err);
	} else if (request->kind != REQUEST_STOP) {
		err_set(&r->status.err, ERR_USAGE, "%s", RUNNER_REPLAY_REFUSAL);
		r->status.refused++;
	}
	r->changed = true;
	alloc_free(request->settings);
}

/* A refusal is reported once. */
static bool poll_replay(struct runner *runner, struct history *history, const struct snapshot **latest,
                        struct runner_status *status)
{
	struct replay *r = self(runner);
	bool changed = r->changed;
	r->changed = false;
	*status = r->status;
	r->status.err = (struct err){0};
	if (r->status.run == 0)
		return changed;
	while (history->count < r->history.count)
		if (!history_add(history, r->history.snapshot[history->count], &status->err)) {
			status->state = RUNNER_FAILED;
			return true;
		}
	runner_hold(latest, r->history.snapshot[r->history.count - 1]);
	return changed;
}

static bool past_edit_replay(struct runner *runner, size_t i, struct runner_edit *edit)
{
	const struct history *history = &self(runner)->history;
	if (i >= history->edits)
		return false;
	*edit = history->edit[i];
	return true;
}

/* A saved run has what it was saved with. */
static void measure_replay(struct runner *runner, bool on)
{
	(void)runner, (void)on;
}

static bool settings_replay(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	(void)runner, (void)lane, (void)start, (void)now;
	return false;
}

static bool take_copy_replay(struct runner *runner, struct tensors **tensors, struct err *err)
{
	return copied_take(&self(runner)->copied, tensors, err);
}

static void poll_lane_replay(struct runner *runner, size_t lane, struct history *history,
                             const struct snapshot **latest)
{
	(void)runner, (void)lane;
	history_clear(history);
	runner_hold(latest, NULL);
}

static bool settle_replay(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

static bool destroy_replay(struct runner *runner)
{
	if (!worker_report_destroy(&self(runner)->report, clock_seconds() + worker_end_seconds))
		return false;
	history_clear(&self(runner)->history);
	alloc_free(runner);
	return true;
}

struct runner *runner_replay(const struct history *history, struct err *err)
{
	struct replay *r = alloc_array(1, sizeof *r, err);
	if (r == NULL)
		return NULL;
	r->runner = (struct runner){
		.destroy = destroy_replay, .send = send_replay, .past_edit = past_edit_replay, .poll = poll_replay,
		.settings = settings_replay, .take_copy = take_copy_replay, .poll_lane = poll_lane_replay, .settle = settle_replay, .measure = measure_replay,
		.report = worker_report_begin, .stop_report = worker_report_stop, .poll_report = worker_report_poll,
		.settle_report = worker_report_settle, .reporter = &r->report,
	};
	worker_report_init(&r->report);
	bool taken = true;
	for (size_t i = 0; i < history->count && taken; i++)
		taken = history_add(&r->history, history->snapshot[i], err);
	for (size_t i = 0; i < history->edits && taken; i++)
		taken = history_note(&r->history, &history->edit[i], err);
	if (!taken) {
		destroy_replay(&r->runner);
		return NULL;
	}
	r->status = (struct runner_status){
		.state = RUNNER_PAUSED, .lanes = 1, .loaded = 1, .replay = true,
		.step = history->snapshot[history->count - 1]->step,
	};
	return &r->runner;
}
