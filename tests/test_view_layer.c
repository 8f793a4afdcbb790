/* The Layer, Time and Depth views, on real runs of small nets and on layers
 * made by hand: inside their area at any size, pure, and each thing in the
 * cell where its number belongs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/text.h"
#include "lab/layer_function.h"
#include "lab/runner.h"
#include "nn/activation.h"
#include "nn/rng.h"
#include "view/depth_plot.h"
#include "view/depth_words.h"
#include "draw/glyphs.h"
#include "view/layer_picture.h"
#include "base/number.h"
#include "draw/plot.h"
#include "view/time_map.h"
#include "view/layer_block.h"
#include "view/view.h"

static const struct view *view_named(const char *name)
{
	const struct view *view = view_find(name, NULL);
	assert_non_null(view);
	return view;
}

static const char *const names[] = {"layer", "time", "depth"};
#define NAMES (sizeof names / sizeof names[0])

/* ---- runs ---- */

struct run {
	struct runner *runner;
	struct history history;
	const struct snapshot *latest;
	struct runner_status status;
};

/* So many steps of a net on the built-in digits; settings as "name=value ...". */
static void start(struct run *run, const char *words, uint64_t steps)
{
	struct err err = {0};
	struct settings settings;
	char line[256], *rest = line;
	*run = (struct run){0};
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", &err));
	snprintf(line, sizeof line, "%s", words);
	for (char *word; (word = strtok_r(NULL, " ", &rest)) != NULL;) {
		char *value = strchr(word, '=');
		*value++ = '\0';
		if (!settings_set(&settings, word, value, &err))
			fail_msg("%s", err.message);
	}
	run->runner = runner_inline(NULL, &err);
	assert_non_null(run->runner);
	runner_start(run->runner, &settings);
	if (steps)
		runner_step(run->runner, steps);
	assert_true(runner_settle(run->runner, 0));
	runner_poll(run->runner, &run->history, &run->latest, &run->status);
	if (run->latest == NULL)
		fail_msg("%s", run->status.err.message);
}

static void end(struct run *run)
{
	history_clear(&run->history);
	snapshot_drop(run->latest);
	runner_destroy(run->runner);
}

static struct scene scene_of(const struct run *run)
{
	return (struct scene){.now = run->latest, .history = &run->history, .status = &run->status, .live = true};
}

static void draw(const struct scene *scene, const char *name, struct canvas *canvas, int width, int height, bool ascii)
{
	struct err err;
	assert_true(canvas_create(canvas, width, height, ascii, &err));
	view_named(name)->draw(scene, canvas, (struct rect){0, 0, width, height});
}

/* The whole canvas as text, rows ended by newlines. */
static const char *screen(const struct canvas *canvas, struct text *text)
{
	text_clear(text);
	for (int y = 0; y < canvas->height; y++) {
		for (int x = 0; x < canvas->width; x++)
			text_add_glyph(text, canvas_cell(canvas, x, y)->glyph);
		text_add(text, "\n");
	}
	return text_string(text);
}

static void assert_says(const char *all, const char *words)
{
	if (strstr(all, words) == NULL)
		fail_msg("\"%s\" is missing in:\n%s", words, all);
}

/* ---- all three ---- */

static void check_size(const struct scene *scene, const struct view *view, int width, int height)
{
	enum { UNTOUCHED = 0x7E };
	struct canvas canvas;
	struct err err;
	bool ascii = (width + height) % 2, drawn = false;
	assert_true(canvas_create(&canvas, width + 4, height + 2, ascii, &err));
	for (int y = 0; y < canvas.height; y++)
		for (int x = 0; x < canvas.width; x++)
			canvas_put(&canvas, x, y, x >= 2 && x < width + 2 && y >= 1 && y <= height ? ' ' : UNTOUCHED, ROLE_PLAIN);
	view->draw(scene, &canvas, (struct rect){2, 1, width, height});
	for (int y = 0; y < canvas.height; y++)
		for (int x = 0; x < canvas.width; x++) {
			bool inside = x >= 2 && x < width + 2 && y >= 1 && y <= height;
			uint32_t c = canvas_cell(&canvas, x, y)->glyph;
			if (!inside && c != UNTOUCHED)
				fail_msg("%s at %dx%d draws outside", view->entry.name, width, height);
			if (ascii)
				assert_in_range(c, 0x20, 0x7E);
			drawn |= inside && c != ' ';
		}
	if (!drawn)
		fail_msg("%s at %dx%d is empty", view->entry.name, width, height);
	canvas_destroy(&canvas);
}

