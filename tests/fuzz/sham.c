/* A runner for fuzzing that trains nothing: it makes observations up from the
 * settings and the step, so that thousands of inputs a second can be tried.
 * Refusals, failures, undo and changes are answered like those of a real run. */
#include "fuzz/sham.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "fuzz/fuzz.h"
#include "lab/runner_kind.h"

#define STEPS 40  /* of one request, at most */
#define EVERY 2   /* steps between the observations that are kept */
#define KEPT 12   /* observations of one run, then the history stays as it is */
#define EDITS 16
#define LAYERS 64 /* a deeper net fails, as if memory were short */
#define PIXELS 16
#define CLASSES 10

struct sham {
	struct runner runner;
	struct settings lane[RUNNER_MAX_LANES], before[RUNNER_MAX_LANES]; /* now, and of the run before */
	size_t lanes_before;
	uint64_t steps_before;
	struct history history[RUNNER_MAX_LANES];
	const struct snapshot *latest[RUNNER_MAX_LANES];
	struct runner_status status;
	struct runner_edit edit[EDITS];
	size_t edits;
	struct copied copied;
	bool changed;
};

static struct sham *self(struct runner *runner)
{
	return (struct sham *)(void *)runner;
}

/* ---- observations ---- */

/* Any number, the special ones now and then; the same for the same arguments. */
static double number(uint64_t step, size_t lane, size_t what)
{
	static const double kinds[] = { 0.3, 1, 80.5, 1e-12, 0, 1e30, 0.7, 2e-5, 5, 0.01 };
	uint64_t mixed = (step * 2654435761u + lane * 40503 + what * 9973) >> 3;
	if (mixed % 97 == 0)
		return mixed % 2 ? (double)INFINITY : (double)NAN;
	return kinds[mixed % (sizeof kinds / sizeof kinds[0])];
}

static void fill_tensor(struct tensor_observation *tensor, double variance, unsigned shape)
{
	double far = isfinite(variance) ? sqrt(variance) + 1e-20 : 1;
	tensor->moments = (struct moments){ .n = 240, .variance = variance, .mean_square = variance, .min = -far, .max = far };
	if (!isfinite(variance))
		tensor->moments.nan = 240;
	for (int i = 0; i < STATS_PERCENTILES; i++)
		tensor->percentile[i] = isfinite(variance) ? far * (2.0 * i / (STATS_PERCENTILES - 1) - 1) : (double)NAN;
	tensor->histogram = (struct histogram){ .low = -far, .high = far, .n = 240 };
	tensor->histogram.counts[shape % HISTOGRAM_BINS] = 200;
	tensor->histogram.counts[HISTOGRAM_BINS - 1] += 40;
}

static const struct snapshot *make_snapshot(const struct settings *settings, size_t lane, uint64_t step)
{
	struct snapshot *s = snapshot_create(settings->layers, NULL);
	if (s == NULL)
		return NULL;
	s->settings = *settings;
	settings = &s->settings;
	REQUIRE(settings_fit(&s->settings, PIXELS, CLASSES, NULL));
	snprintf(s->data_name, sizeof s->data_name, "built-in digits");
	s->step = step;
	s->scheduled = step % EVERY == 0;
	s->loss = number(step, lane, 0);
	s->train_accuracy = s->test_accuracy = fmin(1, number(step, lane, 1));
	trace_add(&s->batch_loss, s->loss);
	trace_add(&s->batch_accuracy, s->train_accuracy);
	s->input = (struct input_observation){ .images = 100, .mean = 0.13, .variance = 0.1, .mean_square = 0.11 };
	for (size_t l = 0; l < s->layers; l++) {
		struct layer_observation *layer = &s->layer[l];
		layer->fan_in = settings->width[l];
		layer->fan_out = settings->width[l + 1];
		layer->init = *settings_layer_init(settings, l + 1);
		if (l + 1 < s->layers)
			layer->activation = settings->activation;
		for (size_t t = 0; t < MLP_TENSORS; t++)
			fill_tensor(&layer->tensor[t], number(step, lane, 2 + 5 * l + t), (unsigned)(step + l));
		layer->saturated = layer->dead = fmin(1, number(step, lane, l));
		layer->update_ratio = layer->weight_variance = layer->z_within = number(step, lane, l + 1);
		layer->theory.z_mean_square = layer->theory.delta_mean_square = layer->theory.chi = number(step, lane, l + 3);
		layer->theory.a_mean_square = layer->theory.correlation = layer->theory.z_variance = number(step, lane, l + 4);
	}
	return s;
}

