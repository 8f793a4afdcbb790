/* Expectations over two correlated normal variables, as series of Hermite
 * polynomials: with f(m + s x) = sum a_k h_k(x) and two x of correlation r,
 *
 *   Cov(f, f') = sum over k >= 1 of a_k^2 r^k    (Mehler 1866)
 *
 * and the same for f^2 and f'^2, which the spread of wide nets needs.  Terms
 * beyond SERIES_TERMS count as one at the next power.  Inside theory*.c only. */
#ifndef INITVIZ_NN_THEORY_SERIES_H
#define INITVIZ_NN_THEORY_SERIES_H

#include "nn/activation.h"
#include "nn/theory.h"
#include "nn/theory_gauss.h"

#define SERIES_TERMS 32

/* Squares of the coefficients 1..SERIES_TERMS, and what is left. */
struct series {
	double square[SERIES_TERMS + 1];
};

struct theory_series {
	double mean, variance; /* of z */
	struct theory_moments moments;
	double f_variance; /* Var f(z): exact also where it is tiny beside the mean's square */
	struct series f;
	struct series slope;      /* k a_k^2: the derivative of Cov(f, f') by r is sum of slope_k r^(k-1) */
	struct series ff, dd;     /* of f^2 and f'^2 */
	struct series f_ff;       /* products of the coefficients of f and f^2: may be negative */
	double slope_square_f, slope_square_ff; /* E f'^2 f, E f'^2 f^2 */
	double mean_rate, square_rate, slope_rate; /* derivatives of E f, E f^2, E f'^2 by ln(variance) */
	bool lines;               /* f is two lines and the mean 0: closed forms for f */
	double left, right;
};

/* z ~ N(mean, variance); all NaN as theory_moments_at(). */
void theory_series(struct theory_series *series, const struct spec *activation, double mean, double variance);

/* Cov(f, f'), its derivative by the correlation, Cov(f^2, f'^2 of the other),
 * Cov of the squared slopes; correlation in [-1, 1]. */
double theory_series_covariance(const struct theory_series *series, double correlation);
double theory_series_rate(const struct theory_series *series, double correlation);
double theory_series_squares(const struct theory_series *series, double correlation);
/* The same where the mean and the mean square of z over the units are given:
 * without the terms 1 and 2. */
double theory_series_squares_normalized(const struct theory_series *series, double correlation);
double theory_series_slope_squares(const struct theory_series *series, double correlation);

/* Cov(f, f^2 of the other), and the same where the mean and the mean square of z are given. */
double theory_series_mixed(const struct theory_series *series, double correlation);
double theory_series_mixed_normalized(const struct theory_series *series, double correlation);

/* E f'(z) f'(z') */
double theory_series_slopes(const struct theory_series *series, double correlation);

/* ---- shared by theory_moments.c and theory_series.c ---- */

/* Whether the activation is a line of slope `left` below 0 and `right` above. */
bool theory_two_lines(const struct spec *activation, double *left, double *right);

/* The moments where no quadrature is needed: closed forms, a variance of 0, and NaN. */
bool theory_moments_known(struct theory_moments *out, const struct spec *activation, double mean, double q);

/* The integral over z - mean for this activation; kinks is its storage. */
struct gauss_integral theory_integral(const struct activation *activation, const double *p, double mean, double q,
                                      double kinks[ACTIVATION_MAX_POINTS]);

#endif
