/* The app: commands, keys, the `:` line, help, and the rows around the view,
 * driven with a runner that only writes down what it is asked for and hands
 * out made-up observations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "lab/runner.h"
#include "lab/scenario.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "view/app.h"
#include "view/app_state.h"
#include "view/command.h"
#include "view/view.h"

/* ---- the runner ---- */

#define EVERY 10 /* steps between observations */

struct runner {
	struct text log; /* one line for each request */
	struct settings settings;
	struct runner_status status;
	struct history history;
	const struct snapshot *latest;
	bool loading; /* starts stay in RUNNER_LOADING */
};

static struct runner fake;

static void fill_tensor(struct tensor_observation *tensor, double variance)
{
	tensor->moments = (struct moments){ .n = 240, .variance = variance, .mean_square = variance, .min = -1, .max = 1 };
	tensor->histogram = (struct histogram){ .low = -1, .high = 1, .n = HISTOGRAM_BINS };
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		tensor->histogram.counts[i] = 1;
}

static const struct snapshot *make_snapshot(uint64_t step)
{
	const struct settings *settings = &fake.settings;
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
			layer->activation = settings->activation;
		for (int t = 0; t < MLP_TENSORS; t++)
			fill_tensor(&layer->tensor[t], 80.5 / (double)(1 + t));
		layer->saturated = 0.7;
	}
	return s;
}

static void observe(void)
{
	snapshot_drop(fake.latest);
	fake.latest = make_snapshot(fake.status.step);
	if (fake.status.step % EVERY == 0)
		assert_true(history_add(&fake.history, fake.latest, NULL));
}

static void advance(uint64_t steps)
{
	while (steps--) {
		fake.status.step++;
		if (fake.status.step % EVERY == 0)
			observe();
	}
	observe();
}

void runner_start(struct runner *runner, const struct settings *settings)
{
	text_add(&runner->log, "start\n");
	runner->settings = *settings;
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
		observe();
}

void runner_step(struct runner *runner, uint64_t steps)
{
	text_addf(&runner->log, "step %llu\n", (unsigned long long)steps);
	if (runner->status.state == RUNNER_RUNNING)
		runner->status.state = RUNNER_PAUSED;
	if (runner->status.state == RUNNER_PAUSED && steps <= 1000)
		advance(steps);
}

void runner_run(struct runner *runner, bool run, double pace)
{
	if (run)
		text_addf(&runner->log, "run %g\n", pace);
	else
		text_add(&runner->log, "stop\n");
	if (runner->status.state == RUNNER_PAUSED || runner->status.state == RUNNER_RUNNING)
		runner->status.state = run ? RUNNER_RUNNING : RUNNER_PAUSED;
}

void runner_edit(struct runner *runner, const char *name, const char *value)
{
	text_addf(&runner->log, "edit %s %s\n", name, value);
}

