/* Settings, scenarios, history and snapshot numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "lab/history.h"
#include "lab/scenario.h"
#include "lab/quantity.h"
#include "lab/settings.h"
#include "lab/snapshot.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"

/* The names and order of the article's runs. */
static void test_article_scenarios(void **state)
{
	(void)state;
	static const char *const names[] = { "first_pass_normal", "first_pass_variance", "full_train_normal",
	                                     "full_train_variance", "full_train_normal_relu",
	                                     "full_train_variance_relu", "full_train_he_relu" };
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(table_at(&scenarios, i)->name, names[i]);
	struct settings settings;
	settings_default(&settings);
	assert_string_equal(settings.scenario->entry.name, "full_train_normal");
	assert_true(settings_fit(&settings, 784, 10, NULL));
	assert_int_equal(settings.layers, 3);
	assert_int_equal(settings.width[0], 784);
	assert_int_equal(settings.width[1], 100);
	assert_int_equal(settings.width[3], 10);
	assert_int_equal(settings.batch, 30);
	assert_int_equal(settings.steps, 1000);
	assert_int_equal(settings.every, 50);
	assert_string_equal(settings.optimizer.entry->name, "tf1:adam");
	assert_true(spec_value(&settings.optimizer, "lr") == 0.001);
	assert_true(initializer_variance(settings_layer_init(&settings, 1), 784, 100) == 1);
	/* the output layer is glorot_uniform in all of them: 2/110 */
	for (size_t i = 0; i < 7; i++) {
		settings_apply_scenario(&settings, scenario_at(i));
		check_near(initializer_variance(settings_layer_init(&settings, 3), 100, 10), 2.0 / 110, 1e-9);
	}
	/* effective variances of the article's scaled initializers (TF1's factor 1.3 on a cut normal) */
	settings_apply_scenario(&settings, scenario_at(3));
	check_near(initializer_variance(&settings.init, 784, 100), 0.00227571, 5e-9);
	settings_apply_scenario(&settings, scenario_at(6));
	check_near(initializer_variance(&settings.init, 784, 100), 0.00256598, 5e-9);
	settings_apply_scenario(&settings, scenario_at(0));
	assert_int_equal(settings.steps, 0);
	assert_int_equal(settings.batch, 100);
	assert_int_equal(settings.probe, 0);
}

static void test_scenario_keeps_the_users(void **state)
{
	(void)state;
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "seed", "42", NULL));
	assert_true(settings_set(&settings, "data", "digits", NULL));
	assert_true(settings_set(&settings, "lr", "0.5", NULL));
	assert_true(settings_set(&settings, "init.2", "orthogonal", NULL));
	assert_true(settings_set(&settings, "scenario", "7", NULL));
	assert_int_equal(settings.seed, 42);
	assert_string_equal(settings.data, "digits");
	assert_true(spec_value(&settings.optimizer, "lr") == 0.001);
	assert_int_equal(settings.overrides, 0);
}

/* Applies "a=1 b=2" in this order and in the other; both must give the same. */
static struct settings both_orders(const char *one, const char *other)
{
	struct settings result[2];
	for (int order = 0; order < 2; order++) {
		struct err err = {0};
		const char *words[] = { order ? other : one, order ? one : other };
		settings_default(&result[order]);
		for (int i = 0; i < 2; i++) {
			char name[64];
			const char *equals = strchr(words[i], '=');
			snprintf(name, sizeof name, "%.*s", (int)(equals - words[i]), words[i]);
			if (!settings_set(&result[order], name, equals + 1, &err))
				fail_msg("%s: %s", words[i], err.message);
		}
	}
	if (!settings_equal(&result[0], &result[1]))
		fail_msg("%s and %s: the order matters", one, other);
	return result[0];
}

/* Explicit settings take precedence over those that another setting brings along,
 * in either order. */
