/* The table of quantities against itself, against a real net, and against what
 * CSV and JSON write.  Every failure names the entry. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "check.h"
#include "session_fixture.h"
#include "draw/canvas.h"
#include "io/out_observation.h"
#include "lab/quantity.h"

/* Fails with the name of an entry and what is wrong with it. */
#define expect_of(quantity, condition, ...) \
	do { \
		if (!(condition)) { \
			char wrong_[ERR_MESSAGE_SIZE + 200]; \
			snprintf(wrong_, sizeof wrong_, __VA_ARGS__); \
			fail_msg("quantity '%s': %s", (quantity)->entry.name, wrong_); \
		} \
	} while (0)

static const struct snapshot *observe(const char *words, int steps, enum session_purpose mode)
{
	static struct session_ranges ranges;
	memset(&ranges, 0, sizeof ranges);
	struct session *session = fixture_session(words);
	fixture_steps(session, steps > 0 ? steps - 1 : 0);
	session_watch_change(session);
	fixture_steps(session, steps > 0);
	const struct snapshot *snapshot = session_observe(session, &ranges, mode, NULL);
	assert_non_null(snapshot);
	session_destroy(session);
	return snapshot;
}

/* ---- names ---- */

static void test_names_are_unique_and_read_back(void **state)
{
	(void)state;
	const struct snapshot *snapshot = observe("init=he activation=relu", 0, SESSION_SCHEDULED);
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *q = quantity_at(i);
		struct quantity_place place = { .snapshot = snapshot };
		struct text example = {0};
		struct err err = {0};
		double value = 0;
		for (size_t k = 0; k < i; k++)
			expect_of(q, strcmp(q->entry.name, quantity_at(k)->entry.name) != 0, "two entries have this name");
		size_t digit = strcspn(q->entry.name, "0123456789");
		expect_of(q, strchr(q->entry.name + digit, '.') == NULL, "a digit before the dot is a layer's number");
		const char *summary = q->entry.summary;
		expect_of(q, summary && *summary && summary[strlen(summary) - 1] != '.', "its summary is missing or ends in a stop");
		expect_of(q, !(q->output & QUANTITY_CSV) || q->scope == QUANTITY_TENSOR || strlen(summary) <= 51, "the list of CSV columns has 51 columns for its summary");
		quantity_example(&example, q);
		expect_of(q, quantity_value(snapshot, text_string(&example), &value, &err), "`expect` cannot read '%s': %s",
		          text_string(&example), err.message);
		double same = quantity_read(q, &place);
		expect_of(q, value == same || (isnan(value) && isnan(same)), "`expect` reads %g, the table %g", value, same);
		text_free(&example);
	}
	snapshot_drop(snapshot);
}

static void test_every_id_has_one_entry(void **state)
{
	(void)state;
	for (int id = QUANTITY_ANY + 1; id < QUANTITY_IDS; id++) {
		int entries = 0;
		for (size_t i = 0; i < quantities.count; i++)
			entries += (int)quantity_at(i)->id == id;
		if (entries != 1)
			fail_msg("enum quantity_id %d has %d entries in quantity_table.c: give it one", id, entries);
	}
}

static void test_how_it_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *q = quantity_at(i);
		expect_of(q, (q->type == QUANTITY_DERIVED) == (q->read != NULL), "give it either read or a type and an offset");
		expect_of(q, q->type != QUANTITY_DERIVED || !(q->output & QUANTITY_JSON),
		          "JSON holds stored values only: what is derived could not be read back");
		for (size_t k = 0; k < i && q->type != QUANTITY_DERIVED; k++)
			expect_of(q, quantity_at(k)->type == QUANTITY_DERIVED || quantity_at(k)->scope != q->scope ||
			          quantity_at(k)->offset != q->offset, "'%s' is stored at the same place", quantity_at(k)->entry.name);
	}
}

/* ---- values ---- */

static void check_value(const struct quantity *q, const struct quantity_place *place, const char *net)
{
	double value = quantity_read(q, place);
	bool applies = quantity_applies(q, place);
	/* A depth scale is infinite at the edge of chaos. */
	bool fine = isfinite(value) || (isinf(value) && (q->when == QUANTITY_PREDICTED || q->when == QUANTITY_MAPPED));
	expect_of(q, !applies || fine, "it is %g in layer %zu, %s of %s; say where it applies", value,
	          place->layer + 1, snapshot_tensor_names[place->tensor], net);
	/* Theory and test images may have a value where none is guaranteed. */
	expect_of(q, applies || isnan(value) || q->when == QUANTITY_PREDICTED || q->when == QUANTITY_UNNORMALIZED ||
	          q->when == QUANTITY_SCHEDULED,
	          "it is %g in layer %zu of %s, where it does not apply", value, place->layer + 1, net);
}

