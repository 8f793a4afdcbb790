/* The Layers view and the verdicts, on snapshots made of known samples: whole
 * at 80 x 24, inside its area at any size, ASCII on request, with words that
 * agree with the numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/round.h"
#include "base/text.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/rng.h"
#include "lab/settings.h"
#include "view/ruler.h"
#include "view/saturation.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "view/verdict.h"
#include "view/view.h"

#define VALUES 20000

static const struct view *layers_view(void)
{
	struct err err;
	const struct view *view = view_find("layers", &err);
	assert_non_null(view);
	return view;
}

static struct spec spec(const struct table *table, const char *words)
{
	struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, table, words, &err));
	return spec;
}

static void observe(struct tensor_observation *tensor, const float *x, size_t n, double low, double high)
{
	stats_moments(&tensor->moments, x, n);
	tensor->histogram.low = low;
	tensor->histogram.high = high;
	stats_histogram(&tensor->histogram, x, n);
}

/* A layer whose inputs are N(0, variance) and whose outputs are f of them. */
static void fill_layer(struct layer_observation *layer, size_t index, bool last, const char *activation,
                       double variance)
{
	struct err err;
	float *z = alloc_array(VALUES, sizeof *z, &err), *a = alloc_array(VALUES, sizeof *a, &err);
	assert_true(z && a);
	layer->fan_in = index ? 100 : 784;
	layer->fan_out = last ? 10 : 100;
	layer->init = spec(&initializers, "normal");
	struct rng rng = rng_stream(1, RNG_TEST, index);
	rng_fill_normal(&rng, z, VALUES);
	observe(&layer->tensor[MLP_W], z, VALUES, -5, 5);
	observe(&layer->tensor[MLP_DELTA], z, VALUES, -5, 5);
	layer->update_ratio = layer->saturated = layer->dead = NAN;
	for (size_t i = 0; i < VALUES; i++) {
		z[i] *= (float)sqrt(variance);
		a[i] = 0.1f;
	}
	double low = 0, high = 1;
	if (!last) {
		layer->activation = spec(&activations, activation);
		const struct activation *f = activation_of(&layer->activation);
		const double *p = layer->activation.value;
		int flat = 0;
		for (size_t i = 0; i < VALUES; i++) {
			a[i] = (float)f->f((double)z[i], p);
			flat += fabs(f->df((double)z[i], p)) < 0.1 * f->max_slope(p);
		}
		layer->saturated = (double)flat / VALUES;
		layer->dead = 0;
		f->range(&low, &high, p);
		low = isfinite(low) ? low : -round_up_125(4 * sqrt(variance));
		high = isfinite(high) ? high : round_up_125(4 * sqrt(variance));
		double atoms[ACTIVATION_MAX_POINTS];
		layer->tensor[MLP_A].histogram.spikes = f->atoms ? f->atoms(atoms, p) : 0;
		for (int i = 0; i < layer->tensor[MLP_A].histogram.spikes; i++)
			layer->tensor[MLP_A].histogram.spike[i].value = atoms[i];
	}
	double reach = round_up_125(4 * sqrt(variance));
	observe(&layer->tensor[MLP_Z], z, VALUES, -reach, reach);
	observe(&layer->tensor[MLP_A], a, VALUES, low, high);
	layer->theory = (struct layer_theory){.z_mean_square = variance, .z_variance = variance, .delta_factor = 0.7043};
	alloc_free(z);
	alloc_free(a);
}

static struct snapshot *make(size_t layers, const char *activation, double variance)
{
	struct err err;
	struct snapshot *snapshot = snapshot_create(layers, &err);
	assert_non_null(snapshot);
	snapshot->layers = layers;
	snapshot->loss = 2.5;
	snapshot->train_accuracy = 0.1;
	for (size_t i = 0; i < layers; i++)
		fill_layer(&snapshot->layer[i], i, i + 1 == layers, activation, i + 1 == layers ? 0.8 : variance);
	return snapshot;
}