void runner_scale(struct runner *runner, uint32_t layer, double factor)
{
	text_addf(&runner->log, "scale %u %g\n", layer, factor);
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

bool runner_settle(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

/* What was asked of the runner since the last time. */
static const char *asked(void)
{
	static char log[512];
	snprintf(log, sizeof log, "%s", text_string(&fake.log));
	text_clear(&fake.log);
	return log;
}

/* ---- what the app asks of the world ---- */

static char saved_path[64];
static int saved_width, redraws, suspensions;

static bool save_screen(void *context, const struct canvas *canvas, const char *path, struct err *err)
{
	(void)context;
	snprintf(saved_path, sizeof saved_path, "%s", path);
	saved_width = canvas->width;
	return strcmp(path, "full.txt") != 0 || err_set(err, ERR_OUTPUT, "full.txt: the disk is full");
}

static bool save_run(void *context, const struct history *history, const char *path, struct err *err)
{
	(void)context, (void)err;
	snprintf(saved_path, sizeof saved_path, "%s: %zu", path, history->count);
	return true;
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

static const struct app_services services = {
	.save_screen = save_screen, .save_run = save_run, .suspend = note_suspend, .redraw = note_redraw,
};

static struct app *create(bool interactive)
{
	struct settings settings;
	settings_default(&settings);
	text_clear(&fake.log);
	fake.loading = false;
	saved_path[0] = '\0';
	struct app *app = app_create(&fake, &settings, &services, interactive, NULL);
	assert_non_null(app);
	app_poll(app, 1);
	asked();
	return app;
}

static void destroy(struct app *app)
{
	app_destroy(app);
	history_clear(&fake.history);
	snapshot_drop(fake.latest);
	fake.latest = NULL;
	text_free(&fake.log);
}

static void command(struct app *app, const char *line)
{
	struct err err = {0};
	if (!app_command(app, line, &err))
		fail_msg("%s: %s", line, err.message);
	app_poll(app, 1);
}

/* The line must fail with this code and a message that has `words` in it. */
static void refused(struct app *app, const char *line, enum err_code code, const char *words)
{
	struct err err = {0};
	assert_false(app_command(app, line, &err));
	assert_int_equal(err.code, code);
	if (strstr(err.message, words) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", line, err.message, words);
	assert_string_equal(asked(), "");
}

static void type(struct app *app, const char *text)
{
	for (; *text; text++)
		app_key(app, (unsigned char)*text);
	app_poll(app, 1);
}

/* A row of the screen as text. */
static const char *row(const struct app *app, int width, int height, int y)
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

/* ---- commands ---- */

static void test_running(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "run");
	assert_string_equal(asked(), "run 50\n");
	assert_true(app_is_running(app));
	command(app, "toggle");
	assert_string_equal(asked(), "stop\n");
	destroy(app);
}

static void test_speed(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "speed 3");
	assert_string_equal(asked(), ""); /* nothing runs */
	command(app, "run");
	command(app, "speed faster");
	command(app, "speed faster");
	command(app, "speed max");
	command(app, "speed faster");
	command(app, "speed slower");
	assert_string_equal(asked(), "run 3\nrun 5\nrun 10\nrun 0\nrun 0\nrun 5000\n");
	refused(app, "speed -1", ERR_USAGE, "steps a second");
	refused(app, "speed", ERR_USAGE, "speed N|");
	destroy(app);
}

static void test_step(void **state)
{
	(void)state;
	struct app *app = create(false);
	command(app, "step");
	command(app, "step 100");
	assert_string_equal(asked(), "step 1\nstep 100\n");
	assert_int_equal(app_snapshot(app)->step, 101);
	refused(app, "step 0", ERR_USAGE, "1 or more");
	refused(app, "step x", ERR_USAGE, "'x'");
	command(app, "");
	command(app, "   # step 3");
	assert_string_equal(asked(), "");
	destroy(app);
}

static void test_settings_restart(void **state)
{
	(void)state;
	struct app *app = create(false);
	command(app, "init he");
	assert_string_equal(fake.settings.init.entry->name, "he_normal");
	command(app, "act relu");
	assert_string_equal(fake.settings.activation.entry->name, "relu");
	command(app, "depth 20");
	assert_int_equal(fake.settings.layers, 21);
	command(app, "set batch 64");
	command(app, "set every=7");
	assert_int_equal(fake.settings.batch, 64);
	assert_int_equal(fake.settings.every, 7);
	command(app, "init.2 zeros");
	assert_string_equal(settings_layer_init(&fake.settings, 2)->entry->name, "zeros");
	assert_string_equal(asked(), "start\nstart\nstart\nstart\nstart\nstart\n");
	command(app, "scenario 3");
	assert_string_equal(fake.settings.scenario->entry.name, "full_train_normal");
	command(app, "scenario full_train_he_relu");
	assert_string_equal(fake.settings.scenario->entry.name, "full_train_he_relu");
	asked();
	refused(app, "batch", ERR_USAGE, "it is '30' now");
	refused(app, "act rleu", ERR_USAGE, "did you mean 'relu'");
	assert_string_equal(fake.settings.activation.entry->name, "relu");
	destroy(app);
}

/* A change while it runs goes on running; in a first pass there is nothing to
 * run. */
static void test_restart_goes_on(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "run");
	command(app, "reset");
	assert_string_equal(asked(), "run 50\nstart\nrun 50\n");
	fake.loading = true;
	command(app, "scenario 4");
	command(app, "scenario 5");
	assert_string_equal(asked(), "start\nrun 50\nstart\nrun 50\n");
	command(app, "scenario 1");
	assert_string_equal(asked(), "start\n");
	destroy(app);
}

static void test_live_settings(void **state)
{
	(void)state;
	struct app *app = create(false);
	command(app, "lr 0.25");
	command(app, "lr *2");
	command(app, "lr /4");
	assert_string_equal(asked(), "edit lr 0.25\nedit lr 0.5\nedit lr 0.125\n");
	command(app, "reset");
	assert_true(spec_value(&fake.settings.optimizer, "lr") == 0.125);
	asked();
	refused(app, "lr *x", ERR_USAGE, "factor");
	refused(app, "lr fast", ERR_USAGE, "no number");
	command(app, "scale 2 0.5");
	assert_string_equal(asked(), "scale 2 0.5\n");
	refused(app, "scale 9 0.5", ERR_USAGE, "layers 1 to 3");
	refused(app, "scale 1 x", ERR_USAGE, "number");
	command(app, "scale standard"); /* the setting of that name */
	assert_int_equal(fake.settings.scale, DATASET_STANDARD);
	destroy(app);
}

static void test_cycles(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct spec spec, first = app->settings.init;
	size_t count = 0;
	for (; change_famous_init(count); count++)
		assert_true(spec_parse(&spec, &initializers, change_famous_init(count), NULL));
	for (size_t i = 1; i <= count; i++) {
		type(app, "i");
		assert_true(spec_parse(&spec, &initializers, change_famous_init(i % count), NULL));
		assert_true(spec_equal(&fake.settings.init, &spec));
	}
	assert_true(spec_equal(&fake.settings.init, &first));
	type(app, "I");
	assert_true(spec_parse(&spec, &initializers, change_famous_init(count - 1), NULL));
	assert_true(spec_equal(&fake.settings.init, &spec));
	for (size_t i = 0; i < activations.count; i++)
		type(app, "a");
	assert_string_equal(fake.settings.activation.entry->name, "sigmoid");
	type(app, "aA");
	assert_string_equal(fake.settings.activation.entry->name, "sigmoid");
	destroy(app);
}

static void test_seeds(void **state)
{
	(void)state;
	struct app *app = create(false);
	uint64_t seed = fake.settings.seed;
	command(app, "reseed");
	assert_int_equal(fake.settings.seed, seed + 1);
	command(app, "reseed weights");
	assert_int_equal(settings_weight_seed(&fake.settings), seed + 2);
	assert_int_equal(settings_batch_seed(&fake.settings), seed + 1);
	command(app, "key R");
	assert_int_equal(settings_weight_seed(&fake.settings), seed + 3);
	assert_int_equal(settings_batch_seed(&fake.settings), seed + 2);
	asked();
	refused(app, "reseed fruit", ERR_USAGE, "weights");
	destroy(app);
}

static void test_looking(void **state)
{
	(void)state;
	struct app *app = create(false);
	struct scene scene;
	assert_true(app_scene(app, &scene));
	assert_int_equal(scene.layer, 0);
	command(app, "layer 2");
	assert_true(app_scene(app, &scene));
	assert_int_equal(scene.layer, 1);
	command(app, "layer +9");
	command(app, "key Up");
	assert_true(app_scene(app, &scene));
	assert_int_equal(scene.layer, 1);
	command(app, "layer last");
	command(app, "layers *-5-*"); /* fewer layers than the selected one */
	assert_true(app_scene(app, &scene));
	assert_int_equal(scene.layer, 1);
	asked();
	refused(app, "layer 3", ERR_USAGE, "1 to 2");
	refused(app, "layer -x", ERR_USAGE, "first or last");
	for (size_t t = 0; t < MLP_TENSORS; t++) {
		char line[32];
		snprintf(line, sizeof line, "tensor %s", snapshot_tensor_names[t]);
		command(app, line);
		assert_true(app_scene(app, &scene));
		assert_int_equal(scene.tensor, t);
	}
	for (size_t v = 0; v < views.count; v++) {
		assert_int_equal(app->view, v);
		command(app, "view next");
	}
	assert_int_equal(app->view, 0);
	refused(app, "view lyers", ERR_USAGE, "did you mean 'layers'");
	destroy(app);
}

static void test_time_travel(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct scene scene;
	command(app, "step 35"); /* observed at 0, 10, 20, 30; now at 35 */
	static const struct { const char *key; uint64_t step; bool live; } walk[] = {
		{ "Left", 30, false }, { "h", 20, false }, { "Right", 30, false }, { "Home", 0, false }, { "Left", 0, false },
		{ "l", 10, false }, { "End", 30, false }, { "Right", 35, true }, { "Right", 35, true }, { "Home", 0, false },
		{ "Backspace", 35, true },
	};
	for (size_t i = 0; i < sizeof walk / sizeof walk[0]; i++) {
		app_key(app, app_key_by_name(walk[i].key));
		assert_true(app_scene(app, &scene));
		assert_int_equal(scene.now->step, walk[i].step);
		assert_int_equal(scene.live, walk[i].live);
	}
	command(app, "go 29");
	assert_true(app_scene(app, &scene));
	assert_int_equal(scene.now->step, 20);
	asked();
	refused(app, "go home", ERR_USAGE, "no place");
	command(app, "step 1"); /* training shows the present */
	assert_true(app_scene(app, &scene));
	assert_int_equal(scene.now->step, 36);
	command(app, "go first");
	command(app, "reset");
	assert_true(app_scene(app, &scene));
	assert_true(scene.live);
	destroy(app);
}

static void test_expect(void **state)
{
	(void)state;
	struct app *app = create(false);
	command(app, "expect z1.variance 80 100");
	command(app, "expect z1.variance 80.5 80.5");
	refused(app, "expect z1.variance 81 100", ERR_RUN, "expect z1.variance: 80.5 is not within 81..100");
	refused(app, "expect z1.nonsense 80 100", ERR_USAGE, "nonsense");
	refused(app, "expect z1.variance 80", ERR_USAGE, "two numbers");
	refused(app, "expect z1.variance 80 100 120", ERR_USAGE, "two numbers");
	command(app, "layers *-*");
	struct snapshot *now = (struct snapshot *)fake.latest;
	now->loss = NAN;
	asked();
	refused(app, "expect loss -1e300 1e300", ERR_RUN, "NaN is not within");
	destroy(app);
}

static void test_saving(void **state)
{
	(void)state;
	struct app *app = create(false);
	app_resize(app, 123, 30, true);
	command(app, "snapshot a file.txt");
	assert_string_equal(saved_path, "a file.txt");
	assert_int_equal(saved_width, 123);
	refused(app, "snapshot full.txt", ERR_OUTPUT, "disk is full");
	command(app, "step 20");
	command(app, "key s");
	assert_string_equal(saved_path, "initviz-full_train_normal-20.svg");
	command(app, "save run.jsonl");
	assert_string_equal(saved_path, "run.jsonl: 3");
	command(app, "init he");
	command(app, "recreate");
	assert_non_null(strstr(app->message.text, "--init he"));
	command(app, "scale 1 2");
	command(app, "recreate");
	assert_non_null(strstr(app->message.text, "by hand"));
	command(app, "# a message is gone with the next line");
	assert_string_equal(app->message.text, "");
	destroy(app);

	struct settings settings;
	settings_default(&settings);
	app = app_create(&fake, &settings, NULL, false, NULL);
	asked();
	refused(app, "snapshot x.txt", ERR_USAGE, "cannot be done here");
	refused(app, "save x.jsonl", ERR_USAGE, "cannot be done here");
	refused(app, "suspend", ERR_USAGE, "cannot be done here");
	destroy(app);
}

static void test_program(void **state)
{
	(void)state;
	struct app *app = create(true);
	redraws = suspensions = 0;
	type(app, "\f\032");
	assert_int_equal(redraws, 1);
	assert_int_equal(suspensions, 1);
	refused(app, "stpe 3", ERR_USAGE, "did you mean 'step'?");
	refused(app, "bacth 3", ERR_USAGE, "did you mean 'batch'?");
	refused(app, "florble", ERR_USAGE, "no command or setting is called 'florble'");
	refused(app, "\033[2J", ERR_USAGE, "'\\x1b[2J'");
	refused(app, "pause now", ERR_USAGE, "stands alone");
	refused(app, "key Escape", ERR_USAGE, "no key is called");
	assert_false(app_wants_to_quit(app));
	type(app, "\003");
	assert_true(app_wants_to_quit(app));
	destroy(app);
}

static void test_too_long_a_line(void **state)
{
	(void)state;
	struct app *app = create(false);
	static char line[6000];
	memset(line, 'x', sizeof line - 1);
	refused(app, line, ERR_USAGE, "too long");
	line[4096] = '\0';
	refused(app, line, ERR_USAGE, "no command");
	destroy(app);
}

/* A run that cannot be: said, and left by changing the setting. */
static void test_failure(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "data missing");
	bool told = false;
	for (int y = 1; y < 22; y++)
		told |= strstr(row(app, 80, 24, y), "missing: no such folder") != NULL;
	assert_true(told);
	assert_non_null(strstr(row(app, 80, 24, 0), "!"));
	assert_false(app_is_running(app));
	command(app, "lr 0.5"); /* no run to edit: a new start */
	assert_string_equal(asked(), "start\nstart\n");
	command(app, "data digits");
	struct scene scene;
	assert_true(app_scene(app, &scene));
	destroy(app);

	struct settings settings;
	struct err err = {0};
	settings_default(&settings);
	snprintf(settings.data, sizeof settings.data, "missing");
	assert_null(app_create(&fake, &settings, NULL, false, &err));
	assert_int_equal(err.code, ERR_INPUT);
	destroy(NULL);
}

