/* Nets in lock-step and pinned runs, as the app keeps them: which nets are
 * compared, which nets a change applies to, what is kept when another run begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_app.h"
#include "lab/scenario.h"
#include "app/command.h"

static const char *name_of(const struct settings *settings)
{
	return settings->scenario->entry.name;
}

static const char *view_of(const struct app *app)
{
	return table_at(&views, app->navigation->view)->name;
}

/* ---- comparing ---- */

static void test_natural_partner(void **state)
{
	(void)state;
	static const char *const partners[][2] = {
		{ "full_train_normal", "full_train_variance" }, { "full_train_variance", "full_train_normal" },
		{ "full_train_normal_relu", "full_train_variance_relu" }, { "full_train_he_relu", "full_train_normal_relu" },
		{ "first_pass_normal", "first_pass_variance" }, { "first_pass_variance", "first_pass_normal" },
	};
	for (size_t i = 0; i < sizeof partners / sizeof partners[0]; i++) {
		struct app *app = create(true);
		char line[64];
		snprintf(line, sizeof line, "scenario %s", partners[i][0]);
		command(app, line);
		requests_made();
		type(app, "c");
		assert_string_equal(requests_made(), "2 lanes: start\n");
		assert_string_equal(name_of(&fake.settings), partners[i][0]);
		assert_string_equal(name_of(&fake.beside[1]), partners[i][1]);
		assert_string_equal(view_of(app), "compare");
		destroy(app);
	}
}

/* Same seeds, batches and steps, also where the scenario has others. */
static void test_partner_goes_in_step(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "set seed 17");
	command(app, "compare first_pass_variance");
	assert_int_equal(fake.beside[1].seed, 17);
	assert_int_equal(fake.beside[1].batch, fake.settings.batch);
	assert_int_equal(fake.beside[1].steps, fake.settings.steps);
	assert_int_equal(fake.beside[1].every, fake.settings.every);
	assert_false(spec_equal(&fake.beside[1].init, &fake.settings.init));
	destroy(app);
}

/* The command goes through each scenario that trains another net, then returns to
 * the first. */
static void test_cycle(void **state)
{
	(void)state;
	struct app *app = create(true);
	char seen[64][40];
	size_t count = 0;
	for (type(app, "c"); count < 64; type(app, "c")) {
		const char *name = name_of(&fake.beside[1]);
		assert_true(fake.beside[1].steps > 0);
		assert_false(spec_equal(&fake.beside[1].init, &fake.settings.init) &&
		             spec_equal(&fake.beside[1].activation, &fake.settings.activation));
		if (count && strcmp(seen[0], name) == 0)
			break;
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(seen[i], name);
		snprintf(seen[count++], sizeof seen[0], "%s", name);
	}
	assert_true(count >= 4 && count < scenarios.count);
	assert_string_equal(name_of(&fake.settings), "full_train_normal");
	destroy(app);
}

/* Beside a net that was changed by hand: that net with another initializer. */
static void test_partner_of_a_changed_net(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "depth 20");
	command(app, "act tanh");
	type(app, "c");
	assert_int_equal(fake.beside[1].layers, 21);
	assert_string_equal(fake.beside[1].activation.entry->name, "tanh");
	assert_false(spec_equal(&fake.beside[1].init, &fake.settings.init));
	destroy(app);
}

static void test_compare_arguments(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "compare full_train_he_relu full_train_variance_relu");
	assert_string_equal(name_of(&fake.settings), "full_train_he_relu");
	assert_string_equal(name_of(&fake.beside[1]), "full_train_variance_relu");
	command(app, "compare 4");
	assert_string_equal(name_of(&fake.settings), "full_train_he_relu");
	assert_string_equal(name_of(&fake.beside[1]), "full_train_variance");
	command(app, "compare init=zeros batch=64");
	assert_string_equal(fake.beside[1].init.entry->name, "zeros");
	assert_int_equal(fake.beside[1].batch, 64);
	assert_int_equal(fake.settings.batch, 30);
	requests_made();
	refused(app, "compare 4 5 6", ERR_USAGE, "one scenario or two");
	refused(app, "compare full_train_nomral", ERR_USAGE, "did you mean");
	refused(app, "compare init=zeroes", ERR_USAGE, "did you mean 'zeros'");
	refused(app, "compare init=zeros he", ERR_USAGE, "'he' changes nothing");
	refused(app, "compare", ERR_USAGE, "compare NAME");
	command(app, "compare off");
	assert_string_equal(requests_made(), "start\n");
	command(app, "compare off");
	assert_string_equal(requests_made(), "");
	destroy(app);
}

