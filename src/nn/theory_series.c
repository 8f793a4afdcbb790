/* Hermite series of an activation, its square and its slope's square, all from
 * one pass of quadrature; arc-cosine kernels where f is two lines. */
#include "nn/theory_series.h"

#include <math.h>

#define NODES 16 /* taken together: the polynomials of one node wait for each other */

struct sums {
	const struct activation *activation;
	const double *p;
	double mean, sd;
	double centre; /* f(mean): without it small variances would cancel */
	double f[SERIES_TERMS + 1], ff[SERIES_TERMS + 1], dd[SERIES_TERMS + 1]; /* coefficients */
	struct theory_moments moments;
	double f2, f3, f4, d4; /* E (f - centre)^2, E (f - centre) f^2, E f^4, E f'^4 */
	double ddf, ddff;  /* E f'^2 f, E f'^2 f^2 */
	int nodes; /* that are not in the coefficients yet */
	double x[NODES], wf[NODES], wff[NODES], wdd[NODES]; /* weight times f - centre, f^2, f'^2 */
};

/* Adds the nodes to the coefficients, in their order. */
static void add_nodes(struct sums *s)
{
	double before[NODES] = {0}, h[NODES];
	for (int i = 0; i < s->nodes; i++)
		h[i] = 1;
	for (int k = 0; k <= SERIES_TERMS; k++) {
		double f = s->f[k], ff = s->ff[k], dd = s->dd[k], root = sqrt(k), next_root = sqrt(k + 1);
		for (int i = 0; i < s->nodes; i++) {
			f += s->wf[i] * h[i];
			ff += s->wff[i] * h[i];
			dd += s->wdd[i] * h[i];
		}
		for (int i = 0; i < s->nodes; i++) {
			double next = (s->x[i] * h[i] - root * before[i]) / next_root;
			before[i] = h[i];
			h[i] = next;
		}
		s->f[k] = f;
		s->ff[k] = ff;
		s->dd[k] = dd;
	}
	s->nodes = 0;
}

static void visit(void *context, double u, double weight)
{
	struct sums *s = context;
	double f = s->activation->f(s->mean + u, s->p), df = s->activation->df(s->mean + u, s->p);
	double wf = weight * (f - s->centre), wff = weight * f * f, wdd = weight * df * df;
	s->x[s->nodes] = u / s->sd;
	s->wf[s->nodes] = wf;
	s->wff[s->nodes] = wff;
	s->wdd[s->nodes] = wdd;
	s->moments.mean += weight * f;
	s->moments.mean_square += weight * f * f;
	s->moments.slope += weight * df;
	s->moments.slope_square += weight * df * df;
	s->f2 += wf * (f - s->centre);
	s->f3 += wf * f * f;
	s->f4 += wff * f * f;
	s->d4 += wdd * df * df;
	s->ddf += wdd * f;
	s->ddff += wdd * f * f;
	if (++s->nodes == NODES)
		add_nodes(s);
}

/* From coefficients and the whole sum of their squares, that of k = 0 apart. */
static void fill(struct series *series, const double *coefficient, double whole)
{
	for (int k = 1; k <= SERIES_TERMS; k++) {
		series->square[k - 1] = coefficient[k] * coefficient[k];
		whole -= series->square[k - 1];
	}
	series->square[SERIES_TERMS] = fmax(0, whole) + 0 * whole; /* the term keeps a NaN */
}

/* The same for two functions; `whole` is the expectation of their product. */
static void fill_mixed(struct series *series, const double *one, const double *other, double whole)
{
	whole -= one[0] * other[0];
	for (int k = 1; k <= SERIES_TERMS; k++) {
		series->square[k - 1] = one[k] * other[k];
		whole -= series->square[k - 1];
	}
	series->square[SERIES_TERMS] = whole;
}

static double sum_of(const struct series *series)
{
	double sum = 0;
	for (int k = 0; k <= SERIES_TERMS; k++)
		sum += series->square[k];
	return sum;
}

