/* Laws of a single weight: constant, normal, uniform, normal cut at two values,
 * and the same scaled by the fans of a layer. */
#ifndef INITVIZ_NN_INITIALIZER_LAW_H
#define INITVIZ_NN_INITIALIZER_LAW_H

#include <stddef.h>

#include "base/text.h"
#include "nn/initializer.h"
#include "nn/rng.h"

enum law_shape { LAW_CONSTANT, LAW_NORMAL, LAW_UNIFORM, LAW_TRUNCATED };

enum law_fan { LAW_FAN_IN, LAW_FAN_OUT, LAW_FAN_AVG, LAW_NO_FAN };

struct law {
	enum law_shape shape;
	double mean, sd;  /* of the normal, before any cut; mean is the constant */
	double low, high; /* ends of the uniform, or of the cut */

	/* for the explanation, if it comes from scale / fan */
	enum law_fan fan;
	double scale;
};

/* The forms in which frameworks draw with variance scale / n. */
enum law_form {
	LAW_FORM_TRUNCATED,   /* cut at 2 sd, sd larger so that the variance is scale/n */
	LAW_FORM_NORMAL,      /* N(0, scale/n) */
	LAW_FORM_UNIFORM,     /* U(-r, r), r = sqrt(3 scale/n) */
	LAW_FORM_TF1,         /* cut at 2 sd, sd = sqrt(1.3 scale/n): variance 1.00586 scale/n */
	LAW_FORM_UNCORRECTED, /* cut at 2 sd, sd = sqrt(scale/n): variance 0.77374 scale/n */
};

struct law law_constant(double value);
struct law law_normal(double mean, double sd);
struct law law_uniform(double end, double other_end);
struct law law_truncated(double mean, double sd, double end, double other_end);
struct law law_scaled(enum law_form form, double scale, enum law_fan fan, const struct fans *fans);

/* The laws whose arguments are the parameters p[] of an entry, in the order given. */
struct law law_of_constant(const struct fans *fans);     /* the constant */
struct law law_of_normal(const struct fans *fans);       /* mean, sd */
struct law law_of_truncated(const struct fans *fans);    /* mean, sd; cut at +-2 sd */
struct law law_of_truncated_at(const struct fans *fans); /* mean, sd, low, high; cut at low and high */
struct law law_of_uniform(const struct fans *fans);      /* low, high */
struct law law_of_scaled(const struct fans *fans);       /* scale, enum law_fan, enum law_form */

/* The parameter p[1], which is an enum law_fan. */
enum law_fan law_fan_of(const struct fans *fans);

double law_mean(const struct law *law);
double law_variance(const struct law *law);
void law_fill(const struct law *law, float *w, size_t n, struct rng *rng);

/* Appends the variance with its numbers: "2/(784+100) x 1.00586 = 0.002276". */
void law_explain(const struct law *law, const struct fans *fans, struct text *text);

#endif
