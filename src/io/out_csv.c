/* Observations as CSV (RFC 4180, lines end in \n): a header, then one row per
 * observation, layer and tensor.  Numbers have enough digits to be read back exactly;
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
COLUMN(tensor, csv_add_string, snapshot_tensor_names[row->place.tensor])

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
static const struct column tensor_columns[] = {
	NAMED(tensor, "z, a, w, delta or dw, of which the row has:"),
};

/* ---- all columns ---- */

/* The columns from left to right: those of this file, then the quantities of some
 * scopes: what the run, the layer and the tensor of a row have. */
static const struct section {
	const struct column *own;
	size_t count, scopes;
	enum quantity_scope scope[2];
} sections[] = {
#define OWN(columns) (columns), sizeof(columns) / sizeof((columns)[0])
	{ OWN(run_columns), 2, { QUANTITY_NET, QUANTITY_INPUT } },
	{ OWN(layer_columns), 2, { QUANTITY_LAYER, QUANTITY_THEORY } },
	{ OWN(verdict_columns), 0, {0} },
	{ OWN(tensor_columns), 1, { QUANTITY_TENSOR } },
#undef OWN
};
#define SECTIONS (sizeof sections / sizeof sections[0])

/* Called for every column in order: one of this file's, or a quantity. */
typedef void see_column(void *context, const struct column *own, const struct quantity *quantity);

static void visit_scope(enum quantity_scope scope, see_column *see, void *context)
{
	for (size_t i = 0; i < quantities.count; i++)
		if (quantity_at(i)->scope == scope && quantity_at(i)->output & QUANTITY_CSV)
			see(context, NULL, quantity_at(i));
}

static void visit_all(see_column *see, void *context)
{
	for (const struct section *section = sections; section < sections + SECTIONS; section++) {
		for (size_t i = 0; i < section->count; i++)
			see(context, &section->own[i], NULL);
		for (size_t i = 0; i < section->scopes; i++)
			visit_scope(section->scope[i], see, context);
	}
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

static void add_name(void *context, const struct column *own, const struct quantity *quantity)
{
	struct line *line = context;
	begin_field(line);
	if (own)
		text_add(line->text, own->name);
	else
		quantity_column(line->text, quantity);
}

static void add_field(void *context, const struct column *own, const struct quantity *quantity)
{
	struct line *line = context;
	begin_field(line);
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
		for (enum mlp_tensor tensor = 0; tensor < MLP_TENSORS; tensor++) {
			visit_all(add_field, &(struct line){ .text = text, .row = {
				.place = { .snapshot = snapshot, .layer = layer, .tensor = tensor }, .verdict = net.word,
				.layer_verdict = own.word } });
			text_add(text, "\n");
		}
	}
}

/* ---- the list of columns ---- */

static void add_summary(void *context, const struct column *own, const struct quantity *quantity)
{
	struct text *text = context, name = {0};
	if (own)
		text_add(&name, own->name);
	else
		quantity_column(&name, quantity);
	text_addf(text, "  %-27s%s\n", text_string(&name), own ? own->summary : quantity->entry.summary);
	text->failed |= name.failed;
	text_free(&name);
}

void out_csv_columns(struct text *text)
{
	visit_all(add_summary, text);
}
