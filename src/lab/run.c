/* One run: when to observe, what the screen shows.  Independent of threads and clocks. */
#include "lab/run.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/platform.h"
#include "base/text.h"
#include "lab/quantity.h"
#include "lab/run_parts.h"
#include "lab/settings_weights.h"
#include "nn/mat.h"

#define WORTH_THREADS 20e6 /* multiply-adds times two per step; below it one thread is faster */
#define PASS_WORTH_THREADS 2e9 /* the same for a net that is passed once: threads take time to start */
#define FURTHER 1000       /* steps that "run" adds when the scenario has none */

int run_threads(const struct settings *settings)
{
	if (settings->threads)
		return (int)settings->threads;
	double flops = settings_step_flops(settings);
	int cpus = platform_cpus();
	return flops < (settings->steps ? WORTH_THREADS : PASS_WORTH_THREADS) || cpus < 1 ? 1 : cpus < POOL_MAX_THREADS ? cpus : POOL_MAX_THREADS;
}

static bool open_data(struct run *run, const struct settings *settings, struct err *err)
{
	const struct dataset_division *division = &settings->division;
	if (run->dataset && strcmp(run->data, settings->data) == 0 && run->division.seed == division->seed &&
	    run->division.test_percent == division->test_percent)
		return true;
	struct dataset *dataset = dataset_open_divided(*settings->data ? settings->data : NULL, division, err);
	if (dataset == NULL)
		return false;
	dataset_close(run->dataset);
	run->dataset = dataset;
	run->data_complete = false;
	snprintf(run->data, sizeof run->data, "%s", settings->data);
	run->division = *division;
	return true;
}

/* Before a net trains, since the order of the batches needs all images anyway.  Reads all of
 * the data when the caller wants reports of progress. */
static bool complete_data(struct run *run, struct err *err)
{
	if (run->data_complete)
		return true;
	for (bool more = run->loading != NULL; more; run->loading(run->sink.context))
		if (!dataset_load_more(run->dataset, &more, err))
			return false;
	return run->data_complete = dataset_verify(run->dataset, err);
}

/* Estimated memory of the nets: weights, gradients, slots of the optimizer,
 * copies for the readouts. */
static size_t bytes_to_come(const struct settings *settings, size_t lanes)
{
	size_t weights = 0;
	for (uint32_t l = 0; l < settings->layers; l++)
		weights += (size_t)settings->width[l] * settings->width[l + 1];
	return 6 * sizeof(float) * weights * lanes;
}

/* If the system refuses threads or their memory, fewer threads do the same work. */
static bool open_pool(struct run *run, const struct settings *settings, size_t lanes, struct err *err)
{
	int threads = run_threads(settings);
	if (run->pool && run->wanted_threads == threads)
		return true;
	pool_destroy(run->pool);
	run->wanted_threads = threads;
	run->pool = pool_create(mat_threads(threads, bytes_to_come(settings, lanes)), err);
	return run->pool != NULL;
}

void run_end_sessions(struct run *run)
{
	for (size_t i = 0; i < run->lanes; i++) {
		session_destroy(run->lane[i].session);
		snapshot_drop(run->lane[i].latest);
		history_clear(&run->lane[i].history);
	}
	memset(run->lane, 0, run->lanes * sizeof *run->lane);
	run->lanes = run->edits = run->replayed_count = run->replayed_next = 0;
	run->rewind_to = run->rewind_target = run->quiet = 0;
	run->branching = false;
	marks_clear(&run->marks);
}

bool run_prepare(struct run *run, const struct settings *settings, size_t lanes, struct err *err)
{
	if (!open_data(run, settings, err))
		return false;
	struct settings fitted = *settings;
	return settings_follow_weights(&fitted, err) &&
	       settings_fit(&fitted, dataset_pixels(run->dataset), dataset_classes(run->dataset), err) &&
	       open_pool(run, &fitted, lanes, err) &&
	       (fitted.steps == 0 || complete_data(run, err));
}

static void widen_to(struct session_ranges *ranges, const struct session_ranges *other)
{
	for (size_t l = 0; l < MLP_MAX_LAYERS; l++)
		for (size_t t = 0; t < MLP_TENSORS; t++) {
			double *low = &ranges->range[l][t].low, *high = &ranges->range[l][t].high;
			bool unknown = *low == *high;
			if (unknown || *low > other->range[l][t].low)
				*low = other->range[l][t].low;
			if (unknown || *high < other->range[l][t].high)
				*high = other->range[l][t].high;
		}
}

