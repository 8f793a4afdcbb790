/* The worker: the run in a thread of its own.  Requests come through one
 * bounded queue and are applied between steps; what there is to see leaves
 * through a mailbox (the latest observation) and an outbox (the scheduled
 * ones since the last poll).  One mutex guards both. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "base/alloc.h"
#include "lab/run.h"
#include "lab/runner_kind.h"

#define QUEUE_LENGTH 32
#define SLICE 0.005        /* seconds of steps between looks at the mailbox */
#define LOOK_INTERVAL 0.03 /* seconds between observations for the screen while running */
#define LOOK_SHARE 20      /* steps get at least so many times what looking takes */
#define FAREWELL 0.1       /* seconds that the end waits for a long step */
#define RATE_WINDOW 0.5    /* seconds over which the speed is measured */

struct worker {
	struct runner runner;
	pthread_t thread;
	void (*wake)(void *context);
	void *context;

	/* guarded by mutex */
	pthread_mutex_t mutex;
	pthread_cond_t to_worker, to_front;
	struct request queue[QUEUE_LENGTH];
	size_t first, queued;
	bool idle;    /* nothing asked for, nothing moving, what is shown is up to date */
	bool wanted;  /* the front end waits for a look */
	bool changed; /* since the last poll */
	bool quit, ended;
	struct history outbox[RUNNER_MAX_LANES];
	const struct snapshot *latest[RUNNER_MAX_LANES];
	struct runner_status status;

	bool interrupt; /* atomic: something was asked for while steps are done */

	/* the worker thread's own */
	struct run run;
	bool running;
	uint64_t pending;  /* single steps still to do */
	double pace;       /* steps a second, 0: as fast as it goes */
	double next_step;  /* when the next one is due, with a pace */
	double next_look;  /* earliest time of the next observation for the screen */
	double rate_since; /* start of the window the speed is measured in */
	uint64_t rate_steps;
};

static struct worker *self(struct runner *runner)
{
	return (struct worker *)(void *)runner;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct timespec at(double time)
{
	struct timespec t = { .tv_sec = (time_t)time };
	t.tv_nsec = (long)(1e9 * (time - (double)t.tv_sec));
	return t;
}

static bool moving(const struct worker *w)
{
	return w->run.lanes && (w->running || w->pending);
}

/* ---- in the worker's thread ---- */

/* Puts the state where the front end finds it; the mutex is held. */
static void publish(struct worker *w)
{
	if (w->status.state != RUNNER_FAILED)
		w->status.state = moving(w) ? RUNNER_RUNNING : RUNNER_PAUSED;
	w->status.step = run_steps(&w->run);
	w->status.lanes = w->run.lanes;
	if (w->run.dataset)
		w->status.loaded = dataset_loaded(w->run.dataset);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++)
		runner_show(&w->latest[i], w->run.lane[i].latest);
	w->status.pace = w->pace;
	w->changed = true;
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
	pthread_mutex_unlock(&w->mutex);
	w->running = false;
	w->pending = 0;
}

static bool take(void *context, size_t lane, const struct snapshot *snapshot, struct err *err)
{
	struct worker *w = context;
	pthread_mutex_lock(&w->mutex);
	bool taken = history_add(&w->outbox[lane], snapshot, err);
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	return taken;
}

static void restart_clock(struct worker *w)
{
	w->next_step = w->rate_since = now();
	w->rate_steps = 0;
}

/* Forgets the run in sight, so that the front end sees that another begins. */
static void clear_stage(struct worker *w)
{
	pthread_mutex_lock(&w->mutex);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		history_clear(&w->outbox[i]);
		runner_show(&w->latest[i], NULL);
	}
	w->status.run++;
	w->status.step = 0;
	w->status.state = RUNNER_LOADING;
	w->changed = true;
	pthread_mutex_unlock(&w->mutex);
	wake_front(w);
	w->running = false;
	w->pending = 0;
}

static bool begun(struct worker *w, bool started)
{
	pthread_mutex_lock(&w->mutex);
	w->status.state = started ? RUNNER_PAUSED : RUNNER_FAILED;
	pthread_mutex_unlock(&w->mutex);
	return started;
}