static void test_explicit_settings_win(void **state)
{
	(void)state;
	struct settings s;
	for (size_t i = 0; i < optimizers.count; i++) {
		char optimizer[64];
		snprintf(optimizer, sizeof optimizer, "optimizer=%s", table_at(&optimizers, i)->name);
		s = both_orders("lr=5", optimizer);
		assert_ptr_equal(s.optimizer.entry, table_at(&optimizers, i));
		assert_true(spec_value(&s.optimizer, "lr") == 5);
	}
	s = both_orders("lr=5", "optimizer=momentum(momentum=0.5)");
	assert_true(spec_value(&s.optimizer, "lr") == 5 && spec_value(&s.optimizer, "momentum") == 0.5);
	s = both_orders("depth=4", "width=33");
	assert_int_equal(s.layers, 5);
	for (int l = 1; l <= 4; l++)
		assert_int_equal(s.width[l], 33);
	s = both_orders("init=he", "init.2=zeros");
	assert_string_equal(settings_layer_init(&s, 2)->entry->name, "zeros");
	assert_string_equal(settings_layer_init(&s, 1)->entry->name, "he_normal");
	s = both_orders("output-init=he", "init.3=zeros");
	assert_string_equal(settings_layer_init(&s, 3)->entry->name, "zeros");
	both_orders("depth=4", "init.2=zeros");
	s = both_orders("seed=7", "weight-seed=3");
	assert_int_equal(settings_weight_seed(&s), 3);
	assert_int_equal(settings_batch_seed(&s), 7);
	both_orders("seed=7", "batch-seed=3");
	both_orders("batch=50", "probe=batch");
	both_orders("steps=0", "every=3");
}

/* A width that was given outlives a net without hidden layers. */
static void test_width_without_hidden_layers(void **state)
{
	(void)state;
	struct settings s;
	settings_default(&s);
	assert_true(settings_set(&s, "width", "30", NULL));
	assert_true(settings_set(&s, "depth", "0", NULL));
	assert_true(settings_set(&s, "depth", "2", NULL));
	assert_int_equal(s.width[1], 30);
	settings_default(&s);
	assert_true(settings_set(&s, "depth", "0", NULL));
	assert_true(settings_set(&s, "width", "30", NULL));
	assert_true(settings_set(&s, "depth", "2", NULL));
	assert_int_equal(s.width[2], 30);
}

/* A rate that came with a scenario or an optimizer was not set by the user. */
static void test_brought_rates_give_way(void **state)
{
	(void)state;
	struct settings s;
	settings_default(&s);
	assert_true(settings_set(&s, "scenario", "deep_relu_he", NULL)); /* momentum(lr=0.003) */
	assert_true(settings_set(&s, "optimizer", "sgd", NULL));
	assert_true(spec_value(&s.optimizer, "lr") == spec_of(s.optimizer.entry).value[0]);
	assert_true(settings_set(&s, "optimizer", "momentum(lr=0.25)", NULL));
	assert_true(settings_set(&s, "optimizer", "adam", NULL)); /* this one was set explicitly */
	assert_true(spec_value(&s.optimizer, "lr") == 0.25);
	assert_true(settings_set(&s, "optimizer", "adam(0.125)", NULL)); /* by place; of two the last */
	assert_true(spec_value(&s.optimizer, "lr") == 0.125);
	assert_true(settings_set(&s, "scenario", "1", NULL));
	assert_true(settings_set(&s, "optimizer", "sgd", NULL));
	assert_true(spec_value(&s.optimizer, "lr") == spec_of(s.optimizer.entry).value[0]);
}

static void test_scale_of_the_user_stays(void **state)
{
	(void)state;
	struct settings s, unit;
	settings_default(&unit);
	settings_default(&s);
	assert_true(settings_set(&s, "scenario", "standardized_784", NULL));
	assert_int_not_equal(s.scale, unit.scale);
	assert_true(settings_set(&s, "scenario", "1", NULL));
	assert_int_equal(s.scale, unit.scale);
	assert_true(settings_set(&s, "scenario", "standardized_784", NULL));
	assert_true(settings_set(&s, "scale", "symmetric", NULL));
	enum dataset_scale chosen = s.scale;
	assert_true(settings_set(&s, "scenario", "1", NULL));
	assert_int_equal(s.scale, chosen);
}

/* Every setting: what get writes, set reads; what is wrong changes nothing. */
static void test_round_trip(void **state)
{
	(void)state;
	struct settings settings, before;
	struct err err = {0};
	settings_default(&settings);
	for (size_t i = 0; i < settings_table.count; i++) {
		const char *name = table_at(&settings_table, i)->name;
		struct text value = {0}, again = {0};
		check_entry(name, settings_get(&settings, name, &value, &err));
		before = settings;
		if (value.length || strcmp(name, "data") == 0)
			check_entry(name, settings_set(&settings, name, text_string(&value), &err));
		settings_get(&settings, name, &again, &err);
		check_entry(name, strcmp(text_string(&value), text_string(&again)) == 0);
		check_entry(name, settings_equal(&before, &settings));
		text_free(&value);
		text_free(&again);
	}
}

