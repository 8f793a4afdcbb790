/* The map: which nets it has and in which order they are trained, its cursor, the
 * net that Enter starts, and a map computed in the background. */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#include "app_program.h"
#include "app/app.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/lanes.h"
#include "app/map.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/plane.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "draw/canvas.h"
#include "lab/sweep_map.h"
#include "nn/mat.h"
#include "view/map_axis.h"
#include "view/map_plot.h"
#include "view/view_list.h"

#define SMALL "width=20 steps=3" /* settings that make nets fast */

/* ---- the map ---- */

static struct sweep_map *make(const char *words)
{
	struct settings base;
	struct err err = {0};
	settings_default(&base);
	struct sweep_map *map = sweep_map_create(words, &base, &err);
	if (map == NULL)
		fail_msg("%s: %s", words, err.message);
	return map;
}

static void wrong_maps_are_refused(void **state)
{
	(void)state;
	static const char *const words[] = { "depth=1,2", "depth=1,2 seed=3", "seed=1..200 batch-seed=1..200", "depth=1,2 sed=1,2", "" };
	struct settings base;
	settings_default(&base);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct err err = {0};
		assert_null(sweep_map_create(words[i], &base, &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
}

/* Every net once; those of a coarse grid before those between. */
static void coarse_nets_come_first(void **state)
{
	(void)state;
	struct sweep_map *map = make("steps=7 depth=1..9 seed=1..5");
	assert_int_equal(map->across, 1);
	assert_int_equal(map->upwards, 2);
	uint32_t *order = sweep_map_order(map, NULL);
	bool seen[45] = { false };
	assert_non_null(order);
	for (size_t i = 0; i < 45; i++) {
		assert_in_range(order[i], 0, 44);
		assert_false(seen[order[i]]);
		seen[order[i]] = true;
		size_t column = order[i] / 5, row = order[i] % 5;
		/* 3 x 2 with a distance of 4 (or 8, 16), 5 x 3 with 2, 9 x 5 with 1 */
		if (i < 6)
			assert_true(column % 4 == 0 && row % 4 == 0);
		else if (i < 15)
			assert_true(column % 2 == 0 && row % 2 == 0);
	}
	alloc_free(order);
	/* known nets are left out */
	sweep_map_add(map, &(struct sweep_result){ .net = 0 });
	sweep_map_add(map, &(struct sweep_result){ .net = 0 });
	assert_int_equal(map->known, 1);
	order = sweep_map_order(map, NULL);
	for (size_t i = 0; i < 44; i++)
		assert_int_not_equal(order[i], 0);
	alloc_free(order);
	sweep_map_free(map);
}

/* 6 xi of tanh with sigma_b^2 = 0.05, from chi at c* by quadrature in Python over the plane of two
 * images (601 x 601 points); a depth of 41 is beyond 40.8. */
static void theory_says_how_deep_nets_train(void **state)
{
	(void)state;
	static const struct {
		double square, reach;
	} points[] = { { 1, 21.761854 }, { 1.25, 40.798841 }, { 4, 41.883716 } };
	struct sweep_map *map = make("depth=10,40,41,60 init=normal(0,sqrt(1/fan_in)),normal(0,sqrt(1.25/fan_in)),normal(0,sqrt(4/fan_in)) "
	                             "bias-init=normal(0,sqrt(0.05)) activation=tanh width=100");
	for (uint64_t i = 0; i < 3; i++) {
		double reach = sweep_map_reach(map, i);
		if (!(fabs(reach / points[i].reach - 1) < 0.01))
			fail_msg("sigma_w^2 %g: 6 xi is %g, not %g", points[i].square, reach, points[i].reach);
	}
	/* sigma_w^2 is the last axis of three here */
	assert_int_equal(sweep_map_trains(map, 0 * 3 + 0), 1);
	assert_int_equal(sweep_map_trains(map, 1 * 3 + 1), 1);
	assert_int_equal(sweep_map_trains(map, 2 * 3 + 1), 0);
	assert_int_equal(sweep_map_trains(map, 1 * 3 + 0), 0);
	assert_int_equal(sweep_map_trains(map, 1 * 3 + 2), 1);
	assert_int_equal(sweep_map_trains(map, 3 * 3 + 2), 0);
	sweep_map_free(map);
	/* no answer: without depth, with a normalization, for weights with a mean */
	static const char *const none[] = { "seed=1,2 init=he,xavier", "depth=3,4 seed=1,2 normalization=batch", "depth=3,4 init=uniform(0,1),uniform(0,2)" };
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		map = make(none[i]);
		assert_true(isnan(sweep_map_reach(map, 0)));
		assert_int_equal(sweep_map_trains(map, 0), -1);
		sweep_map_free(map);
	}
}

static void axes_are_named_without_what_is_common(void **state)
{
	(void)state;
	static const struct {
		const char *words, *name, *first, *second;
	} cases[] = {
		{ "depth=1,20 seed=1,2", "depth", "1", "20" },
		{ "init=variance_scaling(scale=0.25),variance_scaling(scale=0.2525) seed=1,2", "init=variance_scaling(scale=..)", "0.25", "0.2525" },
		{ "init=normal(0,0.01),normal(0,0.015) seed=1,2", "init=normal(0,..)", "0.01", "0.015" },
		{ "init=he,xavier seed=1,2", "init", "he", "xavier" },
		{ "lr=0.001..0.01*3 seed=1,2", "lr", "0.001", "0.003162" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char out[MAP_AXIS_SIZE];
		struct sweep_map *map = make(cases[i].words);
		assert_string_equal(map_axis_name(out, &map->grid.axis[0]), cases[i].name);
		assert_string_equal(map_axis_label(out, &map->grid.axis[0], 0), cases[i].first);
		assert_string_equal(map_axis_label(out, &map->grid.axis[0], 1), cases[i].second);
		sweep_map_free(map);
	}
}

/* ---- the app ---- */

static const char *screen(void)
{
	static struct text text;
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 80, 24, false, NULL));
	app_draw(app, &canvas);
	text_clear(&text);
	for (int y = 0; y < canvas.height; y++)
		for (int x = 0; x < canvas.width; x++)
			text_add_glyph(&text, canvas_cell(&canvas, x, y)->glyph);
	canvas_destroy(&canvas);
	return text_string(&text);
}