static void check_net(const char *net, int steps)
{
	const struct snapshot *snapshot = observe(net, steps, SESSION_SCHEDULED);
	for (size_t i = 0; i < quantities.count; i++)
		for (size_t layer = 0; layer < snapshot->layers; layer++)
			for (enum mlp_tensor t = 0; t < (quantity_at(i)->scope == QUANTITY_TENSOR ? MLP_TENSORS : 1); t++)
				check_value(quantity_at(i), &(struct quantity_place){ .snapshot = snapshot, .layer = layer, .tensor = t }, net);
	snapshot_drop(snapshot);
}

static void test_every_entry_is_readable(void **state)
{
	(void)state;
	check_net("init=he activation=relu", 0);
	check_net("init=xavier activation=tanh depth=4", 3);
	check_net("init=normal activation=sigmoid", 1);
	check_net("init=he activation=relu normalization=batch", 2);
}

/* Known relations between the values, from their definitions. */
static void test_derived_values(void **state)
{
	(void)state;
	const struct snapshot *s = observe("init=xavier activation=tanh depth=4", 0, SESSION_SCHEDULED);
	for (size_t l = 0; l < s->layers; l++) {
		const struct layer_observation *o = &s->layer[l];
		struct quantity_place z = { .snapshot = s, .layer = l, .tensor = MLP_Z }, w = { s, l, MLP_W }, delta = { s, l, MLP_DELTA };
		const struct moments *m = &o->tensor[MLP_DELTA].moments;
		check_ratio(pow(quantity_read(quantity_of(QUANTITY_RMS), &delta), 2), m->mean_square, 1e-12);
		check_ratio(quantity_read(quantity_of(QUANTITY_VARIANCE), &z), o->z_within + o->z_between, 1e-5);
		check_ratio(quantity_theory(quantity_of(QUANTITY_VARIANCE), &w), 2.0 / (double)(o->fan_in + o->fan_out), 1e-9);
		if (l + 1 < s->layers)
			check_ratio(quantity_read(quantity_of(QUANTITY_DELTA_FACTOR), &z),
			            m->mean_square / o[1].tensor[MLP_DELTA].moments.mean_square, 1e-12);
	}
	struct quantity_place net = { .snapshot = s };
	check_near(quantity_theory(quantity_of(QUANTITY_LOSS), &net), log((double)s->layer[0].fan_out), 1e-12);
	struct quantity_place beyond = { .snapshot = s, .layer = s->layers };
	assert_true(isnan(quantity_read(quantity_of(QUANTITY_DEAD), &beyond)));
	snapshot_drop(s);
}

static const struct quantity *named(const char *name)
{
	for (size_t i = 0; i < quantities.count; i++)
		if (strcmp(quantity_at(i)->entry.name, name) == 0)
			return quantity_at(i);
	fail_msg("no quantity '%s'", name);
	return NULL;
}

/* The factor of each branch, in the layer where the branch ends and nowhere else. */
static void check_branch_scale(const char *words, int steps, double expected, bool equal)
{
	const struct quantity *q = named("branch_scale");
	const struct snapshot *s = observe(words, steps, SESSION_SCHEDULED);
	for (size_t l = 0; l < s->layers; l++) {
		struct quantity_place place = { .snapshot = s, .layer = l };
		bool ends = l == 2 || l == 4; /* of 5 hidden layers, the second and third and the two after them */
		double value = quantity_read(q, &place);
		expect_of(q, quantity_applies(q, &place) == ends, "layer %zu of %s", l + 1, words);
		if (ends)
			expect_of(q, equal ? fabs(value - expected) < 1e-7 : fabs(value - expected) > 1e-5, "%g in layer %zu of %s", value, l + 1, words);
		else
			expect_of(q, isnan(value), "%g in layer %zu of %s", value, l + 1, words);
	}
	snapshot_drop(s);
}

