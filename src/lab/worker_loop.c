/* The worker's thread: applies requests between steps, observes the net for the
 * screen on request, puts scheduled observations into the outbox. */
#include "base/alloc.h"
#include "lab/worker_parts.h"

#define SLICE 0.005 /* seconds of steps between checks of the queue */

static bool is_stepping(const struct worker *w)
{
	return w->run.lanes && (w->running || w->pending);
}

/* Publishes the state for the front end; the mutex is held.  Returns
 * whether there is something new to show: steps alone do not count. */
static bool publish(struct worker *w)
{
	enum runner_state state = w->status.state;
	size_t edits = w->edits;
	bool seen = false;
	if (w->status.state != RUNNER_FAILED)
		w->status.state = is_stepping(w) ? RUNNER_RUNNING : RUNNER_PAUSED;
	w->status.step = run_steps(&w->run);
	w->status.lanes = w->run.lanes;
	runner_publish_undo(&w->status, &w->run);
	if (w->run.dataset)
		w->status.loaded = dataset_loaded(w->run.dataset);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		seen |= w->latest[i] != w->run.lane[i].latest;
		runner_hold(&w->latest[i], w->run.lane[i].latest);
	}
	w->status.rate = w->schedule.rate;
	while (run_past_edit(&w->run, w->edits, &w->edit[w->edits]))
		w->edits++;
	return seen || w->status.state != state || w->edits != edits;
}

static void wake_front(struct worker *w)
{
	if (w->wake)
		w->wake(w->context);
}

static void fail(struct worker *w, const struct err *err)
{
	pthread_mutex_lock(&w->mutex);
	w->status.state = RUNNER_FAILED;
	w->status.err = *err;
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	wake_front(w);
	w->running = w->rewinding = w->aiming = false;
	w->pending = 0;
}

void worker_loading(void *context)
{
	struct worker *w = context;
	pthread_mutex_lock(&w->mutex);
	w->status.loaded = dataset_loaded(w->run.dataset);
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	wake_front(w);
}

bool worker_record(void *context, size_t lane, const struct snapshot *snapshot, struct err *err)
{
	struct worker *w = context;
	pthread_mutex_lock(&w->mutex);
	bool taken = history_add(&w->outbox[lane], snapshot, err);
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	return taken;
}

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
	wake_front(w);
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

static void execute(struct worker *w, const struct request *request)
{
	struct err err = {0};
	if (request->kind == REQUEST_IMAGES)
		run_want_images(&w->run, &request->images);
	bool works = w->run.lanes && w->status.state != RUNNER_FAILED;
	/* the reason of a failure is kept until another run starts */
	if (!works && !(request_replaces_run(request) && runner_can_undo(request, &w->run, NULL)))
		return;
	if (runner_can_undo(request, &w->run, &err) && !carry_out(w, request, &err) && !request_may_be_refused(request)) {
		fail(w, &err);
		return;
	}
	pthread_mutex_lock(&w->mutex);
	w->status.err = err;
	w->status.refused += err.code != ERR_NONE;
	pthread_mutex_unlock(&w->mutex);
}

/* After a step towards a goal: stops where it is met, or where the run has ended. */
static bool check_goal(struct worker *w, struct err *err)
{
	bool met = false;
	double value;
	if (!run_goal_is_met(&w->run, &w->goal, &met, &value, err))
		return false;
	if (!met && w->running)
		return true;
	w->running = w->aiming = false;
	pthread_mutex_lock(&w->mutex);
	w->status.met += met;
	w->status.goal_value = value;
	if (!met)
		run_missed_goal(&w->run, &w->goal, value, &w->status.err);
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	return true;
}

static bool one_step(struct worker *w, struct err *err)
{
	bool diverged = run_diverged(&w->run);
	if (!run_step(&w->run, err))
		return false;
	schedule_stepped(&w->schedule);
	if (w->pending) {
		w->pending--;
		w->rewinding &= w->pending > 0;
	} else if (run_steps(&w->run) >= w->run.target || (!diverged && run_diverged(&w->run)))
		w->running = false;
	return !w->aiming || check_goal(w, err);
}

/* Whether a step is to be done now; single steps ignore the schedule. */
static bool step_is_due(const struct worker *w)
{
	return is_stepping(w) && (w->pending || schedule_step_due(&w->schedule));
}