static void test_refusals(void **state)
{
	(void)state;
	static const char *const bad[][2] = {
		{ "lr", "nan" }, { "lr", "inf" }, { "lr", "-1" }, { "lr", "1e400" }, { "lr", "0,5" }, { "lr", "1e-3x" },
		{ "lr", "" }, { "lr", "0x1" }, { "batch", "0" }, { "batch", "-1" }, { "batch", "99999999999999999999" },
		{ "seed", "18446744073709551616" }, { "seed", "-1" }, { "layers", "784" }, { "layers", "784-0-10" },
		{ "layers", "784-1000000000-10" }, { "layers", "784--10" }, { "layers", "784-*-10" }, { "layers", "-784-10" },
		{ "layers", "784-10-" }, { "depth", "256" }, { "depth", "-1" }, { "width", "0" }, { "width", "1000000000" },
		{ "init", "nrmal" }, { "init", "normal(sd=-1)" }, { "activation", "relux(1)" }, { "probe", "0" },
		{ "residual", "maybe" }, { "normalization", "group" }, { "scale", "big" }, { "threads", "65" },
		{ "init.0", "normal" }, { "init.1", "norml" }, { "init.x", "normal" }, { "steps", "1e3" }, { "every", "0" },
		{ "branch-layers", "0" }, { "branch-layers", "3" }, { "branch-scale", "2" }, { "branch-scale", "fixed(none)" },
		{ "branch-init", "nrmal" }, { "activation.1", "relux" }, { "depth.1", "3" }, { "activation.257", "relu" },
		{ "scenario", "9999" }, { "actvation", "relu" }, { "nonsense", "1" },
	};
	struct settings settings, before;
	settings_default(&settings);
	before = settings;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct err err = {0};
		if (settings_set(&settings, bad[i][0], bad[i][1], &err))
			fail_msg("%s=%s was taken", bad[i][0], bad[i][1]);
		assert_int_equal(err.code, ERR_USAGE);
		assert_true(strlen(err.message) > 10);
		assert_null(strchr(err.message, '\n'));
		assert_true(settings_equal(&before, &settings));
	}
	struct err err = {0};
	settings_set(&settings, "actvation", "relu", &err);
	assert_non_null(strstr(err.message, "did you mean 'activation'"));
	/* 0 is a legal learning rate: look without learning */
	assert_true(settings_set(&settings, "lr", "0", &err));
}

static void test_shape(void **state)
{
	(void)state;
	struct settings settings;
	struct err err = {0};
	struct text text = {0};
	settings_default(&settings);
	assert_true(settings_set(&settings, "depth", "5", &err));
	assert_true(settings_set(&settings, "width", "64", &err));
	settings_get(&settings, "layers", &text, &err);
	assert_string_equal(text_string(&text), "*-64-64-64-64-64-*");
	assert_true(settings_set(&settings, "depth", "0", &err));
	assert_true(settings_fit(&settings, 100, 3, &err));
	text_clear(&text);
	settings_get(&settings, "layers", &text, &err);
	assert_string_equal(text_string(&text), "100-3");
	assert_false(settings_fit(&settings, 784, 10, &err));
	assert_non_null(strstr(err.message, "784"));
	assert_true(settings_set(&settings, "layers", "784-20-10", &err));
	assert_false(settings_fit(&settings, 784, 11, &err));
	assert_true(settings_set(&settings, "init.3", "zeros", &err));
	assert_false(settings_fit(&settings, 784, 10, &err));
	text_free(&text);
}

static void test_command_line(void **state)
{
	(void)state;
	struct settings settings;
	struct text text = {0};
	settings_default(&settings);
	settings_command_line(&settings, &text);
	assert_string_equal(text_string(&text), "initviz -s full_train_normal");
	text_clear(&text);
	settings_set(&settings, "scenario", "full_train_he_relu", NULL);
	settings_set(&settings, "lr", "0.01", NULL);
	settings_set(&settings, "seed", "7", NULL);
	settings_set(&settings, "data", "it's here", NULL);
	settings_set(&settings, "init.2", "orthogonal(gain=2)", NULL);
	settings_command_line(&settings, &text);
	assert_string_equal(text_string(&text), "initviz -s full_train_he_relu --optimizer 'tf1:adam(lr=0.01)' --seed 7 "
	                                        "--data 'it'\\''s here' --set 'init.2=orthogonal(gain=2)'");
	text_free(&text);
}