static void test_every_size(void **state)
{
	(void)state;
	/* Healthy, deep, one layer, blown up, beyond theory, normalized with a residual. */
	static const char *const nets[] = {
		"every=2 layers=*-20-20-*", "depth=30 width=12 activation=tanh every=1", "layers=*-*",
		"activation=relu optimizer=sgd(lr=1e6) init=normal(0,1e6) every=1 layers=*-9-9-*",
		"init=ones activation=exponential layers=*-7-7-*",
		"normalization=batch residual=yes layers=*-8-8-8-* activation=gelu",
	};
	for (size_t n = 0; n < sizeof nets / sizeof nets[0]; n++) {
		struct run run;
		start(&run, nets[n], 6);
		struct scene scene = scene_of(&run);
		for (size_t v = 0; v < NAMES; v++)
			for (int width = 1; width <= 300; width += width < 84 ? 3 : 71)
				for (int height = 1; height <= 100; height += height < 24 ? 1 : 25) {
					scene.layer = (size_t)(width * height) % 40; /* beyond the last one, too */
					scene.tensor = (enum mlp_tensor)(height % MLP_TENSORS);
					scene.live = width % 2;
					check_size(&scene, view_named(names[v]), width, height);
				}
		end(&run);
	}
}

static void test_drawing_is_pure(void **state)
{
	(void)state;
	struct run run;
	start(&run, "every=2 layers=*-20-20-*", 10);
	struct err err;
	size_t bytes = snapshot_bytes(run.latest->layers);
	void *before = alloc_array(1, bytes, &err);
	memcpy(before, run.latest, bytes);
	struct scene scene = scene_of(&run);
	for (size_t v = 0; v < NAMES; v++) {
		struct canvas one, two;
		draw(&scene, names[v], &one, 120, 37, false);
		draw(&scene, names[v], &two, 120, 37, false);
		assert_memory_equal(one.cells, two.cells, 120 * 37 * sizeof *one.cells);
		canvas_destroy(&one);
		canvas_destroy(&two);
	}
	assert_memory_equal(before, run.latest, bytes);
	alloc_free(before);
	end(&run);
}

/* At 80 x 21 and 120 x 36 nothing is cut. */
static void test_nothing_is_cut(void **state)
{
	(void)state;
	struct text text = {0};
	static const char *const nets[] = {"every=2", "activation=relu init=he every=2", "depth=50 width=20 activation=tanh"};
	for (size_t n = 0; n < sizeof nets / sizeof nets[0]; n++)
		for (uint64_t steps = 0; steps <= 4; steps += 4) {
			struct run run;
			start(&run, nets[n], steps);
			struct scene scene = scene_of(&run);
			for (size_t v = 0; v < NAMES; v++)
				for (scene.layer = 0; scene.layer < run.latest->layers; scene.layer += 1 + run.latest->layers / 4)
					for (int wide = 0; wide < 2; wide++) {
						struct canvas canvas;
						draw(&scene, names[v], &canvas, wide ? 120 : 80, wide ? 36 : 21, false);
						if (strstr(screen(&canvas, &text), "…"))
							fail_msg("%s\n%s", nets[n], text_string(&text));
						canvas_destroy(&canvas);
					}
			end(&run);
		}
	text_free(&text);
}

static void test_explanations_have_numbers(void **state)
{
	(void)state;
	struct run run;
	start(&run, "every=2 layers=*-20-20-*", 10);
	struct scene scene = scene_of(&run);
	for (size_t v = 0; v < NAMES; v++) {
		struct text text = {0};
		char value[TEXT_READOUT_SIZE];
		view_named(names[v])->explain(&scene, &text);
		const char *all = text_string(&text);
		text_readout(value, run.latest->layer[0].tensor[MLP_Z].moments.mean);
		assert_says(all, "Verdict");
		if (v == 0)
			assert_says(all, text_readout(value, run.latest->layer[0].z_within));
		if (v == 1)
			assert_says(all, value);
		if (v == 2)
			assert_says(all, number_factor(value, quantity_square(run.latest, 0, MLP_DELTA) /
			                                      quantity_square(run.latest, 2, MLP_DELTA)) + strlen("×"));
		text_free(&text);
	}
	end(&run);
}

/* The factor of the gradient is that of the branch: 1 + 2/2 for relu with He over one
 * layer; sqrt(1 + 2/2 · 2) over two, the second linear. */
