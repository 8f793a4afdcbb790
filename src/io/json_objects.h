/* The objects of the JSON lines: the JSON Schema and the manual read this table.  Quantities
 * are members, too: those of the object's scope come from lab/quantity.h. */
#ifndef INITVIZ_IO_JSON_OBJECTS_H
#define INITVIZ_IO_JSON_OBJECTS_H

#include <stddef.h>

#include "lab/quantity.h"

/* A member that is not a quantity.  kind: "string", "boolean", "number", "count" (a whole
 * number), "item" (a number, null, "Inf" or "-Inf"), "settings" (strings by name) or the
 * name of an object; "?" at its end: or null; "*" before it: a list of them. */
struct json_member {
	const char *name, *kind, *summary;
};

/* An object: the members of another one, its own, and quantities. */
struct json_object {
	const char *name, *summary;
	const struct json_member *member;
	size_t members;
	const char *extends;       /* the object whose members come first; NULL: none */
	enum quantity_scope scope; /* QUANTITY_SCOPES: no quantities */
	size_t optional;           /* own members, from the first on, that may be missing */
};

extern const struct json_object json_objects[];
extern const size_t json_object_count;

#endif
