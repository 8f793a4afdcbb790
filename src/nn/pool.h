/* The compute pool: a few threads that share the chunks of one job at a time.
 *
 * The chunks of a job do not depend on the number of threads, and a chunk writes
 * only its own results, so results do not depend on the number of threads. */
#ifndef INITVIZ_NN_POOL_H
#define INITVIZ_NN_POOL_H

#include <stddef.h>

#include "base/err.h"

#define POOL_MAX_THREADS 64

struct pool;

/* A pool of `threads` threads (1..64), including the calling thread.  If the
 * system refuses some of them the pool has fewer: see pool_threads().  Signals
 * are blocked in the pool's own threads.  NULL with ERR_RESOURCE when there is
 * no memory. */
struct pool *pool_create(int threads, struct err *err);
void pool_destroy(struct pool *pool); /* NULL is allowed */
int pool_threads(const struct pool *pool);

/* Calls work(context, chunk) once for every chunk in [0, chunks), in any order, in
 * any thread, and returns when all are done.  With a NULL pool the calling thread
 * does them in order.  In every chunk denormal floats count as 0
 * (base/flush_zero.h).  Not reentrant. */
void pool_run(struct pool *pool, void (*work)(void *context, size_t chunk), void *context, size_t chunks);

#endif