static bool same_ranges(const struct session_ranges *a, const struct session_ranges *b)
{
	return memcmp(a->range, b->range, sizeof a->range) == 0;
}

/* ---- observing all lanes ---- */

static void drop_all(const struct snapshot **seen, size_t lanes)
{
	for (size_t i = 0; i < lanes; i++) {
		snapshot_drop(seen[i]);
		seen[i] = NULL;
	}
}

/* Observes every lane with the ranges at `offset` in its lane. */
static bool observe(struct run *run, size_t offset, enum session_purpose purpose, const struct snapshot **seen,
                    struct err *err)
{
	for (size_t i = 0; i < run->lanes; i++) {
		struct session_ranges *ranges = (void *)((char *)&run->lane[i] + offset);
		session_want_images(run->lane[i].session, &run->images);
		if (run->measuring && purpose < SESSION_SCHEDULED)
			session_measure(run->lane[i].session, run->go_on, run->sink.context);
		seen[i] = session_observe(run->lane[i].session, ranges, purpose, err);
		if (seen[i] == NULL) {
			drop_all(seen, run->lanes);
			return false;
		}
	}
	return true;
}

bool run_observe(struct run *run, enum session_purpose purpose, const struct snapshot **seen, struct err *err)
{
	return observe(run, offsetof(struct lane, scheduled), purpose, seen, err);
}

static void show(struct run *run, const struct snapshot **seen)
{
	for (size_t i = 0; i < run->lanes; i++) {
		snapshot_drop(run->lane[i].latest);
		run->lane[i].latest = seen[i];
	}
	run->stale = false;
}

/* Makes the scheduled observation; the screen shows it too, unless the screen's
 * axes are already wider. */
static bool record(struct run *run, enum session_purpose purpose, struct err *err)
{
	const struct snapshot *seen[RUNNER_MAX_LANES] = {0};
	if (!run_observe(run, purpose, seen, err))
		return false;
	bool taken = true, wider = false;
	for (size_t i = 0; i < run->lanes; i++) {
		struct lane *lane = &run->lane[i];
		taken = taken && history_add(&lane->history, seen[i], err) &&
		        (run->sink.receive == NULL || run->sink.receive(run->sink.context, i, seen[i], err));
		widen_to(&lane->screen, &lane->scheduled);
		wider |= !same_ranges(&lane->screen, &lane->scheduled);
	}
	run->partial = purpose == SESSION_FIRST_PASS;
	if (wider) {
		run->stale = true;
		drop_all(seen, run->lanes);
	} else
		show(run, seen);
	return taken;
}

/* ---- life ---- */

static bool start_lane(struct run *run, const struct settings *settings, struct err *err)
{
	struct lane *lane = &run->lane[run->lanes];
	lane->session = session_create(settings, run->dataset, run->pool, err);
	if (lane->session == NULL)
		return false;
	run->lanes++;
	return true;
}

static bool start_lanes(struct run *run, const struct settings *settings, size_t lanes, struct err *err)
{
	if (!run_prepare(run, settings, lanes, err))
		return false;
	for (size_t i = 0; i < lanes; i++)
		if (!start_lane(run, &settings[i], err))
			return false;
	return true;
}

/* The test accuracy of weights that were read from a file says something; that of initial weights
 * is left to a screen that shows it. */
static enum session_purpose first_purpose(const struct settings *settings, size_t lanes)
{
	enum session_purpose purpose = settings->steps ? SESSION_SCHEDULED : SESSION_FIRST_PASS;
	for (size_t i = 0; i < lanes; i++)
		if (settings->steps == 0 && settings[i].weights[0])
			purpose = SESSION_LAST;
	return purpose;
}

/* Parked runs release their memory if a new run needs it. */
bool run_begin(struct run *run, const struct settings *settings, size_t lanes, uint64_t quiet, struct err *err)
{
	struct err problem = {0};
	run_end_sessions(run);
	if (settings == NULL)
		return err_set(err, ERR_RESOURCE, "out of memory for the settings of a run");
	bool started = start_lanes(run, settings, lanes, &problem);
	if (!started && problem.code == ERR_RESOURCE && parked_limit(&run->undo, &run->redo, 0)) {
		run_end_sessions(run);
		started = start_lanes(run, settings, lanes, &problem);
	}
	memmove(run->start, settings, lanes * sizeof *settings);
	run->target = settings->steps;
	run->quiet = quiet;
	if (started && record(run, first_purpose(run->start, lanes), &problem))
		return true;
	run_end_sessions(run);
	if (err)
		*err = problem;
	return false;
}