static void shows(const char *words)
{
	if (strstr(screen(), words) == NULL)
		fail_msg("the screen lacks \"%s\"", words);
}

static size_t index_of(const char *name)
{
	return table_index(&sweep_values, table_find(&sweep_values, name, NULL));
}

/* The net that Enter starts has the numbers of its cell when it is trained. */
static void enter_starts_the_net_of_the_cell(void **state)
{
	(void)state;
	begin(false);
	command("map depth=1,2,3 lr=0.001,0.01,0.1 " SMALL);
	assert_string_equal(view(), "map");
	const struct sweep_map *map = app->map->work->map;
	assert_int_equal(map->known, 9);
	shows("depth 2, lr 0.01, ");
	press("Right");
	press("Right"); /* at the end: stays there */
	press("Up");
	shows("depth 3, lr 0.1, ");
	press("Left");
	press("Down");
	press("Down");
	press("Right");
	shows("depth 3, lr 0.001, ");
	const struct sweep_cell *cell = &map->cell[6];
	struct settings before = app->lanes->lane[0].settings;
	press("Enter");
	assert_string_equal(view(), "layers");
	assert_int_equal(moment_snapshot(app)->layers, 3);
	command("run");
	assert_int_equal(moment_snapshot(app)->step, 3);
	assert_true(moment_snapshot(app)->loss == cell->value[index_of("loss")]);
	assert_true(moment_snapshot(app)->test_accuracy == cell->value[index_of("test_accuracy")]);
	/* the map is kept; undo brings back the run before */
	command("map");
	assert_ptr_equal(app->map->work->map, map);
	shows("depth 3, lr 0.001, ");
	press("u");
	assert_true(settings_equal(&app->lanes->lane[0].settings, &before));
	end();
}

