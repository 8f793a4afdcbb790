/* How fast the program is: steps per second, their share of what the CPU can
 * do at best, where the time goes; with --against torch interleaved with
 * PyTorch on the same work.  Time is CPU time, over the number of threads, so that
 * other programs on the machine do not count; --wall takes the wall clock, on a
 * quiet machine.  Only ratios measured in one run count: clocks vary. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/platform.h"
#include "bench.h"
#include "nn/mat.h"

#define MAX_ROUNDS 15
#define MAX_THREADS 2
#define PYTHON "/usr/bin/python3"

struct options {
	const char *program, *data, *scripts; /* initviz, data set, folder of the scripts */
	const char *only;                     /* names of configurations, or NULL for all */
	int rounds;
	double seconds; /* of one measurement */
	bool torch, parts, scale, wall;
};

/* ---- PyTorch ---- */

struct torch {
	struct bench_peer *peer[MAX_THREADS]; /* by threads - 1; NULL without PyTorch */
};

static void start_torch(struct torch *torch, const struct options *options)
{
	char script[512];
	snprintf(script, sizeof script, "%s/steps_torch.py", options->scripts);
	for (int i = 0; i < MAX_THREADS; i++) {
		const char threads[] = { (char)('1' + i), '\0' };
		const char *const argv[] = { PYTHON, script, options->data, threads, options->wall ? "wall" : "cpu", NULL };
		torch->peer[i] = bench_peer_start(argv);
		bench_peer_ask(torch->peer[i], "normal 1"); /* waits: its start would be in the way of what is measured */
	}
}

/* Its best way to do a step, for any number of threads. */
static double torch_steps(const struct torch *torch, const char *config, bool statistics, double seconds)
{
	static const char *const ways[] = { "module", "flat", "script" };
	double best = 0;
	for (int i = 0; i < MAX_THREADS; i++)
		for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
			char question[128];
			snprintf(question, sizeof question, "%s %s %s %g", ways[way], config, statistics ? "full" : "none", seconds);
			double rate = bench_peer_ask(torch->peer[i], question);
			best = rate > best ? rate : best;
		}
	return best;
}

/* ---- steps ---- */

static bool chosen(const struct options *options, const char *name)
{
	if (options->only == NULL)
		return true;
	const char *found = strstr(options->only, name);
	size_t length = strlen(name);
	return found && (found == options->only || found[-1] == ',') && (found[length] == ',' || found[length] == '\0');
}

struct measured {
	double ours[MAX_THREADS][2], torch[2]; /* medians of steps per second: threads, statistics */
	double ratio[MAX_THREADS][2];          /* medians of the rounds' ratios */
	double cost[MAX_THREADS];              /* medians of the rounds' costs of full statistics */
	double peak[MAX_THREADS];              /* of multiply-adds, medians */
};

struct round {
	double ours[MAX_THREADS][2], torch[2], peak[MAX_THREADS];
};

static void measure_round(struct round *r, const struct bench_config *config, struct bench_net *const net[],
                          const struct torch *torch, const struct options *options)
{
	for (int full = 0; full < 2; full++)
		r->torch[full] = torch->peer[0] ? torch_steps(torch, config->name, full, options->seconds) : 0;
	for (int t = 0; t < MAX_THREADS; t++)
		for (int full = 0; full < 2; full++)
			r->ours[t][full] = bench_steps(net[t], full, options->seconds, t + 1);
}

static double median_of(const struct round *rounds, size_t n, double (*value)(const struct round *r, int t, int full),
                        int t, int full)
{
	double values[MAX_ROUNDS];
	for (size_t i = 0; i < n; i++)
		values[i] = value(&rounds[i], t, full);
	return bench_median(values, n);
}

static double ours_of(const struct round *r, int t, int full)
{
	return r->ours[t][full];
}

static double torch_of(const struct round *r, int t, int full)
{
	(void)t;
	return r->torch[full];
}

static double ratio_of(const struct round *r, int t, int full)
{
	return r->ours[t][full] / r->torch[full];
}

static double cost_of(const struct round *r, int t, int full)
{
	(void)full;
	return 100 * (r->ours[t][0] / r->ours[t][1] - 1);
}

static double peak_of(const struct round *r, int t, int full)
{
	(void)full;
	return r->peak[t];
}

