/* The laws from their arguments, their moments, and samples from them. */
#include "nn/initializer_law.h"

#include <math.h>

#include "base/whole.h"

struct law law_constant(double value)
{
	return (struct law){ .shape = LAW_CONSTANT, .mean = value, .fan = LAW_NO_FAN };
}

struct law law_normal(double mean, double sd)
{
	return (struct law){ .shape = LAW_NORMAL, .mean = mean, .sd = sd, .fan = LAW_NO_FAN };
}

struct law law_uniform(double end, double other_end)
{
	return (struct law){
		.shape = LAW_UNIFORM, .low = fmin(end, other_end), .high = fmax(end, other_end), .fan = LAW_NO_FAN,
	};
}

struct law law_truncated(double mean, double sd, double end, double other_end)
{
	double low = fmin(end, other_end), high = fmax(end, other_end);
	if (sd == 0 || low == high)
		return law_constant(fmin(fmax(mean, low), high));
	return (struct law){
		.shape = LAW_TRUNCATED, .mean = mean, .sd = sd, .low = low, .high = high, .fan = LAW_NO_FAN,
	};
}

/* sd of the standard normal cut at -2 and 2 */
#define SD_CUT_AT_2 0.87962566103423978

struct law law_scaled(enum law_form form, double scale, enum law_fan fan, const struct fans *fans)
{
	double n = fan == LAW_FAN_IN ? fans->in : fan == LAW_FAN_OUT ? fans->out : (fans->in + fans->out) / 2;
	double sd = sqrt(scale / n);
	struct law law = {0};
	switch (form) {
	case LAW_FORM_NORMAL:
		law = law_normal(0, sd);
		break;
	case LAW_FORM_UNIFORM:
		law = law_uniform(-sqrt(3) * sd, sqrt(3) * sd);
		break;
	case LAW_FORM_TRUNCATED:
		sd /= SD_CUT_AT_2;
		law = law_truncated(0, sd, -2 * sd, 2 * sd);
		break;
	case LAW_FORM_TF1:
		sd *= sqrt(1.3);
		law = law_truncated(0, sd, -2 * sd, 2 * sd);
		break;
	case LAW_FORM_UNCORRECTED:
		law = law_truncated(0, sd, -2 * sd, 2 * sd);
		break;
	}
	law.fan = fan;
	law.scale = scale;
	return law;
}

/* ---- from the parameters of an entry ---- */

struct law law_of_constant(const struct fans *fans)
{
	return law_constant(fans->p[0]);
}

struct law law_of_normal(const struct fans *fans)
{
	return law_normal(fans->p[0], fans->p[1]);
}

struct law law_of_truncated(const struct fans *fans)
{
	double mean = fans->p[0], sd = fans->p[1];
	return law_truncated(mean, sd, mean - 2 * sd, mean + 2 * sd);
}

struct law law_of_truncated_at(const struct fans *fans)
{
	return law_truncated(fans->p[0], fans->p[1], fans->p[2], fans->p[3]);
}

struct law law_of_uniform(const struct fans *fans)
{
	return law_uniform(fans->p[0], fans->p[1]);
}

enum law_fan law_fan_of(const struct fans *fans)
{
	return (enum law_fan)whole_int(fans->p[1], 0, LAW_NO_FAN);
}

struct law law_of_scaled(const struct fans *fans)
{
	enum law_form form = (enum law_form)whole_int(fans->p[2], 0, LAW_FORM_UNCORRECTED);
	return law_scaled(form, fans->p[0], law_fan_of(fans), fans);
}

/* ---- the standard normal between two ends ---- */

/* The part of [low, high] that has all but 1e-12 of the mass: far out in a tail
 * only a narrow part next to the inner edge. */
static void effective_ends(const struct law *law, double *low, double *high)
{
	*low = (law->low - law->mean) / law->sd;
	*high = (law->high - law->mean) / law->sd;
	double nearest = fmin(fmax(0, *low), *high), reach = sqrt(nearest * nearest + 64);
	*low = fmax(*low, -reach);
	*high = fmin(*high, reach);
}

/* Density relative to its greatest value on [low, high]. */
static double relative_density(double z, double nearest)
{
	return exp(-0.5 * (z - nearest) * (z + nearest));
}

/* Mean and variance by Gauss-Legendre quadrature, five points in each of 32
 * panels.  The textbook formula loses digits in the tails and between close ends;
 * this does not. */
static void truncated_moments(const struct law *law, double *mean, double *variance)
{
	static const double node[5] = { -0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831,
		                        0.9061798459386640 };
	static const double weight[5] = { 0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
		                          0.4786286704993665, 0.2369268850561891 };
	const int panels = 32;
	double low, high;
	effective_ends(law, &low, &high);
	double nearest = fmin(fmax(0, low), high), middle = (low + high) / 2, half = (high - low) / 2 / panels;
	double mass = 0, first = 0, second = 0; /* moments about the middle */
	for (int panel = 0; panel < panels; panel++)
		for (int i = 0; i < 5; i++) {
			double x = half * (2 * panel + 1 - panels + node[i]);
			double share = weight[i] * relative_density(middle + x, nearest);
			mass += share;
			first += share * x;
			second += share * x * x;
		}
	first /= mass;
	*mean = law->mean + law->sd * (middle + first);
	*variance = law->sd * law->sd * (second / mass - first * first);
}

