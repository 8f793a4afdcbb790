/* The views of several nets and of whole runs (Gradients, Training, Compare,
 * Multiples), on real nets in lock-step: inside their area at any size, ASCII
 * on request, with words that agree with the numbers. */
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
#include "nn/mat.h"
#include "lab/pins.h"
#include "lab/run_label.h"
#include "draw/chart.h"
#include "draw/glyphs.h"
#include "draw/rows.h"
#include "base/number.h"
#include "view/ruler.h"
#include "view/view.h"

/* Nets in lock-step as the app would hold them. */
struct nets {
	struct runner *runner;
	struct runner_status status;
	size_t count;
	struct history history[RUNNER_MAX_LANES];
	const struct snapshot *latest[RUNNER_MAX_LANES];
	struct pins pins;
};

static void set(struct settings *settings, const char *name, const char *value)
{
	struct err err = {0};
	if (!settings_set(settings, name, value, &err))
		fail_msg("%s", err.message);
}

static struct settings scenario(const char *name)
{
	struct settings settings;
	settings_default(&settings);
	set(&settings, "scenario", name);
	set(&settings, "data", "digits");
	set(&settings, "probe", "30");
	set(&settings, "every", "10");
	return settings;
}

static void look(struct nets *nets)
{
	runner_poll(nets->runner, &nets->history[0], &nets->latest[0], &nets->status);
	for (size_t i = 1; i < nets->count; i++)
		runner_poll_lane(nets->runner, i, &nets->history[i], &nets->latest[i]);
	assert_int_not_equal(nets->status.state, RUNNER_FAILED);
}

static void start(struct nets *nets, const struct settings *settings, size_t count, uint64_t steps)
{
	*nets = (struct nets){ .count = count };
	nets->runner = runner_inline(NULL, NULL);
	assert_non_null(nets->runner);
	runner_start_lanes(nets->runner, settings, count);
	runner_step(nets->runner, steps);
	look(nets);
}

static void end(struct nets *nets)
{
	for (size_t i = 0; i < nets->count; i++) {
		history_clear(&nets->history[i]);
		snapshot_drop(nets->latest[i]);
	}
	pins_clear(&nets->pins);
	runner_destroy(nets->runner);
}

static struct scene scene_of(const struct nets *nets)
{
	struct scene scene = {
		.now = nets->latest[0], .history = &nets->history[0], .status = &nets->status, .live = true,
		.lanes = nets->count, .pins = &nets->pins,
	};
	for (size_t i = 0; i < nets->count; i++)
		scene.lane[i] = (struct scene_lane){ nets->latest[i], &nets->history[i] };
	return scene;
}

static const struct view *view_named(const char *name)
{
	const struct view *view = view_find(name, NULL);
	assert_non_null(view);
	return view;
}

static const char *const names[] = { "gradients", "training", "compare", "multiples" };

static struct text screen_text;

/* The view at this size as text, rows ended by newlines; until the next call. */
static const char *screen(const char *name, const struct scene *scene, int width, int height, bool ascii)
{
	struct canvas canvas;
	assert_true(canvas_create(&canvas, width, height, ascii, NULL));
	view_named(name)->draw(scene, &canvas, (struct rect){ 0, 0, width, height });
	text_clear(&screen_text);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++)
			text_add_glyph(&screen_text, canvas_cell(&canvas, x, y)->glyph);
		text_add(&screen_text, "\n");
	}
	canvas_destroy(&canvas);
	return text_string(&screen_text);
}

static void assert_says(const char *all, const char *words)
{
	if (strstr(all, words) == NULL)
		fail_msg("\"%s\" is missing in:\n%s", words, all);
}

static int count(const char *text, const char *word)
{
	int found = 0;
	for (; (text = strstr(text, word)) != NULL; text++)
		found++;
	return found;
}

/* ---- any size ---- */

/* Smaller ones are never requested: returning is enough. */
#define LEAST_WIDTH 20