static void test_branch_scales(void **state)
{
	(void)state;
	check_branch_scale("init=he activation=relu depth=5 residual=yes branch-layers=2 branch-scale=learned(0.5)", 0, 0.5, true);
	check_branch_scale("init=he activation=relu depth=5 residual=yes branch-layers=2 branch-scale=learned(0.5)", 3, 0.5, false);
	check_branch_scale("init=he activation=relu depth=5 residual=yes branch-layers=2 branch-scale=fixed(1/sqrt(branches))", 3,
	                   sqrt(0.5), true);
}

/* A glance at a running net has no test accuracy: the last recorded one counts. */
static void test_the_last_recorded_value(void **state)
{
	(void)state;
	const struct quantity *q = quantity_of(QUANTITY_TEST_ACCURACY);
	const struct snapshot *record = observe("init=he activation=relu", 0, SESSION_SCHEDULED);
	const struct snapshot *glance = observe("init=he activation=relu", 1, SESSION_GLANCE);
	struct history history = {0};
	struct quantity_place place = { .snapshot = glance };
	assert_true(history_add(&history, record, NULL));
	assert_true(isnan(quantity_read(q, &place)));
	assert_true(isnan(quantity_read_last(q, &place, NULL)));
	check_near(quantity_read_last(q, &place, &history), record->test_accuracy, 0);
	history_clear(&history);
	snapshot_drop(record);
	snapshot_drop(glance);
}

static void test_percentiles_have_their_ranks(void **state)
{
	(void)state;
	size_t found = 0;
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *q = quantity_at(i);
		char name[8];
		if (!(q->output & QUANTITY_PERCENTILE))
			continue;
		assert_in_range(found, 0, STATS_PERCENTILES - 1);
		snprintf(name, sizeof name, "p%d", stats_percentile_ranks[found]);
		expect_of(q, strcmp(q->entry.name, name) == 0, "its rank among the percentiles is that of %s", name);
		expect_of(q, q->offset == offsetof(struct tensor_observation, percentile) + found * sizeof(double),
		          "its offset is another percentile's");
		found++;
	}
	assert_int_equal(found, STATS_PERCENTILES);
}

/* ---- panels ---- */

/* The room for labels in the narrowest form of each panel, in cells. */
static const int label_room[QUANTITY_PANELS] = {
	[QUANTITY_IN_READOUTS] = 9, [QUANTITY_IN_LAYER_VIEW] = 10, [QUANTITY_IN_COMPARE] = 8, [QUANTITY_IN_ANNOUNCED] = 40,
};

static void check_panel(const struct canvas *canvas, enum quantity_panel panel, enum quantity_where where)
{
	struct quantity_line lines[QUANTITY_PANEL_MOST];
	size_t count = quantity_panel(lines, panel, where);
	assert_in_range(count, 1, QUANTITY_PANEL_MOST);
	for (size_t i = 0; i < count; i++) {
		const struct quantity *q = lines[i].quantity;
		const struct quantity_shown *shown = lines[i].shown;
		const char *label = shown->label ? shown->label : q->label[lines[i].tensor];
		expect_of(q, i == 0 || lines[i - 1].shown->order < shown->order, "its order %d in panel %d is '%s''s, too",
		          shown->order, panel, lines[i - 1].quantity->entry.name);
		expect_of(q, shown->rank >= 1, "give it a rank in panel %d", panel);
		expect_of(q, label && canvas_text_cells(canvas, label) <= label_room[panel],
		          "its label '%s' in panel %d is missing or wider than %d cells", label ? label : "", panel,
		          label_room[panel]);
		expect_of(q, (shown->theory_rank == 0 && shown->ratio_rank == 0) || q->theory[lines[i].tensor],
		          "panel %d shows its prediction, and it has none", panel);
		expect_of(q, panel != QUANTITY_IN_LAYER_VIEW || (shown->note && canvas_text_cells(canvas, shown->note) <= 32),
		          "give it a note of at most 32 cells in the Layer view");
	}
}

static void test_panels(void **state)
{
	(void)state;
	struct canvas canvas;
	assert_true(canvas_create(&canvas, 1, 1, false, NULL));
	for (enum quantity_panel panel = 0; panel < QUANTITY_PANELS; panel++) {
		check_panel(&canvas, panel, QUANTITY_HIDDEN);
		check_panel(&canvas, panel, QUANTITY_OUTPUT);
	}
	canvas_destroy(&canvas);
}

