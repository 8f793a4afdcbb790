/* The inline runner: a request is carried out before send() returns.  For
 * headless runs, scripts and tests. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/report_run.h"
#include "lab/run.h"
#include "lab/runner_kind.h"

struct inline_runner {
	struct runner runner;
	struct run run;
	struct runner_sink sink; /* the caller's */
	struct runner_status status;
	struct copied copied;
	bool changed;
	struct report_run *report; /* NULL before the first, and after a failure */
	char report_data[SETTINGS_DATA_SIZE];
	struct runner_report_status report_status;
	bool report_changed;
};

static struct inline_runner *self(struct runner *runner)
{
	return (struct inline_runner *)(void *)runner;
}

/* Observations that a repeated run makes again are not delivered to the caller
 * again. */
static bool deliver(void *context, size_t lane, const struct snapshot *snapshot, struct err *err)
{
	struct inline_runner *r = context;
	return lane || r->sink.receive == NULL || snapshot->step < r->run.quiet ||
	       r->sink.receive(r->sink.context, snapshot, err);
}

static bool steps(struct inline_runner *r, uint64_t count, struct err *err)
{
	for (; count && r->run.lanes; count--)
		if (!run_step(&r->run, err))
			return false;
	return true;
}

static bool run_until(struct inline_runner *r, const struct runner_goal *goal, struct err *err)
{
	bool met = false;
	run_aim(&r->run);
	while (!met && run_steps(&r->run) < r->run.target)
		if (!steps(r, 1, err) || !run_goal_is_met(&r->run, goal, &met, &r->status.goal_value, err))
			return false;
	r->status.met += met;
	return met || run_missed_goal(&r->run, goal, r->status.goal_value, err);
}

static bool observe(struct inline_runner *r, uint64_t step, struct err *err)
{
	const struct snapshot *seen[RUNNER_MAX_LANES];
	bool done = run_observe_past(&r->run, step, NULL, NULL, seen, err);
	for (size_t i = 0; i < r->run.lanes; i++)
		snapshot_drop(seen[i]);
	return done;
}

static void copy(struct inline_runner *r, enum tensors_kind kind)
{
	struct err err = {0};
	struct tensors *tensors = session_tensors(r->run.lane[0].session, kind, &err);
	copied_put(&r->copied, tensors, &err);
}

static bool take_copy_inline(struct runner *runner, struct tensors **tensors, struct err *err)
{
	return copied_take(&self(runner)->copied, tensors, err);
}

static void begin(struct inline_runner *r)
{
	r->status.run++;
	r->status.state = RUNNER_PAUSED;
}

static bool bring_back(struct inline_runner *r, bool redo, struct err *err)
{
	uint64_t repeat;
	begin(r);
	return run_undo(&r->run, redo, &repeat, err) && steps(r, repeat, err);
}

static bool carry_out(struct inline_runner *r, const struct request *request, struct err *err)
{
	switch (request->kind) {
	case REQUEST_START:
		begin(r);
		run_park(&r->run);
		return run_start(&r->run, request->settings, request->lanes, err);
	case REQUEST_STEP:
		return steps(r, request->steps, err);
	case REQUEST_REWIND:
		begin(r);
		run_park(&r->run);
		return run_rewind(&r->run, request->steps, err) &&
		       steps(r, request->steps - run_steps(&r->run), err);
	case REQUEST_RUN:
		run_aim(&r->run);
		return steps(r, r->run.target - run_steps(&r->run), err);
	case REQUEST_EDIT:
		return run_edit(&r->run, request->name, request->value, err);
	case REQUEST_SCALE:
		return run_scale(&r->run, request->layer, request->number, err);
	case REQUEST_OBSERVE:
		return observe(r, request->steps, err);
	case REQUEST_COPY:
		copy(r, request->tensors);
		break;
	case REQUEST_IMAGES:
		break;
	case REQUEST_UNTIL:
		return run_until(r, &request->goal, err);
	case REQUEST_UNDO:
	case REQUEST_REDO:
		return bring_back(r, request->kind == REQUEST_REDO, err);
	case REQUEST_STOP:
		break;
	}
	return true;
}

