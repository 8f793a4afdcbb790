/* The compute pool.  One job at a time: a function, a context and a number of
 * chunks that counts down to 0.  Whoever takes the counter one down has a
 * chunk to do; a second counter tells when all are done.  Knows nothing of what
 * the chunks are.
 *
 * Jobs follow each other within microseconds while a net trains, and may stop
 * for good at any moment.  So a thread without work polls for SPIN_NS, yielding
 * the CPU after the first turns, and then sleeps. */
#include "nn/pool.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

#define SPIN_NS 40000
#define POLLS_PER_TURN 64
#define TURNS_BEFORE_YIELD 16
#define STACK_BYTES (1 << 20) /* the default 8 MiB count against a limit of address space */

#define CACHE_LINE 64

/* A place to sleep, and how many do. */
struct bed {
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	atomic_int sleepers;
};

struct pool {
	_Alignas(CACHE_LINE) atomic_size_t left; /* chunks nobody has taken yet */
	_Alignas(CACHE_LINE) atomic_size_t done; /* chunks finished */

	/* the job; written while left is 0 and no chunk is being worked on, read
	 * only by those who have taken a chunk */
	_Alignas(CACHE_LINE) void (*work)(void *context, size_t chunk);
	void *context;
	size_t chunks;

	atomic_bool leaving;
	struct bed workers, caller;
	int threads; /* the caller's included */
	pthread_t thread[POOL_MAX_THREADS - 1];
};

static inline void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Polls until ready(pool); false when SPIN_NS have passed in vain. */
static bool spin(struct pool *pool, bool (*ready)(struct pool *pool))
{
	int64_t end = 0;
	for (int turn = 0;; turn++) {
		for (int i = 0; i < POLLS_PER_TURN; i++) {
			if (ready(pool))
				return true;
			pause_cpu();
		}
		int64_t now = now_ns();
		if (turn == 0)
			end = now + SPIN_NS;
		else if (now > end)
			return false;
		/* a CPU may have been taken away: let the thread run that is waited for */
		if (turn >= TURNS_BEFORE_YIELD)
			sched_yield();
	}
}

/* Waits until ready(pool), at first awake, then asleep. */
static void wait_until(struct pool *pool, struct bed *bed, bool (*ready)(struct pool *pool))
{
	if (spin(pool, ready))
		return;
	pthread_mutex_lock(&bed->mutex);
	/* counted first, then looked again: whoever makes it ready does so first
	 * and counts sleepers afterwards, so one of the two sees the other */
	atomic_fetch_add(&bed->sleepers, 1);
	while (!ready(pool))
		pthread_cond_wait(&bed->wake, &bed->mutex);
	atomic_fetch_sub(&bed->sleepers, 1);
	pthread_mutex_unlock(&bed->mutex);
}

static void wake_all(struct bed *bed)
{
	if (atomic_load(&bed->sleepers) == 0)
		return;
	pthread_mutex_lock(&bed->mutex);
	pthread_cond_broadcast(&bed->wake);
	pthread_mutex_unlock(&bed->mutex);
}

static bool has_work(struct pool *pool)
{
	return atomic_load(&pool->left) > 0 || atomic_load(&pool->leaving);
}

static bool is_done(struct pool *pool)
{
	return atomic_load(&pool->done) == pool->chunks;
}

/* Takes chunks and does them until there are none.  A chunk taken keeps the
 * job from ending, so the job read after taking it is the chunk's own, even for
 * a thread that slept through the previous ones. */
static void do_chunks(struct pool *pool)
{
	size_t left = atomic_load(&pool->left);
	while (left > 0) {
		if (!atomic_compare_exchange_weak(&pool->left, &left, left - 1))
			continue;
		size_t chunks = pool->chunks;
		pool->work(pool->context, chunks - left);
		if (atomic_fetch_add(&pool->done, 1) + 1 == chunks)
			wake_all(&pool->caller);
		left = atomic_load(&pool->left);
	}
}

static void *worker(void *argument)
{
	struct pool *pool = argument;
	while (!atomic_load(&pool->leaving)) {
		wait_until(pool, &pool->workers, has_work);
		do_chunks(pool);
	}
	return NULL;
}

void pool_run(struct pool *pool, void (*work)(void *context, size_t chunk), void *context, size_t chunks)
{
	if (pool == NULL || pool->threads == 1 || chunks <= 1) {
		for (size_t chunk = 0; chunk < chunks; chunk++)
			work(context, chunk);
		return;
	}
	pool->work = work;
	pool->context = context;
	pool->chunks = chunks;
	atomic_store(&pool->done, 0);
	atomic_store(&pool->left, chunks);
	wake_all(&pool->workers);
	do_chunks(pool);
	wait_until(pool, &pool->caller, is_done);
}

static void make_bed(struct bed *bed)
{
	pthread_mutex_init(&bed->mutex, NULL);
	pthread_cond_init(&bed->wake, NULL);
}

static void unmake_bed(struct bed *bed)
{
	pthread_cond_destroy(&bed->wake);
	pthread_mutex_destroy(&bed->mutex);
}

/* Starts threads until there are `threads` or the system refuses one.  They
 * inherit the mask in force: signals belong to the thread that reads them; a
 * fault of their own must find its handler, which restores the terminal. */
static void start_threads(struct pool *pool, int threads)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };
	sigset_t all, before;
	sigfillset(&all);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		sigdelset(&all, faults[i]);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pool->threads = 1;
	while (pool->threads < threads &&
	       pthread_create(&pool->thread[pool->threads - 1], &attributes, worker, pool) == 0)
		pool->threads++;
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_create(int threads, struct err *err)
{
	assert(threads >= 1 && threads <= POOL_MAX_THREADS);
	struct pool *pool = alloc_aligned(1, sizeof *pool, err);
	if (pool == NULL)
		return NULL;
	make_bed(&pool->workers);
	make_bed(&pool->caller);
	start_threads(pool, threads);
	return pool;
}

void pool_destroy(struct pool *pool)
{
	if (pool == NULL)
		return;
	atomic_store(&pool->leaving, true);
	wake_all(&pool->workers);
	for (int i = 0; i < pool->threads - 1; i++)
		pthread_join(pool->thread[i], NULL);
	unmake_bed(&pool->workers);
	unmake_bed(&pool->caller);
	alloc_free(pool);
}

int pool_threads(const struct pool *pool)
{
	return pool->threads;
}

int pool_available_cpus(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return CPU_COUNT(&set);
	long online = sysconf(_SC_NPROCESSORS_ONLN); /* more CPUs than the set has room for */
	return online > 0 ? (int)online : 1;
}
