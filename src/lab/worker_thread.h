/* Threads of the runners, and waiting with a limit. */
#ifndef INITVIZ_LAB_WORKER_THREAD_H
#define INITVIZ_LAB_WORKER_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

/* Seconds that the end of a runner waits for its threads: 0.1.  Tests set more, since a
 * busy machine may not run a thread for longer. */
extern double worker_end_seconds;

/* Starts a thread that gets no signals but faults.  ERR_RESOURCE. */
bool worker_thread_start(pthread_t *thread, void *(*work)(void *context), void *context, struct err *err);

/* From now on the calling thread has a tenth of its CPU where another thread wants it, all
 * of it where none does: it never stands still.  Without effect where threads have no
 * priority of their own. */
void worker_thread_to_background(void);

/* From now on the calling thread, and the threads that it starts, give way to the thread of the
 * screen, which sleeps most of the time: so they may use all CPUs.  Without effect where the system
 * has priorities of processes only. */
void worker_thread_after_screen(void);

/* A condition for worker_wait_until(). */
void worker_condition_init(pthread_cond_t *condition);

/* Waits, with the mutex held, until the condition is signalled (true) or
 * clock_seconds() has reached `time` (false). */
bool worker_wait_until(pthread_mutex_t *mutex, pthread_cond_t *condition, double time);

#endif
