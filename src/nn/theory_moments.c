/* Gaussian expectations of activations: closed forms where they exist
 * (Cho and Saul 2009; Williams 1996; Tsuchida et al. 2018 as in
 * neural-tangents), quadrature elsewhere.  The series for two images is in
 * theory_series.c. */
#include <math.h>

#include "nn/activation.h"
#include "nn/activation_kind.h"
#include "nn/theory_series.h"

/* ---- closed forms ---- */

bool theory_two_lines(const struct spec *activation, double *left, double *right)
{
	double (*f)(double, const double *) = activation_of(activation)->f;
	*right = 1;
	if (f == activation_linear_f)
		*left = 1;
	else if (f == activation_relu_f)
		*left = 0;
	else if (f == activation_leaky_relu_f)
		*left = activation->value[0];
	else
		return false;
	return true;
}

/* Slope `left` below 0 and `right` above: z and the part above 0, of which the
 * moments of a cut normal are known. */
static struct theory_moments two_lines(double left, double right, double mean, double q)
{
	double sd = sqrt(q), h = mean / sd, above = 0.5 * erfc(-h * M_SQRT1_2);
	double density = exp(-0.5 * h * h) * 0.39894228040143267794;
	double part = mean * above + sd * density;                    /* E max(z, 0) */
	double square = (mean * mean + q) * above + mean * sd * density; /* its square's */
	double slope = left + (right - left) * above;
	double slope_square = left * left + (right * right - left * left) * above;
	return (struct theory_moments){
		.mean = left * mean + (right - left) * part,
		.mean_square = left * left * (mean * mean + q) + (right * right - left * left) * square,
		.slope = slope, .slope_square = slope_square,
	};
}

static struct theory_moments erf_moments(double q)
{
	return (struct theory_moments){
		.mean_square = M_2_PI * atan2(q, sqrt(q + 0.25)), .slope = M_2_SQRTPI / sqrt(1 + 2 * q),
		.slope_square = 4 / M_PI / sqrt(1 + 4 * q),
	};
}

static struct theory_moments gelu_moments(double q)
{
	double root = sqrt(1 + 2 * q);
	double ratio = q / (1 + q); /* squares of q would overflow early */
	return (struct theory_moments){
		.mean = sqrt(q / (2 * M_PI)) * sqrt(ratio),
		.mean_square = q * (0.25 + (ratio / root + 0.5 * atan2(q, root)) / M_PI),
		.slope = 0.5,
		.slope_square = 0.25 + atan(q / root) / (2 * M_PI) +
		                (1 / (1 + 2 * q) + (1 - q) / (1 + q) + 1) * (q / root) / (2 * M_PI),
	};
}

/* Of sin(w0 z): that of sin with w0 z for z, its slope times w0. */
static struct theory_moments sine_moments(double mean, double q, double w0)
{
	mean *= w0;
	q *= w0 * w0;
	double twice = cos(2 * mean) * exp(-2 * q), sine = sin(mean); /* expm1: no cancellation at small q */
	return (struct theory_moments){
		.mean = sine * exp(-0.5 * q),
		.mean_square = sine * sine - 0.5 * cos(2 * mean) * expm1(-2 * q),
		.slope = w0 * cos(mean) * exp(-0.5 * q), .slope_square = w0 * w0 * (0.5 + 0.5 * twice),
	};
}

static struct theory_moments exponential_moments(double mean, double q)
{
	double first = exp(mean + 0.5 * q), second = exp(2 * mean + 2 * q);
	return (struct theory_moments){ .mean = first, .mean_square = second, .slope = first, .slope_square = second };
}

static bool closed_form(struct theory_moments *out, const struct spec *activation, double mean, double q)
{
	double (*f)(double, const double *) = activation_of(activation)->f, left, right;
	if (theory_two_lines(activation, &left, &right))
		*out = two_lines(left, right, mean, q);
	else if (f == activation_erf_f && mean == 0)
		*out = erf_moments(q);
	else if (f == activation_gelu_f && mean == 0)
		*out = gelu_moments(q);
	else if (f == activation_sin_f)
		*out = sine_moments(mean, q, activation->value[0]);
	else if (f == activation_exponential_f)
		*out = exponential_moments(mean, q);
	else
		return false;
	return true;
}

/* ---- quadrature ---- */

/* Centred on the mean; the bend of every activation is at z = 0 and at least about
 * 0.01 wide. */
struct gauss_integral theory_integral(const struct activation *activation, const double *p, double mean, double q,
                                      double kinks[ACTIVATION_MAX_POINTS])
{
	int count = activation->kinks ? activation->kinks(kinks, p) : 0;
	for (int i = 0; i < count; i++)
		kinks[i] -= mean;
	return (struct gauss_integral){ .q = q, .centre = -mean, .finest = 1.0 / 128, .kinks = kinks, .kink_count = count };
}

struct moments_sum {
	const struct activation *activation;
	const double *p;
	double mean;
	struct theory_moments sum;
};

static void moments_visit(void *context, double u, double weight)
{
	struct moments_sum *m = context;
	double f = m->activation->f(m->mean + u, m->p), df = m->activation->df(m->mean + u, m->p);
	m->sum.mean += weight * f;
	m->sum.mean_square += weight * f * f;
	m->sum.slope += weight * df;
	m->sum.slope_square += weight * df * df;
}

bool theory_moments_known(struct theory_moments *out, const struct spec *activation, double mean, double q)
{
	const struct activation *kind = activation_of(activation);
	const double *p = activation->value;
	if (!(q >= 0) || isinf(q) || !isfinite(mean)) {
		*out = (struct theory_moments){ NAN, NAN, NAN, NAN };
		return true;
	}
	if (q == 0) { /* every z is the mean: at a kink not the limit */
		double f = kind->f(mean, p), df = kind->df(mean, p);
		*out = (struct theory_moments){ f, f * f, df * df, df };
		return true;
	}
	return closed_form(out, activation, mean, q);
}

void theory_moments_at(struct theory_moments *out, const struct spec *activation, double mean, double q)
{
	const struct activation *kind = activation_of(activation);
	const double *p = activation->value;
	if (theory_moments_known(out, activation, mean, q))
		return;
	double kinks[ACTIVATION_MAX_POINTS];
	struct gauss_integral integral = theory_integral(kind, p, mean, q, kinks);
	struct moments_sum m = { .activation = kind, .p = p, .mean = mean };
	gauss_visit(&integral, moments_visit, &m);
	*out = m.sum;
}

void theory_moments(struct theory_moments *out, const struct spec *activation, double q)
{
	theory_moments_at(out, activation, 0, q);
}
