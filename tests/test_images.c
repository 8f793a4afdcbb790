/* The images of a snapshot: made only while asked for, equal to what the net's own arrays say; picking an
 * image and a unit; the pictures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app_program.h"
#include "app/app.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "base/text.h"
#include "draw/canvas.h"
#include "draw/pixels.h"
#include "lab/history.h"
#include "lab/images.h"
#include "lab/runner.h"
#include "lab/tensors.h"
#include "view/view_list.h"

static void begin_with(const char *activation)
{
	struct settings settings;
	struct err err = {0};
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", &err) && settings_set(&settings, "probe", "40", &err) &&
	            settings_set(&settings, "width", "12", &err) && settings_set(&settings, "activation", activation, &err));
	begin_program(&settings, false);
}

static const struct images *images_shown(void)
{
	return moment_snapshot(app)->images;
}

/* The net's own arrays, which --save-probe and --save-weights write. */
static const struct tensor *tensor_named(const struct tensors *tensors, const char *name)
{
	for (size_t i = 0; i < tensors->count; i++)
		if (strcmp(tensors->tensor[i].name, name) == 0)
			return &tensors->tensor[i];
	fail_msg("no array %s", name);
	return NULL;
}

static struct tensors *copy(enum tensors_kind kind)
{
	struct tensors *tensors = NULL;
	struct err err = {0};
	runner_copy(runner, kind);
	assert_true(runner_take_copy(runner, &tensors, &err));
	assert_non_null(tensors);
	return tensors;
}

/* ---- what a snapshot has ---- */

static void images_are_made_only_while_asked_for(void **state)
{
	(void)state;
	begin_with("sigmoid");
	assert_null(images_shown());
	size_t plain = snapshot_size(moment_snapshot(app));
	assert_int_equal(plain, snapshot_bytes(moment_snapshot(app)->layers));
	command("view images");
	assert_non_null(images_shown());
	assert_int_equal(snapshot_size(moment_snapshot(app)), plain + images_shown()->bytes);
	assert_true(images_shown()->bytes < 20000);
	command("view layers");
	command("step");
	assert_null(images_shown());
	command("image 2");
	assert_null(images_shown()); /* picked, but no view shows it */
	command("image mark");
	assert_non_null(images_shown());
	command("view depth");
	command("step");
	assert_null(images_shown());
	command("view layer");
	assert_non_null(images_shown());
	command("image off");
	command("step");
	assert_null(images_shown());
	end();
}

static void answers_are_those_of_the_net(void **state)
{
	(void)state;
	begin_with("relu");
	command("step 5");
	command("view images");
	command("image 7");
	command("unit 3");
	const struct images *images = images_shown();
	struct tensors *probe = copy(TENSORS_PROBE), *weights = copy(TENSORS_WEIGHTS);
	const int64_t *label = tensor_named(probe, "label")->values;
	const float *p = tensor_named(probe, "4.a")->values, *x = tensor_named(probe, "x")->values;
	const float *w = tensor_named(weights, "0.weight")->values; /* (units, pixels) */
	assert_int_equal(images->count, 40);
	assert_int_equal(images->image, 6);
	assert_int_equal(images->unit, 2);
	assert_int_equal(images->pixels->side, 28);
	for (size_t i = 0; i < 40; i++) {
		size_t best = 0;
		for (size_t c = 1; c < 10; c++)
			best = p[10 * i + c] > p[10 * i + best] ? c : best;
		assert_int_equal(images->answer[i].label, label[i]);
		assert_int_equal(images->answer[i].predicted, best);
		assert_true(images->answer[i].probability == p[10 * i + best]);
		assert_true(images->answer[i].truth == p[10 * i + (size_t)label[i]]);
		for (size_t k = 0; k < 784; k++) /* x = byte / 255, and the set has both 0 and 255 */
			assert_int_equal(images->pixels->grey[784 * i + k], lrintf(255 * x[784 * i + k]));
	}
	for (size_t k = 0; k < 784; k++)
		assert_true(images->weight[k] == w[2 * 784 + k]);
	tensors_destroy(probe);
	tensors_destroy(weights);
	end();
}

