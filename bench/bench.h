/* The benchmark: what its files share. */
#ifndef INITVIZ_BENCH_H
#define INITVIZ_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "data/dataset.h"
#include "nn/pool.h"

/* ---- the machine: machine.c ---- */

double bench_now(void); /* seconds of the wall clock */

/* Seconds that `threads` threads, which all have work, have computed: the CPU time
 * of the process over their number.  Other programs that share the CPUs do not
 * count; neither does a thread that sleeps.  Or the wall clock, if so asked. */
double bench_time(int threads);
void bench_use_wall_clock(void);
double bench_median(double *values, size_t n); /* sorts them */

/* Multiply-adds on registers alone, flops per second of all threads. */
double bench_peak(struct pool *pool);

/* ---- a training step: step.c ---- */

struct bench_config {
	const char *name, *layers;
	unsigned batch;
	unsigned depth, width; /* instead of layers */
};

#define BENCH_CONFIGS 5
extern const struct bench_config bench_configs[BENCH_CONFIGS];

/* Nets of growing width, then of growing depth: shows whether the cost is linear in
 * the work. */
#define BENCH_SCALES 11
extern const struct bench_config bench_scales[BENCH_SCALES];

struct bench_net; /* a session about to train */

struct bench_net *bench_net_create(const struct bench_config *config, struct dataset *data, struct pool *pool);
void bench_net_destroy(struct bench_net *net);
size_t bench_net_parameters(const struct bench_net *net);
double bench_net_flops(const struct bench_net *net); /* useful ones of a step: forward, dW, dX */

/* Steps per second over about `seconds`, with full statistics or without, by
 * bench_time(threads). */
double bench_steps(struct bench_net *net, bool statistics, double seconds, int threads);

/* Where the time of a step goes, seconds. */
enum bench_phase {
	PHASE_DRAW, PHASE_FORWARD, PHASE_DELTA, PHASE_UPDATE, PHASE_STATISTICS, PHASES
};
extern const char *const bench_phase_names[PHASES];
void bench_phases(struct bench_net *net, double phase[PHASES], int threads);

/* ---- other programs: process.c ---- */

struct bench_peer; /* a running script that answers line by line */

struct bench_peer *bench_peer_start(const char *const argv[]);
void bench_peer_stop(struct bench_peer *peer);
double bench_peer_ask(struct bench_peer *peer, const char *question); /* the number it answers; NAN */

/* Runs a program to its end, its output thrown away: seconds and peak memory
 * in MiB.  False when it fails. */
bool bench_run(const char *const argv[], double *seconds, double *mebibytes);

/* ---- everything but the step: parts.c ---- */

/* program: initviz; scripts: their folder; torch: PyTorch, one thread, or NULL. */
void bench_parts(const char *program, const char *data, const char *scripts, struct bench_peer *torch);

#endif