static void draw(const struct snapshot *snapshot, struct canvas *canvas, int width, int height, bool ascii,
                 size_t layer)
{
	struct err err;
	assert_true(canvas_create(canvas, width, height, ascii, &err));
	struct scene scene = {.now = snapshot, .layer = layer};
	layers_view()->draw(&scene, canvas, (struct rect){0, 0, width, height});
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

static int count(const char *text, const char *word)
{
	int found = 0;
	for (; (text = strstr(text, word)) != NULL; text++)
		found++;
	return found;
}

static void test_whole_at_80x24(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(3, "sigmoid", 80);
	struct canvas canvas;
	struct text text = {0};
	draw(snapshot, &canvas, 80, 21, false, 0);
	const char *all = screen(&canvas, &text);
	assert_null(strstr(all, "…"));
	static const char *const words[] = {"layer 1 784→100", "layer 2 100→100", "layer 3 100→10", "z = xW+b  ⠒ theory",
	                                    "a = sigmoid(z)", "p = softmax(z)", "10 % correct", "guessing   2.303",
	                                    "loss       2.500"};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		assert_int_equal(count(all, words[i]), i == 4 ? 2 : 1);
	assert_int_equal(count(all, "theory"), 6); /* readout and outline */
	assert_int_equal(count(all, "own axis"), 1);
	assert_int_equal(count(all, "var z"), 3);
	assert_int_equal(count(all, " 0.5 "), 3);
	/* P(|z| > 3.64) for sd 8.94 is 68.4 % (sigmoid's slope is a tenth of its
	 * largest at 3.636); the sample's sd is 0.33 %. */
	char share[NUMBER_SIZE], expected[48];
	snprintf(expected, sizeof expected, "%s saturated", number_share(share, snapshot->layer[0].saturated));
	assert_true(fabs(snapshot->layer[0].saturated - 0.684) < 0.015);
	assert_true(count(all, expected) >= 1);
	char value[TEXT_READOUT_SIZE];
	text_readout(value, snapshot->layer[0].tensor[MLP_Z].moments.mean_square);
	snprintf(expected, sizeof expected, "E[z²]      %s", value);
	assert_int_equal(count(all, expected), 1);
	canvas_destroy(&canvas);
	text_free(&text);
	snapshot_drop(snapshot);
}

/* The smallest numbers are the longest; on a tall screen all are shown. */
static void test_no_label_is_cut(void **state)
{
	(void)state;
	static const int widths[] = {80, 100, 120, 140, 200};
	struct text text = {0};
	struct snapshot *snapshot = make(3, "tanh", 1.2345e-6);
	snapshot->layer[0].update_ratio = 2.345e-5;
	snapshot->layer[0].tensor[MLP_DELTA].moments.mean_square = 0.0123456;
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
		for (uint64_t step = 0; step < 2; step++) {
			struct canvas canvas;
			snapshot->step = step;
			draw(snapshot, &canvas, widths[i], 90, false, 0);
			if (strstr(screen(&canvas, &text), "…") != NULL)
				fail_msg("cut at width %d:\n%s", widths[i], text_string(&text));
			canvas_destroy(&canvas);
		}
	text_free(&text);
	snapshot_drop(snapshot);
}

static int count_role(const struct canvas *canvas, struct rect rect, enum role role)
{
	int found = 0;
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			found += canvas_cell(canvas, x, y)->role == role;
	return found;
}

/* At 80 columns z is in 18..47, a in 50..79; bars in rows 1..5. */
static void test_saturation_is_marked(void **state)
{
	(void)state;
	struct canvas canvas;
	struct snapshot *saturated = make(3, "sigmoid", 80), *healthy = make(3, "sigmoid", 0.2);
	draw(saturated, &canvas, 80, 21, false, 0);
	struct rect z = {18, 1, 30, 5}, a = {50, 1, 30, 5};
	assert_true(count_role(&canvas, z, ROLE_HIST_SATURATED) > count_role(&canvas, z, ROLE_HIST_Z));
	assert_int_equal(canvas_cell(&canvas, 50, 5)->role, ROLE_HIST_SATURATED);
	assert_int_equal(canvas_cell(&canvas, 79, 5)->role, ROLE_HIST_SATURATED);
	assert_int_equal(canvas_cell(&canvas, 60, 5)->role, ROLE_HIST_A);
	/* Without colour the axis shows it. */
	assert_int_equal(canvas_cell(&canvas, 18 + 5, 6)->glyph, glyph(GLYPH_BAND, false)); /* beside its label */
	assert_int_equal(canvas_cell(&canvas, 50, 6)->glyph, glyph(GLYPH_BAND, false));
	canvas_destroy(&canvas);
	draw(healthy, &canvas, 80, 21, false, 0);
	assert_int_equal(count_role(&canvas, z, ROLE_HIST_SATURATED), 0);
	assert_int_equal(count_role(&canvas, a, ROLE_HIST_SATURATED), 0);
	canvas_destroy(&canvas);
	snapshot_drop(saturated);
	snapshot_drop(healthy);
}

/* One ruler for the hidden layers, none of a past moment's own; bounded outputs
 * and the output layer keep theirs. */
static void test_one_ruler(void **state)
{
	(void)state;
	struct err err;
	struct snapshot *early = make(3, "relu", 1), *late = make(3, "relu", 6);
	struct snapshot *bounded = make(3, "tanh", 6);
	struct layer_observation *first = &late->layer[0];
	first->tensor[MLP_Z].histogram.low = -500;
	first->tensor[MLP_Z].histogram.high = 500;
	late->step = 10;
	struct history history = {0};
	assert_true(history_add(&history, early, &err));
	struct scene scene = { .now = early, .history = &history, .live = true };
	struct ruler ruler = ruler_of(&scene, 1, MLP_Z), grown;
	assert_true(ruler.low == -5 && ruler.high == 5 && !ruler.own);
	assert_false(ruler_has_grown(&scene, MLP_Z, &grown));
	assert_true(history_add(&history, late, &err));
	ruler = ruler_of(&scene, 1, MLP_Z);
	assert_true(ruler.low == -500 && ruler.high == 500);
	assert_true(ruler_of_layer(&scene, 1, MLP_Z).high == 10);
	scene.now = late;
	assert_true(ruler_has_grown(&scene, MLP_Z, &grown));
	char note[RULER_NOTE_SIZE];
	assert_string_equal(ruler_note(note, &grown), "axis now ±500");
	assert_true(ruler_has_grown(&scene, MLP_A, &grown));
	assert_string_equal(ruler_note(note, &grown), "axis now 0..10");
	scene.live = false;
	assert_false(ruler_has_grown(&scene, MLP_Z, &grown));
	assert_true(ruler_of(&scene, 2, MLP_Z).own && ruler_of(&scene, 2, MLP_Z).high == 5);
	scene = (struct scene){ .now = bounded };
	assert_true(ruler_of(&scene, 0, MLP_A).own && ruler_of(&scene, 0, MLP_A).low == -1);
	history_clear(&history);
	snapshot_drop(early);
	snapshot_drop(late);
	snapshot_drop(bounded);
}

/* Columns by their centres: sigmoid is flat beyond |z| = 3.6366 and outside
 * a = 0.0257 .. 0.9743 (a(1-a) = 0.025); relu below 0; tanh' = 0.1 at 1.8184. */
static void test_saturated_columns(void **state)
{
	(void)state;
	bool saturated[HISTOGRAM_BINS];
	struct layer_observation *layer = &make(2, "sigmoid", 6)->layer[0];
	assert_true(layer->tensor[MLP_Z].histogram.high == 10);
	saturation_of_inputs(saturated, 240, layer, -10, 10);
	for (int i = 0; i < 240; i++)
		assert_int_equal(saturated[i], fabs(-10 + (i + 0.5) / 12) > 3.6366);
	saturation_of_outputs(saturated, 240, layer, 0, 1, false);
	for (int i = 0; i < 240; i++) {
		double a = (i + 0.5) / 240;
		assert_int_equal(saturated[i], a * (1 - a) < 0.025);
	}
	saturation_of_outputs(saturated, 240, layer, 0, 1, true);
	for (int i = 0; i < 240; i++)
		assert_false(saturated[i]);
	layer->activation = spec(&activations, "relu");
	saturation_of_inputs(saturated, 20, layer, -10, 10);
	for (int i = 0; i < 20; i++)
		assert_int_equal(saturated[i], i < 10);
	saturation_of_outputs(saturated, 20, layer, 0, 1, false);
	for (int i = 0; i < 20; i++)
		assert_false(saturated[i]);
	layer->activation = spec(&activations, "tanh");
	saturation_of_outputs(saturated, 240, layer, -1, 1, false);
	for (int i = 0; i < 240; i++) {
		double a = -1 + (i + 0.5) / 120;
		assert_int_equal(saturated[i], 1 - a * a < 0.1);
	}
	snapshot_drop((struct snapshot *)(void *)((char *)layer - offsetof(struct snapshot, layer)));
}

/* Every size: only inside the area, never a crash, ASCII as asked. */
static void test_every_size(void **state)
{
	(void)state;
	enum { UNTOUCHED = 0x7E };
	struct snapshot *snapshots[] = {make(3, "relu", 80), make(30, "tanh", 1), make(1, "sigmoid", 1)};
	for (size_t s = 0; s < 3; s++)
		for (int width = 1; width <= 300; width += width < 90 ? 1 : 35)
			for (int height = 1; height <= 100; height += height < 24 ? 1 : 19) {
				struct canvas canvas;
				struct err err;
				bool ascii = (width + height) % 2;
				assert_true(canvas_create(&canvas, width + 4, height + 2, ascii, &err));
				for (int y = 0; y < canvas.height; y++)
					for (int x = 0; x < canvas.width; x++)
						canvas_put(&canvas, x, y, x >= 2 && x < width + 2 && y >= 1 && y <= height ? ' ' : UNTOUCHED, ROLE_PLAIN);
				struct scene scene = {.now = snapshots[s], .layer = 1000, .scroll = (size_t)width};
				layers_view()->draw(&scene, &canvas, (struct rect){2, 1, width, height});
				bool drawn = false;
				for (int y = 0; y < canvas.height; y++)
					for (int x = 0; x < canvas.width; x++) {
						bool inside = x >= 2 && x < width + 2 && y >= 1 && y <= height;
						uint32_t c = canvas_cell(&canvas, x, y)->glyph;
						if (!inside)
							assert_int_equal(c, UNTOUCHED);
						if (ascii)
							assert_in_range(c, 0x20, 0x7E);
						drawn |= inside && c != ' ';
					}
				assert_true(drawn);
				canvas_destroy(&canvas);
			}
	for (size_t s = 0; s < 3; s++)
		snapshot_drop(snapshots[s]);
}

static void test_deep_nets_in_lines(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(50, "tanh", 1);
	struct text text = {0};
	for (size_t layer = 0; layer < 50; layer++)
		for (int height = 8; height <= 40; height += 8) {
			struct canvas canvas;
			struct err err;
			char line[32];
			struct scene scene = {.now = snapshot, .layer = layer};
			assert_true(canvas_create(&canvas, 80, height, false, &err));
			layers_view()->draw(&scene, &canvas, (struct rect){0, 0, 80, height});
			const char *all = screen(&canvas, &text);
			/* the selected one is always there, and the first and the last one */
			snprintf(line, sizeof line, "\n▸%3zu", layer + 1);
			assert_int_equal(count(all, line), 1);
			assert_true(count(all, "\n   1 ") + count(all, "\n▸  1 ") == 1);
			assert_true(count(all, "\n  50 ") + count(all, "\n▸ 50 ") == 1);
			canvas_destroy(&canvas);
		}
	text_free(&text);
	snapshot_drop(snapshot);
}

/* Bands end where the quantiles are: on the asinh ruler z of equal shares of its
 * end, +-1 and +-0.01 of +-1, lie at both ends and at asinh(1)/asinh(100) = 1/6. */
static void test_bands_are_quantiles(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(30, "tanh", 1);
	for (size_t l = 0; l < 30; l++) {
		struct layer_observation *o = &snapshot->layer[l];
		static const double at[STATS_PERCENTILES] = { -5, -0.5, -0.05, 0, 0.05, 0.5, 5 };
		memcpy(o->tensor[MLP_Z].percentile, at, sizeof at);
		o->tensor[MLP_Z].histogram.low = -5;
		o->tensor[MLP_Z].histogram.high = 5;
		o->theory.z_mean_square = NAN;
	}
	struct canvas canvas;
	draw(snapshot, &canvas, 120, 18, false, 0);
	int first = -1, last = -1, dark = 0, middle = 0, full = 0;
	for (int x = 5; x < 70; x++) {
		uint32_t c = canvas_cell(&canvas, x, 1)->glyph;
		bool band = c == glyph(GLYPH_SHADE_1, false) || c == glyph(GLYPH_SHADE_3, false) || c == glyph(GLYPH_SHADE_4, false);
		first = band && first < 0 ? x : first;
		last = band ? x : last;
		dark += c == glyph(GLYPH_SHADE_1, false);
		middle += c == glyph(GLYPH_SHADE_3, false);
		full += c == glyph(GLYPH_SHADE_4, false);
	}
	int width = last - first + 1;
	assert_int_equal(first, 5);
	assert_true(width >= 40);
	/* asinh(100) = 5.30; asinh(10) = 3.00; asinh(1) = 0.881 */
	assert_true(fabs(full - width * 0.881 / 5.298) <= 2);
	assert_true(fabs(full + middle - width * 2.998 / 5.298) <= 2);
	assert_int_equal(dark + middle + full, width);
	canvas_destroy(&canvas);
	snapshot_drop(snapshot);
}

static void test_small_screens_keep_the_point(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(3, "sigmoid", 80);
	struct canvas canvas;
	struct text text = {0};
	char share[NUMBER_SIZE];
	number_share(share, snapshot->layer[0].saturated);
	draw(snapshot, &canvas, 40, 7, false, 0);
	const char *all = screen(&canvas, &text);
	assert_true(count(all, share) >= 1);
	canvas_destroy(&canvas);
	draw(snapshot, &canvas, 20, 4, false, 0);
	assert_true(count(screen(&canvas, &text), share) >= 1);
	canvas_destroy(&canvas);
	text_free(&text);
	snapshot_drop(snapshot);
}

static void test_drawing_is_pure(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(3, "relu", 80);
	struct err err;
	size_t bytes = snapshot_bytes(3);
	void *before = alloc_array(1, bytes, &err);
	memcpy(before, snapshot, bytes);
	struct canvas one, two;
	draw(snapshot, &one, 120, 37, false, 1);
	draw(snapshot, &two, 120, 37, false, 1);
	for (int y = 0; y < 37; y++)
		for (int x = 0; x < 120; x++) {
			const struct cell *a = canvas_cell(&one, x, y), *b = canvas_cell(&two, x, y);
			assert_true(a->glyph == b->glyph && a->role == b->role && a->flags == b->flags);
		}
	assert_memory_equal(before, snapshot, bytes);
	canvas_destroy(&one);
	canvas_destroy(&two);
	alloc_free(before);
	snapshot_drop(snapshot);
}

static void test_relu_spike_is_told(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(3, "relu", 80);
	struct canvas canvas;
	struct text text = {0};
	draw(snapshot, &canvas, 80, 21, false, 0);
	/* Half of N(0, v) is below 0; sd of the share 0.35 %. */
	assert_int_equal(count(screen(&canvas, &text), "50 % at 0"), 2);
	canvas_destroy(&canvas);
	text_free(&text);
	snapshot_drop(snapshot);
}

static void test_broken_net_is_drawn(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(3, "relu", 80);
	struct text text = {0};
	for (size_t layer = 1; layer < 3; layer++)
		for (int t = 0; t < MLP_TENSORS; t++) {
			struct tensor_observation *tensor = &snapshot->layer[layer].tensor[t];
			static const float nan_values[] = {NAN, NAN, NAN, INFINITY};
			tensor->histogram.spikes = 0;
			observe(tensor, nan_values, 4, -1, 1);
		}
	snapshot->layer[1].saturated = NAN;
	snapshot->loss = NAN;
	snapshot->diverged = true;
	snapshot->diverged_step = 17;
	snapshot->diverged_layer = 2;
	struct canvas canvas;
	draw(snapshot, &canvas, 80, 21, false, 0);
	const char *all = screen(&canvas, &text);
	assert_int_equal(count(all, "NaN 75 %, Inf 25 %"), 4);
	struct verdict verdict = verdict_worst(snapshot, NULL);
	assert_int_equal(verdict.role, ROLE_ALARM);
	assert_string_equal(verdict.sentence,
	                    "Diverged at step 17 in layer 2: NaN or infinite values are now in layers 2 to 3");
	canvas_destroy(&canvas);
	text_free(&text);
	snapshot_drop(snapshot);
}

static void test_explanation_has_numbers(void **state)
{
	(void)state;
	struct snapshot *snapshot = make(3, "sigmoid", 80);
	snapshot->layer[0].weight_variance = 1;
	snapshot->input = (struct input_observation){.images = 300, .variance = 0.094962, .mean_square = 0.112045};
	struct scene scene = {.now = snapshot};
	struct text text = {0};
	layers_view()->explain(&scene, &text);
	const char *all = text_string(&text);
	/* 784 x 0.094962 = 74.45: the article's incomplete sum. */
	static const char *const words[] = {"784", "0.1120", "0.09496", "74.45", "80.00", "sigmoid", "Verdict", "saturated"};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(all, words[i]) == NULL)
			fail_msg("\"%s\" is missing in:\n%s", words[i], all);
	text_free(&text);
	snapshot_drop(snapshot);
}