/* In scripts a failing run fails the line that made it. */
static void test_failure_in_script(void **state)
{
	(void)state;
	struct app *app = create(false);
	struct err err = {0};
	assert_false(app_command(app, "data missing", &err));
	assert_int_equal(err.code, ERR_INPUT);
	destroy(app);
}

/* ---- keys ---- */

static void test_keys_of_the_table(void **state)
{
	(void)state;
	int seen[256], count = 0;
	for (size_t c = 0; c < commands.count; c++) {
		const struct command *command = command_at(c);
		char name[16], word[16];
		size_t which, keys = 0;
		for (; command_word(command->keys, keys, name, sizeof name); keys++) {
			int key = app_key_by_name(name);
			assert_int_not_equal(key, -1);
			for (int i = 0; i < count; i++)
				assert_int_not_equal(seen[i], key);
			seen[count++] = key;
			assert_ptr_equal(command_of_key(key, &which), command);
			assert_int_equal(which, keys);
		}
		assert_true(command->hint == NULL || (command->hint_keys >= 1 && (size_t)command->hint_keys <= keys));
		assert_true(command->key_words == NULL || !command_word(command->key_words, keys, word, sizeof word));
		assert_int_equal((int)command->action, c); /* the order is the enum's */
		assert_non_null(command->entry.summary);
	}
	assert_int_equal(commands.count, ACTIONS);
	assert_null(command_of_key(27, &(size_t){0})); /* Esc is never needed */
	assert_int_equal(app_key_by_name(""), -1);
	assert_int_equal(app_key_by_name("C-"), -1);
}