/* ---- CSV and JSON ---- */

/* Columns and keys that are not quantities: what identifies the run and the
 * layer, and the parts that are lists. */
static const char *const structural[] = {
	"scenario", "data", "seed", "layer", "fan_in", "fan_out", "initializer", "activation", "tensor", /* also of CSV */
	"infinite", "settings", "diverged", "batch_loss", "batch_accuracy", "histogram", "magnitudes",
	"verdict", "layer_verdict",
	"lacks", "theory_now", /* has the keys of theory: check_json_layer() */
};

static bool is_structural(const char *key)
{
	for (size_t i = 0; i < sizeof structural / sizeof structural[0]; i++)
		if (strcmp(structural[i], key) == 0)
			return true;
	return false;
}

/* The quantity of this CSV column, or NULL. */
static const struct quantity *of_column(const char *name)
{
	const struct quantity *found = NULL;
	for (size_t i = 0; i < quantities.count; i++) {
		struct text column = {0};
		if (!(quantity_at(i)->output & QUANTITY_CSV))
			continue;
		quantity_column(&column, quantity_at(i));
		if (strcmp(text_string(&column), name) == 0) {
			assert_null(found); /* no two columns of one name */
			found = quantity_at(i);
		}
		text_free(&column);
	}
	return found;
}

/* Every column is a quantity with its value, or structural; every quantity that
 * is flagged for CSV is a column. */
static void test_csv_columns(void **state)
{
	(void)state;
	struct text rows = {0};
	const struct snapshot *s = observe("init=he activation=relu", 2, SESSION_SCHEDULED);
	size_t columns = 0, expected = 0;
	out_csv_observation(&rows, s, NULL);
	char *fields = rows.bytes;
	for (size_t layer = 0; layer < s->layers; layer++)
		for (enum mlp_tensor tensor = 0; tensor < MLP_TENSORS; tensor++) {
			struct text header = {0};
			out_csv_begin(&header, s);
			char *names = header.bytes;
			for (char *name; (name = strsep(&names, ",\n")) != NULL && *name;) {
				char *field = strsep(&fields, ",\n");
				const struct quantity *q = of_column(name);
				if (q == NULL && !is_structural(name))
					fail_msg("CSV column '%s' is not a quantity: add an entry to quantity_table.c, or name it in `structural`", name);
				if (strcmp(name, "tensor") == 0)
					assert_string_equal(field, snapshot_tensor_names[tensor]);
				if (q == NULL)
					continue;
				const struct quantity_place place = { .snapshot = s, .layer = layer, .tensor = tensor };
				double value = quantity_read(q, &place), written = *field ? strtod(field, NULL) : NAN;
				expect_of(q, value == written || (isnan(value) && isnan(written)), "CSV says '%s', the table %.17g", field, value);
				columns++;
			}
			text_free(&header);
		}
	assert_string_equal(fields, "");
	for (size_t i = 0; i < quantities.count; i++)
		expected += (quantity_at(i)->output & QUANTITY_CSV) != 0;
	assert_int_equal(columns, expected * s->layers * MLP_TENSORS);
	snapshot_drop(s);
	text_free(&rows);
}

static const struct quantity *of_key(enum quantity_scope scope, const char *key, bool percentile)
{
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *q = quantity_at(i);
		if (q->scope == scope && ((q->output & QUANTITY_PERCENTILE) != 0) == percentile &&
		    strcmp(quantity_key(q) + percentile, key) == 0)
			return q;
	}
	return NULL;
}

/* Checks the numbers of an object of this scope. */
static void check_object(json_t *object, enum quantity_scope scope, struct quantity_place place, bool percentiles)
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value) {
		const struct quantity *q = of_key(scope, key, percentiles);
		if (!json_is_number(value) && !json_is_null(value))
			continue;
		if (q == NULL && !is_structural(key))
			fail_msg("JSON key '%s' is not a quantity: add an entry to quantity_table.c, or name it in `structural`", key);
		if (q == NULL || is_structural(key))
			continue;
		double seen = json_is_null(value) ? NAN : json_number_value(value), read = quantity_read(q, &place);
		expect_of(q, seen == read || (isnan(seen) && !isfinite(read)), "JSON says %.17g, the table %.17g", seen, read);
	}
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *q = quantity_at(i);
		if (q->scope == scope && q->output & QUANTITY_JSON && ((q->output & QUANTITY_PERCENTILE) != 0) == percentiles)
			expect_of(q, json_object_get(object, quantity_key(q) + percentiles), "it is flagged for JSON and is not there");
	}
}

