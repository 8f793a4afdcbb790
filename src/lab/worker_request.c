/* The worker carries out requests. */
#include "lab/worker_parts.h"

/* Clears what is published, so that the front end sees that another run begins. */
static void publish_new_run(struct worker *w)
{
	pthread_mutex_lock(&w->mutex);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		history_clear(&w->outbox[i]);
		runner_hold(&w->latest[i], NULL);
	}
	w->edits = 0;
	w->status.run++;
	w->status.step = 0;
	w->status.state = RUNNER_LOADING;
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	worker_wake_front(w);
	w->running = w->rewinding = w->aiming = false;
	w->pending = 0;
}

static bool publish_begin(struct worker *w, bool started)
{
	pthread_mutex_lock(&w->mutex);
	w->status.state = started ? RUNNER_PAUSED : RUNNER_FAILED;
	pthread_mutex_unlock(&w->mutex);
	return started;
}

static void publish_start(struct worker *w)
{
	pthread_mutex_lock(&w->mutex);
	w->started = 0;
	while (run_settings(&w->run, w->started, &w->start[w->started], &w->now[w->started]))
		w->started++;
	pthread_mutex_unlock(&w->mutex);
}

/* Publishes all observations of a restored run at once. */
static bool publish_history(struct worker *w, struct err *err)
{
	bool taken = true;
	for (size_t lane = 0; lane < w->run.lanes; lane++) {
		const struct history *history = &w->run.lane[lane].history;
		for (size_t i = 0; taken && i < history->count; i++)
			taken = worker_record(w, lane, history->snapshot[i], err);
	}
	return taken;
}

static bool bring_back(struct worker *w, bool redo, struct err *err)
{
	uint64_t repeat;
	publish_new_run(w);
	bool back = publish_begin(w, run_undo(&w->run, redo, &repeat, err));
	if (!back)
		return false;
	publish_start(w);
	w->pending = repeat;
	w->rewinding = repeat > 0;
	schedule_begin(&w->schedule, 0);
	return repeat || publish_history(w, err);
}

bool worker_is_undisturbed(void *context)
{
	struct worker *w = context;
	return !__atomic_load_n(&w->interrupt, __ATOMIC_RELAXED);
}

static bool observe_past(struct worker *w, uint64_t step, struct err *err)
{
	const struct snapshot *seen[RUNNER_MAX_LANES];
	bool done = run_observe_past(&w->run, step, worker_is_undisturbed, w, seen, err);
	for (size_t i = 0; i < w->run.lanes; i++) {
		done = done && (seen[i] == NULL || worker_record(w, i, seen[i], err));
		snapshot_drop(seen[i]);
	}
	return done;
}

static void copy(struct worker *w, enum tensors_kind kind)
{
	struct err err = {0};
	struct tensors *tensors = session_tensors(w->run.lane[0].session, kind, &err);
	pthread_mutex_lock(&w->mutex);
	copied_put(&w->copied, tensors, &err);
	pthread_mutex_unlock(&w->mutex);
}

static bool carry_out(struct worker *w, const struct request *request, struct err *err)
{
	switch (request->kind) {
	case REQUEST_START:
		publish_new_run(w);
		run_park(&w->run);
		return publish_begin(w, run_start(&w->run, request->settings, request->lanes, err));
	case REQUEST_REWIND:
		publish_new_run(w);
		run_park(&w->run);
		if (!publish_begin(w, run_rewind(&w->run, request->steps, err)))
			return false;
		w->pending = request->steps - run_steps(&w->run);
		w->rewinding = w->pending > 0;
		schedule_begin(&w->schedule, 0);
		break;
	case REQUEST_STEP:
		w->pending = (w->running ? 0 : w->pending) + request->steps;
		w->running = w->aiming = false;
		schedule_begin(&w->schedule, 0);
		break;
	case REQUEST_RUN:
		if (!w->running)
			run_aim(&w->run);
		w->running = true;
		w->aiming = false;
		schedule_begin(&w->schedule, request->number);
		break;
	case REQUEST_UNTIL:
		run_aim(&w->run);
		w->running = w->aiming = true;
		w->goal = request->goal;
		w->pending = 0;
		schedule_begin(&w->schedule, request->number);
		break;
	case REQUEST_OBSERVE:
		return observe_past(w, request->steps, err);
	case REQUEST_IMAGES:
		break;
	case REQUEST_COPY:
		copy(w, request->tensors);
		break;
	case REQUEST_STOP:
		w->running = w->aiming = false;
		w->pending = 0;
		break;
	case REQUEST_EDIT:
		return run_edit(&w->run, request->name, request->value, err);
	case REQUEST_SCALE:
		return run_scale(&w->run, request->layer, request->number, err);
	case REQUEST_UNDO:
	case REQUEST_REDO:
		return bring_back(w, request->kind == REQUEST_REDO, err);
	}
	return true;
}

void worker_execute(struct worker *w, const struct request *request)
{
	struct err err = {0};
	if (request->kind == REQUEST_IMAGES)
		run_want_images(&w->run, &request->images);
	bool works = w->run.lanes && w->status.state != RUNNER_FAILED;
	/* the reason of a failure is kept until another run starts */
	if (!works && !(request_replaces_run(request) && runner_can_undo(request, &w->run, NULL)))
		return;
	if (runner_can_undo(request, &w->run, &err) && !carry_out(w, request, &err) && !request_may_be_refused(request)) {
		worker_fail(w, &err);
		return;
	}
	pthread_mutex_lock(&w->mutex);
	w->status.err = err;
	w->status.refused += err.code != ERR_NONE;
	pthread_mutex_unlock(&w->mutex);
}