/* Every key but those that ask the outside world does what its line does. */
static void test_key_is_command(void **state)
{
	(void)state;
	for (size_t c = 0; c < commands.count; c++) {
		char name[16], word[16], line[64], by_key[512];
		for (size_t k = 0; command_word(command_at(c)->keys, k, name, sizeof name); k++) {
			struct app *app = create(true);
			app_key(app, app_key_by_name(name));
			snprintf(by_key, sizeof by_key, "%s", asked());
			size_t view = app->view, layer = app->layer;
			double pace = app->pace;
			bool help = app->help, open = app->line.open, quit = app->quit;
			destroy(app);
			app = create(true);
			snprintf(line, sizeof line, "%s %s", command_at(c)->entry.name,
			         command_key_word(command_at(c), k, word, sizeof word));
			app_command(app, line, NULL);
			assert_string_equal(by_key, asked());
			assert_int_equal(view, app->view);
			assert_int_equal(layer, app->layer);
			assert_true(pace == app->pace && help == app->help && open == app->line.open && quit == app->quit);
			destroy(app);
		}
	}
}

static void test_messages(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":florble\r");
	assert_non_null(strstr(row(app, 80, 24, 22), "no command or setting is called 'florble'"));
	assert_non_null(strstr(row(app, 80, 24, 23), "? help"));
	app_poll(app, 5);
	assert_string_not_equal(app->message.text, "");
	assert_true(app_poll(app, 1000));
	assert_string_equal(app->message.text, "");
	type(app, "y");
	app_poll(app, 1e6);
	assert_non_null(strstr(app->message.text, "initviz -s full_train_normal"));
	type(app, "~");
	assert_string_equal(app->message.text, "");
	destroy(app);
}

