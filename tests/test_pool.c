/* The compute pool: every chunk once, for any number of threads, threads refused by
 * the system and the pauses between jobs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/flush_zero.h"
#include "base/platform.h"
#include "nn/pool.h"

/* Replaces the C library's: refuses threads once `threads_allowed` are
 * used up. */
static int threads_allowed = 1000;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	if (threads_allowed-- <= 0)
		return 11; /* EAGAIN */
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attributes, start, argument);
}

#define MOST 1000

struct tally {
	atomic_int visits[MOST];
};

static void visit(void *context, size_t chunk)
{
	struct tally *tally = context;
	atomic_fetch_add(&tally->visits[chunk], 1);
}

static void check_visits(struct pool *pool, size_t chunks)
{
	struct tally tally = {0};
	pool_run(pool, visit, &tally, chunks);
	for (size_t i = 0; i < MOST; i++)
		assert_int_equal(atomic_load(&tally.visits[i]), i < chunks);
}

static struct pool *create(int threads)
{
	threads_allowed = 1000;
	struct err err = {0};
	struct pool *pool = pool_create(threads, &err);
	assert_non_null(pool);
	return pool;
}

static void nap(long milliseconds)
{
	struct timespec time = { .tv_nsec = milliseconds * 1000000 };
	nanosleep(&time, NULL);
}

static void test_every_chunk_once(void **state)
{
	(void)state;
	static const int threads[] = { 1, 2, 3, 8, POOL_MAX_THREADS };
	static const size_t chunks[] = { 0, 1, 2, 7, 64, MOST };
	for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
		struct pool *pool = create(threads[t]);
		assert_int_equal(pool_threads(pool), threads[t]);
		for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++)
			check_visits(pool, chunks[c]);
		pool_destroy(pool);
	}
}

static void append(void *context, size_t chunk)
{
	size_t **end = context;
	*(*end)++ = chunk;
}

static void test_no_pool_runs_in_order(void **state)
{
	(void)state;
	size_t order[5], *end = order;
	pool_run(NULL, append, &end, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(order[i], i);
	pool_destroy(NULL);
}

static void test_works_with_the_threads_it_gets(void **state)
{
	(void)state;
	for (int allowed = 0; allowed < 4; allowed++) {
		threads_allowed = allowed;
		struct err err = {0};
		struct pool *pool = pool_create(8, &err);
		assert_non_null(pool);
		assert_int_equal(pool_threads(pool), allowed + 1);
		check_visits(pool, 100);
		pool_destroy(pool);
	}
}

/* Jobs in close succession, each with a context and a size of its own: a late
 * thread must not compute the next job with the context of the last one. */
static void test_jobs_do_not_mix(void **state)
{
	(void)state;
	struct pool *pool = create(4);
	static struct tally tally[2];
	for (int job = 0; job < 20000; job++) {
		size_t chunks = (size_t)(job * 7 % 13) + 1;
		struct tally *mine = &tally[job % 2];
		for (size_t i = 0; i < 14; i++)
			atomic_store(&mine->visits[i], 0);
		pool_run(pool, visit, mine, chunks);
		for (size_t i = 0; i < 14; i++)
			assert_int_equal(atomic_load(&mine->visits[i]), i < chunks);
	}
	pool_destroy(pool);
}

static void test_wakes_after_pauses(void **state)
{
	(void)state;
	struct pool *pool = create(3);
	for (int i = 0; i < 20; i++) {
		nap(i % 4);
		check_visits(pool, 10);
	}
	nap(5);
	pool_destroy(pool);
}

static void slow_visit(void *context, size_t chunk)
{
	nap(chunk == 0 ? 1 : 3);
	visit(context, chunk);
}

/* Long chunks: the caller goes to sleep while it waits for the last. */
static void test_waits_for_the_slowest(void **state)
{
	(void)state;
	struct pool *pool = create(4);
	for (int i = 0; i < 5; i++) {
		struct tally tally = {0};
		pool_run(pool, slow_visit, &tally, 5);
		for (size_t k = 0; k < 5; k++)
			assert_int_equal(atomic_load(&tally.visits[k]), 1);
	}
	pool_destroy(pool);
}

struct signal_check {
	pthread_t caller;
	atomic_int foreign, open;
};

static void look_at_signals(void *context, size_t chunk)
{
	(void)chunk;
	struct signal_check *check = context;
	nap(1); /* leaves chunks to the others */
	if (pthread_equal(pthread_self(), check->caller))
		return;
	sigset_t mask;
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	atomic_fetch_add(&check->foreign, 1);
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGUSR1 };
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (!sigismember(&mask, signals[i]))
			atomic_fetch_add(&check->open, 1);
}