static void draw_at_every_size(const struct scene *scene)
{
	static const int widths[] = { 1, 2, 7, 20, 39, 40, 63, 80, 120, 150, 300 };
	static const int heights[] = { 1, 2, 3, 4, 5, 7, 10, 21, 37, 100 };
	for (size_t v = 0; v < sizeof names / sizeof names[0]; v++)
		for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
			for (size_t h = 0; h < sizeof heights / sizeof heights[0]; h++) {
				struct canvas canvas;
				struct rect area = { 3, 2, widths[w], heights[h] };
				bool ascii = (w + h) % 2;
				assert_true(canvas_create(&canvas, area.width + 6, area.height + 4, ascii, NULL));
				view_named(names[v])->draw(scene, &canvas, area);
				for (int y = 0; y < canvas.height; y++)
					for (int x = 0; x < canvas.width; x++) {
						const struct cell *cell = canvas_cell(&canvas, x, y);
						bool inside = x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
						if (!inside && cell->glyph != ' ' && area.width >= LEAST_WIDTH)
							fail_msg("%s at %dx%d draws outside", names[v], area.width, area.height);
						assert_true(!ascii || cell->glyph < 0x7F);
						assert_true(cell->glyph >= ' ' && cell->role < ROLES);
					}
				canvas_destroy(&canvas);
			}
}

static void test_every_size(void **state)
{
	(void)state;
	struct nets nets;
	static struct settings settings[7]; /* too large for the stack */
	for (int i = 0; i < 7; i++)
		settings[i] = scenario(table_at(&scenarios, (size_t)(i + 2) % 7)->name);
	start(&nets, settings, 7, 20);
	struct scene scene = scene_of(&nets);
	draw_at_every_size(&scene);
	assert_true(pins_add(&nets.pins, &nets.history[1], NULL, NULL));
	scene.recent = scene.linear = true;
	scene.live = false;
	scene.lanes = scene.chosen = 1; /* a lane that has just gone */
	draw_at_every_size(&scene);
	/* A scene with the observation alone, as in tests of other views. */
	scene = (struct scene){ .now = nets.latest[0] };
	draw_at_every_size(&scene);
	end(&nets);
}

static void test_every_size_deep(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings[2] = { scenario("full_train_normal"), scenario("full_train_normal") };
	set(&settings[0], "layers", "*-20-*");
	set(&settings[0], "depth", "49");
	set(&settings[1], "layers", "*-20-20-20-*");
	start(&nets, settings, 2, 3);
	struct scene scene = scene_of(&nets);
	for (scene.layer = 0; scene.layer < 50; scene.layer += 49) {
		scene.scroll = scene.layer;
		draw_at_every_size(&scene);
	}
	end(&nets);
}

/* A net of NaN and Inf is drawn like others. */
static void test_every_size_broken(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings[2] = { scenario("full_train_normal_relu"), scenario("full_train_he_relu") };
	set(&settings[0], "optimizer", "sgd(lr=1e6)");
	start(&nets, settings, 2, 20);
	struct scene scene = scene_of(&nets);
	assert_true(scene.now->diverged);
	draw_at_every_size(&scene);
	assert_says(screen("gradients", &scene, 80, 21, false), "NaN, Inf");
	assert_says(screen("training", &scene, 80, 21, false), "NaN");
	end(&nets);
}

/* ---- Gradients ---- */

/* The columns of the marks at rms delta, one for each layer. */
static size_t rms_marks(const struct scene *scene, int *column)
{
	struct canvas canvas;
	size_t marks = 0;
	assert_true(canvas_create(&canvas, 80, 42, false, NULL));
	view_named("gradients")->draw(scene, &canvas, (struct rect){ 0, 0, 80, 42 });
	for (int y = 2; y < 42; y++) /* below the words and the heads */
		for (int x = 30; x < 62; x++)
			if (canvas_cell(&canvas, x, y)->glyph == glyph(GLYPH_DOWN, false))
				column[marks++] = x;
	canvas_destroy(&canvas);
	return marks;
}

/* Each tanh layer with weights of variance 0.01 / 20 multiplies E[delta^2] by
 * 0.01 or less: its rms by a tenth or less, two columns of half a decade. */
static void test_vanishing_marches_left(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings = scenario("full_train_normal");
	set(&settings, "activation", "tanh");
	set(&settings, "layers", "*-20-20-20-20-20-*");
	set(&settings, "init", "normal(sd=0.022)");
	start(&nets, &settings, 1, 0);
	struct scene scene = scene_of(&nets);
	int column[42];
	assert_int_equal(rms_marks(&scene, column), 6);
	for (int i = 0; i < 4; i++) { /* the output layer has an initializer of its own */
		double ratio = sqrt(scene.now->layer[i].tensor[MLP_DELTA].moments.mean_square /
		                    scene.now->layer[i + 1].tensor[MLP_DELTA].moments.mean_square);
		int steps = column[i + 1] - column[i];
		assert_true(steps >= 1 && fabs(steps + 2 * log10(ratio)) <= 1);
	}
	end(&nets);
}