/* A bin is marked if and only if one of the image's values is in it. */
static void marks_are_where_the_image_s_values_are(void **state)
{
	(void)state;
	begin_with("tanh");
	command("image 11");
	command("image mark");
	const struct snapshot *now = moment_snapshot(app);
	struct tensors *probe = copy(TENSORS_PROBE);
	static const char *const names[][2] = { { "0.z", "0.a" }, { "2.z", "2.a" }, { "4.z", "4.a" } };
	for (size_t l = 0; l < 3; l++)
		for (int t = 0; t < 2; t++) {
			const struct tensor *values = tensor_named(probe, names[l][t]);
			const struct histogram *h = &now->layer[l].tensor[t ? MLP_A : MLP_Z].histogram;
			const uint8_t *marks = t ? now->images->marks[l].a : now->images->marks[l].z;
			bool expected[HISTOGRAM_BINS] = { false };
			for (size_t i = 0; i < values->shape[1]; i++) {
				double at = ((double)((const float *)values->values)[10 * values->shape[1] + i] - h->low) / (h->high - h->low);
				if (at >= 0 && at <= 1)
					expected[at < 1 ? (int)(at * HISTOGRAM_BINS) : HISTOGRAM_BINS - 1] = true;
			}
			for (int bin = 0; bin < HISTOGRAM_BINS; bin++)
				assert_int_equal(images_is_marked(marks, bin), expected[bin]);
		}
	tensors_destroy(probe);
	end();
}

/* While a net runs, test images are not measured: the probe's are counted instead. */
static void confusions_say_of_which_images(void **state)
{
	(void)state;
	begin_with("sigmoid");
	command("view images");
	const struct images *images = images_shown();
	uint64_t sum = 0, right = 0;
	for (size_t i = 0; i < 100; i++) {
		sum += images->confusion[i];
		right += i % 11 == 0 ? images->confusion[i] : 0;
	}
	assert_true(images->test);
	assert_int_equal(sum, images->confused);
	assert_int_equal(sum, moment_snapshot(app)->test_images);
	assert_true(fabs((double)right / (double)sum - moment_snapshot(app)->test_accuracy) < 1e-12);
	struct images_pair pair[3];
	assert_int_equal(images_confused_pairs(pair, 3, images), 3);
	assert_true(pair[0].count >= pair[1].count && pair[1].count >= pair[2].count && pair[2].count > 0);
	for (size_t i = 0; i < 100; i++)
		assert_true(i % 11 == 0 || images->confusion[i] <= pair[0].count);
	end();
}

/* ---- the past ---- */

static void a_past_step_is_observed_again_for_its_images(void **state)
{
	(void)state;
	begin_with("sigmoid");
	command("step 20");
	command("go first");
	assert_null(images_shown());
	command("view images");
	assert_int_equal(moment_snapshot(app)->step, 0);
	assert_non_null(images_shown());
	float first = images_shown()->answer[0].probability;
	command("live");
	assert_true(images_shown()->answer[0].probability != first);
	command("reset");
	assert_true(images_shown()->answer[0].probability == first);
	end();
}

/* ---- picking ---- */

static void keys_pick(void **state)
{
	(void)state;
	begin_with("sigmoid");
	command("view images");
	static const struct {
		const char *key;
		unsigned image, unit;
	} steps[] = {
		{ "Left", 0, 0 }, { "Right", 1, 0 }, { "PgDn", 11, 0 }, { "Down", 11, 1 }, { "Up", 11, 0 }, { "Up", 11, 0 },
		{ "PgUp", 1, 0 }, { "End", 39, 0 }, { "Right", 39, 0 }, { "PgDn", 39, 0 }, { "Home", 0, 0 }, { "Right", 1, 0 },
	};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		app_key(app, app_key_by_name(steps[i].key));
		assert_int_equal(app->navigation->image, steps[i].image);
		assert_int_equal(app->navigation->unit, steps[i].unit);
		assert_int_equal(images_shown()->image, steps[i].image);
		assert_int_equal(images_shown()->unit, steps[i].unit);
	}
	app_key(app, app_key_by_name("Enter"));
	assert_string_equal(view_at(app->navigation->view)->entry.name, "layers");
	assert_true(app->navigation->marked);
	app_key(app, app_key_by_name("Down")); /* a layer, as always */
	assert_int_equal(app->navigation->unit, 0);
	assert_int_equal(app->navigation->layer, 1);
	end();
}