static void test_explanation_of_branches(void **state)
{
	(void)state;
	static const char *const words[] = { "χ = 1 + α² · fan_in · Var(W) · E[f'²] = 2.000", "of its second, = 1.732" };
	for (int layers = 1; layers <= 2; layers++) {
		struct run run;
		char settings[120];
		struct text text = {0};
		snprintf(settings, sizeof settings, "layers=*-20-20-20-* residual=yes branch-layers=%d activation=relu init=he", layers);
		start(&run, settings, 0);
		struct scene scene = scene_of(&run);
		view_named("depth")->explain(&scene, &text);
		assert_says(text_string(&text), words[layers - 1]);
		text_free(&text);
		end(&run);
	}
	struct run run;
	struct text text = {0};
	start(&run, "layers=*-20-20-20-* residual=yes normalization=post skip-scale=fixed(2) activation=relu init=he", 0);
	struct scene scene = scene_of(&run);
	view_named("depth")->explain(&scene, &text);
	assert_says(text_string(&text), "The spectral norm of the hidden layers' weights is ");
	assert_says(text_string(&text), "χ = (λ² + α² · fan_in · Var(W) · E[f'²]) / Var(sum) = ");
	text_free(&text);
	layer_add_a_formula(&text, &scene, 1);
	assert_string_equal(text_string(&text), "a = layernorm(relu(z) + 2.000 a before)");
	text_free(&text);
	end(&run);
}

/* ---- the Layer view ---- */

/* A layer of one activation whose inputs are N(0, variance), on the axis
 * -high..high. */
static void make_layer(struct layer_observation *layer, const char *activation, double variance, double high)
{
	enum { VALUES = 20000 };
	struct err err;
	float *z = alloc_array(VALUES, sizeof *z, &err);
	assert_non_null(z);
	assert_true(spec_parse(&layer->activation, &activations, activation, &err));
	struct rng rng = rng_stream(1, RNG_TEST, 0);
	rng_fill_normal(&rng, z, VALUES);
	for (size_t i = 0; i < VALUES; i++)
		z[i] *= (float)sqrt(variance);
	layer->tensor[MLP_Z].histogram = (struct histogram){.low = -high, .high = high};
	stats_histogram(&layer->tensor[MLP_Z].histogram, z, VALUES);
	alloc_free(z);
}

/* E sigmoid'(z)^2 for N(0, 88) is 0.00703662 (Gaussian integral, adaptive
 * quadrature); 20000 values leave 2 %, the bins of 0.42 below 1 %. */
static void test_slope_square(void **state)
{
	(void)state;
	struct layer_observation layer = {0};
	make_layer(&layer, "sigmoid", 88, 50);
	struct layer_function function = layer_function_of(&layer);
	assert_true(fabs(layer_function_slope_square(&function) / 0.00703662 - 1) < 0.06);
	make_layer(&layer, "linear", 88, 50);
	function = layer_function_of(&layer);
	assert_true(fabs(layer_function_slope_square(&function) - 1) < 1e-12);
	layer.tensor[MLP_Z].histogram = (struct histogram){.low = -1, .high = 1};
	assert_true(isnan(layer_function_slope_square(&function)));
}

/* With ten equal z, each p is a tenth, and dp/dz = p (1 - p). */
static void test_softmax_curve(void **state)
{
	(void)state;
	static float z[1000];
	struct layer_observation layer = {.fan_out = 10};
	for (size_t i = 0; i < 1000; i++)
		z[i] = 700; /* e^700 fits barely, the sum of a thousand does not */
	layer.tensor[MLP_Z].histogram = (struct histogram){.low = 0, .high = 1000};
	stats_histogram(&layer.tensor[MLP_Z].histogram, z, 1000);
	struct layer_function function = layer_function_of(&layer);
	double centre = 1000 * 168.5 / 240; /* of the bin with 700 */
	assert_true(fabs(layer_function_value(&function, centre) - 0.1) < 1e-9);
	assert_true(fabs(layer_function_slope(&function, centre) - 0.09) < 1e-9);
}

/* Sigmoid on z -50..50 at 80 x 21: the picture is in x 22..61, the curve
 * in y 1..10, the outlet from x 69 on. */