static void commands_choose_cell_and_number(void **state)
{
	(void)state;
	struct err err = {0};
	begin(false);
	assert_string_equal(view(), "layers");
	command("view map");
	shows("No map yet.");
	command("map seed=1,2 activation=tanh,relu " SMALL " batch-seed=1,2,3");
	command("map cell 1 2");
	shows("seed 1, activation relu, width 20, batch-seed 1, 3 steps");
	press("PgUp");
	shows("batch-seed 2, ");
	press("PgDn");
	press("PgDn");
	shows("batch-seed 3, ");
	command("map-value loss");
	assert_int_equal(app->map->value, index_of("loss"));
	press("N");
	assert_int_equal(app->map->value, index_of("loss") + 1);
	assert_false(app_command(app, "map cell 3 1", &err));
	assert_false(app_command(app, "map cell 1", &err));
	assert_false(app_command(app, "map depth=1,2", &err));
	assert_false(app_command(app, "map elsewhere", &err));
	assert_int_equal(app->map->work->map->grid.nets, 12); /* as before */
	press("C-c");
	assert_true(app_wants_to_quit(app));
	end();
}

static void poll(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	app_poll(app, 1);
}

/* In the background: what is known stays while the view is left, and the rest
 * follows when it is opened again. */
static void a_map_is_computed_while_it_is_open(void **state)
{
	(void)state;
	begin(true);
	command("map seed=1..4 depth=1..3 " SMALL);
	while (app->map->work->map->known == 0)
		poll();
	assert_true(app_is_running(app) || app->map->work->map->known == 12); /* on a busy machine it may be done */
	uint64_t before = app->map->work->map->known;
	press("Esc");
	assert_string_equal(view(), "layers");
	while (app->map->work->job.sweep)
		poll();
	uint64_t known = app->map->work->map->known;
	assert_true(known >= before);
	for (int i = 0; i < 20; i++)
		poll();
	assert_int_equal(app->map->work->map->known, known);
	press("M");
	while (map_is_computing(app))
		poll();
	assert_int_equal(app->map->work->map->known, 12);
	/* another map while this one's threads may still run */
	command("map seed=1..3 depth=1..3 " SMALL);
	poll();
	command("map again");
	while (map_is_computing(app) || app->map->replaced)
		poll();
	assert_int_equal(app->map->work->map->known, 9);
	/* the order in which nets are trained changes none */
	struct sweep_map *background = app->map->work->map;
	double loss[9];
	for (size_t i = 0; i < 9; i++)
		loss[i] = background->cell[i].value[index_of("loss")];
	end();
	begin(false);
	command("map seed=1..3 depth=1..3 " SMALL);
	for (size_t i = 0; i < 9; i++)
		assert_true(app->map->work->map->cell[i].value[index_of("loss")] == loss[i]);
	end();
}

/* The row of the plane in which the cursor is: figure 5 of Schoenholz et al. 2017.  tanh with sigma_b^2 = 0.05 is
 * critical at sigma_w^2 = 1.761, relu at 2 for any sigma_b; two digits of that, from half of it to 9/4. */
static void the_phase_view_trains_its_row(void **state)
{
	(void)state;
	begin(true);
	command("activation tanh");
	command("width 20");
	while (moment_snapshot(app) == NULL)
		poll();
	command("phase 1.5 0.2236");
	command("phase nets");
	assert_string_equal(view(), "phase");
	assert_string_equal(text_string(&app->map->work->words),
	                    "init=normal(0,sqrt(0.9..4.05/8/fan_in)) depth=5,10,15,20,30,40,60,80 bias-init=normal(0,0.2236)");
	assert_int_equal(app->map->value, SWEEP_TEST_ACCURACY);
	assert_non_null(app->map->work->map->reach);
	/* sigma_w^2 goes across, as sigma_w does in the plane */
	assert_int_equal(app->map->work->map->across, 0);
	end();
	begin(false);
	command("activation relu");
	command("phase 1 0.5");
	struct err err = {0};
	assert_false(app_command(app, "phase elsewhere", &err));
	assert_int_equal(err.code, ERR_USAGE);
	command("data digits");
	command("width 5");
	command("batch 10");
	command("phase nets");
	assert_string_equal(text_string(&app->map->work->words),
	                    "init=normal(0,sqrt(1..4.5/8/fan_in)) depth=5,10,15,20,30,40,60,80 bias-init=normal(0,0.5)");
	assert_int_equal(app->map->work->map->known, 64);
	end();
}