/* A label that is too long is replaced, not cut. */
static void test_long_labels(void **state)
{
	(void)state;
	char label[RUN_LABEL_SIZE];
	struct settings settings = scenario("full_train_normal");
	set(&settings, "init", "he");
	assert_string_equal(run_label(label, &settings), "full_train_normal --init he_normal");
	set(&settings, "layers", "*-100-100-100-100-100-100-100-100-100-100-*");
	set(&settings, "activation", "relu");
	assert_string_equal(run_label(label, &settings), "he_normal × relu");
	set(&settings, "normalization", "layer");
	assert_string_equal(run_label(label, &settings), "he_normal × relu, layer normalization");
	set(&settings, "residual", "yes");
	assert_string_equal(run_label(label, &settings), "he_normal × relu, layer normalization, residual");
	set(&settings, "init", "normal(0,1.5/sqrt(fan_in))");
	set(&settings, "normalization", "none");
	assert_string_equal(run_label(label, &settings), "normal(0,1.5/sqrt(fan_in)) × relu, residual");
	set(&settings, "init", "normal(0,(1.5+0.25)/sqrt(fan_in+fan_out)*(1+layer/depth))"); /* whole only where it fits */
	set(&settings, "normalization", "layer");
	assert_string_equal(run_label(label, &settings), "normal(...) × relu, layer normalization, residual");
}

/* The number beside a layer's bar is E[delta^2] over the output layer's, and the
 * bars grow with it. */
static void test_gradients_against_the_output(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings = scenario("full_train_normal");
	set(&settings, "depth", "6");
	set(&settings, "width", "20");
	set(&settings, "init", "xavier");
	start(&nets, &settings, 1, 0);
	struct scene scene = scene_of(&nets);
	const char *all = screen("gradients", &scene, 80, 40, false);
	char number[NUMBER_SIZE], words[100];
	double output = scene.now->layer[6].tensor[MLP_DELTA].moments.mean_square;
	for (int i = 0; i < 7; i++)
		assert_says(all, number_factor(number, scene.now->layer[i].tensor[MLP_DELTA].moments.mean_square / output) +
		                 strlen("×"));
	number_factor(number, scene.now->layer[0].tensor[MLP_DELTA].moments.mean_square / output);
	snprintf(words, sizeof words, "Layer 1 receives %s of the output layer's gradient²", number + strlen("×"));
	assert_says(all, words);
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 80, 42, false, NULL));
	view_named("gradients")->draw(&scene, &canvas, (struct rect){ 0, 0, 80, 42 });
	int last = 0;
	for (int y = 2; y < 42; y++) {
		int length = 0;
		while (canvas_cell(&canvas, 15 + length, y)->role == ROLE_HIST_GRADIENT && length < 7)
			length++;
		assert_true(length == 0 || length >= last);
		last = length ? length : last;
	}
	assert_int_equal(last, 7); /* the output layer's is whole */
	canvas_destroy(&canvas);
	end(&nets);
}

static void test_gradients_say(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings = scenario("full_train_normal");
	start(&nets, &settings, 1, 0);
	struct scene scene = scene_of(&nets);
	const char *all = screen("gradients", &scene, 80, 21, false);
	assert_null(strstr(all, "…"));
	assert_says(all, "no step taken yet");
	assert_int_equal(count(all, "1e-12"), 2);
	assert_int_equal(count(all, "ΔW/W "), 3);
	assert_true(count(all, "are 0") >= 1); /* pixels that are never on */
	runner_step(nets.runner, 30);
	look(&nets);
	scene = scene_of(&nets);
	all = screen("gradients", &scene, 80, 21, false);
	assert_null(strstr(all, "no step"));
	assert_says(all, "usual");
	struct text text = {0};
	view_named("gradients")->explain(&scene, &text);
	assert_says(text_string(&text), "ΔW/W");
	text_free(&text);
	end(&nets);
}

/* ---- Training ---- */