/* Initializers are what is compared; all else is changed in both. */
static void test_changes_while_comparing(void **state)
{
	(void)state;
	struct app *app = create(true);
	type(app, "c");
	struct spec beside = fake.beside[1].init;
	command(app, "init zeros");
	assert_string_equal(fake.settings.init.entry->name, "zeros");
	assert_true(spec_equal(&fake.beside[1].init, &beside));
	command(app, "act tanh");
	assert_string_equal(fake.settings.activation.entry->name, "tanh");
	assert_string_equal(fake.beside[1].activation.entry->name, "tanh");
	command(app, "reseed");
	assert_int_equal(fake.beside[1].seed, fake.settings.seed);
	requests_made();
	command(app, "reset");
	assert_string_equal(requests_made(), "2 lanes: start\n");
	command(app, "scenario 4");
	assert_string_equal(requests_made(), "start\n");
	assert_int_equal(app->lanes->beside, 0);
	destroy(app);
}

static void test_lanes_in_the_scene(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct scene scene;
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.lanes, 1);
	assert_ptr_equal(scene.lane[0].now, scene.now);
	type(app, "c");
	command(app, "step 25");
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.lanes, 2);
	assert_int_equal(scene.lane[1].now->step, 25);
	assert_int_equal(scene.lane[1].history->count, 3);
	assert_string_equal(name_of(&scene.lane[1].now->settings), "full_train_variance");
	const char *header = row(app, 100, 24, 0);
	assert_non_null(strstr(header, "A full_train_normal"));
	assert_non_null(strstr(header, "B full_train_variance"));
	command(app, "go 12"); /* both go back */
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.lane[0].now->step, 10);
	assert_int_equal(scene.lane[1].now->step, 10);
	type(app, "o");
	assert_true(navigation_scene(app, &scene));
	assert_ptr_equal(scene.now, scene.lane[1].now);
	assert_int_equal(scene.chosen, 1);
	assert_false(scene.live);
	command(app, "expect z1.variance 8 8.1"); /* 80.5 / 10 */
	command(app, "lane 1");
	command(app, "expect z1.variance 80 81");
	requests_made();
	refused(app, "lane 3", ERR_USAGE, "1 to 2");
	command(app, "compare off");
	requests_made();
	refused(app, "lane next", ERR_USAGE, "one net only");
	assert_true(navigation_scene(app, &scene));
	assert_int_equal(scene.lanes, 1);
	destroy(app);
}

static void test_multiples(void **state)
{
	(void)state;
	struct app *app = create(true);
	bool seen[7] = {false};
	command(app, "scenario 1");
	requests_made();
	type(app, "m");
	assert_string_equal(requests_made(), "7 lanes: start\n");
	assert_string_equal(view_of(app), "multiples");
	assert_true(fake.settings.steps > 0); /* a first pass would end the run before it began */
	for (size_t i = 0; i < 7; i++) {
		size_t at = table_index(&scenarios, &(i ? &fake.beside[i] : &fake.settings)->scenario->entry);
		assert_true(at < 7 && !seen[at]);
		seen[at] = true;
	}
	assert_non_null(strstr(row(app, 80, 24, 0), "7 nets, shown full_train_normal "));
	type(app, "o");
	assert_non_null(strstr(row(app, 80, 24, 0), "7 nets, shown first_pass_normal "));
	assert_non_null(strstr(row(app, 40, 10, 0), "7 nets"));
	type(app, "c"); /* two of them */
	assert_string_equal(requests_made(), "2 lanes: start\n");
	type(app, "m7");
	assert_string_equal(name_of(&fake.settings), "full_train_he_relu");
	assert_int_equal(app->lanes->beside, 0);
	destroy(app);
}