void theory_series(struct theory_series *series, const struct spec *activation, double mean, double variance)
{
	const struct activation *kind = activation_of(activation);
	*series = (struct theory_series){ .mean = mean, .variance = variance };
	bool known = theory_moments_known(&series->moments, activation, mean, variance);
	if (known && isnan(series->moments.mean_square)) {
		series->f_variance = NAN;
		series->mean_rate = series->square_rate = series->slope_rate = NAN;
		return;
	}
	if (variance == 0)
		return;
	double kinks[ACTIVATION_MAX_POINTS];
	struct gauss_integral integral = theory_integral(kind, activation->value, mean, variance, kinks);
	struct sums sums = { .activation = kind, .p = activation->value, .mean = mean, .sd = sqrt(variance),
	                     .centre = kind->f(mean, activation->value) };
	gauss_visit(&integral, visit, &sums);
	add_nodes(&sums);
	if (!known) /* the same nodes as those of theory_moments_at() */
		series->moments = sums.moments;
	if (isnan(series->moments.mean_square)) {
		series->f_variance = NAN;
		series->mean_rate = series->square_rate = series->slope_rate = NAN;
		return;
	}
	fill(&series->f, sums.f, sums.f2 - sums.f[0] * sums.f[0]);
	fill(&series->ff, sums.ff, sums.f4 - sums.ff[0] * sums.ff[0]);
	fill(&series->dd, sums.dd, sums.d4 - sums.dd[0] * sums.dd[0]);
	fill_mixed(&series->f_ff, sums.f, sums.ff, sums.f3);
	series->slope_square_f = sums.ddf;
	series->slope_square_ff = sums.ddff;
	series->f_variance = sum_of(&series->f);
	double rest = variance * series->moments.slope_square;
	for (int k = 1; k <= SERIES_TERMS; k++) {
		series->slope.square[k - 1] = k * series->f.square[k - 1];
		rest -= series->slope.square[k - 1];
	}
	series->slope.square[SERIES_TERMS] = fmax(0, rest);
	/* d/d ln(variance) E g(m + s x) = E g (x^2 - 1) / 2, and h_2 = (x^2 - 1) / sqrt 2 */
	series->mean_rate = sums.f[2] * M_SQRT1_2;
	series->square_rate = sums.ff[2] * M_SQRT1_2;
	series->slope_rate = sums.dd[2] * M_SQRT1_2;
	series->lines = mean == 0 && theory_two_lines(activation, &series->left, &series->right);
	if (series->lines)
		series->f_variance = series->moments.mean_square - series->moments.mean * series->moments.mean;
}

/* The sum of square[k] times first correlation^k. */
static double power_sum(const struct series *series, double first, double correlation)
{
	double sum = 0, power = first;
	for (int k = 0; k <= SERIES_TERMS; k++) {
		sum += series->square[k] * power;
		power *= correlation;
	}
	return sum;
}

double theory_series_covariance(const struct theory_series *series, double r)
{
	if (isnan(series->f_variance) || isnan(r))
		return NAN;
	if (!series->lines)
		return power_sum(&series->f, r, r);
	/* f = even |z| + odd z; E |x x'| = 2/pi (sqrt(1 - r^2) + r asin r) */
	double odd = 0.5 * (series->right + series->left), even = 0.5 * (series->right - series->left);
	double absolute = M_2_PI * (sqrt(fmax(0, 1 - r * r)) + r * asin(fmax(-1, fmin(1, r))) - 1);
	return series->variance * (odd * odd * r + even * even * absolute);
}

double theory_series_rate(const struct theory_series *series, double r)
{
	if (isnan(series->f_variance) || isnan(r))
		return NAN;
	if (!series->lines)
		return power_sum(&series->slope, 1, r);
	double odd = 0.5 * (series->right + series->left), even = 0.5 * (series->right - series->left);
	return series->variance * (odd * odd + even * even * M_2_PI * asin(fmax(-1, fmin(1, r))));
}

double theory_series_squares(const struct theory_series *series, double r)
{
	return isnan(series->f_variance) || isnan(r) ? NAN : power_sum(&series->ff, r, r);
}

double theory_series_squares_normalized(const struct theory_series *series, double r)
{
	return theory_series_squares(series, r) - r * series->ff.square[0] - r * r * series->ff.square[1];
}

double theory_series_mixed(const struct theory_series *series, double r)
{
	return isnan(series->f_variance) || isnan(r) ? NAN : power_sum(&series->f_ff, r, r);
}

double theory_series_mixed_normalized(const struct theory_series *series, double r)
{
	return theory_series_mixed(series, r) - r * series->f_ff.square[0] - r * r * series->f_ff.square[1];
}

double theory_series_slope_squares(const struct theory_series *series, double r)
{
	return isnan(series->f_variance) || isnan(r) ? NAN : power_sum(&series->dd, r, r);
}

double theory_series_slopes(const struct theory_series *series, double r)
{
	if (series->variance == 0)
		return series->moments.slope_square;
	return theory_series_rate(series, r) / series->variance;
}
