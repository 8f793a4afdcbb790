/* The inline runner: a request is carried out before send() returns.  For
 * headless runs, scripts and tests. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/run.h"
#include "lab/runner_kind.h"

struct inline_runner {
	struct runner runner;
	struct run run;
	struct runner_sink sink; /* the caller's */
	struct history history;  /* scheduled observations of this run */
	struct runner_status status;
	bool changed;
};

static struct inline_runner *self(struct runner *runner)
{
	return (struct inline_runner *)(void *)runner;
}

static bool take(void *context, const struct snapshot *snapshot, struct err *err)
{
	struct inline_runner *r = context;
	return history_add(&r->history, snapshot, err) &&
	       (r->sink.take == NULL || r->sink.take(r->sink.context, snapshot, err));
}

static bool steps(struct inline_runner *r, uint64_t count, struct err *err)
{
	for (; count && r->run.session; count--)
		if (!run_step(&r->run, err))
			return false;
	return true;
}

static bool carry_out(struct inline_runner *r, const struct request *request, struct err *err)
{
	switch (request->kind) {
	case REQUEST_START:
		r->status.run++;
		r->status.state = RUNNER_PAUSED;
		r->status.err = (struct err){0};
		history_clear(&r->history);
		return run_start(&r->run, &request->settings, err);
	case REQUEST_STEP:
		return steps(r, request->steps, err);
	case REQUEST_RUN:
		if (r->run.session == NULL)
			return true;
		run_aim(&r->run);
		return steps(r, r->run.target - session_steps(r->run.session), err);
	case REQUEST_EDIT:
		return run_edit(&r->run, request->name, request->value, err);
	case REQUEST_SCALE:
		return run_scale(&r->run, request->layer, request->number, err);
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
	if (r->status.state == RUNNER_FAILED && request->kind != REQUEST_START)
		return;
	if (!carry_out(r, request, &err) && !request_may_be_refused(request))
		r->status.state = RUNNER_FAILED;
	r->status.err = err;
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
	if (r->status.state != RUNNER_FAILED && !run_look(&r->run, false, &err)) {
		r->status.err = err;
		r->status.state = RUNNER_FAILED;
	}
	if (r->run.session)
		r->status.step = session_steps(r->run.session);
	history_clear(history);
	for (size_t i = 0; i < r->history.count; i++)
		if (!history_add(history, r->history.snapshot[i], &r->status.err))
			r->status.state = RUNNER_FAILED;
	runner_show(latest, r->run.latest);
	*status = r->status;
	return true;
}

static bool settle_inline(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

static bool destroy_inline(struct runner *runner)
{
	struct inline_runner *r = self(runner);
	run_close(&r->run);
	history_clear(&r->history);
	alloc_free(r);
	return true;
}

struct runner *runner_inline(const struct runner_sink *sink, struct err *err)
{
	struct inline_runner *r = alloc_array(1, sizeof *r, err);
	if (r == NULL)
		return NULL;
	r->runner = (struct runner){ destroy_inline, send_inline, poll_inline, settle_inline };
	if (sink)
		r->sink = *sink;
	r->run.sink = (struct runner_sink){ take, r };
	r->status.loaded = 1;
	return &r->runner;
}
