/* The front end's side of both runners: calls become requests. */
#include "lab/runner.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/run.h"
#include "lab/runner_kind.h"

bool runner_destroy(struct runner *runner)
{
	return runner == NULL || runner->destroy(runner);
}

void runner_start(struct runner *runner, const struct settings *settings)
{
	runner_start_lanes(runner, settings, 1);
}

void runner_start_lanes(struct runner *runner, const struct settings *settings, size_t lanes)
{
	struct request request = { .kind = REQUEST_START, .lanes = lanes };
	request.settings = alloc_array(lanes, sizeof *settings, NULL);
	if (request.settings)
		memcpy(request.settings, settings, lanes * sizeof *settings);
	runner->send(runner, &request);
}

void runner_rewind(struct runner *runner, uint64_t step)
{
	struct request request = { .kind = REQUEST_REWIND, .steps = step };
	runner->send(runner, &request);
}

void runner_step(struct runner *runner, uint64_t steps)
{
	struct request request = { .kind = REQUEST_STEP, .steps = steps };
	runner->send(runner, &request);
}

void runner_run(struct runner *runner, bool run, double speed)
{
	struct request request = { .kind = run ? REQUEST_RUN : REQUEST_STOP, .number = speed };
	runner->send(runner, &request);
}

void runner_observe(struct runner *runner, uint64_t step)
{
	struct request request = { .kind = REQUEST_OBSERVE, .steps = step };
	runner->send(runner, &request);
}

void runner_until(struct runner *runner, const struct runner_goal *goal, double speed)
{
	struct request request = { .kind = REQUEST_UNTIL, .number = speed, .goal = *goal };
	runner->send(runner, &request);
}

void runner_edit(struct runner *runner, const char *name, const char *value)
{
	struct request request = { .kind = REQUEST_EDIT };
	snprintf(request.name, sizeof request.name, "%s", name);
	snprintf(request.value, sizeof request.value, "%s", value);
	runner->send(runner, &request);
}

void runner_scale(struct runner *runner, uint32_t layer, double factor)
{
	struct request request = { .kind = REQUEST_SCALE, .layer = layer, .number = factor };
	runner->send(runner, &request);
}

void runner_undo(struct runner *runner)
{
	struct request request = { .kind = REQUEST_UNDO };
	runner->send(runner, &request);
}

void runner_redo(struct runner *runner)
{
	struct request request = { .kind = REQUEST_REDO };
	runner->send(runner, &request);
}

void runner_copy(struct runner *runner, enum tensors_kind kind)
{
	struct request request = { .kind = REQUEST_COPY, .tensors = kind };
	runner->send(runner, &request);
}

void runner_want_images(struct runner *runner, const struct images_wanted *wanted)
{
	struct request request = { .kind = REQUEST_IMAGES, .images = *wanted };
	runner->send(runner, &request);
}

void runner_measure(struct runner *runner, bool on)
{
	runner->measure(runner, on);
}

bool runner_take_copy(struct runner *runner, struct tensors **tensors, struct err *err)
{
	return runner->take_copy(runner, tensors, err);
}

void copied_put(struct copied *copied, struct tensors *tensors, const struct err *err)
{
	tensors_destroy(copied->tensors);
	*copied = (struct copied){ true, tensors, *err };
}

bool copied_take(struct copied *copied, struct tensors **tensors, struct err *err)
{
	if (!copied->ready)
		return false;
	*tensors = copied->tensors;
	if (copied->tensors == NULL && err)
		*err = copied->err;
	*copied = (struct copied){0};
	return true;
}

bool runner_poll(struct runner *runner, struct history *history, const struct snapshot **latest,
                 struct runner_status *status)
{
	return runner->poll(runner, history, latest, status);
}

void runner_poll_lane(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	runner->poll_lane(runner, lane, history, latest);
}

bool runner_past_edit(struct runner *runner, size_t i, struct runner_edit *edit)
{
	return runner->past_edit(runner, i, edit);
}

bool runner_settings(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	return runner->settings(runner, lane, start, now);
}

bool runner_settle(struct runner *runner, double seconds)
{
	return runner->settle(runner, seconds);
}

void runner_report(struct runner *runner, const char *data, uint64_t seed)
{
	runner->report(runner, data, seed);
}

void runner_stop_report(struct runner *runner)
{
	runner->stop_report(runner);
}

bool runner_poll_report(struct runner *runner, struct report *report, struct runner_report_status *status)
{
	return runner->poll_report(runner, report, status);
}

void runner_settle_report(struct runner *runner)
{
	runner->settle_report(runner);
}

void runner_hold(const struct snapshot **held, const struct snapshot *snapshot)
{
	if (held == NULL || *held == snapshot)
		return;
	snapshot_drop(*held);
	*held = snapshot ? snapshot_keep(snapshot) : NULL;
}

bool request_may_be_refused(const struct request *request)
{
	return request->kind == REQUEST_EDIT || request->kind == REQUEST_SCALE || request->kind == REQUEST_OBSERVE ||
	       request->kind == REQUEST_UNTIL;
}

bool request_replaces_run(const struct request *request)
{
	return request->kind == REQUEST_START || request->kind == REQUEST_UNDO || request->kind == REQUEST_REDO;
}

bool runner_can_undo(const struct request *request, const struct run *run, struct err *err)
{
	bool redo = request->kind == REQUEST_REDO;
	if ((request->kind != REQUEST_UNDO && !redo) || run_undo_next(run, redo))
		return true;
	return err_set(err, ERR_USAGE, redo ? "redo: nothing was undone" : "undo: nothing was changed yet");
}

static bool is_trained(const struct parked_run *parked)
{
	return parked && (parked->steps || parked->edits);
}

void runner_publish_undo(struct runner_status *status, const struct run *run)
{
	const struct parked_run *undo = run_undo_next(run, false), *redo = run_undo_next(run, true);
	status->parked = run->parked;
	status->undone = run->undone;
	status->undo = run->undo.count;
	status->redo = run->redo.count;
	status->undo_step = undo ? undo->steps : 0;
	status->redo_step = redo ? redo->steps : 0;
	status->undo_trained = is_trained(undo);
	status->any_trained = false;
	for (size_t i = 0; i < run->undo.count; i++)
		status->any_trained |= is_trained(run->undo.run[i]);
}
