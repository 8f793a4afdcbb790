#include "app/sweep_job.h"

bool sweep_job_start(struct sweep_job *job, const struct sweep_plan *plan)
{
	job->stopped = false;
	job->sweep = sweep_open(plan, &job->err);
	return job->sweep && sweep_start(job->sweep, 0, &job->err);
}

bool sweep_job_take(struct sweep_job *job, double seconds, void (*add)(void *context, const struct sweep_result *result),
                    void *context)
{
	struct sweep_result result;
	bool any = false;
	while (job->sweep && !job->stopped)
		switch (sweep_next(job->sweep, &result, seconds, &job->err)) {
		case SWEEP_RESULT:
			add(context, &result);
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
	return true;
}

bool sweep_job_has_ended(const struct sweep_job *job)
{
	return job->sweep == NULL || sweep_has_ended(job->sweep);
}
