/* A spec is one chosen entry of a table with the values of its parameters, as a
 * user writes it: "relu", "normal(0,0.5)", "adam(lr=0.01,beta1=0.8)". */
#ifndef INITVIZ_BASE_SPEC_H
#define INITVIZ_BASE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"
#include "base/err.h"
#include "base/text.h"

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