/* Steps for one slice, or until a request arrives. */
static void advance(struct worker *w)
{
	struct err err = {0};
	double until = clock_seconds() + SLICE, speed;
	while (step_is_due(w) && !__atomic_load_n(&w->interrupt, __ATOMIC_RELAXED) && clock_seconds() < until)
		if (!one_step(w, &err)) {
			fail(w, &err);
			return;
		}
	if (schedule_speed(&w->schedule, &speed)) {
		pthread_mutex_lock(&w->mutex);
		w->status.steps_per_second = speed;
		pthread_mutex_unlock(&w->mutex);
	}
}

static void observe(struct worker *w)
{
	struct err err = {0};
	double since = clock_seconds();
	if (!run_refresh(&w->run, is_stepping(w), &err))
		fail(w, &err);
	schedule_observed(&w->schedule, since);
}

/* Whether to observe the net for the screen now; the mutex is held. */
static bool observation_is_due(struct worker *w)
{
	return w->wanted && run_needs_observation(&w->run, is_stepping(w)) && w->status.state != RUNNER_FAILED &&
	       (!is_stepping(w) || clock_seconds() >= w->schedule.next_observation);
}

/* Waits for a request, or until the next step or observation is due. */
static void wait_for_work(struct worker *w)
{
	if (!is_stepping(w)) {
		pthread_cond_wait(&w->to_worker, &w->mutex);
		return;
	}
	bool observe_first = w->wanted && w->run.stale && w->schedule.next_observation < w->schedule.next_step;
	worker_wait_until(&w->mutex, &w->to_worker, observe_first ? w->schedule.next_observation : w->schedule.next_step);
}

static void dequeue(struct worker *w)
{
	w->first = (w->first + 1) % WORKER_QUEUE;
	w->queued--;
}

/* Removes the requests that wait for the run being repeated, up to one that
 * replaces the run.  False if there is none. */
static bool abandon_repeated(struct worker *w)
{
	size_t behind = 0;
	while (behind < w->queued && !request_replaces_run(&w->queue[(w->first + behind) % WORKER_QUEUE]))
		behind++;
	if (behind == w->queued)
		return false;
	while (behind--)
		dequeue(w);
	return true;
}

/* Whether the next request is to be carried out now; the mutex is held.  A request
 * that waits for steps must not block them. */
static bool request_is_due(struct worker *w)
{
	bool due = w->queued && (!w->rewinding || abandon_repeated(w));
	if (w->queued && !due)
		__atomic_store_n(&w->interrupt, false, __ATOMIC_RELAXED);
	return due;
}

/* One round; the mutex is held before and after. */
static void round_of_work(struct worker *w)
{
	bool asked = request_is_due(w);
	w->idle = false;
	w->run.measuring = w->measuring;
	w->at_request = asked;
	if (asked) {
		struct request request = w->queue[w->first];
		dequeue(w);
		if (w->queued == 0)
			__atomic_store_n(&w->interrupt, false, __ATOMIC_RELAXED);
		pthread_cond_broadcast(&w->to_front);
		pthread_mutex_unlock(&w->mutex);
		execute(w, &request);
		alloc_free(request.settings);
	} else if (observation_is_due(w)) {
		w->wanted = false;
		pthread_mutex_unlock(&w->mutex);
		observe(w);
	} else if (step_is_due(w)) {
		pthread_mutex_unlock(&w->mutex);
		advance(w);
	} else {
		w->idle = !is_stepping(w) && (w->status.state == RUNNER_FAILED || !run_needs_observation(&w->run, false));
		pthread_cond_broadcast(&w->to_front);
		wait_for_work(w);
		return;
	}
	pthread_mutex_lock(&w->mutex);
	bool news = publish(w) || asked;
	w->at_request = false;
	w->changed |= news;
	if (!news)
		return;
	pthread_mutex_unlock(&w->mutex);
	wake_front(w);
	pthread_mutex_lock(&w->mutex);
}

void *worker_work(void *context)
{
	struct worker *w = context;
	worker_thread_after_screen(); /* so do the threads of the pool, which it starts */
	pthread_mutex_lock(&w->mutex);
	while (!w->quit)
		round_of_work(w);
	w->ended = true;
	pthread_cond_broadcast(&w->to_front);
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}
