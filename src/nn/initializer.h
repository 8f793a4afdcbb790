/* Weight initializers: how each fills a matrix, and the variance its formula
 * promises.  Plain names are the textbook form; where frameworks differ,
 * "tf1:", "keras:", "torch:" and "jax:" name their exact flavours. */
#ifndef INITVIZ_NN_INITIALIZER_H
#define INITVIZ_NN_INITIALIZER_H

#include <stddef.h>

#include "base/entry.h"
#include "nn/rng.h"

/* What the law of one entry may depend on. */
struct fans {
	double in, out;
	const double *p; /* the spec's values, or the entry's fixed ones */
};

struct law;

struct initializer {
	struct entry entry;
	const char *label; /* a shorter name for titles, or NULL */

	/* Where all entries are drawn alike and independently: from what.  Mean,
	 * variance and sampling follow from that (initializer_law.h). */
	struct law (*law)(const struct fans *fans);
	bool plain; /* nothing but its parameters: a label always shows them */
	double fixed[3]; /* the law's values for an entry without parameters */

	/* Everything else, where law is NULL: the effective variance of one entry,
	 * NaN when it depends on data (entry.formula must be its formula); its
	 * mean, NULL for 0; the filling of w (fan_in, fan_out). */
	double (*variance)(const struct fans *fans);
	double (*mean)(const struct fans *fans);
	bool (*fill)(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

	/* LSUV and its like: after fill, scale layer by layer on the probe until
	 * the variance of z is 1.  The session does that. */
	bool data_driven;

	/* muP: with its "base" the width also divides the learning rate.  The
	 * session does that. */
	bool maximal_update;
};

TABLE_DECLARE(initializers, struct initializer, initializer)

static inline const struct initializer *initializer_of(const struct spec *spec)
{
	return initializer_from(spec->entry);
}

/* The arguments of a law: fans and values of this spec, which must stay. */
struct fans initializer_fans(const struct spec *spec, size_t fan_in, size_t fan_out);

/* Effective variance and mean of one entry, after any truncation. */
double initializer_variance(const struct spec *spec, size_t fan_in, size_t fan_out);
double initializer_mean(const struct spec *spec, size_t fan_in, size_t fan_out);

/* Fills w (fan_in, fan_out) row-major, drawing from rng only.  ERR_RESOURCE
 * where a law needs scratch memory (orthogonal). */
bool initializer_fill(float *w, size_t fan_in, size_t fan_out, const struct spec *spec, struct rng *rng,
                      struct err *err);

/* A short label for titles: "normal(0,1)", "xavier (tf1)", "he (tf1)",
 * "orthogonal"; at most 23 characters. */
void initializer_label(const struct spec *spec, struct text *text);

/* The formula with today's fans filled in:
 * "2/(784+100) x 1.00586 = 0.002276". */
void initializer_explain(const struct spec *spec, size_t fan_in, size_t fan_out, struct text *text);

#endif
