#include "app/sweep_job.h"

#include "base/alloc.h"

#define LONG_WAIT 60.0 /* seconds of one wait in a script */

bool sweep_job_start(struct sweep_job *job, const struct sweep_plan *plan)
{
	job->stopped = false;
	job->sweep = sweep_open(plan, &job->err);
	return job->sweep && sweep_start(job->sweep, 0, &job->err);
}

/* Waits `seconds` for the next result. */
static bool take(struct sweep_job *job, double seconds)
{
	struct sweep_result result;
	bool any = false;
	while (job->sweep && !job->stopped)
		switch (sweep_next(job->sweep, &result, seconds, &job->err)) {
		case SWEEP_RESULT:
			job->add(job->context, &result);
			any = true;
			break;
		case SWEEP_WAITING:
			return any;
		case SWEEP_DONE:
		case SWEEP_STOPPED:
			sweep_job_stop(job);
			any = true;
		}
	return any;
}

bool sweep_job_follow(struct sweep_job *job, bool open)
{
	bool changed = take(job, 0);
	if (!open && job->sweep && !job->stopped)
		sweep_job_stop(job);
	if (job->sweep && job->stopped && sweep_job_has_ended(job))
		sweep_job_end(job);
	return changed;
}

bool sweep_job_finish(struct sweep_job *job, bool started, struct err *err)
{
	while (started && !job->stopped)
		take(job, LONG_WAIT);
	sweep_job_end(job);
	if (job->err.code && err)
		*err = job->err;
	return job->err.code == ERR_NONE;
}

void sweep_job_stop(struct sweep_job *job)
{
	if (job->sweep)
		sweep_stop(job->sweep);
	job->stopped = true;
}

bool sweep_job_end(struct sweep_job *job)
{
	if (!sweep_end(job->sweep))
		return false;
	job->sweep = NULL;
	alloc_free(job->order);
	job->order = NULL;
	return true;
}

bool sweep_job_has_ended(const struct sweep_job *job)
{
	return job->sweep == NULL || sweep_has_ended(job->sweep);
}
