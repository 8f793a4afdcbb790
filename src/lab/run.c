/* One run: when to observe, what the screen sees.  Knows no thread, no clock. */
#include "lab/run.h"

#include <stdio.h>
#include <string.h>

#define WORTH_THREADS 20e6 /* multiply-adds times two per step; below it one thread is faster */
#define FURTHER 1000       /* steps that "run" adds to a scenario without any */

int run_threads(const struct settings *settings, bool share_cpu)
{
	if (settings->threads)
		return (int)settings->threads;
	double flops = 0;
	for (uint32_t l = 0; l < settings->layers; l++)
		flops += 6.0 * (double)settings->width[l] * (double)settings->width[l + 1] * (double)settings->batch;
	int cpus = pool_available_cpus() - share_cpu;
	return flops < WORTH_THREADS || cpus < 1 ? 1 : cpus < POOL_MAX_THREADS ? cpus : POOL_MAX_THREADS;
}

static bool open_data(struct run *run, const struct settings *settings, struct err *err)
{
	if (run->dataset && strcmp(run->data, settings->data) == 0)
		return true;
	struct dataset *dataset = dataset_open(*settings->data ? settings->data : NULL, err);
	if (dataset == NULL)
		return false;
	dataset_close(run->dataset);
	run->dataset = dataset;
	snprintf(run->data, sizeof run->data, "%s", settings->data);
	return true;
}

static bool open_pool(struct run *run, const struct settings *settings, struct err *err)
{
	int threads = run_threads(settings, run->share_cpu);
	if (run->pool && pool_threads(run->pool) == threads)
		return true;
	pool_destroy(run->pool);
	run->pool = pool_create(threads, err);
	return run->pool != NULL;
}

static void forget(struct run *run)
{
	session_destroy(run->session);
	run->session = NULL;
	snapshot_drop(run->latest);
	run->latest = NULL;
	memset(&run->scheduled, 0, sizeof run->scheduled);
	memset(&run->screen, 0, sizeof run->screen);
}

static void widen_to(struct session_ranges *ranges, const struct session_ranges *other)
{
	for (size_t l = 0; l < MLP_MAX_LAYERS; l++)
		for (size_t t = 0; t < MLP_TENSORS; t++) {
			if (ranges->range[l][t].low > other->range[l][t].low || ranges->range[l][t].low == ranges->range[l][t].high)
				ranges->range[l][t].low = other->range[l][t].low;
			if (ranges->range[l][t].high < other->range[l][t].high)
				ranges->range[l][t].high = other->range[l][t].high;
		}
}

static void show(struct run *run, const struct snapshot *snapshot)
{
	snapshot_drop(run->latest);
	run->latest = snapshot;
	run->stale = run->partial = false;
}

/* The observation for the record; it becomes what the screen sees unless the
 * screen's axes are already wider. */
static bool record(struct run *run, enum session_purpose purpose, struct err *err)
{
	const struct snapshot *snapshot = session_observe(run->session, &run->scheduled, purpose, err);
	if (snapshot == NULL)
		return false;
	run->last_scheduled = snapshot->step;
	bool taken = run->sink.take == NULL || run->sink.take(run->sink.context, snapshot, err);
	widen_to(&run->screen, &run->scheduled);
	if (memcmp(&run->screen, &run->scheduled, sizeof run->screen) == 0)
		show(run, snapshot);
	else {
		run->stale = true;
		snapshot_drop(snapshot);
	}
	return taken;
}

bool run_start(struct run *run, const struct settings *settings, struct err *err)
{
	forget(run);
	if (!open_data(run, settings, err))
		return false;
	struct settings fitted = *settings;
	if (!settings_fit(&fitted, dataset_pixels(run->dataset), dataset_classes(run->dataset), err) ||
	    !open_pool(run, &fitted, err))
		return false;
	run->session = session_create(settings, run->dataset, run->pool, err);
	if (run->session == NULL)
		return false;
	run->target = settings->steps;
	return record(run, run->target == 0 ? SESSION_LAST : SESSION_SCHEDULED, err);
}

void run_close(struct run *run)
{
	forget(run);
	dataset_close(run->dataset);
	pool_destroy(run->pool);
	*run = (struct run){0};
}

bool run_step(struct run *run, struct err *err)
{
	if (!session_step(run->session, err))
		return false;
	run->stale = true;
	uint64_t step = session_steps(run->session);
	if (step == run->target)
		return record(run, SESSION_LAST, err);
	if (step % session_settings(run->session)->every == 0)
		return record(run, SESSION_SCHEDULED, err);
	return true;
}

void run_aim(struct run *run)
{
	uint64_t steps = session_settings(run->session)->steps, more = steps ? steps : FURTHER;
	while (run->target <= session_steps(run->session))
		run->target += more;
}

bool run_wants_look(const struct run *run, bool glance)
{
	return run->session && (run->stale || (run->partial && !glance));
}

bool run_look(struct run *run, bool glance, struct err *err)
{
	if (!run_wants_look(run, glance))
		return true;
	const struct snapshot *snapshot =
		session_observe(run->session, &run->screen, glance ? SESSION_GLANCE : SESSION_LOOK, err);
	if (snapshot == NULL)
		return false;
	show(run, snapshot);
	run->partial = glance;
	return true;
}

bool run_edit(struct run *run, const char *name, const char *value, struct err *err)
{
	return run->session == NULL || session_edit(run->session, name, value, err);
}

bool run_scale(struct run *run, uint32_t layer, double factor, struct err *err)
{
	if (run->session == NULL)
		return true;
	run->stale = true;
	return session_scale_weights(run->session, layer, factor, err);
}