/* ---- help ---- */

static void test_help(void **state)
{
	(void)state;
	struct app *app = create(true);
	static struct text page;
	app_resize(app, 100, 40, false);
	type(app, "?");
	assert_true(app->help);
	assert_non_null(strstr(row(app, 100, 40, 1), table_at(&views, 0)->name));
	size_t lines = help_lines(app, 100);
	assert_true(lines > 40 && lines < 390);
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 100, 400, false, NULL));
	app_draw(app, &canvas);
	for (int y = 0; y < canvas.height; y++)
		for (int x = 0; x < canvas.width; x++)
			text_add_glyph(&page, canvas_cell(&canvas, x, y)->glyph);
	canvas_destroy(&canvas);
	for (size_t i = 0; i < commands.count; i++) {
		char form[96];
		const struct command *command = command_at(i);
		snprintf(form, sizeof form, " %s %s ", command->entry.name, command->arguments ? command->arguments : "");
		if (strstr(text_string(&page), form) == NULL)
			fail_msg("help lacks '%s'", form);
	}
	for (size_t i = 0; i < settings_table.count; i++)
		assert_non_null(strstr(text_string(&page), table_at(&settings_table, i)->name));
	text_free(&page);
	app_key(app, APP_KEY_END);
	size_t last = app->help_scroll;
	assert_true(last > 0);
	app_key(app, APP_KEY_DOWN);
	assert_int_equal(app->help_scroll, last);
	assert_non_null(strstr(row(app, 100, 40, 36), "threads"));
	app_key(app, APP_KEY_UP);
	assert_int_equal(app->help_scroll, last - 1);
	asked();
	type(app, " "); /* other keys work while it is open */
	assert_string_equal(asked(), "run 50\n");
	assert_true(app->help);
	type(app, "?");
	assert_false(app->help);
	destroy(app);
}

