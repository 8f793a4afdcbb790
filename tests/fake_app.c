/* An app for tests. */
#include "fake_app.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/lesson.h"
#include "app_end.h"

/* ---- the runner ---- */

#define EVERY 10 /* steps between observations */

struct runner fake;

static void fill_tensor(struct tensor_observation *tensor, double variance)
{
	tensor->moments = (struct moments){ .n = 240, .variance = variance, .mean_square = variance, .min = -1, .max = 1 };
	tensor->histogram = (struct histogram){ .low = -1, .high = 1, .n = HISTOGRAM_BINS };
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		tensor->histogram.counts[i] = 1;
}

/* The further a lane, the smaller all variances. */
static const struct snapshot *make_snapshot(const struct settings *settings, size_t lane, uint64_t step)
{
	struct snapshot *s = snapshot_create(settings->layers, NULL);
	assert_non_null(s);
	s->settings = *settings;
	assert_true(settings_fit(&s->settings, 784, 10, NULL));
	snprintf(s->data_name, sizeof s->data_name, "built-in digits");
	s->step = step;
	s->loss = 2.3 / (1 + (double)step);
	s->train_accuracy = 0.5;
	s->test_accuracy = 0.25;
	for (uint64_t i = 0; i < step; i++) {
		trace_add(&s->batch_loss, 2.3 / (1 + (double)i));
		trace_add(&s->batch_accuracy, 0.5);
	}
	s->input = (struct input_observation){ .images = 100, .mean = 0.13, .variance = 0.1, .mean_square = 0.11 };
	for (size_t l = 0; l < s->layers; l++) {
		struct layer_observation *layer = &s->layer[l];
		layer->fan_in = s->settings.width[l];
		layer->fan_out = s->settings.width[l + 1];
		layer->init = *settings_layer_init(&s->settings, l + 1);
		if (l + 1 < s->layers)
			layer->activation = *settings_layer_activation(settings, l + 1);
		for (int t = 0; t < MLP_TENSORS; t++)
			fill_tensor(&layer->tensor[t], 80.5 / (double)(1 + t) / (double)(1 + 9 * lane));
		layer->saturated = 0.7;
	}
	return s;
}

void fake_observe(void)
{
	snapshot_drop(fake.latest);
	fake.latest = make_snapshot(&fake.settings, 0, fake.status.step);
	if (fake.status.step % EVERY == 0)
		assert_true(history_add(&fake.history, fake.latest, NULL));
}

static void advance(uint64_t steps)
{
	while (steps--) {
		fake.status.step++;
		if (fake.status.step % EVERY == 0)
			fake_observe();
	}
	fake_observe();
}

void runner_start(struct runner *runner, const struct settings *settings)
{
	text_add(&runner->log, "start\n");
	runner->settings = *settings;
	runner->lanes = 1;
	runner->edits = 0;
	history_clear(&runner->history);
	snapshot_drop(runner->latest);
	runner->latest = NULL;
	runner->status = (struct runner_status){ .run = runner->status.run + 1 };
	runner->status.state = runner->loading ? RUNNER_LOADING : RUNNER_PAUSED;
	if (strcmp(settings->data, "missing") == 0) {
		runner->status.state = RUNNER_FAILED;
		err_set(&runner->status.err, ERR_INPUT, "missing: no such folder: give another with `data`");
	}
	if (runner->status.state == RUNNER_PAUSED)
		fake_observe();
}

void runner_start_lanes(struct runner *runner, const struct settings *settings, size_t lanes)
{
	assert_in_range(lanes, 2, RUNNER_MAX_LANES);
	text_addf(&runner->log, "%zu lanes: ", lanes);
	runner_start(runner, settings);
	memcpy(runner->beside, settings, lanes * sizeof *settings);
	runner->lanes = runner->status.lanes = lanes;
}

void runner_step(struct runner *runner, uint64_t steps)
{
	text_addf(&runner->log, "step %llu\n", (unsigned long long)steps);
	if (runner->status.state == RUNNER_RUNNING)
		runner->status.state = RUNNER_PAUSED;
	if (runner->status.state == RUNNER_PAUSED && steps <= 1000)
		advance(steps);
}