/* init.N, bias-init.N and activation.N are independent of each other, and the
 * command line brings them back. */
static void test_settings_of_single_layers(void **state)
{
	(void)state;
	struct settings settings, again;
	struct err err = {0};
	struct text text = {0};
	static const char *const own[][2] = {
		{ "init.2", "zeros" }, { "bias-init.2", "constant(value=1)" }, { "activation.2", "tanh" }, { "act.1", "relu" },
	};
	settings_default(&settings);
	settings_default(&again);
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		assert_true(settings_set(&settings, own[i][0], own[i][1], &err));
	settings_command_line(&settings, &text);
	assert_string_equal(text_string(&text), "initviz -s full_train_normal --set init.2=zeros --set 'bias-init.2=constant(value=1)' "
	                                        "--set activation.2=tanh --set activation.1=relu");
	for (size_t i = sizeof own / sizeof own[0]; i-- > 0;) {
		assert_false(settings_equal(&settings, &again));
		assert_true(settings_set(&again, own[i][0], own[i][1], &err));
	}
	assert_true(settings_equal(&settings, &again));
	assert_string_equal(settings_layer_activation(&settings, 2)->entry->name, "tanh");
	assert_string_equal(settings_layer_activation(&settings, 1)->entry->name, "relu");
	assert_string_equal(settings_layer_init(&settings, 1)->entry->name, "normal");
	assert_string_equal(settings_layer_bias_init(&settings, 2)->entry->name, "constant");
	assert_string_equal(settings_layer_bias_init(&settings, 3)->entry->name, "zeros");
	assert_true(settings_fit(&settings, 784, 10, &err));
	assert_true(settings_set(&settings, "activation.3", "relu", &err));
	assert_false(settings_fit(&settings, 784, 10, &err));
	assert_string_equal(err.message, "activation.3: the output layer is a softmax: remove it with activation.3=none");
	assert_true(settings_set(&settings, "activation.3", "none", NULL));
	assert_true(settings_set(&settings, "activation.2", "none", NULL));
	assert_string_equal(settings_layer_activation(&settings, 2)->entry->name, "sigmoid");
	text_free(&text);
}

/* A stem, two branches of two layers, the output. */
static void test_settings_of_branches(void **state)
{
	(void)state;
	struct settings settings;
	struct initializer_place place;
	static const size_t branch[] = { 1, 1, 1, 2, 2, 2 };
	settings_default(&settings);
	assert_true(settings_set(&settings, "depth", "5", NULL) && settings_set(&settings, "residual", "yes", NULL) &&
	            settings_set(&settings, "branch-layers", "2", NULL) && settings_set(&settings, "branch-init", "zeros", NULL) &&
	            settings_set(&settings, "activation.5", "tanh", NULL));
	for (size_t l = 1; l <= 6; l++) {
		bool end = l == 3 || l == 5;
		assert_int_equal(settings_layer_branch(&settings, l), end ? 2 : 0);
		assert_string_equal(settings_layer_init(&settings, l)->entry->name, end ? "zeros" : l == 6 ? "glorot_uniform" : "normal");
		settings_layer_place(&settings, l, &place);
		assert_int_equal(place.branch, branch[l - 1]);
		assert_int_equal(place.branches, 2);
		if (l < 6)
			assert_string_equal(settings_layer_activation(&settings, l)->entry->name, l == 3 ? "linear" : l == 5 ? "tanh" : "sigmoid");
	}
	assert_true(settings_set(&settings, "residual", "no", NULL));
	settings_layer_place(&settings, 4, &place);
	assert_int_equal(place.branches, 1); /* formulas can divide by it */
	assert_string_equal(settings_layer_init(&settings, 3)->entry->name, "normal");
}

static void test_seeds(void **state)
{
	(void)state;
	struct settings settings;
	settings_default(&settings);
	settings_set(&settings, "seed", "5", NULL);
	assert_int_equal(settings_weight_seed(&settings), 5);
	settings_set(&settings, "weight-seed", "9", NULL);
	assert_int_equal(settings_weight_seed(&settings), 9);
	assert_int_equal(settings_batch_seed(&settings), 5);
	settings_set(&settings, "weight-seed", "seed", NULL);
	assert_int_equal(settings_weight_seed(&settings), 5);
}