/* ---- the line ---- */

static void test_line_editing(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":stp 1");
	app_key(app, APP_KEY_LEFT);
	app_key(app, APP_KEY_LEFT);
	app_key(app, APP_KEY_LEFT);
	type(app, "e\005" "2\r");
	assert_string_equal(asked(), "step 12\n");
	assert_false(app->line.open);
	type(app, ":step 3 4");
	type(app, "\027"); /* C-w */
	assert_string_equal(app->line.text, "step 3 ");
	type(app, "\027\001x\013"); /* C-w, C-a, x, C-k */
	assert_string_equal(app->line.text, "x");
	type(app, "\177");
	assert_string_equal(app->line.text, "");
	assert_true(app->line.open);
	type(app, "\b");
	assert_false(app->line.open);
	type(app, ":run\003"); /* C-c closes the line, and only that */
	assert_false(app->line.open || app->quit);
	type(app, ":st\303\251ep 2\n"); /* bytes above 0x7F are not taken; a newline enters */
	assert_string_equal(asked(), "step 2\n");
	type(app, ":x\025step 7\033\r");
	assert_string_equal(asked(), "step 7\n");
	destroy(app);
}

static void test_line_is_bounded(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":");
	for (int i = 0; i < 2 * LINE_SIZE; i++)
		type(app, "s");
	assert_int_equal(app->line.length, LINE_SIZE - 1);
	type(app, "\t\001\t");
	assert_int_equal(strlen(app->line.text), app->line.length);
	destroy(app);
}

static void test_line_history(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":step 1\r:step 2\r:step 2\r:dra");
	app_key(app, APP_KEY_UP);
	assert_string_equal(app->line.text, "step 2");
	app_key(app, APP_KEY_UP);
	assert_string_equal(app->line.text, "step 1");
	app_key(app, APP_KEY_UP);
	assert_string_equal(app->line.text, "step 1");
	app_key(app, APP_KEY_DOWN);
	app_key(app, APP_KEY_DOWN);
	assert_string_equal(app->line.text, "dra");
	type(app, "\003");
	for (int i = 0; i < 2 * LINE_HISTORY; i++) {
		char line[32];
		snprintf(line, sizeof line, ":step %d\r", i + 1);
		type(app, line);
	}
	type(app, ":");
	for (int i = 0; i < 2 * LINE_HISTORY; i++)
		app_key(app, APP_KEY_UP);
	assert_string_equal(app->line.text, "step 33");
	destroy(app);
}

