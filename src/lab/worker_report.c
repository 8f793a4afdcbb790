/* The thread that measures the report, a piece at a time, and the front end's
 * calls.  Between two pieces it checks whether it is to stop. */
#include "lab/worker_report.h"

#include <stdio.h>
#include <string.h>

#include "lab/report_run.h"
#include "lab/worker_thread.h"

/* ---- the thread ---- */

/* Hands over what is measured so far; the mutex is held. */
static void publish(struct worker_report *w, const struct err *err)
{
	if (err->code) {
		w->status.err = *err;
		w->working = false;
	} else {
		w->report = *report_of(w->run);
		w->status.share = report_share(w->run);
		w->working &= w->status.share < 1;
	}
	w->changed = true;
	if (!w->working)
		pthread_cond_broadcast(&w->to_front);
}

/* One piece of the work; the mutex is held before and after. */
static void measure(struct worker_report *w)
{
	struct err err = {0};
	char data[sizeof w->data];
	memcpy(data, w->data, sizeof data);
	uint64_t seed = w->seed;
	bool is_new = w->is_new;
	w->is_new = false;
	pthread_mutex_unlock(&w->mutex);
	if (is_new) {
		report_end(w->run);
		w->run = report_begin(data, seed, &err);
	} else
		report_advance(w->run, &err);
	pthread_mutex_lock(&w->mutex);
	if (!w->is_new)
		publish(w, &err);
}

static void *work(void *context)
{
	struct worker_report *w = context;
	pthread_mutex_lock(&w->mutex);
	while (!w->quit)
		if (w->working)
			measure(w);
		else
			pthread_cond_wait(&w->to_thread, &w->mutex);
	w->ended = true;
	pthread_cond_broadcast(&w->to_front);
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

/* ---- the front end's side ---- */

void worker_report_init(struct worker_report *w)
{
	pthread_mutex_init(&w->mutex, NULL);
	worker_condition_init(&w->to_thread);
	worker_condition_init(&w->to_front);
}

bool worker_report_destroy(struct worker_report *w, double until)
{
	bool in_time = true;
	pthread_mutex_lock(&w->mutex);
	w->quit = true;
	pthread_cond_signal(&w->to_thread);
	while (w->has_thread && !w->ended && in_time)
		in_time = worker_wait_until(&w->mutex, &w->to_front, until);
	bool ended = w->ended || !w->has_thread;
	pthread_mutex_unlock(&w->mutex);
	if (!ended)
		return false;
	if (w->has_thread)
		pthread_join(w->thread, NULL);
	report_end(w->run);
	pthread_mutex_destroy(&w->mutex);
	pthread_cond_destroy(&w->to_thread);
	pthread_cond_destroy(&w->to_front);
	return true;
}

void worker_report_begin(struct runner *runner, const char *data, uint64_t seed)
{
	struct worker_report *w = runner->reporter;
	pthread_mutex_lock(&w->mutex);
	if (!w->has_thread || w->status.err.code || w->seed != seed || strcmp(w->data, data) != 0) {
		snprintf(w->data, sizeof w->data, "%s", data);
		w->seed = seed;
		w->report = (struct report){0};
		w->status = (struct runner_report_status){0};
		w->is_new = w->changed = true;
	}
	if (!w->has_thread)
		w->has_thread = worker_thread_start(&w->thread, work, w, &w->status.err);
	w->working = w->has_thread && w->status.share < 1;
	pthread_cond_signal(&w->to_thread);
	pthread_mutex_unlock(&w->mutex);
}

void worker_report_stop(struct runner *runner)
{
	struct worker_report *w = runner->reporter;
	pthread_mutex_lock(&w->mutex);
	w->working = false;
	pthread_cond_broadcast(&w->to_front);
	pthread_mutex_unlock(&w->mutex);
}

bool worker_report_poll(struct runner *runner, struct report *report, struct runner_report_status *status)
{
	struct worker_report *w = runner->reporter;
	pthread_mutex_lock(&w->mutex);
	bool changed = w->changed;
	w->changed = false;
	*status = w->status;
	if (changed)
		*report = w->report;
	pthread_mutex_unlock(&w->mutex);
	return changed;
}

void worker_report_settle(struct runner *runner)
{
	struct worker_report *w = runner->reporter;
	pthread_mutex_lock(&w->mutex);
	while (w->working)
		pthread_cond_wait(&w->to_front, &w->mutex);
	pthread_mutex_unlock(&w->mutex);
}