/* ---- verdicts ---- */

static void assert_verdict(const struct snapshot *snapshot, size_t layer, const char *word, enum role role,
                           const char *part)
{
	struct verdict verdict = verdict_layer(snapshot, layer);
	assert_string_equal(verdict.word, word);
	assert_int_equal(verdict.role, role);
	if (strstr(verdict.sentence, part) == NULL)
		fail_msg("\"%s\" is missing in \"%s\"", part, verdict.sentence);
	assert_true(strlen(verdict.sentence) < 145);
	assert_true(strlen(verdict.word) <= 11);
}

static void test_verdicts(void **state)
{
	(void)state;
	struct snapshot *s = make(3, "sigmoid", 0.2);
	struct layer_observation *first = &s->layer[0];
	for (int i = 0; i < 3; i++)
		s->layer[i].tensor[MLP_DELTA].moments.mean_square = 1;
	assert_verdict(s, 0, "healthy", ROLE_GOOD, "1.00 times layer 2's");
	assert_verdict(s, 2, "healthy", ROLE_GOOD, "guessing costs 2.303");
	assert_string_equal(verdict_worst(s, NULL).word, "healthy");

	first->saturated = 0.68;
	first->tensor[MLP_DELTA].moments.mean_square = 0.7;
	assert_verdict(s, 0, "saturated", ROLE_WARNING, "68 % of layer 1's outputs are stuck near 0 or 1; its gradient² is 0.70 of layer 2's");
	assert_int_equal(verdict_saturation_role(s, 0), ROLE_WARNING);
	assert_true(strncmp(verdict_worst(s, NULL).sentence, "68 % of layer 1's", 17) == 0);
	first->saturated = 0.3;
	assert_verdict(s, 0, "saturated", ROLE_NOTE, "30 %");
	first->saturated = 0;

	first->tensor[MLP_DELTA].moments.mean_square = 1e-8;
	assert_verdict(s, 0, "vanishing", ROLE_WARNING, "1e-08 of the output layer's");
	first->tensor[MLP_DELTA].moments.mean_square = 5e-4;
	assert_verdict(s, 0, "vanishing", ROLE_NOTE, "gradient²");
	first->tensor[MLP_DELTA].moments.mean_square = 1e6;
	assert_verdict(s, 0, "exploding", ROLE_WARNING, "1e+06 times the output layer's");
	first->tensor[MLP_DELTA].moments.mean_square = 1;

	s->layer[1].tensor[MLP_Z].moments.mean_square = 4392;
	first->tensor[MLP_Z].moments.mean_square = 87.8;
	assert_verdict(s, 1, "exploding", ROLE_WARNING, "E[z²] of layer 2 is 4392, 50 times layer 1's");
	s->layer[1].tensor[MLP_Z].moments.mean_square = 50;

	s->layer[1].tensor[MLP_W].moments = (struct moments){.n = 10000, .min = 0.5, .max = 0.5, .mean = 0.5};
	assert_verdict(s, 1, "symmetric", ROLE_WARNING, "All 100 units of layer 2 are copies");

	s->loss = 62;
	assert_verdict(s, 2, "confident", ROLE_WARNING, "starts confident and wrong: the loss is 62 ");
	s->step = 1;
	assert_verdict(s, 2, "confident", ROLE_WARNING, "confident and wrong: the loss is 62 ");
	s->loss = 2;

	first->update_ratio = 0.5;
	assert_verdict(s, 0, "fast", ROLE_NOTE, "by 0.5 of their size");
	first->update_ratio = 1e-7;
	assert_verdict(s, 0, "slow", ROLE_NOTE, "by 1e-07 of their size");
	first->tensor[MLP_A].moments.variance = 1e-12;
	assert_verdict(s, 0, "vanishing", ROLE_WARNING, "variance is 1e-12");
	first->tensor[MLP_Z].moments.nan = 12;
	assert_verdict(s, 0, "NaN", ROLE_ALARM, "12 of 20000 values of z");
	snapshot_drop(s);
}