/* E opens the Phase view; there, it gives the keys to the trained nets and back.  A map that fits is shown as it is. */
static void trained_nets_are_beside_the_plane(void **state)
{
	(void)state;
	begin(false);
	command("activation tanh");
	command("map init=normal(0,sqrt(1..4*3/fan_in)) depth=2,3,4 " SMALL);
	const struct sweep_map *map = app->map->work->map;
	command("phase 1.5 0.3");
	double sigma_w = app->plane->phase.cursor.sigma_w;
	assert_false(app->map->in_phase);
	assert_null(strstr(screen(), "9 nets"));
	press("E");
	assert_true(map_takes_keys_in_phase(app));
	assert_ptr_equal(app->map->work->map, map);
	shows("9 nets"); /* at 80 columns in place of the plane */
	shows("init 2, depth 3, ");
	assert_null(strstr(screen(), "cursor"));
	press("Right");
	press("Up");
	shows("init 4, depth 4, ");
	assert_true(app->plane->phase.cursor.sigma_w == sigma_w);
	/* the keys are the plane's again */
	press("E");
	assert_false(map_takes_keys_in_phase(app));
	shows("cursor");
	press("Right");
	assert_true(app->plane->phase.cursor.sigma_w > sigma_w);
	assert_int_equal(app->map->index[0], 2);
	press("E");
	press("Esc");
	assert_string_equal(view(), "phase");
	assert_false(map_takes_keys_in_phase(app));
	/* Enter starts the net, and its layers are in the plane */
	press("E");
	press("Enter");
	assert_string_equal(view(), "phase");
	assert_int_equal(app->lanes->lane[0].settings.layers, 4 + 1); /* hidden ones, and the output */
	command("map cell 1 2");
	assert_string_equal(view(), "phase");
	assert_int_equal(app->map->index[1], 1);
	/* nets of another activation are not those of this plane, nor is a map without the depth */
	command("activation relu");
	command("phase point");
	assert_false(app->map->in_phase);
	assert_ptr_equal(app->map->work->map, map);
	command("activation tanh");
	press("E");
	assert_ptr_equal(app->map->work->map, map);
	assert_true(app->map->in_phase);
	command("map seed=1,2 lr=0.1,0.2 " SMALL);
	command("phase point");
	assert_false(app->map->in_phase);
	end();
}

/* While the Phase view shows them, missing nets are trained; in another view they are not. */
static void nets_beside_the_plane_are_trained_while_it_is_open(void **state)
{
	(void)state;
	begin(true);
	command("activation tanh");
	while (moment_snapshot(app) == NULL)
		poll();
	command("map init=normal(0,sqrt(1..4/4/fan_in)) depth=2,3,4 " SMALL);
	command("view layers");
	assert_false(map_is_computing(app));
	command("phase");
	assert_false(map_is_computing(app));
	press("E");
	while (map_is_computing(app))
		poll();
	assert_int_equal(app->map->work->map->known, 12);
	end();
}

static void *to_background(void *niceness)
{
	worker_thread_to_background();
	*(int *)niceness = getpriority(PRIO_PROCESS, 0);
	int policy = -1;
	struct sched_param param;
	return pthread_getschedparam(pthread_self(), &policy, &param) == 0 && policy == SCHED_OTHER ? niceness : NULL;
}

/* The nets of a map have less of the CPUs than the screen, but some: a thread with SCHED_IDLE
 * stands still on a busy machine. */
static void threads_of_a_map_have_low_priority(void **state)
{
	(void)state;
	pthread_t thread;
	int before = getpriority(PRIO_PROCESS, 0), niceness = before;
	assert_int_equal(pthread_create(&thread, NULL, to_background, &niceness), 0);
	void *ordinary;
	assert_int_equal(pthread_join(thread, &ordinary), 0);
	assert_non_null(ordinary);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
#ifdef __linux__
	assert_int_equal(niceness, before + 10 < 19 ? before + 10 : 19);
#else
	assert_int_equal(niceness, before);
#endif
}

