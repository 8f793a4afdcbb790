/* The app: what commands and keys do. */
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
#include "fake_app.h"
#include "lab/scenario.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "app/command.h"
#include "app/curing.h"
#include "app/lesson_screen.h"
#include "view/view.h"

/* ---- commands ---- */

static void test_running(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "run");
	assert_string_equal(requests_made(), "run 50\n");
	assert_true(app_is_running(app));
	command(app, "toggle");
	assert_string_equal(requests_made(), "stop\n");
	destroy(app);
}

/* The last step of a wide net takes long: what the user wants is on the screen at once. */
static void test_pausing(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct experiment *experiment = app->experiment;
	experiment->status.state = RUNNER_RUNNING;
	assert_non_null(strstr(row(app, 140, 24, 0), "running"));
	experiment_request(app, false);
	assert_non_null(strstr(row(app, 140, 24, 0), "pausing"));
	experiment->status.behind = true;
	experiment_follow(app);
	assert_non_null(strstr(row(app, 140, 24, 0), "pausing"));
	experiment->status.behind = false;
	experiment->status.state = RUNNER_PAUSED;
	experiment_follow(app);
	assert_non_null(strstr(row(app, 140, 24, 0), "paused"));
	experiment->status.state = RUNNER_RUNNING;
	experiment_request(app, true);
	assert_non_null(strstr(row(app, 140, 24, 0), "running"));
	destroy(app);
}

static void test_speed(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "speed 3");
	assert_string_equal(requests_made(), ""); /* nothing runs */
	command(app, "run");
	command(app, "speed faster");
	command(app, "speed faster");
	command(app, "speed max");
	command(app, "speed faster");
	command(app, "speed slower");
	assert_string_equal(requests_made(), "run 3\nrun 5\nrun 10\nrun 0\nrun 0\nrun 5000\n");
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
	assert_string_equal(requests_made(), "step 1\nstep 100\n");
	assert_int_equal(app->lanes->lane[0].latest->step, 101);
	refused(app, "step 0", ERR_USAGE, "1 or more");
	refused(app, "step x", ERR_USAGE, "'x'");
	command(app, "");
	command(app, "   # step 3");
	assert_string_equal(requests_made(), "");
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
	assert_string_equal(requests_made(), "start\nstart\nstart\nstart\nstart\nstart\n");
	command(app, "activation.1 tanh");
	assert_string_equal(settings_layer_activation(&fake.settings, 1)->entry->name, "tanh");
	command(app, "bias-init.2 constant(1)");
	assert_string_equal(settings_layer_bias_init(&fake.settings, 2)->entry->name, "constant");
	assert_string_equal(requests_made(), "start\nstart\n");
	refused(app, "depth.1 3", ERR_USAGE, "depth is the same in all layers");
	command(app, "scenario 3");
	assert_string_equal(fake.settings.scenario->entry.name, "full_train_normal");
	command(app, "scenario full_train_he_relu");
	assert_string_equal(fake.settings.scenario->entry.name, "full_train_he_relu");
	requests_made();
	refused(app, "batch", ERR_USAGE, "it is '30' now");
	refused(app, "act rleu", ERR_USAGE, "did you mean 'relu'");
	refused(app, "init heee", ERR_USAGE, "did you mean 'he_normal'"); /* not identity, whose alias eye is as near */
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
	assert_string_equal(requests_made(), "run 50\nstart\nrun 50\n");
	fake.loading = true;
	command(app, "scenario 4");
	command(app, "scenario 5");
	assert_string_equal(requests_made(), "start\nrun 50\nstart\nrun 50\n");
	command(app, "scenario 1");
	assert_string_equal(requests_made(), "start\n");
	destroy(app);
}