static void test_layer_picture(void **state)
{
	(void)state;
	struct run run;
	start(&run, "", 0);
	struct scene scene = scene_of(&run);
	struct canvas canvas;
	struct text text = {0};
	draw(&scene, "layer", &canvas, 80, 21, false);
	assert_true(run.latest->layer[0].tensor[MLP_Z].histogram.high == 50);
	/* The curve comes in at the bottom and leaves at the top. */
	assert_int_equal(canvas_cell(&canvas, 22, 10)->glyph, 0x28C0);
	assert_int_equal(canvas_cell(&canvas, 22, 10)->role, ROLE_CURVE);
	assert_int_equal(canvas_cell(&canvas, 61, 1)->role, ROLE_CURVE);
	/* Shaded where sigmoid is flat, |z| > 3.64: columns are 2.5 wide. */
	assert_int_equal(canvas_cell(&canvas, 22 + 18, 5)->glyph, glyph(GLYPH_SHADE_1, false));
	assert_int_not_equal(canvas_cell(&canvas, 22 + 19, 2)->glyph, glyph(GLYPH_SHADE_1, false));
	/* Most outputs are at the ends, and are called saturated. */
	assert_int_equal(canvas_cell(&canvas, 69, 1)->role, ROLE_HIST_SATURATED);
	assert_int_equal(canvas_cell(&canvas, 69, 5)->role, ROLE_HIST_A);
	assert_int_equal(canvas_cell(&canvas, 69, 10)->role, ROLE_HIST_SATURATED);
	/* The median's ray leaves at the height of sigmoid(median). */
	double median = run.latest->layer[0].tensor[MLP_Z].percentile[3];
	int row = plot_row(1 / (1 + exp(-median)), 10);
	assert_int_equal(canvas_cell(&canvas, 63, 10 - row)->glyph, glyph(GLYPH_DASH_H, false));
	/* Both sums: 784 E[x^2] and 784 Var(x), of weights with variance 1. */
	char sum[96], number[NUMBER_SIZE];
	const char *all = screen(&canvas, &text);
	snprintf(sum, sizeof sum, "= %s", number_known(number, 784 * run.latest->input.mean_square));
	assert_says(all, sum);
	snprintf(sum, sizeof sum, "The article's 784 · Var(x) · Var(W) = %s is too small",
	         number_known(number, 784 * run.latest->input.variance));
	assert_says(all, sum);
	assert_says(all, "the same for every image");
	assert_says(all, "within");
	canvas_destroy(&canvas);
	text_free(&text);
	end(&run);
}

static void test_relu_spike_at_the_outlet(void **state)
{
	(void)state;
	struct run run;
	start(&run, "activation=relu", 0);
	struct scene scene = scene_of(&run);
	struct canvas canvas;
	struct text text = {0};
	draw(&scene, "layer", &canvas, 80, 21, false);
	char note[NUMBER_SIZE + 8], share[NUMBER_SIZE];
	const struct histogram *a = &run.latest->layer[0].tensor[MLP_A].histogram;
	/* The spike's row counts its neighbours, too. */
	uint64_t near = a->spike[0].count;
	for (int i = 0; i < HISTOGRAM_BINS / 10; i++)
		near += a->counts[i];
	snprintf(note, sizeof note, "%s▸\n", number_share(share, (double)near / (double)a->n));
	assert_says(screen(&canvas, &text), note);
	canvas_destroy(&canvas);
	text_free(&text);
	end(&run);
}

/* ---- the Time view ---- */

/* A value is in the same row of the map for every axis that its
 * histogram had; and none is lost. */
static void test_rebinning(void **state)
{
	(void)state;
	static const double axes[][2] = {{-1, 1}, {-10, 10}, {-2, 5}, {0, 1}, {-10, 0.5}};
	struct time_map map = {.height = 37, .width = 1, .low = -10, .high = 10};
	float values[100];
	for (int i = 0; i < 100; i++)
		values[i] = 0.31f;
	int right = time_map_row(&map, 0.31);
	for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++) {
		struct tensor_observation tensor = {.histogram = {.low = axes[i][0], .high = axes[i][1]}};
		double count[TIME_MAP_ROWS], sum = 0, near = 0;
		stats_histogram(&tensor.histogram, values, 100);
		time_map_count(count, &map, &tensor, true);
		for (int row = 0; row < map.height; row++) {
			sum += count[row];
			near += row >= right - 1 && row <= right + 1 ? count[row] : 0;
		}
		assert_true(fabs(sum - 100) < 1e-9);
		assert_true(fabs(near - 100) < 1e-9);
		assert_true(count[right] > 0);
	}
}

/* A histogram that reaches far beyond the map (a net beside that explodes, a
 * damaged file) is counted within the map's rows. */
static void test_count_of_what_lies_beyond(void **state)
{
	(void)state;
	static const double ends[][2] = {{-1e30, 1e30}, {1e29, 1e30}, {-1e308, 1e308}, {-1e30, -1e29}, {0, 5e-324}};
	struct time_map map = {.height = 20, .width = 1, .low = -50, .high = 50};
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct tensor_observation tensor = {.histogram = {.low = ends[i][0], .high = ends[i][1]}};
		double count[TIME_MAP_ROWS];
		for (int row = 0; row < TIME_MAP_ROWS; row++)
			count[row] = -1;
		for (int bin = 0; bin < HISTOGRAM_BINS; bin++)
			tensor.histogram.counts[bin] = 1;
		time_map_count(count, &map, &tensor, true);
		for (int row = 0; row < TIME_MAP_ROWS; row++)
			assert_true(row < map.height ? count[row] >= 0 && count[row] <= HISTOGRAM_BINS : count[row] == -1);
	}
}

