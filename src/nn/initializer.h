/* Weight initializers: how each fills a matrix, and the variance that its formula
 * gives.  A plain name is the textbook form; "tf1:", "keras:", "torch:" and "jax:"
 * before it name the forms of those frameworks. */
#ifndef INITVIZ_NN_INITIALIZER_H
#define INITVIZ_NN_INITIALIZER_H

#include <stddef.h>

#include "base/spec.h"
#include "nn/rng.h"

/* What the distribution of one entry may depend on. */
struct fans {
	double in, out;
	const double *p; /* the spec's values, or the entry's fixed ones */
};

struct law;

struct initializer {
	struct entry entry;
	const char *label; /* a shorter name for titles, or NULL */

	/* The distribution of an entry, if all entries are independent and have the
	 * same one.  Mean, variance and sampling follow (initializer_law.h). */
	struct law (*law)(const struct fans *fans);
	bool plain; /* a law given by its parameters alone: labels always show them */
	double fixed[3]; /* p of the law, for an entry without parameters */

	/* If law is NULL: the effective variance of one entry, NaN if it depends on
	 * data (entry.formula is its formula); its mean, NULL for 0; and the function
	 * that fills w (fan_in, fan_out). */
	double (*variance)(const struct fans *fans);
	double (*mean)(const struct fans *fans);
	bool (*fill)(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

	bool pattern; /* fill draws nothing */

	/* As LSUV: after fill the session scales the weights, layer by layer, until
	 * the variance of z on the probe is 1. */
	bool data_driven;

	/* From a file: the session reads the weights, and measures what theory needs. */
	bool from_file;

	/* muP: the session scales the layer's learning rate by its widths, relative
	 * to the parameter "base". */
	bool maximal_update;
};

TABLE_DECLARE(initializers, struct initializer, initializer)

static inline const struct initializer *initializer_of(const struct spec *spec)
{
	return initializer_from(spec->entry);
}

/* Where the weights are read from a file (settings.weights).  Not in the table: it cannot be named. */
extern const struct spec initializer_file;

/* "file(PATH,NAME)" or "file(PATH)": one layer's weights are those of the array NAME of a file.  Whether a word has that
 * form; the spec of it, whose one value is the number of the word "PATH,NAME" (base/words.h); and that word, NULL for
 * another spec.  ERR_USAGE, ERR_RESOURCE. */
bool initializer_is_array(const char *word);
bool initializer_array_parse(struct spec *spec, const char *word, struct err *err);
const char *initializer_array(const struct spec *spec);

/* Reads back what spec_format() wrote of any layer's initializer, also of weights from files.  Errors as spec_parse(). */
bool initializer_read_back(struct spec *spec, const char *word, struct err *err);

/* Whether entries of w are not independent draws, as of orthogonal. */
bool initializer_is_structured(const struct spec *spec);

/* Whether the weights are a fixed pattern of unequal entries, of which nothing is drawn. */
bool initializer_is_pattern(const struct spec *spec);

/* Whether w is a factor times a random matrix with orthonormal rows or columns. */
bool initializer_is_orthogonal(const struct spec *spec);

/* What formulas among a spec's parameters may depend on, such as
 * "normal(0,sqrt(2/fan_in))". */
struct initializer_place {
	size_t fan_in, fan_out;
	size_t layer, depth;     /* from 1; the number of layers */
	size_t branch, branches; /* the residual branch that the layer is in, or the last one before it, from 1; and
	                          * how many there are; both at least 1, so that formulas can divide by them */
};

/* The names of its members in formulas, ended by NULL. */
extern const char *const initializer_variables[];

/* Replaces the formulas by their values.  ERR_USAGE when one is out of its
 * parameter's range. */
bool initializer_evaluate(struct spec *spec, const struct initializer_place *place, struct err *err);

/* The arguments of a law: the fans and the values of this spec, which must outlive
 * the result. */
struct fans initializer_fans(const struct spec *spec, size_t fan_in, size_t fan_out);

/* Effective variance and mean of one entry, after any truncation. */
double initializer_variance(const struct spec *spec, size_t fan_in, size_t fan_out);
double initializer_mean(const struct spec *spec, size_t fan_in, size_t fan_out);

/* Fills w (fan_in, fan_out), row-major, with numbers from rng.  ERR_RESOURCE if it
 * needs memory (orthogonal) and there is none. */
bool initializer_fill(float *w, size_t fan_in, size_t fan_out, const struct spec *spec, struct rng *rng,
                      struct err *err);

/* A short label for titles: "normal(0,1)", "xavier (tf1)", "he (tf1)",
 * "orthogonal"; at most 23 characters. */
void initializer_label(const struct spec *spec, struct text *text);

/* The same with every value, however long: "normal(0,1.5/sqrt(fan_in))", where the short label has "(...)". */
void initializer_whole_label(const struct spec *spec, struct text *text);

/* The formula with today's fans filled in:
 * "2/(784+100) x 1.00586 = 0.002276". */
void initializer_explain(const struct spec *spec, size_t fan_in, size_t fan_out, struct text *text);

#endif
