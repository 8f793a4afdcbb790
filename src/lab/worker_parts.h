/* Shared by the two halves of the worker: worker.c, the front end's calls,
 * and worker_loop.c, the thread.  One mutex guards what both touch. */
#ifndef INITVIZ_LAB_WORKER_PARTS_H
#define INITVIZ_LAB_WORKER_PARTS_H

#include "base/clock.h"
#include "lab/schedule.h"
#include "lab/run.h"
#include "lab/runner_kind.h"
#include "lab/worker_report.h"
#include "lab/worker_thread.h"

#define WORKER_QUEUE 32

struct worker {
	struct runner runner;
	pthread_t thread;
	void (*wake)(void *context);
	void *context;

	/* guarded by mutex */
	pthread_mutex_t mutex;
	pthread_cond_t to_worker, to_front;
	struct request queue[WORKER_QUEUE];
	size_t first, queued;
	bool at_request; /* one is being carried out, its effects are not yet published */
	bool idle;    /* no request, no steps to do, the screen is up to date */
	bool measuring; /* runner_measure(): taken over into `run` by the thread */
	bool wanted;  /* the front end waits for an observation */
	bool changed; /* since the last poll */
	bool quit, ended;
	struct history outbox[RUNNER_MAX_LANES];
	const struct snapshot *latest[RUNNER_MAX_LANES];
	struct runner_status status;
	struct copied copied;
	struct runner_edit edit[RUN_MAX_EDITS]; /* the run's, for the front end */
	size_t edits;
	struct settings start[RUNNER_MAX_LANES]; /* [started] of the run restored last, for runner_settings() */
	struct settings now[RUNNER_MAX_LANES];   /* likewise */
	size_t started;

	bool interrupt; /* atomic: a request arrived while steps are done */

	/* the worker thread's own */
	struct run run;
	bool running;
	bool aiming;       /* running until the goal is met */
	struct runner_goal goal;
	uint64_t pending;  /* single steps still to do */
	bool rewinding;    /* they repeat the run: later requests wait */
	struct schedule schedule; /* single steps do not wait for it */

	struct worker_report report; /* has a thread of its own */
};

/* The thread: works until `quit`. */
void *worker_work(void *worker);

/* The run's sink: puts a scheduled observation into the outbox. */
bool worker_record(void *worker, size_t lane, const struct snapshot *snapshot, struct err *err);

/* Carries out a request; its failure, and a refusal, are published. */
void worker_execute(struct worker *worker, const struct request *request);

/* Publishes that the run has failed. */
void worker_fail(struct worker *worker, const struct err *err);

/* Tells the front end that there is something new. */
void worker_wake_front(struct worker *worker);

/* False when a request waits, for which long work is given up. */
bool worker_is_undisturbed(void *worker);

/* Called while data are read: reports progress to the front end. */
void worker_loading(void *worker);

#endif