/* A data set that cannot be read is found by a thread of the sweep. */
static void a_failure_in_the_background_is_shown(void **state)
{
	(void)state;
	begin(true);
	command("map seed=1,2 data=digits,/nowhere " SMALL);
	while (map_is_computing(app))
		poll();
	assert_non_null(strstr(app->message->text, "/nowhere"));
	end();
	begin(true); /* and ends while the threads are at work */
	command("map seed=1..9 depth=1..9 " SMALL);
	poll();
	end();
}

/* ---- the view ---- */

/* Nets that are not computed, low, diverged, failed and without a number differ. */
static void cells_differ(void **state)
{
	(void)state;
	struct sweep_map *map = make("seed=1..5 depth=1..2");
	struct sweep_result result = { .net = 0, .verdict = "healthy" };
	const size_t index[SWEEP_MAX_AXES] = { 4, 1 };
	for (size_t i = 0; i < SWEEP_VALUES; i++)
		result.value[i] = i == SWEEP_DIVERGED_STEP ? (double)NAN : 1;
	sweep_map_add(map, &result);
	result.net = 2;
	result.value[0] = 100;
	sweep_map_add(map, &result);
	result.net = 4;
	result.value[0] = NAN;
	sweep_map_add(map, &result);
	snprintf(result.verdict, sizeof result.verdict, "%s", SWEEP_FAILED);
	result.net = 6;
	sweep_map_add(map, &result);
	snprintf(result.verdict, sizeof result.verdict, "diverged");
	result.value[SWEEP_DIVERGED_STEP] = 3;
	result.net = 8;
	sweep_map_add(map, &result);
	struct scene scene = { .map = { .map = map, .index = index, .value = 0, .problem = "" } };
	for (int ascii = 0; ascii < 2; ascii++) {
		struct canvas canvas;
		assert_true(canvas_create(&canvas, 80, 18, ascii, NULL));
		view_map_draw(&scene, &canvas, (struct rect){ 0, 0, 80, 18 });
		/* the middles of the lower row of nets: depth 1 */
		uint32_t seen[5];
		struct map_place place = map_plot_place(&scene.map, &canvas, (struct rect){ 0, 0, 80, 18 });
		int lower = place.area.y + place.height + place.height / 2, upper = place.area.y + place.height / 2;
		for (int i = 0; i < 5; i++)
			seen[i] = canvas_cell(&canvas, place.area.x + i * place.width + place.width / 2, lower)->glyph;
		assert_int_equal(seen[0], ascii ? '.' : 0x2591);
		assert_int_equal(seen[1], ascii ? '#' : 0x2588);
		assert_int_equal(seen[2], '-');
		assert_int_equal(seen[3], '!');
		assert_int_equal(seen[4], ascii ? 'x' : 0xD7);
		/* not computed: depth 2 */
		assert_int_equal(canvas_cell(&canvas, place.area.x + place.width / 2, upper)->glyph, ' ');
		canvas_destroy(&canvas);
	}
	/* every size */
	for (int width = 1; width < 130; width += 3)
		for (int height = 1; height < 45; height += 2) {
			struct canvas canvas;
			assert_true(canvas_create(&canvas, width, height, width % 2, NULL));
			view_map_draw(&scene, &canvas, (struct rect){ 0, 0, width, height });
			canvas_destroy(&canvas);
		}
	sweep_map_free(map);
}

static int prepare(void **state)
{
	(void)state;
	return mat_prepare(NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_maps_are_refused),
		cmocka_unit_test(coarse_nets_come_first),
		cmocka_unit_test(theory_says_how_deep_nets_train),
		cmocka_unit_test(axes_are_named_without_what_is_common),
		cmocka_unit_test(enter_starts_the_net_of_the_cell),
		cmocka_unit_test(commands_choose_cell_and_number),
		cmocka_unit_test(a_map_is_computed_while_it_is_open),
		cmocka_unit_test(the_phase_view_trains_its_row),
		cmocka_unit_test(trained_nets_are_beside_the_plane),
		cmocka_unit_test(nets_beside_the_plane_are_trained_while_it_is_open),
		cmocka_unit_test(threads_of_a_map_have_low_priority),
		cmocka_unit_test(a_failure_in_the_background_is_shown),
		cmocka_unit_test(cells_differ),
	};
	return cmocka_run_group_tests_name("map", tests, prepare, NULL);
}