void runner_run(struct runner *runner, bool run, double speed)
{
	if (run)
		text_addf(&runner->log, "run %g\n", speed);
	else
		text_add(&runner->log, "stop\n");
	if (runner->status.state == RUNNER_PAUSED || runner->status.state == RUNNER_RUNNING)
		runner->status.state = run ? RUNNER_RUNNING : RUNNER_PAUSED;
}

static void note_edit(struct runner *runner, struct runner_edit edit, const char *name, const char *value)
{
	assert_true(runner->edits < sizeof runner->edit / sizeof runner->edit[0]);
	edit.step = runner->status.step;
	snprintf(edit.name, sizeof edit.name, "%s", name);
	snprintf(edit.value, sizeof edit.value, "%s", value);
	runner->edit[runner->edits++] = edit;
}

void runner_edit(struct runner *runner, const char *name, const char *value)
{
	text_addf(&runner->log, "edit %s %s\n", name, value);
	note_edit(runner, (struct runner_edit){0}, name, value);
}

void runner_scale(struct runner *runner, uint32_t layer, double factor)
{
	text_addf(&runner->log, "scale %u %g\n", layer, factor);
	note_edit(runner, (struct runner_edit){ .layer = layer, .factor = factor }, "", "");
}

void runner_observe(struct runner *runner, uint64_t step)
{
	text_addf(&runner->log, "observe %llu\n", (unsigned long long)step);
}

void runner_until(struct runner *runner, const struct runner_goal *goal, double speed)
{
	text_addf(&runner->log, "until %s %c %g at %g\n", goal->name, goal->above ? '>' : '<', goal->limit, speed);
	runner->status.state = RUNNER_RUNNING;
}

void runner_undo(struct runner *runner)
{
	text_add(&runner->log, "undo\n");
}

void runner_redo(struct runner *runner)
{
	text_add(&runner->log, "redo\n");
}

bool runner_settings(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	(void)runner, (void)lane, (void)start, (void)now;
	return false;
}

void runner_rewind(struct runner *runner, uint64_t step)
{
	text_addf(&runner->log, "rewind %llu\n", (unsigned long long)step);
	size_t kept = 0;
	while (kept < runner->edits && runner->edit[kept].step < step)
		kept++;
	runner->edits = kept;
	history_clear(&runner->history);
	runner->status.run++;
	runner->status.state = RUNNER_PAUSED;
	runner->status.step = 0;
	fake_observe();
	advance(step);
}

bool runner_past_edit(struct runner *runner, size_t i, struct runner_edit *edit)
{
	if (i < runner->edits)
		*edit = runner->edit[i];
	return i < runner->edits;
}

bool runner_poll(struct runner *runner, struct history *history, const struct snapshot **latest,
                 struct runner_status *status)
{
	history_clear(history);
	for (size_t i = 0; i < runner->history.count; i++)
		assert_true(history_add(history, runner->history.snapshot[i], NULL));
	bool changed = *latest != runner->latest;
	snapshot_drop(*latest);
	*latest = runner->latest ? snapshot_keep(runner->latest) : NULL;
	*status = runner->status;
	return changed;
}

static void add_beside(struct runner *runner, size_t lane, uint64_t step, struct history *history)
{
	const struct snapshot *snapshot = make_snapshot(&runner->beside[lane], lane, step);
	assert_true(history_add(history, snapshot, NULL));
	snapshot_drop(snapshot);
}

void runner_poll_lane(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	assert_in_range(lane, 1, runner->lanes - 1);
	static uint64_t run[RUNNER_MAX_LANES]; /* that the histories belong to */
	if (run[lane] != runner->status.run || history->count > runner->history.count)
		history_clear(history);
	for (size_t i = history->count; i < runner->history.count; i++)
		add_beside(runner, lane, runner->history.snapshot[i]->step, history);
	uint64_t step = runner->latest ? runner->latest->step : 0;
	if (runner->latest && *latest && (*latest)->step == step && run[lane] == runner->status.run)
		return;
	run[lane] = runner->status.run;
	snapshot_drop(*latest);
	*latest = runner->latest ? make_snapshot(&runner->beside[lane], lane, step) : NULL;
}

