/* Reading and naming quantities.  Entries are distinguished by their flags only. */
#include "lab/quantity.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nn/activation.h"
#include "nn/theory.h"

static const char *const quantity_unit_words[QUANTITY_UNITS] = {
	[QUANTITY_NUMBER] = "a number", [QUANTITY_SHARE] = "a share, 0 to 1", [QUANTITY_FACTOR] = "a ratio",
	[QUANTITY_COUNT] = "a count", [QUANTITY_NATS] = "in nats", [QUANTITY_DEPTH] = "in layers",
};

static const char *const quantity_when_words[QUANTITY_WHENS] = { /* NULL: always */
	[QUANTITY_MOVED] = "from step 1 on", [QUANTITY_CHANGED] = "in scheduled observations from step 1 on",
	[QUANTITY_SCHEDULED] = "in scheduled observations", [QUANTITY_MEASURED] = "where --singular measures it",
	[QUANTITY_DIVERGED] = "after a NaN or an infinity", [QUANTITY_PREDICTED] = "where theory has an answer",
	[QUANTITY_UNNORMALIZED] = "without normalization, for weights of mean 0", [QUANTITY_MAPPED] = "without batch normalization",
};

const struct quantity *quantity_of(enum quantity_id id)
{
	for (size_t i = 0; i < quantities.count; i++)
		if (quantity_at(i)->id == id)
			return quantity_at(i);
	assert(false); /* every id has an entry */
	return NULL;
}

/* ---- reading ---- */

static bool is_of_layer(const struct quantity *quantity)
{
	return quantity->scope >= QUANTITY_LAYER;
}

/* The struct that the place's value of this scope is a member of. */
static const void *base_of(enum quantity_scope scope, const struct quantity_place *place)
{
	const struct snapshot *snapshot = place->snapshot;
	switch (scope) {
	case QUANTITY_NET:
		return snapshot;
	case QUANTITY_INPUT:
		return &snapshot->input;
	case QUANTITY_LAYER:
		return &snapshot->layer[place->layer];
	case QUANTITY_THEORY:
		return &snapshot->layer[place->layer].theory;
	case QUANTITY_TENSOR:
		return &snapshot->layer[place->layer].tensor[place->tensor];
	case QUANTITY_SCOPES:
		break;
	}
	return NULL;
}

/* Where the value is stored, or NULL beyond the last layer. */
static const void *stored_at(const struct quantity *quantity, const struct quantity_place *place)
{
	if (is_of_layer(quantity) && place->layer >= place->snapshot->layers)
		return NULL;
	return (const char *)base_of(quantity->scope, place) + quantity->offset;
}

uint64_t quantity_read_whole(const struct quantity *quantity, const struct quantity_place *place)
{
	const void *stored = stored_at(quantity, place);
	uint64_t whole = 0;
	assert(quantity->type == QUANTITY_WHOLE);
	if (stored)
		memcpy(&whole, stored, sizeof whole);
	return whole;
}

double quantity_read(const struct quantity *quantity, const struct quantity_place *place)
{
	const void *stored = stored_at(quantity, place);
	double real;
	if (stored == NULL)
		return NAN;
	switch (quantity->type) {
	case QUANTITY_DERIVED:
		return quantity->read(place);
	case QUANTITY_WHOLE:
		return (double)quantity_read_whole(quantity, place);
	case QUANTITY_REAL:
		break;
	}
	memcpy(&real, stored, sizeof real);
	return real;
}

double quantity_read_last(const struct quantity *quantity, const struct quantity_place *place,
                          const struct history *history)
{
	double value = quantity_read(quantity, place);
	if (!isnan(value) || (quantity->when != QUANTITY_SCHEDULED && quantity->when != QUANTITY_CHANGED) || history == NULL)
		return value;
	struct quantity_place last = *place;
	last.snapshot = history_at(history, place->snapshot->step);
	return last.snapshot ? quantity_read(quantity, &last) : NAN;
}

double quantity_theory(const struct quantity *quantity, const struct quantity_place *place)
{
	bool has = quantity->theory[place->tensor] && place->layer < place->snapshot->layers;
	return has ? quantity->theory[place->tensor](place) : NAN;
}

#define FAR_BANDS 2
#define EXACT 0.01 /* a ratio nearer to 1 is never far: a band can be 0, and numbers are rounded */

bool quantity_is_far(const struct quantity *quantity, const struct quantity_place *place)
{
	double observed = quantity_read(quantity, place), theory = quantity_theory(quantity, place);
	if (place->snapshot->step > 0 || !isfinite(observed) || !isfinite(theory))
		return false;
	double band = quantity->band[place->tensor] ? quantity->band[place->tensor](place) : NAN, ratio = observed / theory;
	if (quantity->band_is_absolute)
		return band > 0 && fabs(theory_distance_absolute(observed, theory, band)) > FAR_BANDS;
	if (!isfinite(ratio) || fabs(ratio - 1) < EXACT)
		return false;
	if (isnan(band))
		return ratio > 2 || ratio < 0.5;
	return fabs(theory_distance(observed, theory, band)) > FAR_BANDS;
}

