/* The JSON Schema of --format json and of saved runs, made from the tables of objects and
 * of quantities. */
#include "io/json_schema.h"

#include <string.h>

#include "lab/quantity.h"
#include "io/json_objects.h"
#include "io/json_value.h"

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

static const struct json_object *object_named(const char *name)
{
	const struct json_object *object = json_objects;
	while (strcmp(object->name, name) != 0)
		object++;
	return object;
}

static void add_members(struct building *b, const struct json_object *object)
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
	for (size_t i = 0; i < json_object_count; i++) {
		struct building b = begun();
		add_members(&b, &json_objects[i]);
		json_object_set_new(all, json_objects[i].name, described(finished(&b), json_objects[i].summary));
	}
	return all;
}

void json_schema(struct text *text)
{
	json_begin();
	json_t *schema = json_pack("{s:s,s:s,s:s,s:[{s:s},{s:s},{s:s}],s:o}",
	                           "$schema", "https://json-schema.org/draft/2020-12/schema",
	                           "title", "initviz", "description",
	                           "One line of `initviz --format json`, also with --coordinates, or of a run saved by --record, whose first line is a run.",
	                           "anyOf", "$ref", "#/$defs/observation", "$ref", "#/$defs/run",
	                           "$ref", "#/$defs/coordinates", "$defs", definitions());
	json_add_indented(text, schema, schema == NULL);
}
