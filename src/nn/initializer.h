/* Weight initializers: how each fills a matrix, and the variance its formula
 * promises.  Plain names are the textbook form; where frameworks differ,
 * "tf1:", "keras:", "torch:" and "jax:" name their exact flavours. */
#ifndef INITVIZ_NN_INITIALIZER_H
#define INITVIZ_NN_INITIALIZER_H

#include <stddef.h>

#include "base/entry.h"
#include "nn/rng.h"

struct initializer {
	struct entry entry;

	/* Effective variance of one entry for these fans, after any truncation;
	 * NaN when it depends on data (LSUV).  p: the spec's values. */
	double (*variance)(size_t fan_in, size_t fan_out, const double *p);

	/* Mean of one entry; NULL means 0. */
	double (*mean)(size_t fan_in, size_t fan_out, const double *p);

	/* Fills w (fan_in, fan_out) row-major, drawing from rng only. */
	bool (*fill)(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

	/* LSUV and its like: after fill, scale layer by layer on the probe until
	 * the variance of z is 1.  The session does that. */
	bool data_driven;
};

extern const struct table initializers;

static inline const struct initializer *initializer_of(const struct spec *spec)
{
	return (const struct initializer *)(const void *)spec->entry;
}

double initializer_variance(const struct spec *spec, size_t fan_in, size_t fan_out);
double initializer_mean(const struct spec *spec, size_t fan_in, size_t fan_out);
bool initializer_fill(float *w, size_t fan_in, size_t fan_out, const struct spec *spec, struct rng *rng, struct err *err);

/* A short label for titles: "normal(0,1)", "xavier (tf1)", "he (tf1)",
 * "orthogonal"; at most 23 characters. */
void initializer_label(const struct spec *spec, struct text *text);

/* The formula with today's fans filled in:
 * "2/(784+100) x 1.00586 = 0.002276". */
void initializer_explain(const struct spec *spec, size_t fan_in, size_t fan_out, struct text *text);

#endif
