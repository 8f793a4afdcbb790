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

/* False: worker_thread_to_background() does nothing.  For tests, since on a busy machine
 * a thread in the background does not run at all. */
extern bool worker_has_background;

/* From now on the calling thread computes only while no other thread wants its CPU;
 * without effect where the system has no such priority. */
void worker_thread_to_background(void);

/* A condition for worker_wait_until(). */
void worker_condition_init(pthread_cond_t *condition);

/* Waits, with the mutex held, until the condition is signalled (true) or
 * clock_seconds() has reached `time` (false). */
bool worker_wait_until(pthread_mutex_t *mutex, pthread_cond_t *condition, double time);

#endif
