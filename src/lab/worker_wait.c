/* Waiting with a limit on the monotonic clock, or on the clock of the day where
 * the system's conditions know no other (macOS). */
#include "lab/worker_parts.h"

static struct timespec timespec_of(double seconds)
{
	time_t whole = (time_t)seconds;
	return (struct timespec){ .tv_sec = whole, .tv_nsec = (long)((seconds - (double)whole) * 1e9) };
}

#ifdef HAVE_PTHREAD_CONDATTR_SETCLOCK

void worker_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

static struct timespec deadline(double time)
{
	return timespec_of(time);
}

#else

void worker_condition_init(pthread_cond_t *condition)
{
	pthread_cond_init(condition, NULL);
}

static struct timespec deadline(double time)
{
	struct timespec day;
	clock_gettime(CLOCK_REALTIME, &day);
	double now = pace_now();
	return timespec_of((double)day.tv_sec + 1e-9 * (double)day.tv_nsec + (time > now ? time - now : 0));
}

#endif

bool worker_wait_until(struct worker *w, pthread_cond_t *condition, double time)
{
	struct timespec until = deadline(time);
	return pthread_cond_timedwait(condition, &w->mutex, &until) == 0;
}