enum quantity_where quantity_where_of(const struct snapshot *snapshot, size_t layer)
{
	if (layer + 1 >= snapshot->layers)
		return QUANTITY_OUTPUT;
	bool ends = snapshot->layers == snapshot->settings.layers && settings_layer_branch(&snapshot->settings, layer + 1);
	return ends ? QUANTITY_HIDDEN | QUANTITY_BRANCH_END : QUANTITY_HIDDEN;
}

bool quantity_applies(const struct quantity *quantity, const struct quantity_place *place)
{
	const struct snapshot *snapshot = place->snapshot;
	if (is_of_layer(quantity) && (place->layer >= snapshot->layers ||
	                              (quantity->where && !(quantity->where & quantity_where_of(snapshot, place->layer)))))
		return false;
	switch (quantity->when) {
	case QUANTITY_MOVED:
		return snapshot->step > 0;
	case QUANTITY_SCHEDULED:
		return snapshot->scheduled;
	case QUANTITY_CHANGED:
		return snapshot->scheduled && snapshot->step > 0;
	case QUANTITY_MEASURED:
		return snapshot->measured && snapshot->layer[place->layer].singular.count > 0;
	case QUANTITY_DIVERGED:
		return snapshot->diverged;
	case QUANTITY_UNNORMALIZED:
		return !mlp_has_shift(snapshot->settings.normalization);
	case QUANTITY_MAPPED: /* batch normalization removes the part that images have in common */
		return snapshot->settings.normalization != MLP_BATCH_NORM;
	case QUANTITY_ALWAYS:
	case QUANTITY_PREDICTED:
	case QUANTITY_WHENS:
		break;
	}
	return true;
}

/* ---- names ---- */

const char *quantity_label(const struct quantity *quantity, const struct quantity_place *place)
{
	const struct spec *activation =
		place->layer < place->snapshot->layers ? &place->snapshot->layer[place->layer].activation : NULL;
	if (quantity->named_by_activation && activation && activation->entry)
		return activation_saturation_word(activation);
	return quantity->label[place->tensor];
}

const char *quantity_key(const struct quantity *quantity)
{
	const char *dot = strchr(quantity->entry.name, '.');
	return dot ? dot + 1 : quantity->entry.name;
}

void quantity_column(struct text *text, const struct quantity *quantity)
{
	for (const char *p = quantity->entry.name; *p; p++)
		text_add_bytes(text, *p == '.' ? "_" : p, 1);
}

void quantity_example(struct text *text, const struct quantity *quantity)
{
	const char *name = quantity->entry.name;
	if (quantity->scope == QUANTITY_TENSOR)
		text_addf(text, "%s1.%s", snapshot_tensor_names[MLP_Z], name);
	else if (is_of_layer(quantity))
		text_addf(text, "%.*s1%s", (int)strcspn(name, "."), name, name + strcspn(name, "."));
	else
		text_add(text, name);
}

bool quantity_is_on_screen(const struct quantity *quantity, enum mlp_tensor tensor)
{
	for (enum quantity_panel panel = 0; quantity->label[tensor] && panel < QUANTITY_PANELS; panel++)
		if (panel != QUANTITY_IN_ANNOUNCED && quantity->shown[panel][tensor].order)
			return true;
	return false;
}

static void add_labels(struct text *text, const struct quantity *quantity)
{
	bool any = false;
	for (enum mlp_tensor t = 0; t < MLP_TENSORS; t++)
		if (quantity_is_on_screen(quantity, t)) {
			text_addf(text, "%s%s", any ? ", " : "; on screen ", quantity->label[t]);
			any = true;
		}
}

void quantity_facts(struct text *text, const struct quantity *quantity)
{
	struct text example = {0}, column = {0};
	quantity_example(&example, quantity);
	quantity_column(&column, quantity);
	text_add(text, quantity_unit_words[quantity->unit]);
	if (is_of_layer(quantity))
		text_addf(text, "; as in %s", text_string(&example));
	if (quantity->output & QUANTITY_CSV)
		text_addf(text, "; in csv %s", text_string(&column));
	add_labels(text, quantity);
	if (quantity->where == QUANTITY_HIDDEN)
		text_add(text, "; hidden layers only");
	if (quantity->where == QUANTITY_BRANCH_END)
		text_add(text, "; where a residual branch ends");
	if (quantity_when_words[quantity->when])
		text_addf(text, "; %s", quantity_when_words[quantity->when]);
	text->failed |= example.failed | column.failed;
	text_free(&example);
	text_free(&column);
}

/* ---- by name ---- */

static void add_names(struct text *list, enum quantity_scope scope)
{
	for (size_t i = 0; i < quantities.count; i++)
		if (quantity_at(i)->scope == scope)
			text_addf(list, "%s%s", list->length ? " " : "", quantity_key(quantity_at(i)));
}

