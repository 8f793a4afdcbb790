/* The objects of the JSON lines as mdoc: the members of each with type and meaning, and the
 * names of its quantities, which the manual describes in a section of their own. */
#include "io/manual_json.h"

#include <string.h>

#include "lab/quantity.h"
#include "io/json_objects.h"
#include "io/mdoc.h"

/* "*spike" as "list of spike", "cure?" as "cure or null". */
static void add_kind(struct text *text, const char *kind)
{
	bool list = kind[0] == '*';
	kind += list;
	size_t length = strlen(kind);
	bool may_be_null = kind[length - 1] == '?';
	text_addf(text, "%s%.*s%s", list ? "list of " : "", (int)(length - may_be_null), kind, may_be_null ? " or null" : "");
}

static void add_member(struct text *text, const struct json_member *member)
{
	struct text kind = {0};
	add_kind(&kind, member->kind);
	text_add(text, ".It");
	mdoc_argument(text, "Cm", member->name);
	mdoc_argument(text, "Pq", text_string(&kind));
	text_add(text, "\n");
	mdoc_words(text, member->summary, "");
	text->failed |= kind.failed;
	text_free(&kind);
}

/* The names of the scope's quantities: those that are percentiles, which have an object of
 * their own, or the others. */
static void add_quantities(struct text *names, enum quantity_scope scope, bool percentiles)
{
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *quantity = quantity_at(i);
		bool percentile = quantity->output & QUANTITY_PERCENTILE;
		if (quantity->scope == scope && (quantity->output & QUANTITY_JSON) && percentile == percentiles)
			text_addf(names, "%s%s", names->length ? ", " : "", quantity_key(quantity) + percentile);
	}
}

static void add_object(struct text *text, const struct json_object *object)
{
	struct text names = {0}, percentages = {0};
	add_quantities(&names, object->scope, false);
	add_quantities(&percentages, object->scope, true);
	text_add(text, ".Ss The object");
	mdoc_argument(text, "", object->name);
	text_add(text, "\n");
	mdoc_sentence(text, object->summary);
	if (object->extends)
		text_addf(text, "It has the members of\n.Cm %s\nand:\n", object->extends);
	if (object->members || names.length)
		text_add(text, ".Bl -tag -width Ds\n");
	for (size_t m = 0; m < object->members; m++)
		add_member(text, &object->member[m]);
	if (percentages.length) {
		text_add(text, ".It Cm percentiles Pq object of numbers\nthe values below which this percentage of the finite values is:\n");
		mdoc_words(text, text_string(&percentages), "");
	}
	if (names.length) {
		text_add(text, ".It quantities\n");
		mdoc_words(text, text_string(&names), "");
	}
	if (object->members || names.length)
		text_add(text, ".El\n");
	text->failed |= names.failed | percentages.failed;
	text_free(&names);
	text_free(&percentages);
}

void manual_json(struct text *text)
{
	for (size_t i = 0; i < json_object_count; i++)
		add_object(text, &json_objects[i]);
}