/* `key` that finds itself in the history must not go round for ever. */
static void test_key_within_key(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":key : Up Enter\r");
	assert_non_null(strstr(app->message.text, "cannot be used by a key"));
	assert_false(app->line.open);
	destroy(app);
}

static void completes(struct app *app, const char *typed, const char *expected)
{
	type(app, ":");
	type(app, typed);
	type(app, "\t");
	assert_string_equal(app->line.text, expected);
	type(app, "\003");
}

static void test_completion(void **state)
{
	(void)state;
	struct app *app = create(true);
	completes(app, "exp", "expect ");
	completes(app, "opti", "optimizer ");
	completes(app, "s", "s");
	completes(app, "sc", "sc"); /* scenario, scale */
	completes(app, "scenario full_train_h", "scenario full_train_he_relu ");
	completes(app, "scenario full_train_n", "scenario full_train_normal");
	completes(app, "act sigm", "act sigmoid ");
	completes(app, "view layers", "view layers ");
	completes(app, "set opti", "set optimizer ");
	completes(app, "set activation tan", "set activation tanh");
	completes(app, "lr", "lr "); /* a command and a setting, one candidate */
	completes(app, "florb", "florb");
	completes(app, "step ", "step ");
	type(app, ":toggle\001\t");
	assert_string_equal(app->line.text, "toggle"); /* nothing agreed before the word */
	type(app, "\003:sc");
	assert_non_null(strstr(row(app, 80, 24, 22), "scenario"));
	assert_non_null(strstr(row(app, 80, 24, 22), "scale"));
	assert_int_equal(strncmp(row(app, 80, 24, 23), ":sc", 3), 0);
	type(app, "\025step 3");
	assert_non_null(strstr(row(app, 80, 24, 22), "step [N]"));
	destroy(app);
}

/* ---- the screen ---- */

static void test_bars_at_every_width(void **state)
{
	(void)state;
	struct app *app = create(true);
	for (size_t s = 0; s < scenarios.count; s++) {
		char line[64];
		snprintf(line, sizeof line, "scenario %s", table_at(&scenarios, s)->name);
		command(app, line);
		for (int width = 40; width <= 200; width++) {
			const char *header = row(app, width, 24, 0);
			assert_non_null(strstr(header, "step    0 "));
			if (width >= 60)
				assert_non_null(strstr(header, "×"));
			assert_non_null(strstr(row(app, width, 24, 23), "? help  q quit"));
		}
	}
	command(app, "run");
	const char *wide = row(app, 160, 24, 0);
	assert_non_null(strstr(wide, " initviz "));
	assert_non_null(strstr(wide, table_at(&scenarios, scenarios.count - 1)->name));
	assert_non_null(strstr(wide, "built-in digits"));
	assert_non_null(strstr(wide, "adam 0.001"));
	assert_non_null(strstr(wide, "▶ running"));
	assert_non_null(strstr(row(app, 80, 24, 22), "loss 2.300"));
	command(app, "batch 7");
	assert_non_null(strstr(row(app, 160, 24, 0), "custom"));
	destroy(app);
}

/* The step stands at the same columns whatever it counts. */
static void test_nothing_jitters(void **state)
{
	(void)state;
	struct app *app = create(true);
	char before[4096];
	snprintf(before, sizeof before, "%s", row(app, 80, 24, 0));
	*strstr(before, "step") = '\0';
	static const char *const lines[] = { "step 9", "step 80", "step 900" };
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		command(app, lines[i]);
		assert_memory_equal(row(app, 80, 24, 0), before, strlen(before));
	}
	destroy(app);
}

static void test_too_small(void **state)
{
	(void)state;
	struct app *app = create(true);
	assert_non_null(strstr(row(app, 39, 24, 12), "need 40x10, have 39x24"));
	assert_non_null(strstr(row(app, 80, 9, 4), "need 40x10, have 80x9"));
	destroy(app);
}

static void test_layout(void **state)
{
	(void)state;
	struct app_layout layout = app_layout(80, 24);
	assert_int_equal(layout.view.height, 21);
	for (int height = APP_MIN_HEIGHT; height <= 300; height++) {
		layout = app_layout(80, height);
		assert_int_equal(layout.header.height, layout.view.y);
		assert_int_equal(layout.view.y + layout.view.height, layout.status.y);
		assert_int_equal(layout.status.y + layout.status.height, layout.hints.y);
		assert_int_equal(layout.hints.y + layout.hints.height, height);
		assert_true(layout.view.height >= 7);
	}
}

