/* Gaussian expectations of activations: closed forms where they exist
 * (Cho and Saul 2009; Williams 1996; Tsuchida et al. 2018 as in
 * neural-tangents), quadrature elsewhere. */
#include "nn/theory.h"

#include <math.h>

#include "nn/activation.h"
#include "nn/activation_kind.h"
#include "nn/theory_gauss.h"

/* Slope `left` below 0 and `right` above. */
static struct theory_moments two_lines(double left, double right, double q)
{
	double square = 0.5 * (left * left + right * right);
	return (struct theory_moments){
		.mean = (right - left) * sqrt(q / (2 * M_PI)), .mean_square = square * q, .slope_square = square,
	};
}

static struct theory_moments erf_moments(double q)
{
	return (struct theory_moments){
		.mean_square = M_2_PI * atan2(q, sqrt(q + 0.25)), .slope_square = 4 / M_PI / sqrt(1 + 4 * q),
	};
}

static struct theory_moments gelu_moments(double q)
{
	double root = sqrt(1 + 2 * q);
	double ratio = q / (1 + q); /* squares of q would overflow early */
	return (struct theory_moments){
		.mean = sqrt(q / (2 * M_PI)) * sqrt(ratio),
		.mean_square = q * (0.25 + (ratio / root + 0.5 * atan2(q, root)) / M_PI),
		.slope_square = 0.25 + atan(q / root) / (2 * M_PI) +
		                (1 / (1 + 2 * q) + (1 - q) / (1 + q) + 1) * (q / root) / (2 * M_PI),
	};
}

static struct theory_moments sine_moments(double q)
{
	return (struct theory_moments){ .mean_square = -0.5 * expm1(-2 * q), .slope_square = 0.5 + 0.5 * exp(-2 * q) };
}

static struct theory_moments exponential_moments(double q)
{
	return (struct theory_moments){ .mean = exp(0.5 * q), .mean_square = exp(2 * q), .slope_square = exp(2 * q) };
}

static bool closed_form(struct theory_moments *out, const struct spec *activation, double q)
{
	double (*f)(double, const double *) = activation_of(activation)->f;
	if (f == activation_linear_f)
		*out = two_lines(1, 1, q);
	else if (f == activation_relu_f)
		*out = two_lines(0, 1, q);
	else if (f == activation_leaky_relu_f)
		*out = two_lines(activation->value[0], 1, q);
	else if (f == activation_erf_f)
		*out = erf_moments(q);
	else if (f == activation_gelu_f)
		*out = gelu_moments(q);
	else if (f == activation_sin_f)
		*out = sine_moments(q);
	else if (f == activation_exponential_f)
		*out = exponential_moments(q);
	else
		return false;
	return true;
}

/* The integral for an activation: its bend is at 0 and at least some 0.01 wide. */
static struct gauss_integral integral_of(const struct activation *activation, const double *p, double q,
                                         double kinks[ACTIVATION_MAX_POINTS])
{
	return (struct gauss_integral){
		.q = q, .centre = 0, .finest = 1.0 / 128, .kinks = kinks,
		.kink_count = activation->kinks ? activation->kinks(kinks, p) : 0,
	};
}

struct moments_sum {
	const struct activation *activation;
	const double *p;
	struct theory_moments sum;
};

static void moments_visit(void *context, double u, double weight)
{
	struct moments_sum *m = context;
	double f = m->activation->f(u, m->p), df = m->activation->df(u, m->p);
	m->sum.mean += weight * f;
	m->sum.mean_square += weight * f * f;
	m->sum.slope_square += weight * df * df;
}

void theory_moments(struct theory_moments *out, const struct spec *activation, double q)
{
	const struct activation *kind = activation_of(activation);
	const double *p = activation->value;
	if (!(q >= 0) || isinf(q)) {
		*out = (struct theory_moments){ NAN, NAN, NAN };
		return;
	}
	if (q == 0) { /* every z is 0: the point itself, which at a kink is not the limit */
		double f = kind->f(0, p), df = kind->df(0, p);
		*out = (struct theory_moments){ f, f * f, df * df };
		return;
	}
	if (closed_form(out, activation, q))
		return;
	double kinks[ACTIVATION_MAX_POINTS];
	struct gauss_integral integral = integral_of(kind, p, q, kinks);
	struct moments_sum m = { .activation = kind, .p = p };
	gauss_visit(&integral, moments_visit, &m);
	*out = m.sum;
}

/* ---- two images ---- */

#define HERMITE_TERMS 32

struct hermite_sum {
	const struct activation *activation;
	const double *p;
	double sd;
	double term[HERMITE_TERMS]; /* E f(sd z) h_k(z), h_k the normalized Hermite polynomials */
};

static void hermite_visit(void *context, double u, double weight)
{
	struct hermite_sum *sum = context;
	double z = u / sum->sd, product = weight * sum->activation->f(u, sum->p);
	double before = 0, h = 1;
	for (int k = 0; k < HERMITE_TERMS; k++) {
		sum->term[k] += product * h;
		double next = (z * h - sqrt(k) * before) / sqrt(k + 1);
		before = h;
		h = next;
	}
}

double theory_kernel(const struct spec *activation, double q, double covariance)
{
	const struct activation *kind = activation_of(activation);
	struct theory_moments moments;
	theory_moments(&moments, activation, q);
	if (q == 0 || isnan(moments.mean_square) || isnan(covariance))
		return moments.mean_square + 0 * covariance;
	double correlation = fmax(-1, fmin(1, covariance / q));
	double kinks[ACTIVATION_MAX_POINTS];
	struct gauss_integral integral = integral_of(kind, activation->value, q, kinks);
	struct hermite_sum sum = { .activation = kind, .p = activation->value, .sd = sqrt(q) };
	gauss_visit(&integral, hermite_visit, &sum);
	double kernel = 0, power = 1, rest = moments.mean_square;
	for (int k = 0; k < HERMITE_TERMS; k++) {
		kernel += sum.term[k] * sum.term[k] * power;
		rest -= sum.term[k] * sum.term[k];
		power *= correlation;
	}
	return kernel + fmax(0, rest) * power;
}