/* Long labels of two nets: initializers and activations where these differ, and never one net alone. */
static void test_long_titles(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "scenario 1");
	command(app, "layers 784-20-20-10");
	command(app, "activation tanh");
	command(app, "init lecun_normal");
	command(app, "compare init=orthogonal");
	assert_non_null(strstr(row(app, 120, 24, 0), "A lecun_normal × tanh  B orthogonal × tanh"));
	command(app, "compare lr=0.5");
	assert_non_null(strstr(row(app, 120, 24, 0), "2 nets in lock-step"));
	assert_null(strstr(row(app, 120, 24, 0), " B "));
	command(app, "scenario 1");
	command(app, "compare lr=0.5"); /* these fit */
	assert_non_null(strstr(row(app, 120, 24, 0), " B "));
	destroy(app);
}

/* ---- pins ---- */

static void test_finished_runs_stay(void **state)
{
	(void)state;
	struct app *app = create(true);
	command(app, "steps 20");
	command(app, "scenario 3");
	command(app, "step 990");
	command(app, "scenario 4"); /* not at its end */
	assert_int_equal(app->pins->count, 0);
	command(app, "step 1000");
	command(app, "scenario 5");
	assert_int_equal(app->pins->count, 1);
	assert_string_equal(app->pins->pin[0]->label, "full_train_variance");
	assert_int_equal(app->pins->pin[0]->points, 101);
	assert_int_equal(app->pins->pin[0]->point[100].step, 1000);
	assert_true(app->pins->pin[0]->point[1].loss == 2.3 / 11);
	command(app, "scenario 4"); /* the same again replaces it */
	command(app, "step 1000");
	command(app, "pin mine");
	command(app, "reset");
	assert_int_equal(app->pins->count, 1);
	assert_string_equal(app->pins->pin[0]->label, "mine");
	command(app, "compare next"); /* both of two */
	command(app, "step 1000");
	command(app, "scenario 7");
	assert_int_equal(app->pins->count, 2);
	destroy(app);
}

static void test_pinning(void **state)
{
	(void)state;
	struct app *app = create(true);
	char line[32];
	refused(app, "pin", ERR_USAGE, "run first");
	for (int i = 0; i < PINS_MAX + 2; i++) {
		snprintf(line, sizeof line, "seed %d", i + 100);
		command(app, line);
		command(app, "step 10");
		snprintf(line, sizeof line, "pin run %d", i);
		command(app, i == PINS_MAX + 1 ? "pin" : line);
	}
	assert_int_equal(app->pins->count, PINS_MAX);
	assert_string_equal(app->pins->pin[0]->label, "run 2"); /* the oldest two are gone */
	assert_non_null(strstr(app->pins->pin[PINS_MAX - 1]->label, "full_train_normal --seed 107"));
	type(app, "P");
	assert_int_equal(app->pins->count, PINS_MAX - 1);
	requests_made();
	refused(app, "unpin some", ERR_USAGE, "give all, or no word");
	command(app, "unpin all");
	assert_int_equal(app->pins->count, 0);
	type(app, "P");
	assert_non_null(strstr(app->message->text, "nothing is pinned"));
	destroy(app);
}

static void test_axes(void **state)
{
	(void)state;
	struct app *app = create(true);
	struct scene scene;
	type(app, "xX");
	assert_true(navigation_scene(app, &scene));
	assert_true(scene.linear && scene.recent);
	command(app, "axis log");
	command(app, "axis full");
	assert_true(navigation_scene(app, &scene));
	assert_false(scene.linear || scene.recent);
	command(app, "axis linear");
	command(app, "axis recent");
	assert_true(navigation_scene(app, &scene));
	assert_true(scene.linear && scene.recent);
	requests_made();
	refused(app, "axis lgo", ERR_USAGE, "did you mean 'log'");
	destroy(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_natural_partner),
		cmocka_unit_test(test_partner_goes_in_step),
		cmocka_unit_test(test_cycle),
		cmocka_unit_test(test_partner_of_a_changed_net),
		cmocka_unit_test(test_compare_arguments),
		cmocka_unit_test(test_changes_while_comparing),
		cmocka_unit_test(test_lanes_in_the_scene),
		cmocka_unit_test(test_multiples),
		cmocka_unit_test(test_long_titles),
		cmocka_unit_test(test_finished_runs_stay),
		cmocka_unit_test(test_pinning),
		cmocka_unit_test(test_axes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