/* Quantiles of 240 even bins over 0..240, and with half of the values in an atom
 * at 0 and a tenth below the axis. */
static void test_quantiles(void **state)
{
	(void)state;
	static struct tensor_observation tensor;
	tensor = (struct tensor_observation){.histogram = {.low = 0, .high = 240}};
	assert_true(isnan(time_map_quantile(&tensor, 0.5)));
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		tensor.histogram.counts[i] = 10;
	static const double shares[] = {0.02, 0.25, 0.5, 0.98};
	for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++)
		assert_true(fabs(time_map_quantile(&tensor, shares[i]) - 240 * shares[i]) < 1e-9);
	tensor.histogram.spikes = 1;
	tensor.histogram.spike[0].value = 0;
	tensor.histogram.spike[0].count = 3000;
	tensor.histogram.below = 600;
	assert_true(time_map_quantile(&tensor, 0.05) == 0);
	assert_true(time_map_quantile(&tensor, 0.5) == 0);
	assert_true(fabs(time_map_quantile(&tensor, 0.8) - 120) < 1e-9);
}

/* The map's axis takes in the widest observation, columns follow the steps. */
static void test_gathering(void **state)
{
	(void)state;
	struct run run;
	start(&run, "every=5 steps=100", 20);
	struct scene scene = scene_of(&run);
	struct time_map map;
	time_map_gather(&map, &scene, 0, 41, 20);
	assert_int_equal(map.end, 20);
	assert_int_equal(map.observations, 5);
	for (size_t i = 0; i < run.history.count; i++) {
		const struct snapshot *snapshot = run.history.snapshot[i];
		int column = time_map_column(&map, snapshot->step);
		assert_int_equal(column, 2 * (int)snapshot->step);
		assert_ptr_equal(map.shown[column], &snapshot->layer[0].tensor[MLP_Z]);
		assert_ptr_equal(map.shown[column + (column < 40 ? 9 : 0)], map.shown[column]);
		assert_true(map.low <= snapshot->layer[0].tensor[MLP_Z].moments.min ||
		            map.low <= snapshot->layer[0].tensor[MLP_Z].histogram.low);
	}
	end(&run);
}

static void test_time_cursor(void **state)
{
	(void)state;
	struct run run;
	start(&run, "every=5 steps=100", 20);
	struct scene scene = scene_of(&run);
	scene.now = run.history.snapshot[2];
	scene.live = false;
	struct canvas canvas;
	struct text text = {0};
	draw(&scene, "time", &canvas, 80, 21, false);
	/* Labels take 10 cells, the side histogram 80/6 + 2: the map is 55 wide,
	 * step 10 of 20 in its column 27. */
	for (int y = 1; y <= 16; y++)
		assert_int_equal(canvas_cell(&canvas, 10 + 27, y)->glyph, glyph(GLYPH_LINE_V, false));
	assert_int_equal(canvas_cell(&canvas, 10 + 27, 17)->glyph, glyph(GLYPH_UP, false));
	char words[48], number[NUMBER_SIZE];
	const char *all = screen(&canvas, &text);
	assert_says(all, "step 10");
	snprintf(words, sizeof words, "mean %s", number_known(number, scene.now->layer[0].tensor[MLP_Z].moments.mean));
	assert_says(all, words);
	canvas_destroy(&canvas);
	text_free(&text);
	end(&run);
}

/* ---- the Depth view ---- */

/* A net whose signal grows fourfold and whose gradient halves from layer to layer
 * on its way back; theory predicts a factor 2 for the signal and none for the
 * gradient. */
static struct snapshot *make_deep(size_t layers)
{
	struct err err;
	struct snapshot *snapshot = snapshot_create(layers, &err);
	assert_non_null(snapshot);
	snapshot->layers = layers;
	for (size_t l = 0; l < layers; l++) {
		struct layer_observation *o = &snapshot->layer[l];
		assert_true(l + 1 == layers || spec_parse(&o->activation, &activations, "tanh", &err));
		o->tensor[MLP_Z].moments.mean_square = pow(4, (double)l);
		o->tensor[MLP_A].moments.mean_square = 1e-3;
		o->tensor[MLP_DELTA].moments.mean_square = pow(0.5, (double)(layers - 1 - l));
		o->theory = (struct layer_theory){.z_mean_square = pow(2, (double)l), .a_mean_square = 1e-3,
		                                  .delta_mean_square = 1, .chi = 0.5, .depth_scale = 1 / log(2)};
		o->correlation = 1 - pow(0.5, 1 + 0.3 * (double)l);
		o->theory.correlation = l ? 0.95 : 0.4;
		o->saturated = o->dead = l + 1 < layers ? 0.5 : NAN;
	}
	return snapshot;
}

