/* The JSON Schema of --format json and of saved runs.  Numbers come from the table of
 * quantities; the other members are listed here. */
#include "io/json_schema.h"

#include <string.h>

#include "lab/quantity.h"
#include "io/json_value.h"
#include "io/out_observation.h"

/* A member of an object that is not a quantity.  kind: a name of "$defs", or "null" too
 * where it ends in "?", and an array of it where it begins with "*". */
struct member {
	const char *name, *kind, *summary;
};

static const struct member histogram_members[] = {
	{ "low", "number", "where the first bin begins" },
	{ "high", "number", "where the last bin ends" },
	{ "below", "count", "finite values below" },
	{ "above", "count", "finite values above" },
	{ "spikes", "*spike", "values that are counted apart, such as exactly 0 under relu" },
	{ "counts", "*count", "values in each of the bins, which are equally wide" },
};
static const struct member spike_members[] = {
	{ "value", "number", "exactly this value" },
	{ "count", "count", "how many" },
};
static const struct member magnitudes_members[] = {
	{ "zeros", "count", "values that are 0" },
	{ "below", "count", "sizes below 1e-12" },
	{ "above", "count", "sizes above 1e4" },
	{ "counts", "*count", "sizes in bins of a quarter of a decade, from 1e-12 to 1e4" },
};
static const struct member tensor_members[] = {
	{ "histogram", "histogram", "missing under --no-histograms" },
	{ "magnitudes", "magnitudes", "of gradients only; missing under --no-histograms" },
};
static const struct member theory_members[] = {
	{ "lacks", "string?", "why there is no prediction" },
};
static const struct member verdict_members[] = {
	{ "word", "string", "one word" },
	{ "severity", "string", "healthy, note, ill or broken" },
	{ "sentence", "string", "what is wrong" },
	{ "cause", "string?", "why" },
	{ "rule", "string", "the name in `initviz --list rules`" },
	{ "threshold", "number?", "the rule's limit" },
	{ "layer", "count", "the layer it speaks of, from 1; 0: the whole net" },
	{ "learns", "boolean", "whether the net learns all the same" },
	{ "from_start", "boolean", "whether it is so since step 0" },
};
static const struct member net_verdict_members[] = {
	{ "cure", "cure?", "at step 0 and in the last observation" },
};
static const struct member cure_members[] = {
	{ "outcome", "string", "whether a cure was found" },
	{ "words", "string", "what it does" },
	{ "settings", "string?", "options that apply it" },
	{ "predicted", "factors?", "the cured net's numbers by theory" },
};
static const struct member factors_members[] = {
	{ "z_mean_square", "number?", "E[z^2] of layer 1" },
	{ "signal_factor", "number?", "growth of E[z^2] from the first to the last hidden layer" },
	{ "gradient_factor", "number?", "growth of the gradient's mean square from the last to the first" },
	{ "saturated", "number?", "share of saturated or inactive outputs" },
	{ "correlation", "number?", "of two images in the last hidden layer" },
};
static const struct member layer_members[] = {
	{ "layer", "count", "its number, from 1" },
	{ "fan_in", "count", "its inputs" },
	{ "fan_out", "count", "its units" },
	{ "initializer", "string", "as --init takes it" },
	{ "activation", "string", "as --activation takes it, or softmax" },
	{ "z", "tensor", "inputs of the activation" },
	{ "a", "tensor", "outputs of the activation" },
	{ "w", "tensor", "weights" },
	{ "delta", "tensor", "gradient of each image's loss by z" },
	{ "dw", "tensor", "gradient of the loss by the weights" },
	{ "theory", "theory", "predictions for step 0, from the settings" },
	{ "theory_now", "theory", "predictions for random weights with the present variances" },
	{ "verdict", "verdict", "on the layer" },
};
static const struct member diverged_members[] = {
	{ "step", "count", "of the first NaN or infinity" },
	{ "layer", "count", "where it was" },
};
static const struct member trace_members[] = {
	{ "stride", "count", "steps in each value" },
	{ "values", "*item", "means over these steps" },
	{ "pending", "count", "steps after the last value" },
	{ "sum", "number?", "over these" },
};
static const struct member observation_members[] = {
	{ "schema", "string", "initviz/1" },
	{ "scenario", "string", "where the settings started from" },
	{ "data", "string", "the data set in use" },
	{ "warning", "string", "the first warning about the data" },
	{ "warnings", "*string", "all of them" },
	{ "seed", "count", "of the run" },
	{ "settings", "settings", "those that may change during a run" },
	{ "step", "count", "training steps done" },
	{ "scheduled", "boolean", "whether --every asked for this observation" },
	{ "last", "boolean", "whether it is the last of the run" },
	{ "diverged", "diverged?", "null: all numbers are finite" },
	{ "batch_loss", "trace", "loss of each training batch" },
	{ "batch_accuracy", "trace", "accuracy of each training batch" },
	{ "input", "input", "the probe's images" },
	{ "verdict", "net_verdict", "on the net" },
	{ "layers", "*layer", "from the first to the output layer" },
};
static const struct member run_members[] = {
	{ "schema", "string", OUT_JSON_RUN },
	{ "program", "string", "that wrote the file" },
	{ "observations", "count", "lines that follow" },
	{ "settings", "settings", "of the start" },
	{ "edits", "*edit", "changes during the run" },
};
static const struct member edit_members[] = {
	{ "step", "count", "after which it was made" },
	{ "layer", "count", "whose weights were multiplied" },
	{ "factor", "number", "by this" },
	{ "name", "string", "the setting that was changed" },
	{ "value", "string", "its new value" },
};