static void test_live_settings(void **state)
{
	(void)state;
	struct app *app = create(false);
	command(app, "lr 0.125"); /* at the very start: another start */
	assert_string_equal(requests_made(), "start\n");
	command(app, "step 5");
	requests_made();
	command(app, "lr 0.25");
	command(app, "lr *2");
	command(app, "lr /4");
	assert_string_equal(requests_made(), "edit lr 0.25\nedit lr 0.5\nedit lr 0.125\n");
	command(app, "reset");
	assert_true(spec_value(&fake.settings.optimizer, "lr") == 0.125);
	requests_made();
	refused(app, "lr *x", ERR_USAGE, "factor");
	refused(app, "lr fast", ERR_USAGE, "is not a number");
	command(app, "scale 2 0.5");
	command(app, "layer 3");
	command(app, "scale *2");
	type(app, "()");
	assert_string_equal(requests_made(), "scale 2 0.5\nscale 3 2\nscale 3 0.5\nscale 3 2\n");
	command(app, "lr *2"); /* at the start, but what was scaled there stays */
	assert_string_equal(requests_made(), "edit lr 0.25\n");
	refused(app, "scale *0", ERR_USAGE, "factor");
	refused(app, "scale 9 0.5", ERR_USAGE, "layers 1 to 3");
	refused(app, "scale 1 x", ERR_USAGE, "number");
	command(app, "scale standard"); /* the setting of that name */
	assert_int_equal(fake.settings.scale, DATASET_STANDARD);
	destroy(app);
}

/* Every key that changes a setting shows the old and the new value. */
static void test_changes_are_said(void **state)
{
	(void)state;
	static const struct { const char *keys, *said; } changes[] = {
		{ "H", "learning rate 0.001 -> 0.002" }, /* at the very start: no run is lost */
		{ "L", "learning rate 0.002 -> 0.001" },
		{ ".H", "learning rate 0.001 -> 0.002 from the next step on" },
		{ "L", "learning rate 0.002 -> 0.001 from the next step on" },
		{ ":lr 0.001\r", "learning rate stays 0.001 from the next step on" },
		{ "i", "new run: init normal -> normal(sd=0.01)" },
		{ "a", "activation sigmoid -> hard_sigmoid" },
		{ ".d", "new run: hidden layers 2 -> 3" },
		{ "D", "hidden layers 3 -> 2" },
		{ ".7", "new run: scenario full_train_normal -> full_train_he_relu" },
		{ "R", "new run: seed of the weights 1 -> 2, seed of the batches 1 -> 2" },
		{ "W", "new run: seed of the weights 2 -> 3" },
		{ ":init.1 zeros\r", "init.1 tf1:variance_scaling -> zeros" },
		{ "+", "speed 50 -> 100 steps a second" },
		{ ":speed max\r", "speed 100 -> max steps a second" },
	};
	struct app *app = create(true);
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		for (const char *key = changes[i].keys; *key; key++)
			type(app, (char[]){ *key, '\0' });
		assert_string_equal(app->message->text, changes[i].said);
	}
	destroy(app);
	/* and in the panel for every setting that arrows change, at the start and later */
	for (size_t i = 0; i < 2 * settings_table.count; i++) {
		struct text was = {0}, is = {0}, said = {0};
		const char *name = setting_at(i / 2)->entry.name;
		char line[64];
		app = create(true);
		if (i % 2)
			command(app, "step 3");
		snprintf(line, sizeof line, "settings %s", name);
		command(app, line);
		settings_get(&app->lanes->lane[0].settings, name, &was, NULL);
		app_key(app, APP_KEY_RIGHT);
		settings_get(&app->lanes->lane[0].settings, name, &is, NULL);
		text_addf(&said, " %s -> %s", text_string(&was), text_string(&is));
		if (strcmp(text_string(&was), text_string(&is)) != 0 && strstr(app->message->text, text_string(&said)) == NULL)
			fail_msg("'%s' lacks '%s'", app->message->text, text_string(&said));
		text_free(&was);
		text_free(&is);
		text_free(&said);
		destroy(app);
	}
}

static void test_cycles(void **state)
{
	(void)state;
	struct app *app = create(true);
	static const char *const short_list[] = { "normal(sd=0.01)", "xavier", "he", "lecun", "orthogonal", "zeros", "normal" };
	enum { COUNT = sizeof short_list / sizeof short_list[0] };
	struct spec spec, first = app->lanes->lane[0].settings.init;
	for (size_t i = 0; i < COUNT; i++) {
		type(app, "i");
		assert_true(spec_parse(&spec, &initializers, short_list[i], NULL));
		assert_true(spec_equal(&fake.settings.init, &spec));
	}
	assert_true(spec_equal(&fake.settings.init, &first));
	type(app, "I");
	assert_true(spec_parse(&spec, &initializers, "zeros", NULL));
	assert_true(spec_equal(&fake.settings.init, &spec));
	for (size_t i = 0; i < activations.count; i++)
		if (!entry_needs_formula(table_at(&activations, i)))
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
	requests_made();
	refused(app, "reseed fruit", ERR_USAGE, "weights");
	destroy(app);
}