/* Fails with the names of this scope. */
static bool no_such(enum quantity_scope scope, const char *of, const char *name, struct err *err)
{
	char safe[64];
	struct text list = {0};
	add_names(&list, scope);
	err_set(err, ERR_USAGE, "no number of %s is called '%s': choose from %s", of, text_escape(safe, sizeof safe, name),
	        text_string(&list));
	text_free(&list);
	return false;
}

/* The scope's entry with this key, or NULL. */
static const struct quantity *find(enum quantity_scope scope, const char *key)
{
	for (size_t i = 0; i < quantities.count; i++)
		if (quantity_at(i)->scope == scope && strcmp(quantity_key(quantity_at(i)), key) == 0)
			return quantity_at(i);
	return NULL;
}

/* Fails for a name that has no known form. */
static bool unknown(const char *name, struct err *err)
{
	char safe[64];
	struct text list = {0};
	add_names(&list, QUANTITY_NET);
	err_set(err, ERR_USAGE, "no number is called '%s': choose from %s; input.mean; of layer 1 saturated1, "
	        "theory1.chi, z1.variance (z, a, w, delta or dw); `initviz --list quantities` lists all",
	        text_escape(safe, sizeof safe, name), text_string(&list));
	text_free(&list);
	return false;
}

/* A layer's number: word[letters] and then digits, key after a dot or "". */
static bool layer_value(const struct snapshot *snapshot, const char *name, size_t letters, double *value,
                        struct err *err)
{
	char word[32], digits[8], safe[64];
	size_t figures = strspn(name + letters, "0123456789");
	uint64_t layer;
	if (letters >= sizeof word || figures >= sizeof digits)
		return unknown(name, err);
	snprintf(word, sizeof word, "%.*s", (int)letters, name);
	snprintf(digits, sizeof digits, "%.*s", (int)figures, name + letters);
	const char *rest = name + letters + figures;
	if (!text_unsigned(digits, &layer) || layer < 1 || layer > snapshot->layers)
		return err_set(err, ERR_USAGE, "'%s': this net has the layers 1 to %zu", text_escape(safe, sizeof safe, name),
		               snapshot->layers);
	struct quantity_place place = { .snapshot = snapshot, .layer = (size_t)layer - 1 };
	enum quantity_scope scope = QUANTITY_SCOPES;
	if (*rest == '\0')
		scope = QUANTITY_LAYER;
	else if (*rest == '.' && strcmp(word, "theory") == 0)
		scope = QUANTITY_THEORY;
	for (size_t t = 0; t < MLP_TENSORS && *rest == '.'; t++)
		if (strcmp(snapshot_tensor_names[t], word) == 0) {
			scope = QUANTITY_TENSOR;
			place.tensor = (enum mlp_tensor)t;
		}
	if (scope == QUANTITY_SCOPES)
		return unknown(name, err);
	const char *key = scope == QUANTITY_LAYER ? word : rest + 1;
	const struct quantity *quantity = find(scope, key);
	if (quantity == NULL)
		return no_such(scope, scope == QUANTITY_TENSOR ? "a tensor" : scope == QUANTITY_THEORY ? "theory" : "a layer",
		               key, err);
	*value = quantity_read(quantity, &place);
	return true;
}

bool quantity_value(const struct snapshot *snapshot, const char *name, double *value, struct err *err)
{
	static const char input[] = "input.";
	struct quantity_place place = { .snapshot = snapshot };
	size_t letters = strcspn(name, ".0123456789");
	if (name[letters] >= '0' && name[letters] <= '9')
		return layer_value(snapshot, name, letters, value, err);
	bool of_input = strncmp(name, input, strlen(input)) == 0;
	const struct quantity *quantity =
		of_input ? find(QUANTITY_INPUT, name + strlen(input)) : find(QUANTITY_NET, name);
	if (quantity == NULL)
		return of_input ? no_such(QUANTITY_INPUT, "the input", name + strlen(input), err) : unknown(name, err);
	*value = quantity_read(quantity, &place);
	return true;
}

/* ---- panels ---- */

static void insert(struct quantity_line *lines, size_t count, struct quantity_line line)
{
	for (; count > 0 && lines[count - 1].shown->order > line.shown->order; count--)
		lines[count] = lines[count - 1];
	lines[count] = line;
}

size_t quantity_panel(struct quantity_line lines[QUANTITY_PANEL_MOST], enum quantity_panel panel,
                      enum quantity_where where)
{
	size_t count = 0;
	for (size_t i = 0; i < quantities.count; i++)
		for (enum mlp_tensor t = 0; t < MLP_TENSORS; t++) {
			const struct quantity *quantity = quantity_at(i);
			const struct quantity_shown *shown = &quantity->shown[panel][t];
			enum quantity_where own = shown->where ? shown->where : quantity->where ? quantity->where : QUANTITY_EVERY;
			if (shown->order == 0 || !(own & where))
				continue;
			assert(count < QUANTITY_PANEL_MOST);
			insert(lines, count++, (struct quantity_line){ quantity, t, shown });
		}
	return count;
}