static void test_factors(void **state)
{
	(void)state;
	struct snapshot *snapshot = make_deep(12);
	assert_true(fabs(depth_factor(snapshot, &depth_z, false) - 4) < 1e-12);
	assert_true(fabs(depth_factor(snapshot, &depth_z, true) - 2) < 1e-12);
	assert_true(fabs(depth_factor(snapshot, &depth_delta, false) - 0.5) < 1e-12);
	assert_true(fabs(depth_factor(snapshot, &depth_delta, true) - 1) < 1e-12);
	/* Layers without gradient are left out; one layer gives no statement. */
	snapshot->layer[0].tensor[MLP_DELTA].moments.mean_square = 0;
	assert_true(fabs(depth_factor(snapshot, &depth_delta, false) - 0.5) < 1e-12);
	snapshot_drop(snapshot);
	snapshot = make_deep(2);
	assert_true(isnan(depth_factor(snapshot, &depth_z, false)));
	snapshot_drop(snapshot);
}

/* The first layer is at the left end, the last at the right, none is lost in
 * between where there is room. */
static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(depth_column(0, 1, 9), 4);
	for (size_t layers = 2; layers <= 256; layers++)
		for (int width = 1; width <= 300; width++) {
			assert_int_equal(depth_column(0, layers, width), 0);
			assert_int_equal(depth_column(layers - 1, layers, width), width - 1);
			for (size_t l = 1; l < layers; l++)
				assert_true(depth_column(l, layers, width) >= depth_column(l - 1, layers, width) + ((int)layers <= width));
		}
}

/* On an axis of decades from 1e-3 to 1e3 over 60 rows each takes ten. */
static void test_points_lie_on_the_log_axis(void **state)
{
	(void)state;
	struct snapshot *snapshot = make_deep(3);
	struct scene scene = {.now = snapshot};
	const struct depth_series *const both[] = {&depth_z, &depth_a};
	struct depth_axis axis = depth_axis_of(&scene, both, 2);
	assert_true(axis.low == -3 && axis.high == 2); /* 1e-3 .. 16 */
	axis = (struct depth_axis){-3, 3};
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 21, 60, false, &err));
	depth_plot(snapshot, &canvas, (struct rect){0, 0, 21, 60}, &axis, both, 2);
	static const double observed[] = {1, 4, 16}, predicted[] = {1, 2, 4};
	for (int l = 0; l < 3; l++) {
		int y = 59 - (int)((log10(observed[l]) + 3) * 10), beside = l < 2 ? 10 * l + 1 : 19;
		assert_int_equal(canvas_cell(&canvas, 10 * l, y)->glyph, glyph(GLYPH_DISC, false));
		y = 59 - (int)((log10(predicted[l]) + 3) * 10);
		assert_int_equal(canvas_cell(&canvas, beside, y)->glyph, glyph(GLYPH_CIRCLE, false));
		assert_int_equal(canvas_cell(&canvas, beside, y)->role, ROLE_THEORY);
	}
	/* a has no value in the output layer; its points are beside z's */
	assert_int_equal(canvas_cell(&canvas, 12, 59)->glyph, glyph(GLYPH_DIAMOND, false));
	assert_int_equal(canvas_cell(&canvas, 13, 59)->glyph, glyph(GLYPH_LOZENGE, false));
	/* nothing is drawn between layers */
	for (int x = 4; x < 10; x++)
		for (int y = 0; y < 60; y++)
			assert_int_equal(canvas_cell(&canvas, x, y)->glyph, ' ');
	canvas_destroy(&canvas);
	snapshot_drop(snapshot);
}

/* Many layers: halfway between layers 2 and 3 theory's line is at sqrt(2 * 4). */
static void test_depth_line(void **state)
{
	(void)state;
	struct snapshot *snapshot = make_deep(21);
	const struct depth_series *const only[] = {&depth_z};
	struct depth_axis axis = {0, 6};
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 41, 60, false, &err));
	assert_false(depth_has_points(21, 41, 1));
	depth_plot(snapshot, &canvas, (struct rect){0, 0, 41, 60}, &axis, only, 1);
	assert_int_equal(canvas_cell(&canvas, 3, 59 - (int)(log10(sqrt(8)) * 10))->role, ROLE_THEORY);
	assert_int_equal(canvas_cell(&canvas, 4, 59 - (int)(log10(16) * 10))->glyph, glyph(GLYPH_DISC, false));
	canvas_destroy(&canvas);
	snapshot_drop(snapshot);
}

