/* Everything except a step: start-up, memory, loading, random numbers, the screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bench.h"
#include "nn/rng.h"

#define PYTHON "/usr/bin/python3"

/* ---- random numbers ---- */

static double fill_seconds(float *x, size_t n, size_t times)
{
	struct rng rng = rng_stream(1, RNG_TEST, 0);
	double start = bench_now();
	for (size_t i = 0; i < times; i++)
		rng_fill_normal(&rng, x, n);
	return (bench_now() - start) / (double)(n * times);
}

static void fill_rate(struct bench_peer *peer)
{
	enum { ROUNDS = 9 };
	static const size_t counts[] = { 78400, (size_t)1 << 22 };
	for (size_t c = 0; c < 2; c++) {
		double ours[ROUNDS], theirs[ROUNDS];
		size_t n = counts[c];
		char question[64];
		float *x = alloc_aligned(n, sizeof *x, NULL);
		snprintf(question, sizeof question, "normal %zu", n);
		fill_seconds(x, n, 1);
		for (int i = 0; i < ROUNDS; i++) {
			ours[i] = fill_seconds(x, n, 4000000 / n + 1) * 1e9;
			theirs[i] = bench_peer_ask(peer, question) * 1e9;
		}
		alloc_aligned_free(x);
		double our = bench_median(ours, ROUNDS), their = bench_median(theirs, ROUNDS);
		printf("N(0,1) fill of %zu: %.2f ns per value", n, our);
		if (peer)
			printf("; torch normal_ %.2f ns, %.1fx", their, their / our);
		printf("\n");
	}
}

/* ---- data ---- */

static void load_time(const char *data)
{
	enum { ROUNDS = 5 };
	double open[ROUNDS], load[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		double start = bench_now();
		struct dataset *set = dataset_open(data, NULL);
		open[i] = 1e3 * (bench_now() - start);
		if (set == NULL || !dataset_load(set, NULL))
			return;
		load[i] = 1e3 * (bench_now() - start);
		dataset_close(set);
	}
	printf("data set opened in %.1f ms, loaded whole in %.1f ms\n", bench_median(open, ROUNDS),
	       bench_median(load, ROUNDS));
}

/* ---- the program from outside ---- */

static double run_time(const char *const argv[], double *memory)
{
	double seconds;
	if (bench_run(argv, &seconds, memory))
		return 1e3 * seconds;
	fprintf(stderr, "bench: %s failed\n", argv[0]);
	return 0;
}

static void first_pass(const char *program, const char *data, const char *script)
{
	enum { ROUNDS = 9 };
	double ours[ROUNDS], theirs[ROUNDS], our_memory = 0, their_memory = 0;
	const char *const argv[] = { program, "--headless", "-s", "first_pass_normal", "--data", data, NULL };
	const char *const peer[] = { PYTHON, script, data, NULL };
	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = run_time(argv, &our_memory);
		theirs[i] = script ? run_time(peer, &their_memory) : 0;
	}
	double our = bench_median(ours, ROUNDS), their = bench_median(theirs, ROUNDS);
	printf("start to first-pass statistics, headless: %.1f ms, %.0f MiB", our, our_memory);
	if (script)
		printf("; PyTorch %.0f ms, %.0f MiB, %.0fx", their, their_memory, their / our);
	printf("\n");
}

static void training_memory(const char *program, const char *data)
{
	double memory;
	const char *const argv[] = { program, "--headless", "-s", "full_train_normal", "--steps", "4000", "--every", "1000",
	                             "--data", data, NULL };
	run_time(argv, &memory);
	printf("peak memory of training s30 over two epochs: %.0f MiB\n", memory);
}

void bench_parts(const char *program, const char *data, const char *scripts, struct bench_peer *torch)
{
	char first_pass_script[512], screen_script[512];
	snprintf(first_pass_script, sizeof first_pass_script, "%s/first_pass_torch.py", scripts);
	snprintf(screen_script, sizeof screen_script, "%s/screen.py", scripts);
	fill_rate(torch);
	load_time(data);
	first_pass(program, data, torch ? first_pass_script : NULL);
	training_memory(program, data);
	fflush(stdout);
	char command[2048];
	snprintf(command, sizeof command, PYTHON " '%s' '%s' '%s'", screen_script, program, data);
	if (system(command) != 0)
		fprintf(stderr, "bench: %s failed\n", screen_script);
}