static void test_looking(void **state)
{
	(void)state;
	struct app *app = create(false);
	struct scene scene;
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.layer, 0);
	command(app, "layer 2");
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.layer, 1);
	command(app, "layer +9");
	command(app, "key Up");
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.layer, 1);
	command(app, "layer last");
	command(app, "layers *-5-*"); /* fewer layers than the selected one */
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.layer, 1);
	requests_made();
	refused(app, "layer 3", ERR_USAGE, "1 to 2");
	refused(app, "layer -x", ERR_USAGE, "first or last");
	for (size_t t = 0; t < MLP_TENSORS; t++) {
		char line[32];
		snprintf(line, sizeof line, "tensor %s", snapshot_tensor_names[t]);
		command(app, line);
		assert_true(navigation_scene(app, &scene));
		assert_int_equal(scene.tensor, t);
	}
	for (size_t v = 0; v < views.count; v++) {
		assert_int_equal(app->navigation->view, v);
		command(app, "view next");
	}
	assert_int_equal(app->navigation->view, 0);
	refused(app, "view lyers", ERR_USAGE, "did you mean 'layers'");
	destroy(app);
}

static void check_zoom(struct app *app, double expected)
{
	struct scene scene;
	assert_true(navigation_scene(app, &scene));
	assert_true(scene.zoom == expected);
}

/* Words, numbers and keys; in, out and whole; the ends; and the recreated
 * command. */
static void test_zoom(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "zoom in");
	check_zoom(app, 2);
	command(app, "zoom in");
	check_zoom(app, 4);
	command(app, "zoom out");
	check_zoom(app, 2);
	command(app, "zoom whole");
	check_zoom(app, 1);
	type(app, "zz");
	check_zoom(app, 4);
	type(app, "bbb");
	check_zoom(app, 0.5);
	command(app, "zoom 2.5");
	check_zoom(app, 2.5);
	requests_made();
	refused(app, "zoom 65", ERR_USAGE, "zoom: 65 is out of range: give a number from 0.125 to 64");
	refused(app, "zoom 0", ERR_USAGE, "out of range");
	refused(app, "zoom -1", ERR_USAGE, "out of range");
	refused(app, "zoom nan", ERR_USAGE, "zoom");
	refused(app, "zoom inn", ERR_USAGE, "did you mean 'in'");
	check_zoom(app, 2.5);
	for (int i = 0; i < 10; i++)
		type(app, "z");
	check_zoom(app, 64);
	for (int i = 0; i < 20; i++)
		type(app, "b");
	check_zoom(app, 0.125);
	command(app, "zoom 4");
	command(app, "recreate");
	bool named = false;
	for (int y = 0; y < 24; y++)
		named |= strstr(row(app, 80, 24, y), "zoom 4") != NULL;
	assert_true(named);
	destroy(app);
}