/* ---- history ---- */

static const struct snapshot *at_step(uint64_t step)
{
	struct snapshot *snapshot = snapshot_create(2, NULL);
	snapshot->step = step;
	return snapshot;
}

static void test_history_thins(void **state)
{
	(void)state;
	struct history history = { .limit = 64 * snapshot_bytes(2) };
	for (uint64_t step = 0; step < 10000; step++) {
		const struct snapshot *snapshot = at_step(step);
		assert_true(history_add(&history, snapshot, NULL));
		snapshot_drop(snapshot);
		assert_true(history.bytes <= history.limit);
		assert_int_equal(history.snapshot[history.count - 1]->step, step);
	}
	assert_int_equal(history.snapshot[0]->step, 0);
	assert_true(history.count > 16);
	for (size_t i = 1; i < history.count; i++)
		assert_true(history.snapshot[i]->step > history.snapshot[i - 1]->step);
	/* dense at the start: the first gaps are the smallest */
	assert_int_equal(history.snapshot[4]->step, 4);
	assert_int_equal(history_at(&history, 3)->step, 3);
	assert_int_equal(history_at(&history, UINT64_MAX)->step, 9999);
	history_clear(&history);
	assert_null(history_at(&history, 5));
	assert_int_equal(history_index(&history, 5), 0);
}

static void test_history_replaces_same_step(void **state)
{
	(void)state;
	struct history history = {0};
	for (int i = 0; i < 3; i++) {
		const struct snapshot *snapshot = at_step(7);
		history_add(&history, snapshot, NULL);
		snapshot_drop(snapshot);
	}
	assert_int_equal(history.count, 1);
	history_clear(&history);
}

static void test_trace(void **state)
{
	(void)state;
	struct trace trace = {0};
	for (int i = 0; i < 100000; i++)
		trace_add(&trace, i);
	assert_true(trace.points >= TRACE_POINTS / 2 && trace.points <= TRACE_POINTS);
	assert_int_equal(trace.points * trace.stride + trace.pending, 100000);
	for (uint32_t i = 0; i < trace.points; i++) /* means of consecutive integers */
		check_near(trace.value[i], (double)i * (double)trace.stride + ((double)trace.stride - 1) / 2, 0.01);
}