static bool carry_out(struct worker *w, const struct request *request, struct err *err)
{
	switch (request->kind) {
	case REQUEST_START:
		clear_stage(w);
		return begun(w, run_start(&w->run, request->settings, request->lanes, err));
	case REQUEST_REWIND:
		clear_stage(w);
		w->pending = request->steps;
		restart_clock(w);
		return begun(w, run_rewind(&w->run, request->steps, err));
	case REQUEST_STEP:
		w->pending = (w->running ? 0 : w->pending) + request->steps;
		w->running = false;
		w->pace = 0;
		restart_clock(w);
		break;
	case REQUEST_RUN:
		if (!w->running)
			run_aim(&w->run);
		w->running = true;
		w->pace = request->number;
		restart_clock(w);
		break;
	case REQUEST_STOP:
		w->running = false;
		w->pending = 0;
		break;
	case REQUEST_EDIT:
		return run_edit(&w->run, request->name, request->value, err);
	case REQUEST_SCALE:
		return run_scale(&w->run, request->layer, request->number, err);
	}
	return true;
}

static void obey(struct worker *w, const struct request *request)
{
	struct err err = {0};
	if (w->run.lanes == 0 && request->kind != REQUEST_START)
		return;
	if (!carry_out(w, request, &err) && !request_may_be_refused(request)) {
		fail(w, &err);
		return;
	}
	pthread_mutex_lock(&w->mutex);
	w->status.err = err;
	pthread_mutex_unlock(&w->mutex);
}

static bool one_step(struct worker *w, struct err *err)
{
	bool diverged = run_diverged(&w->run);
	if (!run_step(&w->run, err))
		return false;
	w->rate_steps++;
	if (w->pending)
		w->pending--;
	else if (run_steps(&w->run) >= w->run.target || (!diverged && run_diverged(&w->run)))
		w->running = false;
	return true;
}

static void measure_speed(struct worker *w)
{
	double time = now(), span = time - w->rate_since;
	if (span < RATE_WINDOW)
		return;
	pthread_mutex_lock(&w->mutex);
	w->status.steps_per_second = (double)w->rate_steps / span;
	pthread_mutex_unlock(&w->mutex);
	w->rate_since = time;
	w->rate_steps = 0;
}

/* Steps for one slice, or until something else is asked for. */
static void advance(struct worker *w)
{
	struct err err = {0};
	double until = now() + SLICE;
	while (moving(w) && !__atomic_load_n(&w->interrupt, __ATOMIC_RELAXED) && now() < until) {
		if (w->pace > 0 && !w->pending) {
			double time = now();
			if (time < w->next_step)
				break;
			w->next_step += 1 / w->pace;
			if (w->next_step < time)
				w->next_step = time; /* late: no burst to catch up */
		}
		if (!one_step(w, &err)) {
			fail(w, &err);
			break;
		}
	}
	measure_speed(w);
}

static void look(struct worker *w)
{
	struct err err = {0};
	double before = now();
	if (!run_look(&w->run, moving(w), &err))
		fail(w, &err);
	double cost = now() - before;
	w->next_look = now() + (LOOK_SHARE * cost > LOOK_INTERVAL ? LOOK_SHARE * cost : LOOK_INTERVAL);
}

/* Whether the screen is to be shown something new now; the mutex is held. */
static bool look_is_due(struct worker *w)
{
	return w->wanted && run_wants_look(&w->run, moving(w)) && w->status.state != RUNNER_FAILED &&
	       (!moving(w) || now() >= w->next_look);
}

/* When there is next something to do without being asked; 0: never. */
static double next_time(const struct worker *w)
{
	if (!moving(w))
		return 0;
	if (w->pace <= 0 || w->pending)
		return -1;
	bool look_first = w->wanted && w->run.stale && w->next_look < w->next_step;
	return look_first ? w->next_look : w->next_step;
}

static void rest(struct worker *w)
{
	double time = next_time(w);
	if (time == 0)
		pthread_cond_wait(&w->to_worker, &w->mutex);
	else if (time > now()) {
		struct timespec until = at(time);
		pthread_cond_timedwait(&w->to_worker, &w->mutex, &until);
	}
}