static void test_time_travel(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct scene scene;
	command(app, "step 35"); /* observed at 0, 10, 20, 30; now at 35 */
	static const struct { const char *key; uint64_t step; bool live; const char *said; } walk[] = {
		{ "Left", 30, false, "" }, { "h", 20, false, "" }, { "Right", 30, false, "" }, { "Home", 0, false, "" },
		{ "Left", 0, false, "this is the first observation" }, { "l", 10, false, "" }, { "End", 30, false, "" },
		{ "Right", 35, true, "" }, { "Right", 35, true, "this is the newest observation" }, { "Home", 0, false, "" },
		{ "Backspace", 35, true, "" },
	};
	for (size_t i = 0; i < sizeof walk / sizeof walk[0]; i++) {
		app_key(app, app_key_by_name(walk[i].key));
		assert_true(navigation_scene(app, &scene));
		assert_int_equal(scene.now->step, walk[i].step);
		assert_int_equal(scene.live, walk[i].live);
		assert_string_equal(app->message->text, walk[i].said);
	}
	command(app, "go 29");
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.now->step, 20);
	requests_made();
	refused(app, "go home", ERR_USAGE, "not a step");
	command(app, "step 1"); /* training shows the present */
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.now->step, 36);
	command(app, "go first");
	command(app, "reset");
	assert_true(navigation_scene(app, &scene));
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
	requests_made();
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
	snprintf(present, sizeof present, "%s", saved_path);
	command(app, "key s"); /* another view of the same step, say: the first picture stays */
	assert_string_equal(saved_path, "initviz-full_train_normal-20-2.svg");
	command(app, "key w");
	assert_string_equal(saved_path, "initviz-full_train_normal-20.jsonl: 3");
	snprintf(present, sizeof present, "initviz-full_train_normal-20.jsonl");
	command(app, "save");
	assert_string_equal(saved_path, "initviz-full_train_normal-20-2.jsonl: 3");
	command(app, "snapshot initviz-full_train_normal-20.svg"); /* a name that was given is meant */
	assert_string_equal(saved_path, "initviz-full_train_normal-20.svg");
	command(app, "save run.jsonl");
	assert_string_equal(saved_path, "run.jsonl: 3");
	command(app, "init he");
	command(app, "recreate");
	assert_non_null(strstr(app->message->text, "--init he"));
	command(app, "scale 1 2");
	command(app, "recreate");
	assert_non_null(strstr(app->message->text, "-c 'scale 1 2'"));
	command(app, "# a message is gone with the next line");
	assert_string_equal(app->message->text, "");
	destroy(app);

	struct settings settings;
	settings_default(&settings);
	app = app_create(&fake, &settings, NULL, false, NULL);
	requests_made();
	refused(app, "snapshot x.txt", ERR_USAGE, "cannot be done here");
	refused(app, "save x.jsonl", ERR_USAGE, "cannot be done here");
	refused(app, "suspend", ERR_USAGE, "cannot be done here");
	destroy(app);
}

/* An app whose images are still being loaded, when `save x.jsonl` and `q` have been typed. */
static struct app *leaving_while_loading(void)
{
	struct app *app = create(true);
	fake.loading = true;
	command(app, "reset");
	app_poll(app, 0);
	saved_path[0] = '\0';
	type(app, ":save x.jsonl\r");
	assert_string_equal(app->message->text, "x.jsonl is saved when the images are loaded");
	type(app, "q");
	assert_false(app_wants_to_quit(app));
	assert_non_null(strstr(app->message->text, "quits when x.jsonl is saved"));
	app_poll(app, 1);
	assert_string_equal(saved_path, "");
	return app;
}

static void images_are_there(struct app *app)
{
	fake.status.state = RUNNER_PAUSED;
	fake_observe();
	app_poll(app, 2);
}

static void test_saving_waits_for_the_images(void **state)
{
	(void)state;
	struct app *app = leaving_while_loading();
	images_are_there(app);
	assert_string_equal(saved_path, "x.jsonl: 1");
	assert_true(app_wants_to_quit(app));
	assert_true(app_has_saved_all(app, NULL));
	destroy(app);

	struct err err = {0};
	app = leaving_while_loading();
	type(app, "q"); /* without the file, and it is said */
	assert_true(app_wants_to_quit(app));
	assert_false(app_has_saved_all(app, &err));
	assert_int_equal(err.code, ERR_OUTPUT);
	assert_string_equal(err.message, "x.jsonl: not saved: the program was ended before the net was there");
	destroy(app);

	app = leaving_while_loading();
	type(app, "v"); /* going on takes quitting back */
	images_are_there(app);
	assert_string_equal(saved_path, "x.jsonl: 1");
	assert_false(app_wants_to_quit(app));
	destroy(app);

	app = leaving_while_loading();
	fake.status.state = RUNNER_FAILED;
	err_set(&fake.status.err, ERR_INPUT, "images: cut short");
	app_poll(app, 2);
	assert_string_equal(app->message->text, "x.jsonl: not saved: images: cut short");
	assert_false(app_wants_to_quit(app));
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
	refused(app, "pause now", ERR_USAGE, "has no arguments");
	refused(app, "key Escape", ERR_USAGE, "no key is called");
	assert_false(app_wants_to_quit(app));
	type(app, "\003");
	assert_true(app_wants_to_quit(app));
	destroy(app);
}