bool runner_settle(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

void runner_copy(struct runner *runner, enum tensors_kind kind)
{
	text_addf(&runner->log, "copy %d\n", (int)kind);
}

bool runner_take_copy(struct runner *runner, struct tensors **tensors, struct err *err)
{
	(void)runner, (void)tensors, (void)err;
	return false;
}

void runner_want_images(struct runner *runner, const struct images_wanted *wanted)
{
	(void)runner, (void)wanted;
}

void runner_measure(struct runner *runner, bool on)
{
	(void)runner, (void)on;
}

void runner_report(struct runner *runner, const char *data, uint64_t seed)
{
	text_addf(&runner->log, "report %s %llu\n", data, (unsigned long long)seed);
}

void runner_stop_report(struct runner *runner)
{
	text_add(&runner->log, "stop report\n");
}

bool runner_poll_report(struct runner *runner, struct report *report, struct runner_report_status *status)
{
	bool changed = runner->report_changed;
	runner->report_changed = false;
	*report = runner->report;
	*status = runner->report_status;
	return changed;
}

void runner_settle_report(struct runner *runner)
{
	(void)runner;
}

const char *requests_made(void)
{
	static char log[512];
	snprintf(log, sizeof log, "%s", text_string(&fake.log));
	text_clear(&fake.log);
	return log;
}

/* ---- the services of the app ---- */

char saved_path[64];
int saved_width, redraws, suspensions;

static bool note_screen(void *context, const struct canvas *canvas, const char *path, struct err *err)
{
	(void)context;
	snprintf(saved_path, sizeof saved_path, "%s", path);
	saved_width = canvas->width;
	return strcmp(path, "full.txt") != 0 || err_set(err, ERR_OUTPUT, "full.txt: the disk is full");
}

static bool note_run(void *context, const struct history *history, const char *path, struct err *err)
{
	(void)context, (void)err;
	snprintf(saved_path, sizeof saved_path, "%s: %zu", path, history->count);
	return true;
}

char present[64];

static bool file_exists(void *context, const char *path)
{
	(void)context;
	return strstr(present, path) != NULL;
}

static void note_redraw(void *context)
{
	(void)context;
	redraws++;
}

static void note_suspend(void *context)
{
	(void)context;
	suspensions++;
}

static struct lesson *read_lesson(void *context, const char *name, struct err *err)
{
	static const char *const lines[] = { "title Two pages", "page One", "> first", "page Two", "> second", "scenario full_train_he_relu", "layer 2" };
	struct lesson *lesson = lesson_create(name, err);
	(void)context;
	for (size_t i = 0; lesson && i < sizeof lines / sizeof lines[0]; i++)
		assert_true(lesson_add(lesson, lines[i], "fake", err));
	return lesson;
}

const struct app_services fake_services = {
	.save_screen = note_screen, .save_run = note_run, .file_exists = file_exists, .suspend = note_suspend, .redraw = note_redraw,
	.read_lesson = read_lesson,
};

struct app *create(bool interactive)
{
	struct settings settings;
	settings_default(&settings);
	text_clear(&fake.log);
	fake.loading = false;
	saved_path[0] = present[0] = '\0';
	struct app *app = app_create(&fake, &settings, &fake_services, interactive, NULL);
	assert_non_null(app);
	app_poll(app, 1);
	requests_made();
	return app;
}

void destroy(struct app *app)
{
	end_app(app);
	history_clear(&fake.history);
	snapshot_drop(fake.latest);
	fake.latest = NULL;
	text_free(&fake.log);
}

void command(struct app *app, const char *line)
{
	struct err err = {0};
	if (!app_command(app, line, &err))
		fail_msg("%s: %s", line, err.message);
	app_poll(app, 1);
}

void refused(struct app *app, const char *line, enum err_code code, const char *words)
{
	struct err err = {0};
	assert_false(app_command(app, line, &err));
	assert_int_equal(err.code, code);
	if (strstr(err.message, words) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", line, err.message, words);
	assert_string_equal(requests_made(), "");
}

void type(struct app *app, const char *text)
{
	for (; *text; text++)
		app_key(app, (unsigned char)*text);
	app_poll(app, 1);
}

const char *row(const struct app *app, int width, int height, int y)
{
	static char line[4096];
	struct canvas canvas;
	struct text text = {0};
	assert_true(canvas_create(&canvas, width, height, false, NULL));
	app_draw(app, &canvas);
	for (int x = 0; x < canvas.width; x++)
		text_add_glyph(&text, canvas_cell(&canvas, x, y)->glyph);
	snprintf(line, sizeof line, "%s", text_string(&text));
	text_free(&text);
	canvas_destroy(&canvas);
	return line;
}
