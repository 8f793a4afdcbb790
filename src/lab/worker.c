/* The worker: the run in a thread of its own.  Requests go through one bounded
 * queue; observations come back through a mailbox (the latest
 * observation) and an outbox (the scheduled ones since the last poll). */
#include "base/alloc.h"
#include "lab/worker_parts.h"

static struct worker *self(struct runner *runner)
{
	return (struct worker *)(void *)runner;
}

/* Requires that the mutex is held or the thread has ended. */
static void drop_queue(struct worker *w)
{
	for (; w->queued; w->queued--, w->first = (w->first + 1) % WORKER_QUEUE)
		alloc_free(w->queue[w->first].settings);
}

static void send_worker(struct runner *runner, const struct request *request)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	if (request->kind == REQUEST_START) /* requests for the previous run are dropped */
		drop_queue(w);
	while (w->queued == WORKER_QUEUE)
		pthread_cond_wait(&w->to_front, &w->mutex);
	w->queue[(w->first + w->queued) % WORKER_QUEUE] = *request;
	w->queued++;
	w->idle = false;
	__atomic_store_n(&w->interrupt, true, __ATOMIC_RELAXED);
	pthread_cond_signal(&w->to_worker);
	pthread_mutex_unlock(&w->mutex);
}

/* Moves a lane's outbox into *history; the mutex is held. */
static bool collect(struct worker *w, size_t lane, struct history *history, const struct snapshot **latest,
                    struct err *err)
{
	bool added = true;
	for (size_t i = 0; i < w->outbox[lane].count; i++)
		added = added && history_add(history, w->outbox[lane].snapshot[i], err);
	history_clear(&w->outbox[lane]);
	runner_hold(latest, w->latest[lane]);
	return added;
}

static void poll_lane_worker(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	collect(w, lane, history, latest, NULL);
	pthread_mutex_unlock(&w->mutex);
}

static bool poll_worker(struct runner *runner, struct history *history, const struct snapshot **latest,
                        struct runner_status *status)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	bool changed = w->changed;
	w->changed = false;
	if (status->run != w->status.run)
		history_clear(history);
	*status = w->status;
	status->behind = w->queued > 0 || w->at_request;
	if (!collect(w, 0, history, latest, &status->err))
		status->state = RUNNER_FAILED;
	if (latest && !w->wanted) {
		w->wanted = true;
		pthread_cond_signal(&w->to_worker);
	}
	pthread_mutex_unlock(&w->mutex);
	return changed;
}

static void measure_worker(struct runner *runner, bool on)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	if (w->measuring != on) {
		w->measuring = on;
		w->idle = false;
		pthread_cond_signal(&w->to_worker);
	}
	pthread_mutex_unlock(&w->mutex);
}

static bool past_edit_worker(struct runner *runner, size_t i, struct runner_edit *edit)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	bool available = i < w->edits;
	if (available)
		*edit = w->edit[i];
	pthread_mutex_unlock(&w->mutex);
	return available;
}

static bool settings_worker(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	bool available = lane < w->started;
	if (available) {
		*start = w->start[lane];
		*now = w->now[lane];
	}
	pthread_mutex_unlock(&w->mutex);
	return available;
}

static bool take_copy_worker(struct runner *runner, struct tensors **tensors, struct err *err)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	bool taken = copied_take(&w->copied, tensors, err);
	pthread_mutex_unlock(&w->mutex);
	return taken;
}

static bool settle_worker(struct runner *runner, double seconds)
{
	struct worker *w = self(runner);
	double until = clock_seconds() + seconds;
	bool in_time = true;
	pthread_mutex_lock(&w->mutex);
	while (!w->idle && in_time) {
		w->wanted = true;
		pthread_cond_signal(&w->to_worker);
		if (seconds > 0)
			in_time = worker_wait_until(&w->mutex, &w->to_front, until);
		else
			pthread_cond_wait(&w->to_front, &w->mutex);
	}
	bool done = w->idle;
	pthread_mutex_unlock(&w->mutex);
	return done;
}

static bool destroy_worker(struct runner *runner)
{
	struct worker *w = self(runner);
	double until = clock_seconds() + worker_end_seconds;
	bool in_time = true;
	pthread_mutex_lock(&w->mutex);
	w->quit = true;
	__atomic_store_n(&w->interrupt, true, __ATOMIC_RELAXED);
	pthread_cond_signal(&w->to_worker);
	while (!w->ended && in_time)
		in_time = worker_wait_until(&w->mutex, &w->to_front, until);
	bool ended = w->ended;
	pthread_mutex_unlock(&w->mutex);
	if (!worker_report_destroy(&w->report, until) || !ended)
		return false;
	pthread_join(w->thread, NULL);
	drop_queue(w);
	tensors_destroy(w->copied.tensors);
	run_close(&w->run);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		history_clear(&w->outbox[i]);
		snapshot_drop(w->latest[i]);
	}
	pthread_mutex_destroy(&w->mutex);
	pthread_cond_destroy(&w->to_worker);
	pthread_cond_destroy(&w->to_front);
	alloc_free(w);
	return true;
}

struct runner *runner_worker(void (*wake)(void *context), void *context, struct err *err)
{
	struct worker *w = alloc_array(1, sizeof *w, err);
	if (w == NULL)
		return NULL;
	w->runner = (struct runner){
		.destroy = destroy_worker, .send = send_worker, .poll = poll_worker, .past_edit = past_edit_worker,
		.settings = settings_worker, .take_copy = take_copy_worker, .poll_lane = poll_lane_worker, .settle = settle_worker, .measure = measure_worker,
		.report = worker_report_begin, .stop_report = worker_report_stop, .poll_report = worker_report_poll,
		.settle_report = worker_report_settle, .reporter = &w->report,
	};
	w->wake = wake;
	w->context = context;
	w->status.state = RUNNER_LOADING;
	w->run.sink = (struct run_sink){ worker_record, w };
	w->run.loading = worker_loading;
	w->run.go_on = worker_is_undisturbed;
	pthread_mutex_init(&w->mutex, NULL);
	worker_condition_init(&w->to_worker);
	worker_condition_init(&w->to_front);
	worker_report_init(&w->report);
	if (!worker_thread_start(&w->thread, worker_work, w, err)) {
		worker_report_destroy(&w->report, 0);
		pthread_mutex_destroy(&w->mutex);
		pthread_cond_destroy(&w->to_worker);
		pthread_cond_destroy(&w->to_front);
		alloc_free(w);
		return NULL;
	}
	return &w->runner;
}