static void observe(struct sham *sham)
{
	for (size_t i = 0; i < sham->status.lanes; i++) {
		const struct snapshot *snapshot = make_snapshot(&sham->lane[i], i, sham->status.step);
		runner_hold(&sham->latest[i], snapshot);
		if (snapshot && snapshot->scheduled && sham->history[i].count < KEPT)
			history_add(&sham->history[i], snapshot, NULL);
		snapshot_drop(snapshot);
	}
}

/* ---- requests ---- */

static void refuse(struct sham *sham, const char *words)
{
	err_set(&sham->status.err, ERR_USAGE, "%s", words);
	sham->status.refused++;
}

static void fail(struct sham *sham, enum err_code code, const char *words)
{
	sham->status.state = RUNNER_FAILED;
	err_set(&sham->status.err, code, "%s", words);
}

static void clear(struct sham *sham)
{
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		history_clear(&sham->history[i]);
		runner_hold(&sham->latest[i], NULL);
	}
	sham->edits = 0;
}

static void begin(struct sham *sham, size_t lanes, uint64_t step)
{
	clear(sham);
	sham->status.run++;
	sham->status.state = RUNNER_PAUSED;
	sham->status.err = (struct err){0};
	sham->status.step = step;
	sham->status.lanes = lanes;
	for (size_t i = 0; i < lanes; i++) {
		struct settings fitted = sham->lane[i];
		if (strcmp(sham->lane[i].data, sham->lane[0].data) != 0 || strstr(sham->lane[i].data, "missing"))
			fail(sham, ERR_INPUT, "missing: no such folder: give another with `data`");
		else if (sham->lane[i].layers > LAYERS || !settings_fit(&fitted, PIXELS, CLASSES, NULL))
			fail(sham, ERR_RESOURCE, "this net needs more memory than there is");
	}
	if (sham->status.state == RUNNER_PAUSED)
		observe(sham);
}

static void start(struct sham *sham, const struct request *request)
{
	memcpy(sham->before, sham->lane, sizeof sham->lane);
	sham->lanes_before = sham->status.lanes;
	sham->steps_before = sham->status.step;
	sham->status.undo = sham->lanes_before > 0;
	sham->status.parked += sham->status.undo;
	sham->status.undo_step = sham->steps_before;
	sham->status.undo_trained = sham->status.any_trained = sham->steps_before > 0;
	if (request->settings == NULL) {
		fail(sham, ERR_RESOURCE, "out of memory");
		return;
	}
	memcpy(sham->lane, request->settings, request->lanes * sizeof *request->settings);
	begin(sham, request->lanes, 0);
}

static void restore(struct sham *sham)
{
	size_t lanes = sham->status.lanes;
	uint64_t step = sham->status.step;
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++) {
		struct settings now = sham->lane[i];
		sham->lane[i] = sham->before[i];
		sham->before[i] = now;
	}
	sham->status.undone++;
	begin(sham, sham->lanes_before, sham->steps_before);
	sham->lanes_before = lanes;
	sham->steps_before = step;
	sham->status.undo_step = sham->status.redo_step = step;
}

static void bring_back(struct sham *sham, bool redo)
{
	size_t *from = redo ? &sham->status.redo : &sham->status.undo, *to = redo ? &sham->status.undo : &sham->status.redo;
	if (*from == 0) {
		refuse(sham, redo ? "redo: nothing was undone" : "undo: nothing was changed yet");
		return;
	}
	--*from;
	++*to;
	restore(sham);
}

static void advance(struct sham *sham, uint64_t steps)
{
	for (uint64_t i = 0; i < steps && i < STEPS; i++) {
		sham->status.step++;
		if (sham->status.step % EVERY == 0 && sham->history[0].count < KEPT)
			observe(sham);
	}
	observe(sham);
}

static void edit(struct sham *sham, const struct request *request)
{
	struct runner_edit edit = { .step = sham->status.step };
	if (request->kind == REQUEST_SCALE) {
		edit.layer = request->layer;
		edit.factor = request->number;
	} else {
		snprintf(edit.name, sizeof edit.name, "%s", request->name);
		snprintf(edit.value, sizeof edit.value, "%s", request->value);
		for (size_t i = 0; i < sham->status.lanes; i++)
			if (!settings_set(&sham->lane[i], request->name, request->value, &sham->status.err))
				return;
	}
	if (sham->edits == EDITS)
		refuse(sham, "too many changes of one run");
	else
		sham->edit[sham->edits++] = edit;
}

