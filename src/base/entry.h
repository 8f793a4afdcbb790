/* Things a user can name.  Every such thing (an initializer, an activation, a
 * scenario, a view, a command, an option) is a const struct whose first member
 * is a `struct entry`, listed in one `struct table`; looking up, listing,
 * completing, suggesting and documenting are written once, here.
 *
 * A `struct spec` is one chosen entry with its parameter values, as a user
 * writes it: "relu", "normal(0,0.5)", "adam(lr=0.01,beta1=0.8)". */
#ifndef INITVIZ_BASE_ENTRY_H
#define INITVIZ_BASE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

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

struct spec {
	const struct entry *entry;
	double value[ENTRY_MAX_PARAMETERS]; /* unused ones are 0; NaN for a formula not yet evaluated */
	uint32_t formula[ENTRY_MAX_PARAMETERS]; /* numbers of base/expression.h; 0 for plain numbers */
	unsigned given; /* bit i: value[i] was set by spec_parse() or spec_set(); ignored in comparisons */
};

/* An entry with its parameters' initial values. */
struct spec spec_of(const struct entry *entry);

/* Reads NAME, NAME(value,...), NAME(key=value,...); a value may be a formula where
 * the table or the parameter has variables.  Leaves *spec alone and
 * fills err with ERR_USAGE on an unknown name or key, a value out of range or
 * a word that is not among the parameter's words. */
bool spec_parse(struct spec *spec, const struct table *table, const char *string, struct err *err);

/* Appends what spec_parse() reads back: the name, and key=value for what
 * differs from the initial values. */
void spec_format(const struct spec *spec, struct text *text);

/* The i-th value as spec_format() writes it: a number, a word or a formula. */
#define SPEC_VALUE_SIZE TEXT_EXACT_SIZE
const char *spec_written(char out[SPEC_VALUE_SIZE], const struct spec *spec, size_t i);

/* The value of the named parameter; the entry must have it. */
double spec_value(const struct spec *spec, const char *parameter);

/* The text of a parameter's value: its word, or the shortest decimal number that
 * reads back as the same value, written into number[]. */
const char *parameter_text(const struct parameter *parameter, double value, char number[TEXT_EXACT_SIZE]);

/* Evaluates the formulas among the parameters: variable[] are the values of
 * the table's variables.  ERR_USAGE when a result is out of the parameter's range. */
bool spec_evaluate(struct spec *spec, const double *variable, struct err *err);

/* Sets one parameter, checking its range. */
bool spec_set(struct spec *spec, const char *parameter, double value, struct err *err);

/* Whether the parameter's value was set by the user; false if the entry has no such parameter. */
bool spec_gives(const struct spec *spec, const char *parameter);

bool spec_equal(const struct spec *a, const struct spec *b);

#endif
