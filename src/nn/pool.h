/* The compute pool: a few threads that share the chunks of one job at a time.
 *
 * Work is always cut into the same chunks whatever the number of threads, and
 * a chunk writes only what is its own, so the thread count never shows in a
 * result. */
#ifndef INITVIZ_NN_POOL_H
#define INITVIZ_NN_POOL_H

#include <stddef.h>

#include "base/err.h"

#define POOL_MAX_THREADS 64

struct pool;

/* A pool of `threads` threads in all, the caller's included (1..64).  Threads
 * that the system refuses are done without: pool_threads() tells how many
 * there are.  All signals are blocked in the pool's own threads.  NULL with
 * ERR_RESOURCE when there is no memory. */
struct pool *pool_create(int threads, struct err *err);
void pool_destroy(struct pool *pool); /* NULL is allowed */
int pool_threads(const struct pool *pool);

/* Calls work(context, chunk) once for every chunk in [0, chunks), in any
 * order, on any thread, and returns when all are done.  A NULL pool runs them
 * in order on the calling thread.  Not reentrant. */
void pool_run(struct pool *pool, void (*work)(void *context, size_t chunk), void *context, size_t chunks);

#endif
