/* Clock, median, and what the CPU could do at best. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

#define ROUNDS 1000000
#define ACCUMULATORS 12 /* enough to hide the latency of a multiply-add, few enough for 16 registers */

double bench_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool wall;

void bench_use_wall_clock(void)
{
	wall = true;
}

double bench_time(int threads)
{
	struct timespec t;
	if (wall)
		return bench_now();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return ((double)t.tv_sec + 1e-9 * (double)t.tv_nsec) / threads;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* ROUNDS multiply-adds on each lane of the accumulators, compiled for vectors
 * of `lanes` floats. */
#define CHURN(name, lanes, attributes) \
	typedef float vector_##name __attribute__((vector_size((lanes) * sizeof(float)))); \
	attributes static float churn_##name(void) \
	{ \
		vector_##name sum[ACCUMULATORS] = {{0}}, factor = {0}, all = {0}; \
		factor += 0.5f; \
		_Pragma("GCC unroll 12") for (int j = 0; j < ACCUMULATORS; j++) /* all different, or they become one */ \
			sum[j] += (float)j; \
		for (int i = 0; i < ROUNDS; i++) { \
			__asm__ volatile("" : "+m"(all)); \
			_Pragma("GCC unroll 12") for (int j = 0; j < ACCUMULATORS; j++) \
				sum[j] = sum[j] * factor + factor; \
		} \
		_Pragma("GCC unroll 12") for (int j = 0; j < ACCUMULATORS; j++) \
			all += sum[j]; \
		return all[0]; \
	}

CHURN(base, 4, )
#ifdef __x86_64__
CHURN(avx2, 8, __attribute__((target("avx2,fma"))))
CHURN(avx512, 16, __attribute__((target("avx512f"))))
#endif

struct churn {
	float (*run)(void);
	int lanes;
	float result[POOL_MAX_THREADS];
};

static void churn_chunk(void *context, size_t chunk)
{
	struct churn *churn = context;
	churn->result[chunk] = churn->run();
}

double bench_peak(struct pool *pool)
{
	struct churn churn = { churn_base, 4, {0} };
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		churn = (struct churn){ churn_avx512, 16, {0} };
	else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		churn = (struct churn){ churn_avx2, 8, {0} };
#endif
	size_t threads = (size_t)pool_threads(pool);
	double best = 0, flops = 2.0 * ROUNDS * ACCUMULATORS * churn.lanes * (double)threads;
	for (int i = 0; i < 10; i++) {
		double start = bench_time((int)threads);
		pool_run(pool, churn_chunk, &churn, threads);
		double rate = flops / (bench_time((int)threads) - start);
		best = rate > best ? rate : best;
	}
	return best;
}