/* One round; the mutex is held before and after. */
static void round_of_work(struct worker *w)
{
	w->idle = false;
	if (w->queued) {
		struct request request = w->queue[w->first];
		w->first = (w->first + 1) % QUEUE_LENGTH;
		if (--w->queued == 0)
			__atomic_store_n(&w->interrupt, false, __ATOMIC_RELAXED);
		pthread_cond_broadcast(&w->to_front);
		pthread_mutex_unlock(&w->mutex);
		obey(w, &request);
		alloc_free(request.settings);
	} else if (look_is_due(w)) {
		w->wanted = false;
		pthread_mutex_unlock(&w->mutex);
		look(w);
	} else if (moving(w) && !(w->pace > 0 && !w->pending && now() < w->next_step)) {
		pthread_mutex_unlock(&w->mutex);
		advance(w);
	} else {
		w->idle = !moving(w) && (w->status.state == RUNNER_FAILED || !run_wants_look(&w->run, false));
		pthread_cond_broadcast(&w->to_front);
		rest(w);
		return;
	}
	pthread_mutex_lock(&w->mutex);
	publish(w);
	pthread_mutex_unlock(&w->mutex);
	wake_front(w);
	pthread_mutex_lock(&w->mutex);
}

static void *work(void *context)
{
	struct worker *w = context;
	pthread_mutex_lock(&w->mutex);
	while (!w->quit)
		round_of_work(w);
	w->ended = true;
	pthread_cond_broadcast(&w->to_front);
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

/* ---- in the front end's thread ---- */

static void send_worker(struct runner *runner, const struct request *request)
{
	struct worker *w = self(runner);
	pthread_mutex_lock(&w->mutex);
	while (w->queued == QUEUE_LENGTH)
		pthread_cond_wait(&w->to_front, &w->mutex);
	w->queue[(w->first + w->queued) % QUEUE_LENGTH] = *request;
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
	runner_show(latest, w->latest[lane]);
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
	if (!collect(w, 0, history, latest, &status->err))
		status->state = RUNNER_FAILED;
	if (!w->wanted) {
		w->wanted = true;
		pthread_cond_signal(&w->to_worker);
	}
	pthread_mutex_unlock(&w->mutex);
	return changed;
}

static bool settle_worker(struct runner *runner, double seconds)
{
	struct worker *w = self(runner);
	struct timespec until = at(now() + seconds);
	int waited = 0;
	pthread_mutex_lock(&w->mutex);
	while (!w->idle && waited == 0) {
		w->wanted = true;
		pthread_cond_signal(&w->to_worker);
		waited = seconds > 0 ? pthread_cond_timedwait(&w->to_front, &w->mutex, &until)
		                     : pthread_cond_wait(&w->to_front, &w->mutex);
	}
	bool done = w->idle;
	pthread_mutex_unlock(&w->mutex);
	return done;
}

static bool destroy_worker(struct runner *runner)
{
	struct worker *w = self(runner);
	struct timespec until = at(now() + FAREWELL);
	int waited = 0;
	pthread_mutex_lock(&w->mutex);
	w->quit = true;
	__atomic_store_n(&w->interrupt, true, __ATOMIC_RELAXED);
	pthread_cond_signal(&w->to_worker);
	while (!w->ended && waited == 0)
		waited = pthread_cond_timedwait(&w->to_front, &w->mutex, &until);
	bool ended = w->ended;
	pthread_mutex_unlock(&w->mutex);
	if (!ended)
		return false;
	pthread_join(w->thread, NULL);
	for (; w->queued; w->queued--, w->first = (w->first + 1) % QUEUE_LENGTH)
		alloc_free(w->queue[w->first].settings);
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

/* Signals are the main thread's; a fault of the worker's own must find its
 * handler, which restores the terminal. */
static int start_thread(struct worker *w)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };
	sigset_t all, before;
	sigfillset(&all);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		sigdelset(&all, faults[i]);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int refused = pthread_create(&w->thread, NULL, work, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return refused;
}

struct runner *runner_worker(void (*wake)(void *context), void *context, struct err *err)
{
	struct worker *w = alloc_array(1, sizeof *w, err);
	if (w == NULL)
		return NULL;
	w->runner = (struct runner){ destroy_worker, send_worker, poll_worker, poll_lane_worker, settle_worker };
	w->wake = wake;
	w->context = context;
	w->status.state = RUNNER_LOADING;
	w->run.sink = (struct run_sink){ take, w };
	w->run.share_cpu = true;
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->to_worker, &monotonic);
	pthread_cond_init(&w->to_front, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (start_thread(w) != 0) {
		err_set(err, ERR_RESOURCE, "the system refuses another thread: raise the limit of processes (ulimit -u)");
		pthread_mutex_destroy(&w->mutex);
		pthread_cond_destroy(&w->to_worker);
		pthread_cond_destroy(&w->to_front);
		alloc_free(w);
		return NULL;
	}
	return &w->runner;
}