static void send_inline(struct runner *runner, const struct request *request)
{
	struct inline_runner *r = self(runner);
	struct err err = {0};
	r->changed = true;
	if (request->kind == REQUEST_IMAGES)
		run_want_images(&r->run, &request->images);
	bool works = r->run.lanes && r->status.state != RUNNER_FAILED;
	/* the reason of a failure is kept until another run starts */
	if (works || (request_replaces_run(request) && runner_can_undo(request, &r->run, NULL))) {
		if (runner_can_undo(request, &r->run, &err) && !carry_out(r, request, &err) && !request_may_be_refused(request))
			r->status.state = RUNNER_FAILED;
		r->status.err = err;
		r->status.refused += err.code != ERR_NONE;
	}
	alloc_free(request->settings);
}

static void measure_inline(struct runner *runner, bool on)
{
	struct inline_runner *r = self(runner);
	r->changed |= on && !r->run.measuring;
	r->run.measuring = on;
}

static void copy_lane(struct inline_runner *r, size_t lane, struct history *history, const struct snapshot **latest)
{
	const struct history *own = &r->run.lane[lane].history;
	history_clear(history);
	for (size_t i = 0; i < own->count; i++)
		if (!history_add(history, own->snapshot[i], &r->status.err))
			r->status.state = RUNNER_FAILED;
	runner_hold(latest, r->run.lane[lane].latest);
}

static void poll_lane_inline(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	copy_lane(self(runner), lane, history, latest);
}

static bool poll_inline(struct runner *runner, struct history *history, const struct snapshot **latest,
                        struct runner_status *status)
{
	struct inline_runner *r = self(runner);
	*status = r->status;
	if (!r->changed)
		return false;
	r->changed = false;
	struct err err = {0};
	if (latest && r->status.state != RUNNER_FAILED && !run_refresh(&r->run, false, &err)) {
		r->status.err = err;
		r->status.state = RUNNER_FAILED;
	}
	r->status.step = run_steps(&r->run);
	r->status.lanes = r->run.lanes;
	runner_publish_undo(&r->status, &r->run);
	copy_lane(r, 0, history, latest);
	*status = r->status;
	return true;
}

static bool past_edit_inline(struct runner *runner, size_t i, struct runner_edit *edit)
{
	return run_past_edit(&self(runner)->run, i, edit);
}

static bool settings_inline(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	return run_settings(&self(runner)->run, lane, start, now);
}

static bool settle_inline(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

/* ---- the report ---- */

static bool is_reported(const struct inline_runner *r, const char *data, uint64_t seed)
{
	return r->report && strcmp(r->report_data, data) == 0 && report_of(r->report)->seed == seed;
}

static void report_inline(struct runner *runner, const char *data, uint64_t seed)
{
	struct inline_runner *r = self(runner);
	struct runner_report_status *status = &r->report_status;
	if (is_reported(r, data, seed))
		return;
	report_end(r->report);
	*status = (struct runner_report_status){0};
	snprintf(r->report_data, sizeof r->report_data, "%s", data);
	r->report = report_begin(data, seed, &status->err);
	while (r->report && report_share(r->report) < 1)
		if (!report_advance(r->report, &status->err)) {
			report_end(r->report);
			r->report = NULL;
		}
	status->share = r->report != NULL;
	r->report_changed = true;
}

static void stop_report_inline(struct runner *runner)
{
	(void)runner;
}

static bool poll_report_inline(struct runner *runner, struct report *report, struct runner_report_status *status)
{
	struct inline_runner *r = self(runner);
	bool changed = r->report_changed;
	r->report_changed = false;
	*status = r->report_status;
	if (r->report)
		*report = *report_of(r->report);
	return changed;
}

static void settle_report_inline(struct runner *runner)
{
	(void)runner;
}

static bool destroy_inline(struct runner *runner)
{
	struct inline_runner *r = self(runner);
	report_end(r->report);
	tensors_destroy(r->copied.tensors);
	run_close(&r->run);
	alloc_free(r);
	return true;
}

struct runner *runner_inline(const struct runner_sink *sink, struct err *err)
{
	struct inline_runner *r = alloc_array(1, sizeof *r, err);
	if (r == NULL)
		return NULL;
	r->runner = (struct runner){
		.destroy = destroy_inline, .send = send_inline, .poll = poll_inline, .past_edit = past_edit_inline,
		.settings = settings_inline, .take_copy = take_copy_inline, .poll_lane = poll_lane_inline, .settle = settle_inline, .measure = measure_inline,
		.report = report_inline, .stop_report = stop_report_inline, .poll_report = poll_report_inline,
		.settle_report = settle_report_inline,
	};
	if (sink)
		r->sink = *sink;
	r->run.sink = (struct run_sink){ deliver, r };
	r->run.unmarked = r->sink.no_return;
	r->status.loaded = 1;
	return &r->runner;
}
