/* The worker's thread: carries out requests between steps (worker_request.c), observes the net
 * for the screen on request, puts scheduled observations into the outbox. */
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

void worker_wake_front(struct worker *w)
{
	if (w->wake)
		w->wake(w->context);
}

void worker_fail(struct worker *w, const struct err *err)
{
	pthread_mutex_lock(&w->mutex);
	w->status.state = RUNNER_FAILED;
	w->status.err = *err;
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	worker_wake_front(w);
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
	worker_wake_front(w);
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
			worker_fail(w, &err);
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
		worker_fail(w, &err);
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
		worker_execute(w, &request);
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
	worker_wake_front(w);
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
