/* The start of a thread; and waiting with a limit on the monotonic clock, or on
 * the real-time clock where condition variables support no other (macOS). */
#include "lab/worker_thread.h"

#include <errno.h>
#include <math.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "base/signal_mask.h"
#include "base/whole.h"

#define NICER 3       /* than the screen's thread: it runs at once, other programs do not suffer */
#define MUCH_NICER 10 /* a tenth of a CPU that another thread wants, too */
#define FOREVER 1e15 /* seconds: fits in time_t */

double worker_end_seconds = 0.1;

bool worker_thread_start(pthread_t *thread, void *(*work)(void *context), void *context, struct err *err)
{
	sigset_t before;
	signal_mask_for_threads(&before);
	int refused = pthread_create(thread, NULL, work, context);
	signal_mask_restore(&before);
	return !refused || err_set(err, ERR_RESOURCE, "the system refuses another thread: raise the limit of processes (ulimit -u)");
}

/* On Linux each thread has a niceness of its own; elsewhere it is the process's, and the
 * screen must not be slowed. */
#ifdef __linux__

static void be_nicer(int by)
{
	enum { LEAST = 19 };
	errno = 0;
	int now = getpriority(PRIO_PROCESS, 0), nice = now + by < LEAST ? now + by : LEAST; /* 0: this thread */
	if (errno == 0)
		setpriority(PRIO_PROCESS, 0, nice);
}

#else

static void be_nicer(int by)
{
	(void)by;
}

#endif

void worker_thread_to_background(void)
{
	be_nicer(MUCH_NICER);
}

void worker_thread_after_screen(void)
{
	be_nicer(NICER);
}

static struct timespec timespec_of(double seconds)
{
	time_t whole = (time_t)whole_count(fmin(seconds, FOREVER));
	return (struct timespec){ .tv_sec = whole, .tv_nsec = whole_int((seconds - (double)whole) * 1e9, 0, 999999999) };
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
	double now = clock_seconds();
	return timespec_of((double)day.tv_sec + 1e-9 * (double)day.tv_nsec + (time > now ? time - now : 0));
}

#endif

bool worker_wait_until(pthread_mutex_t *mutex, pthread_cond_t *condition, double time)
{
	struct timespec until = deadline(time);
	return pthread_cond_timedwait(condition, mutex, &until) == 0;
}
