/* Grids of sweeps: how their text is read, which nets they have, and how they are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lab/sweep_grid.h"

static void parse(struct sweep_grid *grid, const char *words)
{
	struct settings base;
	struct err err = {0};
	settings_default(&base);
	if (!sweep_grid_parse(grid, words, &base, &err))
		fail_msg("%s: %s", words, err.message);
}

/* The values of the first axis, separated by blanks. */
static const char *first_axis(const char *words)
{
	static char values[1000];
	struct sweep_grid grid;
	parse(&grid, words);
	values[0] = '\0';
	for (size_t i = 0; i < grid.axis[0].values; i++) {
		size_t length = strlen(values);
		snprintf(values + length, sizeof values - length, "%s%s", i ? " " : "", sweep_axis_value(&grid.axis[0], i));
	}
	sweep_grid_free(&grid);
	return values;
}

static void lists_and_ranges_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *words, *values;
	} cases[] = {
		{ "depth=3,10,30", "3 10 30" },
		{ "depth=7", "7" },
		{ "seed=1..5", "1 2 3 4 5" },
		{ "seed=5..2", "5 4 3 2" },
		{ "seed=4..4", "4" },
		{ "depth=1,4..6,9", "1 4 5 6 9" },
		{ "lr=0.1..0.5/5", "0.1 0.2 0.3 0.4 0.5" },
		{ "lr=0.001..1*4", "0.001 0.01 0.1 1" },
		{ "lr=1e-3..1e-1*3", "0.001 0.01 0.1" },
		{ "lr=1..0.01*3", "1 0.1 0.01" },
		/* whole numbers: rounded, and none twice */
		{ "depth=10..200*3", "10 45 200" },
		{ "depth=1..4*10", "1 2 3 4" },
		{ "width=10..20/3", "10 15 20" },
		/* commas and blanks within parentheses belong to a value, and so does a range */
		{ "init=normal(0,0.1),xavier", "normal(0,0.1) xavier" },
		{ "init=variance_scaling(scale=1..4/4)", "variance_scaling(scale=1) variance_scaling(scale=2) "
		  "variance_scaling(scale=3) variance_scaling(scale=4)" },
		{ "init=normal(0,0.01..1*3),he", "normal(0,0.01) normal(0,0.1) normal(0,1) he" },
		{ "seed=99999..100001", "99999 100000 100001" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (strcmp(first_axis(cases[i].words), cases[i].values) != 0)
			fail_msg("%s: %s", cases[i].words, first_axis(cases[i].words));
}

static void wrong_grids_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *words, *reason;
	} cases[] = {
		{ "", "no setting varies" },
		{ "  ", "no setting varies" },
		{ "depth", "give NAME=VALUE" },
		{ "=3", "give NAME=VALUE" },
		{ "depth=", "a value is missing" },
		{ "depth=3,,4", "a value is missing" },
		{ "depth=3,", "a value is missing" },
		{ "depht=3", "did you mean 'depth'" },
		{ "depth=3 depth=4", "given twice" },
		{ "act=relu activation=tanh", "given twice" },
		{ "threads=1,2", "never changes a result" },
		{ "depth=x", "'x' is not valid" },
		{ "init=he,hee", "hee" },
		{ "lr=0.1..0.35", "number of points" },
		{ "lr=0..1*5", "above 0" },
		{ "lr=0..1/1", "from 2 to" },
		{ "lr=0..1/", "from 2 to" },
		{ "seed=1..99999999", "too many points" },
		{ "seed=1..5..9", "two ranges" },
		{ "seed=1..900000 batch-seed=1..900000", "more than 1000000000 nets" },
		{ "lr=-0.5..0.5/3", "-0.5" },
	};
	struct settings base;
	settings_default(&base);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sweep_grid grid;
		struct err err = {0};
		if (sweep_grid_parse(&grid, cases[i].words, &base, &err))
			fail_msg("'%s' was accepted", cases[i].words);
		assert_int_equal(err.code, ERR_USAGE);
		if (strstr(err.message, cases[i].reason) == NULL || strchr(err.message, '\n'))
			fail_msg("'%s': %s", cases[i].words, err.message);
	}
}