static void test_training_says(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings = scenario("full_train_he_relu");
	start(&nets, &settings, 1, 40);
	assert_true(pins_add(&nets.pins, &nets.history[0], "an earlier run", NULL));
	runner_step(nets.runner, 5);
	look(&nets);
	struct scene scene = scene_of(&nets);
	const char *all = screen("training", &scene, 80, 21, false);
	char value[NUMBER_SIZE];
	assert_null(strstr(all, "…"));
	assert_says(all, "A full_train_he_relu ");
	assert_says(all, "B an earlier run (pinned)");
	assert_says(all, number_known(value, scene.now->loss));
	assert_says(all, " 45 ");
	assert_int_equal(count(all, "guessing"), 2);
	assert_true(count(all, "A") >= 3); /* in the table and on both lines */
	/* At the cursor each run has the numbers that it had there. */
	scene.live = false;
	scene.now = history_at(&nets.history[0], 20);
	all = screen("training", &scene, 80, 21, false);
	assert_says(all, "at the cursor");
	assert_int_equal(count(all, number_known(value, scene.now->loss)), 2);
	assert_true(count(all, "┆") > 10);
	struct text text = {0};
	view_named("training")->explain(&scene, &text);
	assert_says(text_string(&text), "an earlier run");
	text_free(&text);
	end(&nets);
}

static void test_recent_window(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings = scenario("full_train_he_relu");
	set(&settings, "steps", "100");
	start(&nets, &settings, 1, 100);
	struct scene scene = scene_of(&nets);
	assert_says(screen("training", &scene, 80, 21, false), "└0 ");
	scene.recent = true;
	assert_says(screen("training", &scene, 80, 21, false), "└80 ");
	end(&nets);
}