static void measure(struct measured *m, const struct bench_config *config, struct bench_net *const net[],
                    struct pool *const pool[], const struct torch *torch, const struct options *options)
{
	struct round rounds[MAX_ROUNDS];
	size_t n = (size_t)options->rounds;
	*m = (struct measured){0};
	for (size_t i = 0; i < n; i++) {
		for (int t = 0; t < MAX_THREADS; t++)
			rounds[i].peak[t] = options->wall ? bench_peak(pool[t]) : (t + 1) * bench_peak(pool[0]);
		measure_round(&rounds[i], config, net, torch, options);
	}
	for (int full = 0; full < 2; full++)
		m->torch[full] = median_of(rounds, n, torch_of, 0, full);
	for (int t = 0; t < MAX_THREADS; t++) {
		m->cost[t] = median_of(rounds, n, cost_of, t, 0);
		m->peak[t] = median_of(rounds, n, peak_of, t, 0);
		for (int full = 0; full < 2; full++) {
			m->ours[t][full] = median_of(rounds, n, ours_of, t, full);
			m->ratio[t][full] = median_of(rounds, n, ratio_of, t, full);
		}
	}
}

static void print_measured(const struct measured *m, const struct bench_config *config, double flops)
{
	printf("%-5s peak of multiply-adds, 1 and 2 threads: %.0f, %.0f GF/s\n", config->name, 1e-9 * m->peak[0],
	       1e-9 * m->peak[1]);
	for (int t = 0; t < MAX_THREADS; t++) {
		for (int full = 0; full < 2; full++) {
			double rate = m->ours[t][full];
			printf("%-5s %-5s %d  %9.1f steps/s %4.0f %% of peak", config->name, full ? "full" : "none", t + 1, rate,
			       100 * rate * flops / m->peak[t]);
			if (m->torch[full] > 0)
				printf("  PyTorch %8.1f  ratio %5.2f", m->torch[full], m->ratio[t][full]);
			if (full)
				printf("  statistics cost %4.1f %%", m->cost[t]);
			printf("\n");
		}
	}
}

static void print_phases(struct bench_net *const net[])
{
	for (int t = 0; t < MAX_THREADS; t++) {
		double phase[PHASES];
		bench_phases(net[t], phase, t + 1);
		printf("      us with %d thread%s:", t + 1, t ? "s" : "");
		for (int p = 0; p < PHASES; p++)
			printf(" %s %.1f%s", bench_phase_names[p], 1e6 * phase[p], p + 1 < PHASES ? "," : "\n");
	}
}

static void compare_steps(const struct options *options, struct dataset *data, const struct torch *torch)
{
	struct pool *pool[MAX_THREADS];
	for (int t = 0; t < MAX_THREADS; t++)
		pool[t] = pool_create(t + 1, NULL);
	for (int c = 0; c < BENCH_CONFIGS; c++) {
		const struct bench_config *config = &bench_configs[c];
		struct bench_net *net[MAX_THREADS];
		struct measured measured;
		if (!chosen(options, config->name))
			continue;
		for (int t = 0; t < MAX_THREADS; t++)
			net[t] = bench_net_create(config, data, pool[t]);
		measure(&measured, config, net, pool, torch, options);
		print_measured(&measured, config, bench_net_flops(net[0]));
		print_phases(net);
		fflush(stdout);
		for (int t = 0; t < MAX_THREADS; t++)
			bench_net_destroy(net[t]);
	}
	for (int t = 0; t < MAX_THREADS; t++)
		pool_destroy(pool[t]);
}

/* Time of a step by the work in it, on one thread, without statistics. */
static void measure_scale(const struct options *options, struct dataset *data)
{
	struct pool *pool = pool_create(1, NULL);
	for (int c = 0; c < BENCH_SCALES; c++) {
		double rate[MAX_ROUNDS], share[MAX_ROUNDS];
		struct bench_net *net = bench_net_create(&bench_scales[c], data, pool);
		bench_steps(net, false, 1e-9, 1); /* one: memory is touched for the first time */
		double flops = bench_net_flops(net);
		for (int round = 0; round < options->rounds; round++) {
			double peak = bench_peak(pool);
			rate[round] = bench_steps(net, false, options->seconds, 1);
			share[round] = 100 * rate[round] * flops / peak;
		}
		double median = bench_median(rate, (size_t)options->rounds);
		printf("%-9s %6.2f million parameters %8.2f Gflop a step %8.2f ms %6.1f GF/s, %3.0f %% of peak\n",
		       bench_scales[c].name, 1e-6 * (double)bench_net_parameters(net), 1e-9 * flops, 1e3 / median,
		       1e-9 * flops * median, bench_median(share, (size_t)options->rounds));
		fflush(stdout);
		bench_net_destroy(net);
	}
	pool_destroy(pool);
}