static void test_loading(void **state)
{
	(void)state;
	struct settings settings;
	settings_default(&settings);
	snprintf(settings.data, sizeof settings.data, "mnist");
	fake.loading = true;
	struct app *app = app_create(&fake, &settings, &services, true, NULL);
	struct scene scene;
	assert_false(app_scene(app, &scene));
	fake.status.loaded = 0.4;
	assert_true(app_poll(app, 0));
	bool told = false;
	for (int y = 1; y < 22; y++)
		told |= strstr(row(app, 80, 24, y), "loading mnist ... 40 %") != NULL;
	assert_true(told);
	fake.status.state = RUNNER_PAUSED;
	observe();
	assert_true(app_poll(app, 0));
	assert_true(app_scene(app, &scene));
	runner_start(&fake, &settings); /* the old picture stays until there is a new one */
	app_poll(app, 0);
	assert_null(app_snapshot(app));
	assert_true(app_scene(app, &scene));
	destroy(app);
}

static void draw_at(const struct app *app, int width, int height, bool ascii)
{
	struct canvas canvas;
	assert_true(canvas_create(&canvas, width, height, ascii, NULL));
	app_draw(app, &canvas);
	if (ascii)
		for (int i = 0; i < width * height; i++)
			assert_in_range(canvas.cells[i].glyph, ' ', '~');
	canvas_destroy(&canvas);
}

static void test_draw_at_every_size(void **state)
{
	(void)state;
	struct app *app = create(true);
	static const char *const situations[] = { "step 15", "key ?", "prompt", "key ?", "recreate", "go first" };
	for (size_t i = 0; i < sizeof situations / sizeof situations[0]; i++) {
		command(app, situations[i]);
		for (int width = 1; width <= 300; width += width < 100 ? 3 : 40)
			for (int height = 1; height <= 100; height += height < 40 ? 3 : 20)
				draw_at(app, width, height, (width + height) % 2);
		if (app->line.open)
			app_key(app, 3);
	}
	destroy(app);
}

/* ---- anything at all ---- */

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void test_random_keys(void **state)
{
	(void)state;
	struct app *app = create(true);
	uint64_t seed = 1;
	static const int special[] = { '\t', '\r', ':', '?', ':', APP_KEY_BACKSPACE, APP_KEY_UP, APP_KEY_RESIZE, -1, 0x1F600 };
	enum { SPECIAL = sizeof special / sizeof special[0] };
	for (int i = 0; i < 100000; i++) {
		uint32_t r = next_random(&seed) % 100;
		int key = r < 60 ? (int)(next_random(&seed) % 128)
		          : r < 80 ? APP_KEY_UP + (int)(next_random(&seed) % 14)
		                   : special[next_random(&seed) % SPECIAL];
		app_key(app, key);
		assert_true(app->line.cursor <= app->line.length && app->line.length < LINE_SIZE);
		assert_int_equal(app->line.text[app->line.length], '\0');
		if (i % 16 == 0)
			app_poll(app, i * 0.03);
		if (i % 256 == 0) {
			int width = 1 + (int)(next_random(&seed) % 200), height = 1 + (int)(next_random(&seed) % 60);
			app_resize(app, width, height, i % 512);
			draw_at(app, width, height, i % 512);
		}
		if (fake.status.step > 2000)
			app_command(app, "reset", NULL);
		text_clear(&fake.log);
	}
	destroy(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_running),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_settings_restart),
		cmocka_unit_test(test_restart_goes_on),
		cmocka_unit_test(test_live_settings),
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_looking),
		cmocka_unit_test(test_time_travel),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_saving),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_too_long_a_line),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_failure_in_script),
		cmocka_unit_test(test_keys_of_the_table),
		cmocka_unit_test(test_key_is_command),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_line_editing),
		cmocka_unit_test(test_line_is_bounded),
		cmocka_unit_test(test_line_history),
		cmocka_unit_test(test_key_within_key),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_bars_at_every_width),
		cmocka_unit_test(test_nothing_jitters),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_loading),
		cmocka_unit_test(test_draw_at_every_size),
		cmocka_unit_test(test_random_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