static void what_does_not_exist_cannot_be_picked(void **state)
{
	(void)state;
	begin_with("sigmoid");
	static const char *const lines[] = { "image 0", "image 41", "image x", "image", "unit 13", "unit 0", "unit +x", "image 99999999999999999999" };
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct err err = {0};
		assert_false(app_command(app, lines[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	assert_int_equal(app->navigation->image, 0);
	/* a smaller net has not the unit that was picked */
	command("unit 12");
	command("view images");
	command("set width 3");
	assert_int_equal(images_shown()->unit, 2);
	end();
}

/* ---- pictures ---- */

static void a_picture_has_two_greys_in_a_cell(void **state)
{
	(void)state;
	static const uint8_t grey[4] = { 255, 0, 100, 200 }; /* 2 x 2 */
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 4, 2, false, NULL));
	canvas_clear(&canvas);
	pixels_draw(&canvas, (struct rect){ 1, 0, 2, 1 }, grey, 2);
	const struct cell *left = canvas_cell(&canvas, 1, 0), *right = canvas_cell(&canvas, 2, 0);
	assert_int_equal(left->glyph, 0x2588); /* without colours, full */
	assert_int_equal(left->role, ROLE_HEAT_LAST);
	assert_in_range(left->under, ROLE_HEAT_0, ROLE_HEAT_LAST - 1);
	assert_int_equal(right->glyph, 0x2584); /* the upper one is black */
	assert_int_equal(right->under, ROLE_PLAIN);
	canvas_destroy(&canvas);
	assert_true(canvas_create(&canvas, 4, 2, true, NULL));
	canvas_clear(&canvas);
	pixels_draw(&canvas, (struct rect){ 1, 0, 2, 1 }, grey, 2);
	for (int x = 1; x < 3; x++) {
		assert_true(canvas_cell(&canvas, x, 0)->glyph > ' ' && canvas_cell(&canvas, x, 0)->glyph < 0x7F);
		assert_int_equal(canvas_cell(&canvas, x, 0)->under, ROLE_PLAIN);
	}
	canvas_destroy(&canvas);
}

static void signs_differ_without_colours(void **state)
{
	(void)state;
	const float weight[4] = { -2, 0, 1, NAN };
	for (int ascii = 0; ascii < 2; ascii++) {
		struct canvas canvas;
		assert_true(canvas_create(&canvas, 2, 2, ascii, NULL));
		canvas_clear(&canvas);
		assert_true(pixels_draw_signed(&canvas, (struct rect){ 0, 0, 2, 2 }, weight, 2) == 2);
		assert_int_equal(canvas_cell(&canvas, 0, 0)->glyph, 'N');
		assert_int_equal(canvas_cell(&canvas, 1, 0)->glyph, ' ');
		assert_int_equal(canvas_cell(&canvas, 0, 1)->glyph, ascii ? '+' : 0x2592);
		assert_int_equal(canvas_cell(&canvas, 1, 1)->glyph, '?');
		canvas_destroy(&canvas);
	}
}

/* Every size, with and without a place for the confusion matrix; the sanitizers watch. */
static void the_view_is_drawn_at_every_size(void **state)
{
	(void)state;
	begin_with("sigmoid");
	command("view images");
	for (int width = 40; width <= 200; width += 13)
		for (int height = 10; height <= 60; height += 5) {
			struct canvas canvas;
			assert_true(canvas_create(&canvas, width, height, width % 2, NULL));
			app_draw(app, &canvas);
			canvas_destroy(&canvas);
		}
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_are_made_only_while_asked_for),
		cmocka_unit_test(answers_are_those_of_the_net),
		cmocka_unit_test(marks_are_where_the_image_s_values_are),
		cmocka_unit_test(confusions_say_of_which_images),
		cmocka_unit_test(a_past_step_is_observed_again_for_its_images),
		cmocka_unit_test(keys_pick),
		cmocka_unit_test(what_does_not_exist_cannot_be_picked),
		cmocka_unit_test(a_picture_has_two_greys_in_a_cell),
		cmocka_unit_test(signs_differ_without_colours),
		cmocka_unit_test(the_view_is_drawn_at_every_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