static void test_signals_stay_with_the_caller(void **state)
{
	(void)state;
	sigset_t before, after;
	pthread_sigmask(SIG_BLOCK, NULL, &before);
	struct pool *pool = create(3);
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (int signal = 1; signal < 32; signal++)
		assert_int_equal(sigismember(&before, signal), sigismember(&after, signal));
	struct signal_check check = { .caller = pthread_self() };
	for (int round = 0; round < 100 && atomic_load(&check.foreign) == 0; round++)
		pool_run(pool, look_at_signals, &check, 12);
	assert_true(atomic_load(&check.foreign) > 0);
	assert_int_equal(atomic_load(&check.open), 0);
	pool_destroy(pool);
}

#ifdef HAVE_SCHED_GETAFFINITY

static void test_one_cpu_for_many_threads(void **state)
{
	(void)state;
	cpu_set_t before, one;
	assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
	assert_int_equal(platform_cpus(), CPU_COUNT(&before));
	CPU_ZERO(&one);
	for (size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
		if (CPU_ISSET(cpu, &before))
			CPU_SET(cpu, &one);
	struct pool *pool = create(4);
	if (sched_setaffinity(0, sizeof one, &one) == 0) {
		assert_int_equal(platform_cpus(), 1);
		struct pool *crowded = create(4);
		for (int i = 0; i < 200; i++) {
			check_visits(pool, 9);
			check_visits(crowded, 9);
		}
		pool_destroy(crowded);
		sched_setaffinity(0, sizeof before, &before);
	}
	pool_destroy(pool);
}

#else

static void test_one_cpu_for_many_threads(void **state)
{
	(void)state;
	skip(); /* needs a system with affinity masks */
}

#endif

/* ---- denormal floats count as 0 ---- */

#define HALF_SMALLEST 0x1p-127f /* half the smallest normal float */

/* Whether a denormal result and a denormal operand are 0. */
static bool is_flushed(void)
{
	volatile float smallest = 0x1p-126f, denormal = HALF_SMALLEST;
	volatile float result = smallest * 0.5f, operand = denormal * 0x1p60f;
	return result == 0 && operand == 0;
}

static void note_flushed(void *context, size_t chunk)
{
	bool *flushed = context;
	nap(1); /* so that no thread computes all chunks */
	flushed[chunk] = is_flushed();
}

static void test_denormals_are_zero_in_chunks_and_only_there(void **state)
{
	(void)state;
	enum { CHUNKS = 16 };
	static const int threads[] = { 0, 1, 2, 5 };
	struct flush_zero mode = flush_zero_begin();
	flush_zero_end(mode);
	if (!mode.supported)
		skip();
	for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
		struct pool *pool = threads[t] ? create(threads[t]) : NULL;
		bool flushed[CHUNKS] = {0};
		pool_run(pool, note_flushed, flushed, CHUNKS);
		for (size_t i = 0; i < CHUNKS; i++)
			assert_true(flushed[i]);
		assert_false(is_flushed());
		pool_destroy(pool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_chunk_once),
		cmocka_unit_test(test_no_pool_runs_in_order),
		cmocka_unit_test(test_works_with_the_threads_it_gets),
		cmocka_unit_test(test_jobs_do_not_mix),
		cmocka_unit_test(test_wakes_after_pauses),
		cmocka_unit_test(test_waits_for_the_slowest),
		cmocka_unit_test(test_signals_stay_with_the_caller),
		cmocka_unit_test(test_one_cpu_for_many_threads),
		cmocka_unit_test(test_denormals_are_zero_in_chunks_and_only_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