static void test_short_names(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "ini he");
	assert_string_equal(fake.settings.init.entry->name, "he_normal");
	command(app, "opt sgd"); /* a setting */
	assert_string_equal(fake.settings.optimizer.entry->name, "sgd");
	command(app, "deep"); /* an alias */
	assert_int_equal(fake.settings.layers, 4);
	requests_made();
	refused(app, "re", ERR_USAGE, "'re' is ambiguous: it can mean");
	refused(app, "re", ERR_USAGE, "reset, ");
	refused(app, "re", ERR_USAGE, ", recreate");
	refused(app, "re", ERR_USAGE, ", residual");
	refused(app, "l", ERR_USAGE, "'l' is ambiguous: it can mean live, lr, layer, lane, lesson, layers"); /* each once */
	refused(app, "bat", ERR_USAGE, "'bat' is ambiguous: it can mean batch, batch-seed");
	command(app, "batch 7"); /* a whole name is never ambiguous */
	assert_int_equal(fake.settings.batch, 7);
	/* the full name of a command or setting means that one; every abbreviation
	 * means that one or is ambiguous */
	for (size_t t = 0; t < 2; t++) {
		const struct table *table = t ? &settings_table : &commands;
		for (size_t i = 0; i < table->count; i++) {
			char word[64];
			const char *whole = table_at(table, i)->name;
			assert_ptr_equal(command_name(whole, NULL), whole);
			for (size_t n = strlen(whole) - 1; n > 0; n--) {
				snprintf(word, sizeof word, "%.*s", (int)n, whole);
				const char *found = command_name(word, NULL);
				assert_true(found == NULL || found == word || strcmp(found, whole) == 0);
			}
		}
	}
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

/* A run that cannot be started shows why, and a change of the setting starts
 * another. */
static void test_failure(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "data missing");
	bool found = false;
	for (int y = 1; y < 22; y++)
		found |= strstr(row(app, 80, 24, y), "missing: no such folder") != NULL;
	assert_true(found);
	assert_non_null(strstr(row(app, 80, 24, 0), "!"));
	assert_false(app_is_running(app));
	command(app, "lr 0.5"); /* no run to edit: a new start */
	assert_string_equal(requests_made(), "start\nstart\n");
	command(app, "data digits");
	struct scene scene;
	assert_true(navigation_scene(app, &scene));
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
		if (command->run == NULL)
			fail_msg("%s: its entry in src/app/command_table.c has no function `run`", command->entry.name);
		for (size_t i = 0; i < c; i++)
			assert_ptr_not_equal(command_at(i)->run, command->run);
		assert_non_null(command->entry.summary);
	}
	assert_null(command_of_key(27, &(size_t){0})); /* Esc is never needed */
	assert_int_equal(app_key_by_name(""), -1);
	assert_int_equal(app_key_by_name("C-"), -1);
}

/* A view, an overlay and a message on the screen: the state of each part that
 * they show is the same after drawing as before. */
static void test_drawing_changes_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = { "step 25", "view layer", "go back", "settings batch", "help", "prompt" };
	static struct lanes lanes;
	static struct help_screen help;
	static struct line prompt;
	struct app *app = create(true);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		command(app, lines[i]);
		struct app parts = *app;
		struct experiment experiment = *app->experiment;
		struct moment moment = *app->moment;
		struct navigation navigation = *app->navigation;
		struct settings_panel panel = *app->panel;
		struct message message = *app->message;
		lanes = *app->lanes;
		help = *app->help;
		prompt = *app->prompt;
		row(app, 80, 24, 0);
		assert_memory_equal(&parts, app, sizeof parts);
		assert_memory_equal(&experiment, app->experiment, sizeof experiment);
		assert_memory_equal(&moment, app->moment, sizeof moment);
		assert_memory_equal(&navigation, app->navigation, sizeof navigation);
		assert_memory_equal(&panel, app->panel, sizeof panel);
		assert_memory_equal(&message, app->message, sizeof message);
		assert_memory_equal(&lanes, app->lanes, sizeof lanes);
		assert_memory_equal(&help, app->help, sizeof help);
		assert_memory_equal(&prompt, app->prompt, sizeof prompt);
	}
	destroy(app);
}

/* Types keys without a poll of the runner's status between them. */
static void type_at_once(struct app *app, const char *keys)
{
	for (; *keys; keys++)
		app_key(app, (unsigned char)*keys);
}