/* One factor per layer is not made from fewer than four layers of equal width. */
static void test_depth_is_uniform(void **state)
{
	(void)state;
	struct depth_sentence say;
	for (size_t layers = 2; layers < 8; layers++) {
		struct snapshot *snapshot = make_deep(layers);
		for (size_t l = 0; l < layers; l++)
			snapshot->layer[l].fan_out = 100;
		assert_int_equal(depth_is_uniform(snapshot), layers >= 5);
		depth_describe_factor(&say, snapshot, &depth_z);
		assert_int_equal(strstr(say.form[0], "per layer") != NULL, layers >= 5);
		snapshot->layer[layers / 2].fan_out = 50;
		if (layers >= 5)
			assert_false(depth_is_uniform(snapshot));
		snapshot_drop(snapshot);
	}
	/* 4, 1/4 of 3 layers: the sentence gives the measured factor */
	struct snapshot *snapshot = make_deep(3);
	depth_describe_factor(&say, snapshot, &depth_z);
	assert_string_equal(say.form[0], "E[z²]: layer 2's is 4.00 times layer 1's (theory 2.00)");
	depth_describe_factor(&say, snapshot, &depth_delta);
	assert_string_equal(say.form[0], "Gradient²: layer 1's is 0.25 of the output layer's (theory 1.00)");
	assert_string_equal(say.form[2], "Gradient²: layer 1's ×0.25 of 3's");
	snapshot_drop(snapshot);
}

/* A series that falls and rises again has no factor per layer. */
static void test_depth_turn(void **state)
{
	(void)state;
	struct snapshot *snapshot = make_deep(21);
	struct depth_sentence say;
	assert_int_equal(depth_turn(snapshot, &depth_z).at, 0);
	assert_int_equal(depth_turn(snapshot, &depth_delta).at, 0);
	assert_false(depth_describe_turn(&say, snapshot, &depth_z));
	for (size_t l = 0; l < 20; l++) {
		double away = fabs((double)l - 11);
		snapshot->layer[l].tensor[MLP_Z].moments.mean_square = 1e-12 * pow(10, away);
		snapshot->layer[l].tensor[MLP_DELTA].moments.mean_square = pow(10, -away);
	}
	assert_true(depth_describe_turn(&say, snapshot, &depth_z));
	assert_string_equal(say.form[0], "E[z²] falls from 0.1000 in layer 1 to 1.00e-12 in layer 12, then rises to 1.00e-04 in layer 20");
	/* the gradient goes the other way */
	assert_true(depth_describe_turn(&say, snapshot, &depth_delta));
	assert_string_equal(say.form[0], "Gradient² rises from 1.00e-08 in layer 20 to 1.000 in layer 12, then falls to 1.00e-11 in layer 1");
	/* less than tenfold is none */
	for (size_t l = 0; l < 11; l++)
		snapshot->layer[l].tensor[MLP_Z].moments.mean_square = 9e-12;
	assert_false(depth_describe_turn(&say, snapshot, &depth_z));
	snapshot_drop(snapshot);
}

/* Bars on a logarithmic scale from 1 to 50, the images: none, one eighth of a cell at 1, all 16 eighths at 50,
 * half of them at the root of 50, none where it is not measured. */
static void test_rank_bars(void **state)
{
	(void)state;
	static const double rank[] = { 1, 50, 7.0710678, NAN, 50 };
	struct snapshot *snapshot = make_deep(6);
	struct scene scene = {.now = snapshot};
	struct canvas canvas;
	struct text text = {0};
	for (size_t l = 0; l < 6; l++) {
		snapshot->layer[l].fan_out = 64;
		snapshot->layer[l].tensor[MLP_A].moments.n = 64 * 50;
		snapshot->layer[l].effective_rank = l < 5 ? rank[l] : NAN;
		snapshot->layer[l].z_within = snapshot->layer[l].z_between = 1;
	}
	draw(&scene, "correlation", &canvas, 50, 18, false);
	const char *all = screen(&canvas, &text);
	assert_says(all, "correlation  ○ theory  ▅ common  ▅ rank");
	assert_says(all, "  50            █                                █\n");
	assert_says(all, "   1 ▁          █          █                     █\n");
	assert_says(all, "100%  ");
	assert_says(all, "  0% █          █          █          █          █\n");
	canvas_destroy(&canvas);
	text_free(&text);
	snapshot_drop(snapshot);
}