/* Half of a rectifier's outputs are 0 when all is well. */
static void test_healthy_relu(void **state)
{
	(void)state;
	struct snapshot *s = make(3, "relu", 0.2);
	assert_verdict(s, 0, "healthy", ROLE_GOOD, "inactive");
	s->layer[0].dead = 0.3;
	s->input.images = 300;
	assert_verdict(s, 0, "dead units", ROLE_NOTE, "30 % of layer 1's units are dead: none of the 300 probe images reaches them");
	s->layer[0].dead = 0.6;
	assert_verdict(s, 0, "dead", ROLE_WARNING, "60 %");
	snapshot_drop(s);
}

/* Draws the view with one choice changed: whether the picture differs. */
static bool shows(const struct view *view, const struct scene *scene, enum view_choice choice)
{
	struct canvas canvas[2];
	struct scene other = *scene;
	struct err err;
	other.tensor = choice == VIEW_TENSOR ? MLP_DELTA : other.tensor;
	other.linear ^= choice == VIEW_CURVES;
	other.log_counts ^= choice == VIEW_COUNTS;
	other.zoom = choice == VIEW_ZOOM ? 4 : other.zoom;
	for (int i = 0; i < 2; i++) {
		assert_true(canvas_create(&canvas[i], 120, 40, false, &err));
		view->draw(i ? &other : scene, &canvas[i], (struct rect){0, 0, 120, 40});
	}
	bool differ = memcmp(canvas[0].cells, canvas[1].cells, (size_t)120 * 40 * sizeof *canvas[0].cells) != 0;
	canvas_destroy(&canvas[0]);
	canvas_destroy(&canvas[1]);
	return differ;
}

