/* The compute pool does one job at a time: a function, a context and a number of
 * chunks.  Every thread has a share of neighbouring chunks, the same from one
 * job to the next if the jobs are alike, so that the memory of a chunk stays in
 * the cache of one core; a thread that has finished its own share claims chunks
 * of the others'.  A counter shows when all are done.
 *
 * While a net trains, jobs follow each other within microseconds, and they may
 * stop at any moment.  So a thread without work first polls for SPIN_SECONDS,
 * yielding the CPU after the first rounds, and then sleeps. */
#include "nn/pool.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/flush_zero.h"
#include "base/platform.h"
#include "base/signal_mask.h"

#define SPIN_SECONDS 40e-6
#define POLLS_PER_TURN 64
#define TURNS_BEFORE_YIELD 16
#define STACK_BYTES (2 << 20) /* with 1 MiB of thread-local arrays; the default 8 MiB count against a limit of address space */

#define CACHE_LINE 64

/* Threads that sleep until something happens. */
struct waiters {
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	atomic_int sleeping;
};

/* The chunks [first, end) that no thread has claimed yet, in one word: their owner
 * claims them from the front, other threads from the back. */
struct share {
	_Alignas(CACHE_LINE) _Atomic uint64_t range;
};

static inline uint64_t range_of(uint32_t first, uint32_t end)
{
	return (uint64_t)end << 32 | first;
}

struct worker {
	struct pool *pool;
	int number; /* 1, 2, ...; the caller is 0 */
};

struct pool {
	_Alignas(CACHE_LINE) atomic_size_t left; /* chunks not claimed yet; too large for a moment after a claim */
	_Alignas(CACHE_LINE) atomic_size_t done; /* chunks finished */
	struct share share[POOL_MAX_THREADS];

	/* the job: written while no chunk is left or being computed, read only by
	 * threads that have claimed a chunk */
	_Alignas(CACHE_LINE) void (*work)(void *context, size_t chunk);
	void *context;
	size_t chunks;

	atomic_bool leaving;
	struct waiters workers, caller;
	int threads; /* the caller's included */
	pthread_t thread[POOL_MAX_THREADS];
	struct worker worker[POOL_MAX_THREADS];
};

/* Polls until ready(pool); false if it is not after SPIN_SECONDS. */
static bool spin(struct pool *pool, bool (*ready)(struct pool *pool))
{
	double end = 0;
	for (int turn = 0;; turn++) {
		for (int i = 0; i < POLLS_PER_TURN; i++) {
			if (ready(pool))
				return true;
			platform_pause();
		}
		double now = clock_seconds();
		if (turn == 0)
			end = now + SPIN_SECONDS;
		else if (now > end)
			return false;
		/* there may be fewer CPUs than threads: let the other thread run */
		if (turn >= TURNS_BEFORE_YIELD)
			sched_yield();
	}
}

/* Waits until ready(pool): polls first, then sleeps. */
static void wait_until(struct pool *pool, struct waiters *waiters, bool (*ready)(struct pool *pool))
{
	if (spin(pool, ready))
		return;
	pthread_mutex_lock(&waiters->mutex);
	/* This thread counts itself, then checks again; the other thread makes it
	 * ready, then checks the count: so one of the two sees the other. */
	atomic_fetch_add(&waiters->sleeping, 1);
	while (!ready(pool))
		pthread_cond_wait(&waiters->wake, &waiters->mutex);
	atomic_fetch_sub(&waiters->sleeping, 1);
	pthread_mutex_unlock(&waiters->mutex);
}

static void wake_all(struct waiters *waiters)
{
	if (atomic_load(&waiters->sleeping) == 0)
		return;
	pthread_mutex_lock(&waiters->mutex);
	pthread_cond_broadcast(&waiters->wake);
	pthread_mutex_unlock(&waiters->mutex);
}

static bool has_work(struct pool *pool)
{
	return atomic_load(&pool->left) > 0 || atomic_load(&pool->leaving);
}

static bool is_done(struct pool *pool)
{
	return atomic_load(&pool->done) == pool->chunks;
}

/* Claims a chunk of one share; false if there is none. */
static bool claim(struct share *share, bool own, size_t *chunk)
{
	uint64_t range = atomic_load(&share->range);
	for (;;) {
		uint32_t first = (uint32_t)range, end = (uint32_t)(range >> 32);
		if (first >= end)
			return false;
		uint64_t rest = own ? range_of(first + 1, end) : range_of(first, end - 1);
		if (atomic_compare_exchange_weak(&share->range, &range, rest)) {
			*chunk = own ? first : end - 1;
			return true;
		}
	}
}