static void test_depth_words(void **state)
{
	(void)state;
	struct snapshot *snapshot = make_deep(50);
	struct scene scene = {.now = snapshot, .layer = 24};
	struct canvas canvas;
	struct text text = {0};
	draw(&scene, "depth", &canvas, 100, 21, false);
	const char *all = screen(&canvas, &text);
	/* 0.5^49 = 1.8e-15, 4^48 = 7.9e28. */
	assert_says(all, "Gradient² falls ×0.50 per layer (theory ×1.00); layer 1's is 2e-15 of the output layer's");
	assert_says(all, "E[z²] grows ×4.00 per layer (theory ×2.00); layer 49's is 8e+28 times layer 1's");
	assert_says(all, "Images become alike: correlation 0.500 → 1 - 2e-05 (theory 0.400 → 0.950)");
	assert_says(all, "layer 25 of 50");
	assert_says(all, "▴25");
	canvas_destroy(&canvas);
	/* Narrow layers scatter; only a map with a slope above 1 drives images apart. */
	struct layer_observation *last = &snapshot->layer[48];
	last->correlation = 0.2;
	last->theory.correlation = 0.25;
	last->theory.correlation_band = 0.1;
	last->theory.correlation_slope = 1;
	draw(&scene, "depth", &canvas, 100, 21, false);
	assert_says(screen(&canvas, &text), "Images grow apart by chance: correlation 0.500 → 0.200 (theory 0.400 → 0.250)");
	canvas_destroy(&canvas);
	last->theory.correlation_slope = 1.2;
	draw(&scene, "depth", &canvas, 100, 21, false);
	assert_says(screen(&canvas, &text), "Images grow apart: ");
	canvas_destroy(&canvas);
	last->theory.correlation_slope = 1;
	last->theory.correlation_band = 0.01;
	draw(&scene, "depth", &canvas, 100, 21, false);
	assert_says(screen(&canvas, &text), "Images grow apart: ");
	canvas_destroy(&canvas);
	/* What vanished or broke is marked at the edges. */
	snapshot->layer[0].tensor[MLP_DELTA].moments.mean_square = 0;
	snapshot->layer[49].tensor[MLP_DELTA].moments.mean_square = NAN;
	draw(&scene, "depth", &canvas, 100, 21, false);
	all = screen(&canvas, &text);
	assert_says(all, "┤▾");
	assert_says(all, "! ");
	canvas_destroy(&canvas);
	text_free(&text);
	snapshot_drop(snapshot);
}

/* A click is answered by what is drawn there. */
static void test_clicks(void **state)
{
	(void)state;
	struct run run;
	start(&run, "every=5 steps=100", 20);
	struct scene scene = scene_of(&run);
	static const struct {
		const char *view;
		int x, y;
		const char *words, *command;
	} clicks[] = {
		{"layer", 42, 16, "z from 0 to 2.5: ", ""},
		{"layer", 70, 1, "a from 0.9 to 1: ", ""},
		{"time", 10 + 27, 5, "step 10", "go 10"},
		{"depth", 78, 5, "layer 3", "layer 3"},
		{"depth", 11, 15, "layer 1", "layer 1"},
	};
	for (size_t i = 0; i < sizeof clicks / sizeof clicks[0]; i++) {
		struct canvas canvas;
		struct err err;
		struct canvas_probe probe = {.x = clicks[i].x, .y = clicks[i].y};
		assert_true(canvas_create(&canvas, 80, 21, false, &err));
		canvas.probe = &probe;
		view_named(clicks[i].view)->draw(&scene, &canvas, (struct rect){0, 0, 80, 21});
		assert_says(probe.words, clicks[i].words);
		assert_string_equal(probe.command, clicks[i].command);
		canvas_destroy(&canvas);
	}
	end(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_drawing_is_pure),
		cmocka_unit_test(test_nothing_is_cut),
		cmocka_unit_test(test_explanations_have_numbers),
		cmocka_unit_test(test_explanation_of_branches),
		cmocka_unit_test(test_slope_square),
		cmocka_unit_test(test_softmax_curve),
		cmocka_unit_test(test_layer_picture),
		cmocka_unit_test(test_relu_spike_at_the_outlet),
		cmocka_unit_test(test_rebinning),
		cmocka_unit_test(test_count_of_what_lies_beyond),
		cmocka_unit_test(test_quantiles),
		cmocka_unit_test(test_gathering),
		cmocka_unit_test(test_time_cursor),
		cmocka_unit_test(test_factors),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_points_lie_on_the_log_axis),
		cmocka_unit_test(test_depth_line),
		cmocka_unit_test(test_depth_is_uniform),
		cmocka_unit_test(test_depth_turn),
		cmocka_unit_test(test_rank_bars),
		cmocka_unit_test(test_depth_words),
		cmocka_unit_test(test_clicks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