/* Keys that come at once are carried out before the runner's answer to the first is read. */
static void test_keys_at_once(void **state)
{
	(void)state;
	struct app *app = create(true);
	app_key(app, '.');
	app_key(app, 'H');
	assert_string_equal(requests_made(), "step 1\nedit lr 0.002\n");
	assert_null(strstr(app->message->text, "new run"));
	app_poll(app, 2);
	app_key(app, 'i');
	app_key(app, 'H'); /* a new run has no steps: it begins again */
	assert_string_equal(requests_made(), "start\nstart\n");
	destroy(app);
	app = create(true);
	type_at_once(app, "  ");
	assert_string_equal(requests_made(), "run 50\nstop\n");
	type_at_once(app, "   ");
	assert_string_equal(requests_made(), "run 50\nstop\nrun 50\n");
	app_poll(app, 2);
	type_at_once(app, "  ");
	assert_string_equal(requests_made(), "stop\nrun 50\n");
	type_at_once(app, ". ");
	assert_string_equal(requests_made(), "step 1\nrun 50\n");
	type_at_once(app, " +");
	assert_string_equal(requests_made(), "stop\n"); /* nothing runs that could be faster */
	type_at_once(app, " +");
	assert_string_equal(requests_made(), "run 100\nrun 200\n");
	type_at_once(app, " i");
	assert_string_equal(requests_made(), "stop\nstart\n");
	type_at_once(app, " i");
	assert_string_equal(requests_made(), "run 200\nstart\nrun 200\n");
	destroy(app);
}

/* Every key does the same as its command line, apart from keys that call a service. */
static void test_key_is_command(void **state)
{
	(void)state;
	for (size_t c = 0; c < commands.count; c++) {
		char name[16], word[16], line[64], by_key[512];
		for (size_t k = 0; command_word(command_at(c)->keys, k, name, sizeof name); k++) {
			struct app *app = create(true);
			app_key(app, app_key_by_name(name));
			snprintf(by_key, sizeof by_key, "%s", requests_made());
			size_t view = app->navigation->view, layer = app->navigation->layer;
			double pace = app->experiment->speed;
			bool help = app->help->open, open = app->prompt->open, quit = app->program->quit;
			destroy(app);
			app = create(true);
			snprintf(line, sizeof line, "%s %s", command_at(c)->entry.name,
			         command_key_word(command_at(c), k, word, sizeof word));
			app_command(app, line, NULL);
			assert_string_equal(by_key, requests_made());
			assert_int_equal(view, app->navigation->view);
			assert_int_equal(layer, app->navigation->layer);
			assert_true(pace == app->experiment->speed && help == app->help->open && open == app->prompt->open && quit == app->program->quit);
			destroy(app);
		}
	}
}

/* All words of a message are on the screen, in any rows. */
static void assert_shows(struct app *app, const char *words)
{
	struct text screen = {0};
	for (int y = 0; y < 24; y++)
		for (const char *p = row(app, 80, 24, y); *p; p++)
			if (*p != ' ')
				text_add_bytes(&screen, p, 1);
	struct text wanted = {0};
	for (const char *p = words; *p; p++)
		if (*p != ' ')
			text_add_bytes(&wanted, p, 1);
	if (strstr(text_string(&screen), text_string(&wanted)) == NULL)
		fail_msg("'%s' is not on the screen", words);
	text_free(&screen);
	text_free(&wanted);
}

/* One after the other, each whole and until a key; each once. */
static void test_warnings_wait_for_each_other(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct snapshot *now = (struct snapshot *)fake.latest;
	char long_line[700] = "begin";
	while (strlen(long_line) < 650)
		strcat(long_line, " and more words");
	strcat(long_line, " the point");
	assert_true(warnings_add(&now->warnings, NULL, "%s", long_line));
	assert_true(warnings_add(&now->warnings, NULL, "the second warning"));
	message_show(app->message, ROLE_PLAIN, 0, "something else");
	app_poll(app, 1);
	assert_string_equal(app->message->text, "something else");
	app_key(app, ' ');
	assert_true(app_poll(app, 2));
	assert_shows(app, long_line);
	app_poll(app, 1000);
	assert_shows(app, long_line);
	app_key(app, ' ');
	assert_true(app_poll(app, 1001));
	assert_string_equal(app->message->text, "the second warning");
	app_key(app, ' ');
	app_poll(app, 1002);
	assert_string_equal(app->message->text, "");
	destroy(app);
}