static void check_json_layer(json_t *layer, struct quantity_place place)
{
	check_object(layer, QUANTITY_LAYER, place, false);
	check_object(json_object_get(layer, "theory"), QUANTITY_THEORY, place, false);
	const char *key;
	json_t *value;
	json_object_foreach(json_object_get(layer, "theory"), key, value)
		if (json_object_get(json_object_get(layer, "theory_now"), key) == NULL && strcmp(key, "infinite") != 0)
			fail_msg("theory_now has no '%s' as theory has", key);
	for (enum mlp_tensor t = 0; t < MLP_TENSORS; t++) {
		json_t *tensor = json_object_get(layer, snapshot_tensor_names[t]);
		place.tensor = t;
		check_object(tensor, QUANTITY_TENSOR, place, false);
		check_object(json_object_get(tensor, "percentiles"), QUANTITY_TENSOR, place, true);
	}
}

/* Every object of an observation is one of those whose numbers are checked, or
 * structural. */
static void check_objects(json_t *object, const char *const known[])
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value) {
		size_t i = 0;
		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if ((json_is_object(value) || json_is_array(value)) && known[i] == NULL && !is_structural(key))
			fail_msg("JSON object '%s': check its numbers here, or name it in `structural`", key);
	}
}

static void test_json_keys(void **state)
{
	(void)state;
	struct text line = {0};
	const struct snapshot *s = observe("init=he activation=relu", 2, SESSION_SCHEDULED);
	out_json_observation(&line, s, NULL);
	json_t *object = json_loads(text_string(&line), 0, NULL);
	assert_non_null(object);
	struct quantity_place place = { .snapshot = s };
	check_objects(object, (const char *const[]){ "input", "layers", "warnings", NULL });
	check_object(object, QUANTITY_NET, place, false);
	check_object(json_object_get(object, "input"), QUANTITY_INPUT, place, false);
	json_t *layers = json_object_get(object, "layers");
	assert_int_equal(json_array_size(layers), s->layers);
	for (; place.layer < s->layers; place.layer++) {
		check_objects(json_array_get(layers, place.layer),
		              (const char *const[]){ "z", "a", "w", "delta", "dw", "theory", NULL });
		check_json_layer(json_array_get(layers, place.layer), place);
	}
	json_decref(object);
	snapshot_drop(s);
	text_free(&line);
}

/* ---- names that are none ---- */

static void test_what_is_wrong_is_said(void **state)
{
	(void)state;
	static const struct { const char *name, *message; } cases[] = {
		{ "nothing", "choose from step diverged epoch loss" },
		{ "input.nothing", "choose from images mean variance" },
		{ "z1.nothing", "choose from n mean variance" },
		{ "theory1.nothing", "choose from z_mean_square" },
		{ "nothing1", "choose from saturated dead" },
		{ "z9.mean", "this net has the layers 1 to 3" },
		{ "saturated0", "this net has the layers 1 to 3" },
		{ "y1.mean", "--list quantities" },
		{ "z1", "choose from saturated dead" },
	};
	const struct snapshot *s = observe("init=he activation=relu", 0, SESSION_GLANCE);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err err = {0};
		double value;
		bool found = quantity_value(s, cases[i].name, &value, &err);
		if (found || err.code != ERR_USAGE || strstr(err.message, cases[i].message) == NULL)
			fail_msg("'%s': %s", cases[i].name, found ? "is a quantity" : err.message);
	}
	snapshot_drop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_unique_and_read_back),
		cmocka_unit_test(test_every_id_has_one_entry),
		cmocka_unit_test(test_how_it_is_read),
		cmocka_unit_test(test_every_entry_is_readable),
		cmocka_unit_test(test_derived_values),
		cmocka_unit_test(test_branch_scales),
		cmocka_unit_test(test_the_last_recorded_value),
		cmocka_unit_test(test_percentiles_have_their_ranks),
		cmocka_unit_test(test_panels),
		cmocka_unit_test(test_csv_columns),
		cmocka_unit_test(test_json_keys),
		cmocka_unit_test(test_what_is_wrong_is_said),
	};
	return cmocka_run_group_tests_name("quantity", tests, NULL, fixture_close);
}