/* There are no weights to copy. */
static void refuse_copy(struct sham *sham)
{
	struct err err = {0};
	err_set(&err, ERR_RESOURCE, "out of memory");
	copied_put(&sham->copied, NULL, &err);
}

static void send_sham(struct runner *runner, const struct request *request)
{
	struct sham *sham = self(runner);
	sham->changed = true;
	if (sham->status.state == RUNNER_FAILED && !request_replaces_run(request))
		return;
	sham->status.err = (struct err){0};
	switch (request->kind) {
	case REQUEST_START:
		start(sham, request);
		break;
	case REQUEST_STEP:
	case REQUEST_RUN:
		advance(sham, request->kind == REQUEST_RUN ? STEPS : request->steps);
		break;
	case REQUEST_UNTIL:
		advance(sham, STEPS);
		sham->status.goal_value = number(sham->status.step, 0, 0);
		if (sham->status.step % 3)
			sham->status.met++;
		else
			refuse(sham, "until: the run ends before that");
		break;
	case REQUEST_OBSERVE:
	case REQUEST_IMAGES:
		break;
	case REQUEST_COPY:
		refuse_copy(sham);
		break;
	case REQUEST_REWIND:
		begin(sham, sham->status.lanes, request->steps);
		break;
	case REQUEST_EDIT:
	case REQUEST_SCALE:
		edit(sham, request);
		break;
	case REQUEST_UNDO:
	case REQUEST_REDO:
		bring_back(sham, request->kind == REQUEST_REDO);
		break;
	case REQUEST_STOP:
		break;
	}
	alloc_free(request->settings);
}

/* ---- answers ---- */

static void show_lane(const struct sham *sham, size_t lane, struct history *history, const struct snapshot **latest)
{
	history_clear(history);
	for (size_t i = 0; i < sham->history[lane].count; i++)
		history_add(history, sham->history[lane].snapshot[i], NULL);
	runner_hold(latest, sham->latest[lane]);
}

static bool poll_sham(struct runner *runner, struct history *history, const struct snapshot **latest,
                      struct runner_status *status)
{
	struct sham *sham = self(runner);
	bool changed = sham->changed;
	sham->changed = false;
	*status = sham->status;
	if (changed)
		show_lane(sham, 0, history, latest);
	return changed;
}

static void poll_lane_sham(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	show_lane(self(runner), lane, history, latest);
}

static bool past_edit_sham(struct runner *runner, size_t i, struct runner_edit *edit)
{
	if (i < self(runner)->edits)
		*edit = self(runner)->edit[i];
	return i < self(runner)->edits;
}

static bool take_copy_sham(struct runner *runner, struct tensors **tensors, struct err *err)
{
	return copied_take(&self(runner)->copied, tensors, err);
}

static bool settings_sham(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	if (lane >= self(runner)->status.lanes)
		return false;
	*start = *now = self(runner)->lane[lane];
	return true;
}

static bool settle_sham(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

static bool destroy_sham(struct runner *runner)
{
	clear(self(runner));
	alloc_free(runner);
	return true;
}

/* ---- the report, which takes seconds ---- */

static void no_report(struct runner *runner, const char *data, uint64_t seed)
{
	(void)runner, (void)data, (void)seed;
}

static void no_more_report(struct runner *runner)
{
	(void)runner;
}

static bool refuse_report(struct runner *runner, struct report *report, struct runner_report_status *status)
{
	(void)runner, (void)report;
	*status = (struct runner_report_status){0};
	return !err_set(&status->err, ERR_RESOURCE, "no report while fuzzing");
}

void sham_without_report(struct runner *runner)
{
	runner->report = no_report;
	runner->stop_report = runner->settle_report = no_more_report;
	runner->poll_report = refuse_report;
}

static void measure_sham(struct runner *runner, bool on)
{
	(void)runner, (void)on;
}

struct runner *sham_runner(void)
{
	struct sham *sham = alloc_array(1, sizeof *sham, NULL);
	REQUIRE(sham);
	sham->runner = (struct runner){
		.destroy = destroy_sham, .send = send_sham, .poll = poll_sham, .past_edit = past_edit_sham,
		.settings = settings_sham, .take_copy = take_copy_sham,
		.poll_lane = poll_lane_sham, .settle = settle_sham, .measure = measure_sham,
	};
	sham_without_report(&sham->runner);
	sham->status.loaded = 1;
	return &sham->runner;
}