/* The message of a key names the views that show what it changes: the table of views has
 * to be right. */
static void test_views_that_show_a_choice(void **state)
{
	(void)state;
	struct err err;
	struct history history = { .limit = SIZE_MAX };
	struct snapshot *s = make(3, "tanh", 2);
	settings_default(&s->settings);
	assert_true(history_add(&history, s, &err));
	struct runner_status status = { .state = RUNNER_PAUSED };
	struct scene scene = { .now = s, .history = &history, .status = &status, .live = true, .lanes = 2,
	                       .lane = { { s, &history }, { s, &history } } };
	for (size_t v = 0; v < views.count; v++)
		for (unsigned choice = VIEW_TENSOR; choice <= VIEW_ZOOM; choice *= 2) {
			bool listed = view_at(v)->choices & choice;
			if (listed != shows(view_at(v), &scene, choice))
				fail_msg("view %s, choice %u: the table says %s", view_at(v)->entry.name, choice, listed ? "yes" : "no");
		}
	history_clear(&history);
	snapshot_drop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_at_80x24),
		cmocka_unit_test(test_no_label_is_cut),
		cmocka_unit_test(test_saturation_is_marked),
		cmocka_unit_test(test_one_ruler),
		cmocka_unit_test(test_saturated_columns),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_deep_nets_in_lines),
		cmocka_unit_test(test_bands_are_quantiles),
		cmocka_unit_test(test_small_screens_keep_the_point),
		cmocka_unit_test(test_drawing_is_pure),
		cmocka_unit_test(test_relu_spike_is_told),
		cmocka_unit_test(test_broken_net_is_drawn),
		cmocka_unit_test(test_explanation_has_numbers),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_healthy_relu),
		cmocka_unit_test(test_views_that_show_a_choice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