/* Computes the thread's own chunks, then those of other threads, until none is
 * left.  A job cannot end while one of its chunks is claimed, so the job read
 * after a claim is the chunk's own, even in a thread that slept through the jobs
 * before. */
static void compute_chunks(struct pool *pool, int number)
{
	for (int i = 0; i < pool->threads; i++) {
		struct share *share = &pool->share[(number + i) % pool->threads];
		for (size_t chunk; claim(share, i == 0, &chunk);) {
			atomic_fetch_sub(&pool->left, 1);
			size_t chunks = pool->chunks;
			pool->work(pool->context, chunk);
			if (atomic_fetch_add(&pool->done, 1) + 1 == chunks)
				wake_all(&pool->caller);
		}
	}
}

static void *worker(void *argument)
{
	const struct worker *self = argument;
	struct pool *pool = self->pool;
	flush_zero_begin(); /* to the thread's end */
	while (!atomic_load(&pool->leaving)) {
		wait_until(pool, &pool->workers, has_work);
		compute_chunks(pool, self->number);
	}
	return NULL;
}

static void share_out(struct pool *pool, size_t chunks)
{
	size_t threads = (size_t)pool->threads;
	for (size_t i = 0; i < threads; i++)
		atomic_store(&pool->share[i].range, range_of((uint32_t)(chunks * i / threads), (uint32_t)(chunks * (i + 1) / threads)));
}

static void run_alone(void (*work)(void *context, size_t chunk), void *context, size_t chunks)
{
	for (size_t chunk = 0; chunk < chunks; chunk++)
		work(context, chunk);
}

static void run_shared(struct pool *pool, void (*work)(void *context, size_t chunk), void *context, size_t chunks)
{
	pool->work = work;
	pool->context = context;
	pool->chunks = chunks;
	assert(chunks <= UINT32_MAX);
	atomic_store(&pool->done, 0);
	atomic_store(&pool->left, chunks);
	share_out(pool, chunks);
	wake_all(&pool->workers);
	compute_chunks(pool, 0);
	wait_until(pool, &pool->caller, is_done);
}

void pool_run(struct pool *pool, void (*work)(void *context, size_t chunk), void *context, size_t chunks)
{
	struct flush_zero mode = flush_zero_begin();
	if (pool == NULL || pool->threads == 1 || chunks <= 1)
		run_alone(work, context, chunks);
	else
		run_shared(pool, work, context, chunks);
	flush_zero_end(mode);
}

static void waiters_create(struct waiters *waiters)
{
	pthread_mutex_init(&waiters->mutex, NULL);
	pthread_cond_init(&waiters->wake, NULL);
}

static void waiters_destroy(struct waiters *waiters)
{
	pthread_cond_destroy(&waiters->wake);
	pthread_mutex_destroy(&waiters->mutex);
}

/* Starts threads until there are `threads` or the system refuses one. */
static void start_threads(struct pool *pool, int threads)
{
	sigset_t before;
	signal_mask_for_threads(&before);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pool->threads = 1;
	for (int number = 1; number < threads; number++) {
		pool->worker[number] = (struct worker){ pool, number };
		if (pthread_create(&pool->thread[number], &attributes, worker, &pool->worker[number]) != 0)
			break;
		pool->threads++;
	}
	pthread_attr_destroy(&attributes);
	signal_mask_restore(&before);
}

struct pool *pool_create(int threads, struct err *err)
{
	assert(threads >= 1 && threads <= POOL_MAX_THREADS);
	struct pool *pool = alloc_aligned(1, sizeof *pool, err);
	if (pool == NULL)
		return NULL;
	waiters_create(&pool->workers);
	waiters_create(&pool->caller);
	start_threads(pool, threads);
	return pool;
}

void pool_destroy(struct pool *pool)
{
	if (pool == NULL)
		return;
	atomic_store(&pool->leaving, true);
	wake_all(&pool->workers);
	for (int i = 1; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	waiters_destroy(&pool->workers);
	waiters_destroy(&pool->caller);
	alloc_aligned_free(pool);
}

int pool_threads(const struct pool *pool)
{
	return pool->threads;
}