double law_mean(const struct law *law)
{
	double mean = law->mean, variance;
	if (law->shape == LAW_UNIFORM)
		mean = (law->low + law->high) / 2;
	else if (law->shape == LAW_TRUNCATED && law->mean - law->low != law->high - law->mean)
		truncated_moments(law, &mean, &variance); /* not symmetric about the mean */
	return mean;
}

double law_variance(const struct law *law)
{
	double mean, variance = 0, width = law->high - law->low;
	switch (law->shape) {
	case LAW_CONSTANT:
		break;
	case LAW_NORMAL:
		variance = law->sd * law->sd;
		break;
	case LAW_UNIFORM:
		variance = width * width / 12;
		break;
	case LAW_TRUNCATED:
		truncated_moments(law, &mean, &variance);
		break;
	}
	return variance;
}

/* ---- samples ---- */

/* Normal numbers, drawn in blocks, returned one by one. */
#define SOURCE_BLOCK 512

struct source {
	struct rng *rng;
	size_t left;
	float z[SOURCE_BLOCK];
};

static double source_next(struct source *source)
{
	if (source->left == 0) {
		rng_fill_normal(source->rng, source->z, SOURCE_BLOCK);
		source->left = SOURCE_BLOCK;
	}
	return (double)source->z[--source->left];
}

/* By rejection, which has no error in the tails as an inverse function has.
 * Proposals are normal if enough of them are accepted, else uniform between the
 * ends; at least one in 35 is accepted. */
static void fill_truncated(const struct law *law, float *w, size_t n, struct rng *rng)
{
	double low, high;
	effective_ends(law, &low, &high);
	double nearest = fmin(fmax(0, low), high);
	bool from_normal = 0.5 * (erfc(-high / M_SQRT2) - erfc(-low / M_SQRT2)) > 0.1;
	struct source source = { .rng = rng };
	for (size_t i = 0; i < n; i++) {
		double z;
		do
			z = from_normal ? source_next(&source) : low + (high - low) * rng_uniform(rng);
		while (from_normal ? z < low || z > high : rng_uniform(rng) > relative_density(z, nearest));
		w[i] = (float)(law->mean + law->sd * z);
	}
}

void law_fill(const struct law *law, float *w, size_t n, struct rng *rng)
{
	switch (law->shape) {
	case LAW_CONSTANT:
		for (size_t i = 0; i < n; i++)
			w[i] = (float)law->mean;
		break;
	case LAW_NORMAL:
		rng_fill_normal(rng, w, n);
		for (size_t i = 0; i < n; i++)
			w[i] = (float)law->mean + (float)law->sd * w[i];
		break;
	case LAW_UNIFORM:
		rng_fill_uniform(rng, w, n);
		for (size_t i = 0; i < n; i++)
			w[i] = (float)(law->low + (law->high - law->low) * (double)w[i]);
		break;
	case LAW_TRUNCATED:
		fill_truncated(law, w, n, rng);
		break;
	}
}

/* ---- words ---- */

static void explain_scaled(const struct law *law, const struct fans *fans, struct text *text)
{
	if (law->fan == LAW_FAN_AVG)
		text_addf(text, "%.6g/(%g+%g)", 2 * law->scale, fans->in, fans->out);
	else
		text_addf(text, "%.6g/%g", law->scale, law->fan == LAW_FAN_IN ? fans->in : fans->out);
	double n = law->fan == LAW_FAN_IN ? fans->in : law->fan == LAW_FAN_OUT ? fans->out : (fans->in + fans->out) / 2;
	double factor = law_variance(law) * n / law->scale;
	if (fabs(factor - 1) > 1e-9)
		text_addf(text, " x %.6g", factor);
}

void law_explain(const struct law *law, const struct fans *fans, struct text *text)
{
	double variance = law_variance(law);
	if (law->shape == LAW_CONSTANT) {
		text_addf(text, "0, as every entry is %.6g", law->mean);
		return;
	}
	if (law->fan != LAW_NO_FAN && law->scale > 0)
		explain_scaled(law, fans, text);
	else if (law->shape == LAW_UNIFORM)
		text_addf(text, "(%.6g)^2/12", law->high - law->low);
	else if (law->shape == LAW_NORMAL)
		text_addf(text, "%.6g^2", law->sd);
	else
		text_addf(text, "%.6g x %.6g^2", variance / (law->sd * law->sd), law->sd);
	text_addf(text, " = %.4g", variance);
}
