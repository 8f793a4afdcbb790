/* Observations as CSV (RFC 4180, lines end in \n): a header, then one row per
 * layer and observation.  Numbers have enough digits to be read back exactly;
 * a value that is not finite is an empty field. */
#include "io/out_observation.h"

#include "lab/diagnosis.h"
#include "lab/quantity.h"
#include "io/csv.h"

static void add_count(struct text *text, uint64_t value)
{
	text_addf(text, "%llu", (unsigned long long)value);
}

static void add_spec(struct text *text, const struct spec *spec, const char *without)
{
	struct text name = {0};
	if (spec->entry)
		spec_format(spec, &name);
	else
		text_add(&name, without);
	csv_add_string(text, text_string(&name));
	text->failed |= name.failed;
	text_free(&name);
}

static void add_value(struct text *text, const struct quantity *quantity, const struct quantity_place *place)
{
	if (quantity->type == QUANTITY_WHOLE)
		add_count(text, quantity_read_whole(quantity, place));
	else
		csv_add_real(text, quantity_read(quantity, place));
}

/* ---- columns other than quantities ---- */

/* What a row is made from. */
struct row {
	struct quantity_place place;
	const char *verdict, *layer_verdict; /* words of the net's and of the layer's */
};

struct column {
	const char *name, *summary;
	void (*add)(struct text *text, const struct row *row);
};

#define COLUMN(name_, adder, value) \
	static void column_##name_(struct text *text, const struct row *row) \
	{ \
		adder(text, value); \
	}

#define LAYER (row->place.snapshot->layer[row->place.layer])

COLUMN(scenario, csv_add_string, out_scenario_name(row->place.snapshot))
COLUMN(data, csv_add_string, row->place.snapshot->data_name)
COLUMN(seed, add_count, row->place.snapshot->settings.seed)
COLUMN(verdict, csv_add_string, row->verdict)
COLUMN(layer_verdict, csv_add_string, row->layer_verdict)
COLUMN(layer, add_count, row->place.layer + 1)
COLUMN(fan_in, add_count, LAYER.fan_in)
COLUMN(fan_out, add_count, LAYER.fan_out)

static void column_initializer(struct text *text, const struct row *row)
{
	add_spec(text, &LAYER.init, "");
}

static void column_activation(struct text *text, const struct row *row)
{
	add_spec(text, &LAYER.activation, "softmax");
}

#define NAMED(name_, summary_) { .name = #name_, .summary = (summary_), .add = column_##name_ }

static const struct column run_columns[] = {
	NAMED(scenario, "where the settings started from"),
	NAMED(data, "the data set in use"),
	NAMED(seed, "of the run"),
};
static const struct column layer_columns[] = {
	NAMED(layer, "number of the layer, from 1"),
	NAMED(fan_in, "its inputs"),
	NAMED(fan_out, "its units"),
	NAMED(initializer, "its initializer"),
	NAMED(activation, "its activation"),
};
static const struct column verdict_columns[] = {
	NAMED(verdict, "the verdict on the net, a word"),
	NAMED(layer_verdict, "the verdict on the layer"),
};

/* ---- all columns ---- */

/* The columns from left to right: those of this file, then the quantities of two
 * scopes.  Then the tensors' columns, z_n, z_mean, ...,
 * dw_p99, and last the verdicts. */
static const struct section {
	const struct column *own;
	size_t count;
	enum quantity_scope scope[2];
} sections[] = {
	{ run_columns, sizeof run_columns / sizeof run_columns[0], { QUANTITY_NET, QUANTITY_INPUT } },
	{ layer_columns, sizeof layer_columns / sizeof layer_columns[0], { QUANTITY_LAYER, QUANTITY_THEORY } },
};
#define SECTIONS (sizeof sections / sizeof sections[0])

/* Called for every column in order: one of this file's, or a quantity. */
typedef void see_column(void *context, const struct column *own, const struct quantity *quantity,
                        enum mlp_tensor tensor);

static void visit_scope(enum quantity_scope scope, enum mlp_tensor tensor, see_column *see, void *context)
{
	for (size_t i = 0; i < quantities.count; i++)
		if (quantity_at(i)->scope == scope && quantity_at(i)->output & QUANTITY_CSV)
			see(context, NULL, quantity_at(i), tensor);
}

static void visit_all(see_column *see, void *context)
{
	for (const struct section *section = sections; section < sections + SECTIONS; section++) {
		for (size_t i = 0; i < section->count; i++)
			see(context, &section->own[i], NULL, 0);
		for (size_t i = 0; i < 2; i++)
			visit_scope(section->scope[i], 0, see, context);
	}
	for (enum mlp_tensor t = 0; t < MLP_TENSORS; t++)
		visit_scope(QUANTITY_TENSOR, t, see, context);
	for (size_t i = 0; i < sizeof verdict_columns / sizeof verdict_columns[0]; i++)
		see(context, &verdict_columns[i], NULL, 0);
}

struct line {
	struct text *text;
	struct row row;
	bool begun;
};

static void begin_field(struct line *line)
{
	text_add(line->text, line->begun ? "," : "");
	line->begun = true;
}

static void add_name(void *context, const struct column *own, const struct quantity *quantity, enum mlp_tensor tensor)
{
	struct line *line = context;
	begin_field(line);
	if (own)
		text_add(line->text, own->name);
	else
		quantity_column(line->text, quantity, tensor);
}

static void add_field(void *context, const struct column *own, const struct quantity *quantity, enum mlp_tensor tensor)
{
	struct line *line = context;
	begin_field(line);
	line->row.place.tensor = tensor;
	if (own)
		own->add(line->text, &line->row);
	else
		add_value(line->text, quantity, &line->row.place);
}

void out_csv_begin(struct text *text, const struct snapshot *first)
{
	(void)first;
	visit_all(add_name, &(struct line){ .text = text });
	text_add(text, "\n");
}

void out_csv_observation(struct text *text, const struct snapshot *snapshot, const struct snapshot *start)
{
	struct diagnosis net, own;
	diagnosis_of_net(&net, snapshot, start);
	for (size_t layer = 0; layer < snapshot->layers; layer++) {
		diagnosis_of_layer(&own, snapshot, start, layer);
		visit_all(add_field, &(struct line){ .text = text, .row = {
			.place = { .snapshot = snapshot, .layer = layer }, .verdict = net.word, .layer_verdict = own.word } });
		text_add(text, "\n");
	}
}

/* ---- the list of columns ---- */

static void add_summary(void *context, const struct column *own, const struct quantity *quantity,
                        enum mlp_tensor tensor)
{
	struct text *text = context, name = {0};
	(void)tensor;
	if (quantity && quantity->scope == QUANTITY_TENSOR)
		return;
	if (own)
		text_add(&name, own->name);
	else
		quantity_column(&name, quantity, tensor);
	text_addf(text, "  %-27s%s\n", text_string(&name), own ? own->summary : quantity->entry.summary);
	text->failed |= name.failed;
	text_free(&name);
}

void out_csv_columns(struct text *text)
{
	bool percentiles = false;
	visit_all(add_summary, text);
	text_add(text, "and for each of z, a, w, delta, dw, as in z_mean:\n ");
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *quantity = quantity_at(i);
		if (quantity->scope != QUANTITY_TENSOR || !(quantity->output & QUANTITY_CSV))
			continue;
		if (!percentiles && quantity->output & QUANTITY_PERCENTILE)
			text_add(text, "\n ");
		percentiles |= (quantity->output & QUANTITY_PERCENTILE) != 0;
		text_addf(text, " _%s", quantity->entry.name);
	}
	text_add(text, "\n");
}
