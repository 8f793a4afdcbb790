/* Activation functions: value, derivative, and the properties that theory,
 * histograms and verdicts use. */
#ifndef INITVIZ_NN_ACTIVATION_H
#define INITVIZ_NN_ACTIVATION_H

#include <stddef.h>

#include "base/spec.h"

#define ACTIVATION_MAX_POINTS 4

/* The word for values whose slope is below ACTIVATION_SATURATION_SHARE of the
 * largest one. */
enum activation_saturation {
	SATURATION_FLAT,      /* "flat": neither of the two below */
	SATURATION_SATURATED, /* "saturated": near an end of the range of a bounded function */
	SATURATION_INACTIVE,  /* "inactive": the side of a rectifier that is zero or nearly zero */
};

/* Parameters p[] are the spec's values in the order of the entry. */
struct activation {
	struct entry entry;
	double (*f)(double z, const double *p);  /* the reference definition */
	double (*df)(double z, const double *p); /* its derivative; at a kink as in the frameworks: relu'(0) = 0 */

	/* The same for n floats, with vectors: see activation_forward() and
	 * activation_backward(), which use f and df where these are NULL. */
	void (*forward)(float *a, const float *z, size_t n, const double *p);
	void (*backward)(float *delta, const float *z, const float *a, size_t n, const double *p);

	double (*max_slope)(const double *p);                /* largest |f'|; NaN if it is unbounded (exponential) */
	int (*kinks)(double *at, const double *p);           /* writes the z where f or f' is not smooth, returns how many; NULL: none */
	int (*atoms)(double *at, const double *p);           /* writes the outputs that many z share, returns how many; NULL: none */
	bool rounded;                                        /* its atoms are limits, which are reached only by rounding to float */
	void (*range)(double *low, double *high, const double *p); /* of f, may be infinite */

	enum activation_saturation saturation;               /* the word for values with a small slope */
	const char *torch;                                   /* the module of torch.nn that computes f, "$0" for the first parameter's value; NULL: none */
};

TABLE_DECLARE(activations, struct activation, activation)

/* linear: for a layer without activation. */
extern const struct spec activation_none;

/* a[n] = f(z), and delta[n] (dL/da on entry) multiplied by f'(z): dL/dz.  p: the
 * parameters' values.  z and a may be the same array.  Within 4 units in the last
 * place or 1e-6 absolute of f and df. */
void activation_forward(const struct activation *activation, float *a, const float *z, size_t n, const double *p);
void activation_backward(const struct activation *activation, float *delta, const float *z, const float *a, size_t n,
                         const double *p);

/* The activation of a spec from this table. */
static inline const struct activation *activation_of(const struct spec *spec)
{
	return activation_from(spec->entry);
}

/* "flat", "saturated" or "inactive". */
const char *activation_saturation_word(const struct spec *activation);

/* A value counts as saturated when |f'(z)| is below this share of max_slope. */
#define ACTIVATION_SATURATION_SHARE 0.1

/* The gain of torch's calculate_gain() if it has one, else the gain that keeps the
 * second moment of N(0,1) at 1 (doc/numerics.md 2.2). */
double activation_gain(const struct spec *activation);

#endif