static void test_chart_scales(void **state)
{
	(void)state;
	static const struct { double low, high; bool log; double expected_low, expected_high; } cases[] = {
		{ 0.3, 2.4, true, 0.2, 5 }, { 1, 10, true, 1, 10 }, { 2e-4, 9e3, true, 2e-4, 1e4 }, { 0, 2.4, false, 0, 2.5 },
		{ 0.905, 0.924, false, 0.905, 0.925 }, { 3, 3, true, 1, 10 }, { 3, 3, false, 2.4, 3.6 },
		{ INFINITY, -INFINITY, true, 0.5, 2 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plot_scale scale = chart_scale(cases[i].low, cases[i].high, cases[i].log);
		if (fabs(scale.low / cases[i].expected_low - 1) > 1e-9 && fabs(scale.low - cases[i].expected_low) > 1e-9)
			fail_msg("case %zu: low %g", i, scale.low);
		if (fabs(scale.high / cases[i].expected_high - 1) > 1e-9)
			fail_msg("case %zu: high %g", i, scale.high);
		assert_true(scale.log == cases[i].log);
	}
}

/* ---- Compare ---- */

/* A bounded activation keeps its range beside an unbounded one, and a net's
 * record is the same with or without another net beside it. */
static void test_lanes_keep_their_ranges(void **state)
{
	(void)state;
	struct nets nets, alone;
	struct settings settings[2] = { scenario("full_train_normal"), scenario("full_train_normal_relu") };
	start(&nets, settings, 2, 10);
	start(&alone, settings, 1, 10);
	struct scene scene = scene_of(&nets);
	for (size_t l = 0; l < 2; l++) {
		assert_true(ruler_of(&scene, l, MLP_A).low == 0 && ruler_of(&scene, l, MLP_A).high == 1);
		assert_memory_equal(&nets.latest[0]->layer[l], &alone.latest[0]->layer[l], sizeof alone.latest[0]->layer[l]);
	}
	end(&nets);
	end(&alone);
}

static void test_compare_says(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings[2] = { scenario("full_train_normal"), scenario("full_train_variance") };
	start(&nets, settings, 2, 20);
	struct scene scene = scene_of(&nets);
	const struct snapshot *a = nets.latest[0], *b = nets.latest[1];
	/* One ruler for all hidden layers of both nets is what makes them
	 * comparable: A's layer 1 needs the widest. */
	struct scene other = scene;
	other.now = b;
	for (size_t l = 0; l < 2; l++) {
		struct ruler first = ruler_of(&scene, l, MLP_Z), second = ruler_of(&other, l, MLP_Z);
		assert_true(first.high == 50 && first.low == -50 && !first.own);
		assert_true(second.high == 50 && second.low == -50 && b->layer[l].tensor[MLP_Z].histogram.high < 10);
		assert_true(ruler_of(&scene, l, MLP_A).low == 0 && ruler_of(&scene, l, MLP_A).high == 1);
	}
	assert_true(ruler_of(&scene, 2, MLP_Z).own && ruler_of(&scene, 2, MLP_Z).high == ruler_of(&other, 2, MLP_Z).high);
	char expected[64], factor[NUMBER_SIZE], square[NUMBER_SIZE];
	const char *all = screen("compare", &scene, 80, 21, false);
	assert_null(strstr(all, "…"));
	for (size_t i = 0; i < 2; i++) {
		snprintf(expected, sizeof expected, "%.0f %% saturated", 100 * (i ? b : a)->layer[0].saturated);
		assert_says(all, expected);
	}
	double first = a->layer[0].tensor[MLP_Z].moments.mean_square, second = b->layer[0].tensor[MLP_Z].moments.mean_square;
	assert_says(all, number_factor(factor, second / first));
	snprintf(expected, sizeof expected, "E[z²] %s", number_known(square, first));
	assert_says(all, expected);
	all = screen("compare", &scene, 120, 37, false);
	assert_int_equal(count(all, "verdict"), 3);
	assert_int_equal(count(all, "B/A"), 3);
	struct text text = {0};
	view_named("compare")->explain(&scene, &text);
	assert_says(text_string(&text), "A is full_train_normal");
	text_clear(&text);
	scene.lanes = 1;
	assert_says(screen("compare", &scene, 80, 21, false), "starts another net here");
	view_named("compare")->explain(&scene, &text);
	assert_says(text_string(&text), "Press c");
	text_free(&text);
	end(&nets);
}

/* ---- Multiples, and first passes beside training ---- */

static void test_multiples_say(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings[3] = { scenario("full_train_normal"), scenario("first_pass_normal"),
	                                scenario("full_train_he_relu") };
	start(&nets, settings, 3, 20);
	assert_int_equal(nets.latest[1]->step, 0);
	assert_int_equal(nets.history[1].count, 1);
	assert_int_equal(nets.latest[2]->step, 20);
	struct scene scene = scene_of(&nets);
	const char *all = screen("multiples", &scene, 80, 21, false);
	const char *one = strstr(all, "1 normal(0,1)"), *three = strstr(all, "3 normal(0,1)"), *seven = strstr(all, "7 he (tf1)");
	assert_true(one && three && seven && one < three && three < seven); /* by scenario, in any order of lanes */
	assert_int_equal(count(all, "first pass"), 1);
	assert_int_equal(count(all, "step 20"), 2);
	assert_says(all, "z of layer 1");
	scene.tensor = MLP_A;
	scene.layer = 1;
	assert_says(screen("multiples", &scene, 80, 21, false), "a of layer 2");
	assert_int_equal(count(screen("multiples", &scene, 40, 7, false), "%"), 6);
	struct text text = {0};
	view_named("multiples")->explain(&scene, &text);
	assert_says(text_string(&text), "The best so far");
	text_free(&text);
	end(&nets);
}

/* Alone, a first pass may well be trained on. */
static void test_first_pass_alone_goes_on(void **state)
{
	(void)state;
	struct nets nets;
	struct settings settings[2] = { scenario("first_pass_normal"), scenario("first_pass_variance") };
	start(&nets, settings, 2, 5);
	assert_int_equal(nets.latest[0]->step, 5);
	assert_int_equal(nets.latest[1]->step, 5);
	end(&nets);
}

/* ---- rows for layers ---- */

static void test_layer_rows(void **state)
{
	(void)state;
	for (size_t layers = 1; layers <= 60; layers++)
		for (int height = 0; height <= 50; height++)
			for (size_t selected = 0; selected < layers; selected += 1 + layers / 7) {
				struct layer_rows rows = layer_rows_fit(layers, selected, selected / 2, height, 9);
				int used = 0;
				for (size_t i = 0; i < rows.count; i++) {
					assert_in_range(layer_rows_of(&rows, i), 1, 9);
					used += layer_rows_of(&rows, i);
				}
				assert_true(used <= height && rows.first + rows.count <= layers);
				if (height > 0)
					assert_in_range(selected, rows.first, rows.first + rows.count - 1);
			}
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

static int finish(void **state)
{
	(void)state;
	text_free(&screen_text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_every_size_deep),
		cmocka_unit_test(test_every_size_broken),
		cmocka_unit_test(test_vanishing_marches_left),
		cmocka_unit_test(test_gradients_against_the_output),
		cmocka_unit_test(test_long_labels),
		cmocka_unit_test(test_gradients_say),
		cmocka_unit_test(test_training_says),
		cmocka_unit_test(test_recent_window),
		cmocka_unit_test(test_chart_scales),
		cmocka_unit_test(test_lanes_keep_their_ranges),
		cmocka_unit_test(test_compare_says),
		cmocka_unit_test(test_multiples_say),
		cmocka_unit_test(test_first_pass_alone_goes_on),
		cmocka_unit_test(test_layer_rows),
	};
	return cmocka_run_group_tests_name("runs", tests, prepare, finish);
}