/* An object of "$defs": its own members, those of another, and quantities. */
static const struct object {
	const char *name;
	const struct member *member;
	size_t members;
	const char *extends;       /* an object whose members come first; NULL: none */
	enum quantity_scope scope; /* QUANTITY_SCOPES: no quantities */
	size_t optional;           /* own members, from the first on, that may be missing */
} objects[] = {
#define OBJECT(name_, ...) { #name_, name_##_members, sizeof name_##_members / sizeof name_##_members[0], __VA_ARGS__ }
	OBJECT(observation, NULL, QUANTITY_NET, 0),
	{ "input", NULL, 0, NULL, QUANTITY_INPUT, 0 },
	OBJECT(layer, NULL, QUANTITY_LAYER, 0),
	OBJECT(tensor, NULL, QUANTITY_TENSOR, 2),
	OBJECT(histogram, NULL, QUANTITY_SCOPES, 0),
	OBJECT(spike, NULL, QUANTITY_SCOPES, 0),
	OBJECT(magnitudes, NULL, QUANTITY_SCOPES, 0),
	OBJECT(theory, NULL, QUANTITY_THEORY, 0),
	OBJECT(verdict, NULL, QUANTITY_SCOPES, 0),
	OBJECT(net_verdict, "verdict", QUANTITY_SCOPES, 0),
	OBJECT(cure, NULL, QUANTITY_SCOPES, 0),
	OBJECT(factors, NULL, QUANTITY_SCOPES, 0),
	OBJECT(diverged, NULL, QUANTITY_SCOPES, 0),
	OBJECT(trace, NULL, QUANTITY_SCOPES, 0),
	OBJECT(run, NULL, QUANTITY_SCOPES, 0),
	OBJECT(edit, NULL, QUANTITY_SCOPES, sizeof edit_members / sizeof edit_members[0]),
};
#define OBJECTS (sizeof objects / sizeof objects[0])

/* ---- types ---- */

static json_t *reference(const char *kind, size_t length)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%.*s", (int)length, kind));
}

static json_t *type_of(const char *kind)
{
	size_t length = strlen(kind);
	bool list = kind[0] == '*';
	if (list) {
		kind++;
		length--;
	}
	bool may_be_null = length && kind[length - 1] == '?';
	json_t *type = reference(kind, length - may_be_null);
	if (may_be_null)
		type = json_pack("{s:[o,{s:s}]}", "anyOf", type, "type", "null");
	return list ? json_pack("{s:s,s:o}", "type", "array", "items", type) : type;
}

static json_t *described(json_t *type, const char *summary)
{
	json_object_set_new(type, "description", json_string(summary));
	return type;
}

/* ---- objects ---- */

struct building {
	json_t *properties, *required;
};

