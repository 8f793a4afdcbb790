/* Things a user can name.  Every such thing (an initializer, an activation, a
 * scenario, a view, a command, an option) is a const struct whose first member
 * is a `struct entry`, listed in one `struct table`; looking up, listing,
 * completing, suggesting and documenting are written once, here.  An entry chosen
 * with values for its parameters is a `struct spec` (base/spec.h). */
#ifndef INITVIZ_BASE_ENTRY_H
#define INITVIZ_BASE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define ENTRY_MAX_PARAMETERS 6

struct parameter {
	const char *name;
	double initial;           /* the value when it is not given */
	double low, high;         /* allowed range, both ends included */
	const char *const *words; /* NULL, or the NULL-ended words whose index is the value */
	const char *summary;
	const char *const *variables; /* NULL, or those of the formula that must be given; its number is the value */
	bool made_up;             /* the value is the number of a word of the user's (base/words.h), which has no name before it */
};

struct entry {
	const char *name;
	const char *aliases;   /* other names, separated by blanks; NULL for none */
	const char *summary;   /* one line, no final stop */
	const char *formula;   /* ASCII, or NULL */
	const char *reference; /* paper or documentation, or NULL */
	struct parameter parameters[ENTRY_MAX_PARAMETERS]; /* ended by a NULL name, or full */
};

struct table {
	const char *noun, *plural; /* "initializer", "initializers" */
	const void *items;         /* array of structs that begin with a struct entry */
	size_t count, size;        /* how many, and sizeof one */
	const char *const *variables; /* NULL, or those of formulas that may stand for any number among the parameters */
};

/* Defines a table over the array `array`; TABLE_DECLARE() below declares it. */
#define TABLE_OF(array, noun_, plural_) \
	{ .noun = (noun_), .plural = (plural_), .items = (array), \
	  .count = sizeof(array) / sizeof((array)[0]), .size = sizeof((array)[0]) }

/* The same, with the variables of formulas that its entries take for numbers. */
#define TABLE_WITH_FORMULAS(array, noun_, plural_, variables_) \
	{ .noun = (noun_), .plural = (plural_), .items = (array), \
	  .count = sizeof(array) / sizeof((array)[0]), .size = sizeof((array)[0]), .variables = (variables_) }

/* The i-th entry, 0 <= i < table->count. */
const struct entry *table_at(const struct table *table, size_t i);

/* The index of an entry of this table. */
size_t table_index(const struct table *table, const struct entry *entry);

/* By name or alias, case-blind; NULL with ERR_USAGE that suggests the nearest
 * name or lists all. */
const struct entry *table_find(const struct table *table, const char *name, struct err *err);

/* Declares such a table of `type`s in a header, with its typed accessors:
 * name_at(i), the i-th, 0 <= i < count; name_find(string, err), by name or
 * alias, NULL as from table_find(); name_from(entry), the struct that an entry
 * of this table begins. */
#define TABLE_DECLARE(table_, type, name) \
	extern const struct table table_; \
	static inline const type *name##_from(const struct entry *entry) \
	{ \
		return (const type *)(const void *)entry; \
	} \
	static inline const type *name##_at(size_t i) \
	{ \
		return name##_from(table_at(&table_, i)); \
	} \
	static inline const type *name##_find(const char *string, struct err *err) \
	{ \
		return name##_from(table_find(&table_, string, err)); \
	}

/* The most similar name if it is similar enough to suggest, else NULL. */
const char *table_suggest(const struct table *table, const char *name);

/* Whether an entry requires a formula from the user. */
bool entry_needs_formula(const struct entry *entry);

/* How many parameters an entry has. */
size_t entry_parameter_count(const struct entry *entry);

#endif