/* ---- the command line ---- */

static const char usage[] =
	"Usage: bench [--against torch] [--data DIR] [--rounds N] [--seconds S] [--only s30,s128,m,d,l]\n"
	"             [--wall] [--no-steps] [--no-parts] [--scale] [--program PATH] [--scripts DIR]\n";

enum { AGAINST = 256, WALL, DATA, ROUNDS, SECONDS, ONLY, NO_STEPS, NO_PARTS, SCALE, PROGRAM, SCRIPTS };

static void read_options(struct options *options, int argc, char *argv[])
{
	static const struct option known[] = {
		{ "against", required_argument, NULL, AGAINST }, { "data", required_argument, NULL, DATA },
		{ "rounds", required_argument, NULL, ROUNDS },   { "seconds", required_argument, NULL, SECONDS },
		{ "only", required_argument, NULL, ONLY },       { "no-steps", no_argument, NULL, NO_STEPS },
		{ "no-parts", no_argument, NULL, NO_PARTS },     { "scale", no_argument, NULL, SCALE },
		{ "program", required_argument, NULL, PROGRAM }, { "scripts", required_argument, NULL, SCRIPTS },
		{ "wall", no_argument, NULL, WALL },             { 0 },
	};
	for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
		switch (option) {
		case AGAINST: options->torch = strcmp(optarg, "torch") == 0; break;
		case DATA: options->data = optarg; break;
		case ROUNDS: options->rounds = atoi(optarg); break;
		case SECONDS: options->seconds = atof(optarg); break;
		case ONLY: options->only = optarg; break;
		case NO_STEPS: options->only = ""; break;
		case NO_PARTS: options->parts = false; break;
		case WALL: options->wall = true; bench_use_wall_clock(); break;
		case SCALE: options->scale = true; break;
		case PROGRAM: options->program = optarg; break;
		case SCRIPTS: options->scripts = optarg; break;
		default: fputs(usage, stderr); exit(2);
		}
	}
	if (options->rounds < 1 || options->rounds > MAX_ROUNDS || !(options->seconds > 0)) {
		fputs(usage, stderr);
		exit(2);
	}
}

/* OpenBLAS reads its variables before main() begins: the program starts again
 * without them. */
static void clear_variables(char *argv[])
{
	if (mat_core_is_chosen() || (getenv("OPENBLAS_CORETYPE") == NULL && getenv("OPENBLAS_L2_SIZE") == NULL))
		return;
	unsetenv("OPENBLAS_CORETYPE");
	unsetenv("OPENBLAS_L2_SIZE");
	platform_run_again(argv);
	fputs("bench: cannot start again without OPENBLAS_CORETYPE\n", stderr);
	exit(1);
}

int main(int argc, char *argv[])
{
	clear_variables(argv);
	struct options options = { .program = "./initviz", .data = "mnist", .scripts = BENCH_SCRIPTS,
	                           .rounds = 3, .seconds = 1, .parts = true };
	read_options(&options, argc, argv);
	struct err err = {0};
	struct dataset *data = NULL;
	if (!mat_prepare(&err) || !mat_choose_core(argv, MAT_CORE_AUTO, &err) || (data = dataset_open(options.data, &err)) == NULL || !dataset_load(data, &err)) {
		fprintf(stderr, "bench: %s\n", err.message);
		return 1;
	}
	printf("%s, core %s; %d CPUs; data: %s\n", mat_library(), mat_core(), platform_cpus(), dataset_name(data));
	if (mat_core_reason())
		printf("%s\n", mat_core_reason());
	printf("time: %s\n", options.wall ? "wall clock" : "CPU time over the number of threads");
	struct torch torch = {0};
	if (options.torch)
		start_torch(&torch, &options);
	compare_steps(&options, data, &torch);
	if (options.scale)
		measure_scale(&options, data);
	dataset_close(data);
	if (options.parts)
		bench_parts(options.program, options.data, options.scripts, torch.peer[0]);
	for (int i = 0; i < MAX_THREADS; i++)
		bench_peer_stop(torch.peer[i]);
	return 0;
}