bool run_start(struct run *run, const struct settings *settings, size_t lanes, struct err *err)
{
	return run_begin(run, settings, lanes, 0, err);
}

void run_close(struct run *run)
{
	run_end_sessions(run);
	parked_clear(&run->undo);
	parked_clear(&run->redo);
	mark_file_drop(run->mark_file);
	dataset_close(run->dataset);
	pool_destroy(run->pool);
	run->mark_file = NULL;
	run->dataset = NULL;
	run->pool = NULL;
}

uint64_t run_steps(const struct run *run)
{
	return run->lanes ? session_steps(run->lane[0].session) : 0;
}

bool run_diverged(const struct run *run)
{
	for (size_t i = 0; i < run->lanes; i++)
		if (session_diverged(run->lane[i].session))
			return true;
	return false;
}

/* ---- steps ---- */

/* A lane of 0 steps beside nets that train stays at its initialization. */
static bool stays(const struct run *run, size_t lane)
{
	return lane > 0 && run->start[lane].steps == 0 && run->start[0].steps > 0;
}

bool run_step(struct run *run, struct err *err)
{
	bool was_repeating = run_is_repeating(run);
	uint64_t step = run_steps(run) + 1;
	bool last = step == run->target, observed = last || settings_observe(session_settings(run->lane[0].session), step);
	run->branching = run->branching && was_repeating;
	if (!complete_data(run, err))
		return false;
	for (size_t i = 0; i < run->lanes; i++) {
		if (observed && !stays(run, i))
			session_watch_change(run->lane[i].session);
		if (!stays(run, i) && !session_step(run->lane[i].session, err))
			return false;
	}
	run->stale = true;
	if (observed)
		if (!record(run, last ? SESSION_LAST : SESSION_SCHEDULED, err))
			return false;
	run_mark(run);
	return !was_repeating || run_go_on_repeating(run, err);
}

void run_aim(struct run *run)
{
	uint64_t steps = session_settings(run->lane[0].session)->steps, more = steps ? steps : FURTHER;
	while (run->target <= run_steps(run))
		run->target += more;
}

bool run_goal_is_met(struct run *run, const struct runner_goal *goal, bool *met, double *value, struct err *err)
{
	*value = NAN;
	/* Numbers that a glance leaves out are NaN in it. */
	for (int full = 0; full < 2 && isnan(*value); full++)
		if (!run_refresh(run, !full, err) || !quantity_value(run->lane[0].latest, goal->name, value, err))
			return false;
	*met = goal->above ? *value > goal->limit : *value < goal->limit;
	return true;
}

bool run_missed_goal(const struct run *run, const struct runner_goal *goal, double value, struct err *err)
{
	char is[TEXT_READOUT_SIZE], limit[TEXT_READOUT_SIZE];
	return err_set(err, ERR_RUN, "until %s %c %s: not met; it is %s when the run ends at step %llu", goal->name,
	               goal->above ? '>' : '<', text_readout(limit, goal->limit), text_readout(is, value),
	               (unsigned long long)run_steps(run));
}

/* Whether what is measured for the screen is missing in a lane. */
static bool lacks_measurement(const struct run *run)
{
	for (size_t i = 0; run->measuring && i < run->lanes; i++)
		if (run->lane[i].latest == NULL || !run->lane[i].latest->measured)
			return true;
	return false;
}

bool run_needs_observation(const struct run *run, bool glance)
{
	return run->lanes && (run->stale || ((run->partial || lacks_measurement(run)) && !glance));
}

void run_want_images(struct run *run, const struct images_wanted *wanted)
{
	run->stale = run->stale || (wanted->any && !images_same(wanted, &run->images));
	run->images = *wanted;
}

bool run_refresh(struct run *run, bool glance, struct err *err)
{
	if (!run_needs_observation(run, glance))
		return true;
	const struct snapshot *seen[RUNNER_MAX_LANES] = {0};
	if (!observe(run, offsetof(struct lane, screen), glance ? SESSION_GLANCE : SESSION_FULL, seen, err))
		return false;
	show(run, seen);
	run->partial = glance;
	return true;
}
