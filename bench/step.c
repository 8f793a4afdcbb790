/* A training step of the product, timed: the session's own, with an observer
 * that takes full statistics of the training batch, or none. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bench.h"
#include "lab/session_parts.h"

const struct bench_config bench_configs[BENCH_CONFIGS] = {
	{ .name = "s30", .layers = "784-100-100-10", .batch = 30 },
	{ .name = "s128", .layers = "784-100-100-10", .batch = 128 },
	{ .name = "m", .layers = "784-512-512-512-512-512-10", .batch = 128 },
	{ .name = "d", .depth = 50, .width = 100, .batch = 128 },
	{ .name = "l", .layers = "784-2048-2048-2048-10", .batch = 256 },
};

const struct bench_config bench_scales[BENCH_SCALES] = {
	{ .name = "100 x 2", .depth = 2, .width = 100, .batch = 128 },
	{ .name = "256 x 2", .depth = 2, .width = 256, .batch = 128 },
	{ .name = "512 x 2", .depth = 2, .width = 512, .batch = 128 },
	{ .name = "1024 x 2", .depth = 2, .width = 1024, .batch = 128 },
	{ .name = "2048 x 2", .depth = 2, .width = 2048, .batch = 128 },
	{ .name = "4096 x 2", .depth = 2, .width = 4096, .batch = 128 },
	{ .name = "8192 x 2", .depth = 2, .width = 8192, .batch = 128 },
	{ .name = "100 x 10", .depth = 10, .width = 100, .batch = 128 },
	{ .name = "100 x 50", .depth = 50, .width = 100, .batch = 128 },
	{ .name = "100 x 100", .depth = 100, .width = 100, .batch = 128 },
	{ .name = "100 x 200", .depth = 200, .width = 100, .batch = 128 },
};

struct bench_net {
	struct session *session;
	struct session_ranges ranges;
	struct {
		struct moments moments;
		struct histogram histogram;
	} seen[MLP_MAX_LAYERS][2]; /* z and a */
};

static void die(const struct err *err)
{
	fprintf(stderr, "bench: %s\n", err->message);
	exit(1);
}

static void set(struct settings *settings, const char *name, const char *value)
{
	struct err err = {0};
	if (!settings_set(settings, name, value, &err))
		die(&err);
}

static void set_number(struct settings *settings, const char *name, unsigned number)
{
	char value[16];
	snprintf(value, sizeof value, "%u", number);
	set(settings, name, value);
}

struct bench_net *bench_net_create(const struct bench_config *config, struct dataset *data, struct pool *pool)
{
	struct err err = {0};
	struct settings settings;
	settings_default(&settings);
	set(&settings, "init", "glorot_uniform");
	set_number(&settings, "batch", config->batch);
	if (config->layers)
		set(&settings, "layers", config->layers);
	else {
		set_number(&settings, "depth", config->depth);
		set_number(&settings, "width", config->width);
	}
	struct bench_net *net = alloc_array(1, sizeof *net, &err);
	if (net == NULL || (net->session = session_create(&settings, data, pool, &err)) == NULL)
		die(&err);
	return net;
}

void bench_net_destroy(struct bench_net *net)
{
	session_destroy(net->session);
	alloc_free(net);
}

size_t bench_net_parameters(const struct bench_net *net)
{
	return net->session->mlp->parameters;
}

double bench_net_flops(const struct bench_net *net)
{
	const struct session *session = net->session;
	double flops = 0;
	for (size_t l = 0; l < session->mlp->layers; l++) {
		const struct mlp_layer *layer = &session->mlp->layer[l];
		flops += (l ? 6.0 : 4.0) * (double)(layer->fan_in * layer->fan_out * session->batch->rows);
	}
	return flops;
}

/* Mean, variance, extremes and a histogram of z and a of every layer; the step
 * itself takes the variance of dW. */
static void see(void *context, enum mlp_tensor tensor, size_t l, const float *values, size_t count)
{
	struct bench_net *net = context;
	if (tensor != MLP_Z && tensor != MLP_A)
		return;
	struct moments *moments = &net->seen[l][tensor].moments;
	struct histogram *histogram = &net->seen[l][tensor].histogram;
	double *low = &net->ranges.range[l][tensor].low, *high = &net->ranges.range[l][tensor].high;
	histogram->low = *low;
	histogram->high = *high;
	stats_observe(moments, histogram, values, count, -INFINITY, INFINITY);
	*low = histogram->low;
	*high = histogram->high;
}

static void step(struct bench_net *net, bool statistics)
{
	struct mlp_observer observer = { .see = see, .context = net, .concurrent = true };
	struct err err = {0};
	if (!session_train(net->session, statistics ? &observer : NULL, &err))
		die(&err);
}

double bench_steps(struct bench_net *net, bool statistics, double seconds, int threads)
{
	double start = bench_time(threads), span = 0, steps = 0;
	for (size_t more = 1; span < seconds; more += more / 4 + 1) {
		for (size_t i = 0; i < more; i++)
			step(net, statistics);
		steps += (double)more;
		span = bench_time(threads) - start;
	}
	return steps / span;
}

/* ---- phases ---- */

const char *const bench_phase_names[PHASES] = {
	[PHASE_DRAW] = "batch", [PHASE_FORWARD] = "forward", [PHASE_DELTA] = "delta",
	[PHASE_UPDATE] = "dW, update", [PHASE_STATISTICS] = "statistics",
};

static void draw(struct bench_net *net)
{
	net->session->drawn = false;
	session_draw_batch(net->session, NULL);
	mlp_batch_unpack(net->session->batch);
}

static void forward(struct bench_net *net)
{
	mlp_forward(net->session->mlp, net->session->batch, net->session->pool, NULL);
}

static void forward_and_delta(struct bench_net *net)
{
	forward(net);
	mlp_backward(net->session->mlp, net->session->batch, NULL, net->session->pool, NULL);
}

static void bare_step(struct bench_net *net)
{
	step(net, false);
}

static void full_step(struct bench_net *net)
{
	step(net, true);
}

/* The parts of a step cannot be stopped between, so each is the difference of
 * two of these, one of which does more. */
void bench_phases(struct bench_net *net, double phase[PHASES], int threads)
{
	enum { TURNS = 15 };
	static void (*const part[PHASES])(struct bench_net *net) = { draw, forward, forward_and_delta, bare_step, full_step };
	double taken[PHASES][TURNS], median[PHASES];
	size_t repeat[PHASES];
	for (int p = 0; p < PHASES; p++) {
		double start = bench_time(threads);
		part[p](net);
		repeat[p] = 1 + (size_t)(0.01 / (bench_time(threads) - start));
	}
	for (int turn = 0; turn < TURNS; turn++)
		for (int p = 0; p < PHASES; p++) {
			double start = bench_time(threads);
			for (size_t i = 0; i < repeat[p]; i++)
				part[p](net);
			taken[p][turn] = (bench_time(threads) - start) / (double)repeat[p];
		}
	for (int p = 0; p < PHASES; p++)
		median[p] = bench_median(taken[p], TURNS);
	phase[PHASE_DRAW] = median[0];
	phase[PHASE_FORWARD] = median[1];
	phase[PHASE_DELTA] = median[2] - median[1];
	phase[PHASE_UPDATE] = median[3] - median[2] - median[0];
	phase[PHASE_STATISTICS] = median[4] - median[3];
}
