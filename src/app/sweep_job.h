/* The threads of a sweep that trains nets for a view, and what they hand over. */
#ifndef INITVIZ_APP_SWEEP_JOB_H
#define INITVIZ_APP_SWEEP_JOB_H

#include <stdbool.h>

#include "lab/sweep.h"

struct sweep_job {
	struct sweep *sweep; /* NULL: no thread is at work */
	bool stopped;        /* the sweep was stopped, or has no more nets: its threads end */
	uint32_t *order;     /* plan.order, freed with the sweep; may be NULL */
	void (*add)(void *context, const struct sweep_result *result); /* takes a result over */
	void *context;
	struct err err;      /* why the sweep ended early */
};

/* Starts the threads of a plan, which outlives them in what it refers to.  add, context and order
 * have been set. */
bool sweep_job_start(struct sweep_job *job, const struct sweep_plan *plan);

/* Hands all results that are there to `add`.  While `open` is false, the threads are stopped, without
 * waiting for them.  True if there was a result, or if the sweep has come to its end. */
bool sweep_job_follow(struct sweep_job *job, bool open);

/* Waits until all nets are trained, if the threads were started; frees the sweep.  False with its error. */
bool sweep_job_finish(struct sweep_job *job, bool started, struct err *err);

/* Stops the threads without waiting for them. */
void sweep_job_stop(struct sweep_job *job);

/* Frees the sweep if its threads have ended, or if they end in time. */
bool sweep_job_end(struct sweep_job *job);

/* Whether sweep_job_end() would not wait. */
bool sweep_job_has_ended(const struct sweep_job *job);

#endif