static void add(struct building *b, const char *name, json_t *type, bool required)
{
	json_object_set_new(b->properties, name, type);
	if (required)
		json_array_append_new(b->required, json_string(name));
}

static json_t *finished(const struct building *b)
{
	add(&(struct building){ b->properties, NULL }, "infinite", type_of("infinite"), false);
	return json_pack("{s:s,s:o,s:o,s:b}", "type", "object", "properties", b->properties, "required", b->required,
	                 "additionalProperties", 0);
}

static struct building begun(void)
{
	return (struct building){ json_object(), json_array() };
}

static json_t *quantity_type(const struct quantity *quantity)
{
	if (quantity->type == QUANTITY_WHOLE)
		return type_of("count");
	bool share = quantity->unit == QUANTITY_SHARE;
	return type_of(share ? "share?" : quantity->not_negative ? "size?" : "number?");
}

static void add_quantities(struct building *b, enum quantity_scope scope)
{
	struct building percentiles = begun();
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *quantity = quantity_at(i);
		if (quantity->scope != scope || !(quantity->output & QUANTITY_JSON))
			continue;
		bool percentile = quantity->output & QUANTITY_PERCENTILE;
		add(percentile ? &percentiles : b, quantity_key(quantity) + percentile,
		    described(quantity_type(quantity), quantity->entry.summary), !(quantity->output & QUANTITY_JSON_LATER));
	}
	if (json_object_size(percentiles.properties)) {
		add(b, "percentiles", finished(&percentiles), true);
	} else {
		json_decref(percentiles.properties);
		json_decref(percentiles.required);
	}
}

static const struct object *object_named(const char *name)
{
	const struct object *object = objects;
	while (strcmp(object->name, name) != 0)
		object++;
	return object;
}

static void add_members(struct building *b, const struct object *object)
{
	if (object->extends)
		add_members(b, object_named(object->extends));
	for (size_t i = 0; i < object->members; i++)
		add(b, object->member[i].name, described(type_of(object->member[i].kind), object->member[i].summary),
		    i >= object->optional);
	if (object->scope != QUANTITY_SCOPES)
		add_quantities(b, object->scope);
}

static json_t *definitions(void)
{
	json_t *all = json_pack("{s:{s:s},s:{s:s},s:{s:s,s:i},s:{s:s,s:i,s:i},s:{s:s}}",
	                        "string", "type", "string", "boolean", "type", "boolean",
	                        "size", "type", "number", "minimum", 0,
	                        "share", "type", "number", "minimum", 0, "maximum", 1, "number", "type", "number");
	json_object_set_new(all, "count",
	                    json_pack("{s:[{s:s,s:i},{s:s,s:s}],s:s}", "anyOf", "type", "integer", "minimum", 0,
	                              "type", "string", "pattern", "^[0-9]+$", "description",
	                              "a whole number; a string of digits above 2^53"));
	json_object_set_new(all, "item",
	                    json_pack("{s:[{s:[s,s]},{s:[s,s]}]}", "anyOf", "type", "number", "null", "enum", "Inf", "-Inf"));
	json_object_set_new(all, "infinite",
	                    json_pack("{s:s,s:{s:[i,i]},s:s}", "type", "object", "additionalProperties", "enum", 1, -1,
	                              "description", "the signs of members that are null because they are infinite"));
	json_object_set_new(all, "settings",
	                    json_pack("{s:s,s:{s:s},s:s}", "type", "object", "additionalProperties", "type", "string",
	                              "description", "settings by name, as options take them"));
	for (size_t i = 0; i < OBJECTS; i++) {
		struct building b = begun();
		add_members(&b, &objects[i]);
		json_object_set_new(all, objects[i].name, finished(&b));
	}
	return all;
}

void json_schema(struct text *text)
{
	json_begin();
	json_t *schema = json_pack("{s:s,s:s,s:s,s:[{s:s},{s:s}],s:o}",
	                           "$schema", "https://json-schema.org/draft/2020-12/schema",
	                           "title", "initviz", "description",
	                           "One line of `initviz --format json`, or of a run saved by --record, whose first line is a run.",
	                           "anyOf", "$ref", "#/$defs/observation", "$ref", "#/$defs/run", "$defs", definitions());
	json_add_indented(text, schema, schema == NULL);
}