static void test_snapshot_values(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshot_create(2, NULL);
	struct err err = {0};
	double value = 0;
	snapshot->loss = 2.5;
	snapshot->layer[1].saturated = 0.25;
	snapshot->layer[0].tensor[MLP_Z].moments.variance = 88;
	snapshot->layer[0].tensor[MLP_DELTA].percentile[3] = -1;
	snapshot->layer[1].theory.chi = 0.5;
	assert_true(quantity_value(snapshot, "loss", &value, &err) && value == 2.5);
	assert_true(quantity_value(snapshot, "saturated2", &value, &err) && value == 0.25);
	assert_true(quantity_value(snapshot, "z1.variance", &value, &err) && value == 88);
	assert_true(quantity_value(snapshot, "delta1.p50", &value, &err) && value == -1);
	assert_true(quantity_value(snapshot, "theory2.chi", &value, &err) && value == 0.5);
	assert_true(quantity_value(snapshot, "dw2.nan", &value, &err) && value == 0);
	static const char *const bad[] = { "z3.variance", "z0.variance", "z.variance", "y1.mean", "z1.p2", "z1", "saturated",
	                                   "", "z99999999999.mean", "theory1.z" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(quantity_value(snapshot, bad[i], &value, &err));
	assert_int_equal(err.code, ERR_USAGE);
	snapshot_drop(snapshot);
}

/* What the arrow keys of the settings panel go through. */
static void test_steps(void **state)
{
	(void)state;
	static const struct { const char *name, *from, *up, *down; } expected[] = {
		{ "lr", "0.001", "0.002", "0.0005" }, { "lr", "0.003", "0.005", "0.002" }, { "lr", "1", "2", "0.5" },
		{ "batch", "30", "50", "20" }, { "batch", "1", "2", NULL }, { "batch", "50000", NULL, "20000" },
		{ "steps", "1000", "2000", "500" }, { "steps", "1", "2", "0" }, { "steps", "0", "1", NULL },
		{ "probe", "1", "2", "batch" }, { "probe", "batch", "1", NULL }, { "probe", "10000", NULL, "5000" },
		{ "seed", "7", "8", "6" }, { "seed", "0", "1", NULL }, { "seed", "9007199254740993", "9007199254740994",
		  "9007199254740992" }, { "weight-seed", "seed", "0", NULL }, { "weight-seed", "0", "1", "seed" },
		{ "depth", "2", "3", "1" }, { "depth", "0", "1", NULL }, { "width", "100", "200", "50" },
		{ "residual", "no", "yes", "yes" }, { "branch-layers", "1", "2", NULL }, { "branch-scale", "fixed(0.5)", "learned", "learned" },
		{ "branch-init", "zeros", "ones", "" }, { "normalization", "none", "batch", "post" },
		{ "scenario", "2", "full_train_normal", "first_pass_normal" }, { "scenario", "1", "first_pass_variance", "" },
		{ "data", "/some/where", "digits", "" }, { "layers", "*-5-*", NULL, NULL },
	};
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		for (int by = -1; by <= 1; by += 2) {
			const char *wanted = by > 0 ? expected[i].up : expected[i].down;
			struct settings settings;
			struct text value = {0};
			settings_default(&settings);
			assert_true(settings_set(&settings, expected[i].name, expected[i].from, NULL));
			const struct entry *entry = table_find(&settings_table, expected[i].name, NULL);
			bool stepped = settings_step(&settings, setting_from(entry), by, &value);
			assert_int_equal(stepped, wanted != NULL);
			if (wanted && *wanted) /* "": the last of a ring, whichever it is */
				assert_string_equal(text_string(&value), wanted);
			assert_true(!stepped || settings_set(&settings, expected[i].name, text_string(&value), NULL));
			text_free(&value);
		}
}

/* log: 1, 2 and 5 in every decade; a number: its multiples. */
static void test_observed_steps(void **state)
{
	(void)state;
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "every", "log", NULL));
	uint64_t seen = 0, sum = 0;
	for (uint64_t step = 1; step <= 1000; step++)
		if (settings_observe(&settings, step))
			seen++, sum += step;
	assert_int_equal(seen, 10); /* 1 2 5 10 20 50 100 200 500 1000 */
	assert_int_equal(sum, 1888);
	assert_true(settings_set(&settings, "every", "7", NULL));
	assert_true(settings_observe(&settings, 49));
	assert_false(settings_observe(&settings, 50));
	assert_false(settings_set(&settings, "every", "0", NULL));
}

/* singular=N: of the observations from the start, counted one by one, every N-th; 0: none. */
static void test_measured_steps(void **state)
{
	(void)state;
	static const char *const every[] = { "1", "7", "log" }, *const singular[] = { "0", "1", "2", "3", "4", "1000000000000" };
	struct settings settings;
	settings_default(&settings);
	for (size_t i = 0; i < sizeof every / sizeof every[0]; i++)
		for (size_t k = 0; k < sizeof singular / sizeof singular[0]; k++) {
			uint64_t n = strtoull(singular[k], NULL, 10), number = 0;
			assert_true(settings_set(&settings, "every", every[i], NULL));
			assert_true(settings_set(&settings, "singular", singular[k], NULL));
			assert_int_equal(settings_measure(&settings, 0), n > 0);
			for (uint64_t step = 1; step <= 5000; step++) {
				if (!settings_observe(&settings, step))
					continue;
				number++;
				if (settings_measure(&settings, step) != (n > 0 && number % n == 0))
					fail_msg("every %s, singular %s: step %llu, observation %llu", every[i], singular[k],
					         (unsigned long long)step, (unsigned long long)number);
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_observed_steps),
		cmocka_unit_test(test_measured_steps),
		cmocka_unit_test(test_steps), cmocka_unit_test(test_article_scenarios), cmocka_unit_test(test_scenario_keeps_the_users),
		cmocka_unit_test(test_explicit_settings_win), cmocka_unit_test(test_width_without_hidden_layers),
		cmocka_unit_test(test_brought_rates_give_way), cmocka_unit_test(test_scale_of_the_user_stays),
		cmocka_unit_test(test_round_trip),        cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_shape),             cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_settings_of_single_layers), cmocka_unit_test(test_settings_of_branches),
		cmocka_unit_test(test_seeds),             cmocka_unit_test(test_history_thins),
		cmocka_unit_test(test_history_replaces_same_step), cmocka_unit_test(test_trace),
		cmocka_unit_test(test_snapshot_values),
	};
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