static void test_messages(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, ":florble\r");
	assert_non_null(strstr(row(app, 80, 24, 22), "no command or setting is called 'florble'"));
	assert_non_null(strstr(row(app, 80, 24, 23), "? help"));
	app_poll(app, 5);
	assert_string_not_equal(app->message->text, "");
	assert_true(app_poll(app, 1000));
	assert_string_equal(app->message->text, "");
	type(app, "y");
	app_poll(app, 1e6);
	assert_non_null(strstr(app->message->text, "initviz -s full_train_normal"));
	app_key(app, APP_KEY_DOWN);
	assert_string_equal(app->message->text, "");
	destroy(app);
}

/* A change that is typed before the runner has come to the comparison starts another
 * one, which is not the cure's. */
static void test_the_cure_is_judged_in_its_own_run(void **state)
{
	(void)state;
	static const char *const changes[] = { "", "init he" };
	for (int i = 0; i < 2; i++) {
		struct app *app = create(true);
		struct err err = {0};
		assert_true(app_command(app, "cure", &err));
		assert_true(i == 0 || app_command(app, changes[i], &err));
		app_poll(app, 1);
		command(app, "step 20");
		bool judged = strstr(app->message->text, "the prediction for") != NULL;
		assert_int_equal(judged, i == 0);
		assert_int_equal(strstr(app->message->text, "at step 20:") != NULL, i == 0);
		app_key(app, APP_KEY_DOWN); /* the message goes */
		assert_int_equal(strstr(row(app, 80, 24, 22), "B is the cured net") != NULL, i == 0);
		destroy(app);
	}
}

/* Keys that would change the net, leave the lesson or open the prompt do nothing; the lesson's
 * own turn its pages, and the last one does not unlock it. */
static void test_a_locked_lesson(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "lesson fake");
	app_lock_lesson(app);
	app_poll(app, 1);
	requests_made();
	const struct settings before = app->lanes->lane[0].settings;
	static const int keys[] = { ' ', 'i', 'a', '1', 'f', 'c', ':', ',', '\t', 's', 'r', 'u', 27, APP_KEY_DOWN };
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		app_key(app, keys[i]);
		assert_string_equal(requests_made(), "");
		assert_non_null(strstr(app->message->text, "lock"));
		assert_true(settings_equal(&before, &app->lanes->lane[0].settings));
		assert_true(lesson_page(app) != NULL && app->lesson->page == 0);
	}
	for (size_t i = 0; i < 3; i++) {
		app_key(app, '\r');
		app_poll(app, 1);
		assert_true(lesson_page(app) != NULL && app->lesson->page == 1 && app->lesson->locked);
	}
	app_key(app, APP_KEY_LEFT);
	assert_true(lesson_page(app) != NULL && app->lesson->page == 0);
	app_key(app, '?');
	assert_non_null(strstr(row(app, 80, 24, 3), "This lesson is locked"));
	app_key(app, 'q');
	app_key(app, 'O');
	assert_true(app->screen->present);
	app_key(app, 'q');
	assert_true(app_wants_to_quit(app));
	destroy(app);
}

/* A runner that trains in a thread of its own may have paused before its last
 * observations are here: those before it say nothing of the end. */
static void test_the_cure_is_judged_by_the_last_observations(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct err err = {0};
	assert_true(app_command(app, "cure", &err));
	app_poll(app, 1);
	assert_int_equal(app->lanes->lane[1].held->step, 0);
	app->experiment->status.step = 20;
	curing_follow(app);
	assert_null(strstr(app->message->text, "the prediction for"));
	command(app, "step 20");
	assert_non_null(strstr(app->message->text, "the prediction for"));
	destroy(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_running), cmocka_unit_test(test_pausing),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_settings_restart),
		cmocka_unit_test(test_restart_goes_on),
		cmocka_unit_test(test_live_settings),
		cmocka_unit_test(test_changes_are_said),
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_looking),
		cmocka_unit_test(test_zoom),
		cmocka_unit_test(test_time_travel),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_saving),
		cmocka_unit_test(test_saving_waits_for_the_images),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_short_names),
		cmocka_unit_test(test_too_long_a_line),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_failure_in_script),
		cmocka_unit_test(test_keys_of_the_table),
		cmocka_unit_test(test_keys_at_once),
		cmocka_unit_test(test_key_is_command),
		cmocka_unit_test(test_drawing_changes_nothing),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_warnings_wait_for_each_other),
		cmocka_unit_test(test_the_cure_is_judged_in_its_own_run),
		cmocka_unit_test(test_the_cure_is_judged_by_the_last_observations),
		cmocka_unit_test(test_a_locked_lesson),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