/* Before a value is made: a million of them take most of a second. */
static void a_huge_grid_is_refused_at_once(void **state)
{
	(void)state;
	static const char *const words[] = {
		"seed=1..1000000 batch=1..1000000", "seed=1..1000000 lr=0.001..1*1000000", "lr=0..1/1000000,2 depth=1,2 seed=1..1000000",
	};
	struct settings base;
	settings_default(&base);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct sweep_grid grid;
		struct err err = {0};
		clock_t before = clock();
		assert_false(sweep_grid_parse(&grid, words[i], &base, &err));
		assert_true(clock() - before < CLOCKS_PER_SEC / 20);
		assert_string_equal(err.message, "sweep: the grid has more than 1000000000 nets: give fewer values");
	}
	/* values that are one whole number count once */
	struct sweep_grid grid;
	parse(&grid, "depth=1..3/1000000 batch=1..2/1000000");
	assert_int_equal(grid.nets, 6);
	sweep_grid_free(&grid);
}

static void the_last_axis_varies_fastest(void **state)
{
	(void)state;
	struct sweep_grid grid;
	parse(&grid, "activation=tanh,relu depth=3,10,30 seed=1..2");
	assert_int_equal(grid.nets, 12);
	for (uint64_t net = 0; net < grid.nets; net++) {
		size_t index[SWEEP_MAX_AXES] = {0};
		for (size_t a = 0; a < 3; a++)
			index[a] = sweep_grid_index(&grid, a, net);
		assert_int_equal(index[0], net / 6);
		assert_int_equal(index[1], net / 2 % 3);
		assert_int_equal(index[2], net % 2);
		assert_int_equal(sweep_grid_net(&grid, index), net);
	}
	sweep_grid_free(&grid);
}

static void a_net_has_the_settings_of_its_cell(void **state)
{
	(void)state;
	struct sweep_grid grid;
	struct settings settings, wanted;
	/* the learning rate is a part of the optimizer, though it is given first; so are
	 * the other settings of the scenario */
	parse(&grid, "lr=0.5,0.25 depth=3,5 optimizer=sgd scenario=full_train_he_relu");
	assert_true(sweep_grid_settings(&settings, &grid, 3, NULL));
	settings_default(&wanted);
	assert_true(settings_set(&wanted, "scenario", "full_train_he_relu", NULL) && settings_set(&wanted, "optimizer", "sgd(lr=0.25)", NULL) &&
	            settings_set(&wanted, "depth", "5", NULL));
	assert_true(settings_equal(&settings, &wanted));
	sweep_grid_free(&grid);
}

static void a_command_line_trains_a_net_alone(void **state)
{
	(void)state;
	struct sweep_grid grid;
	struct text command = {0};
	parse(&grid, "activation=relu,tanh seed=7");
	sweep_grid_command(&grid, 1, &command);
	assert_string_equal(text_string(&command), "initviz -s full_train_normal --activation tanh --seed 7");
	text_free(&command);
	sweep_grid_free(&grid);
}

static void pieces_are_the_whole_in_order(void **state)
{
	(void)state;
	struct sweep_grid grid;
	parse(&grid, "seed=1..10");
	for (uint64_t pieces = 1; pieces <= 13; pieces++) {
		uint64_t next = 0, least = grid.nets, most = 0;
		for (uint64_t piece = 1; piece <= pieces; piece++) {
			uint64_t first, end;
			sweep_grid_piece(&grid, piece, pieces, &first, &end);
			assert_int_equal(first, next);
			next = end;
			least = end - first < least ? end - first : least;
			most = end - first > most ? end - first : most;
		}
		assert_int_equal(next, grid.nets);
		assert_true(most - least <= 1);
	}
	sweep_grid_free(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_and_ranges_are_read),
		cmocka_unit_test(wrong_grids_are_refused),
		cmocka_unit_test(a_huge_grid_is_refused_at_once),
		cmocka_unit_test(the_last_axis_varies_fastest),
		cmocka_unit_test(a_net_has_the_settings_of_its_cell),
		cmocka_unit_test(a_command_line_trains_a_net_alone),
		cmocka_unit_test(pieces_are_the_whole_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
