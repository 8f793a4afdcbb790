/* Fixed points of the map q -> sigma_w^2 V(q) + sigma_b^2, and the line on
 * which they are critical. */
#include <math.h>

#include "nn/activation.h"
#include "nn/theory.h"

#define RUNAWAY 1e12
#define ROUNDS 10000

/* The limit of a sequence that converges with a constant ratio (Aitken's
 * extrapolation): it speeds up the slow convergence near criticality.  It only
 * moves forward, so it cannot return to an unstable point. */
static double extrapolate(double q0, double q1, double q2)
{
	double ratio = (q2 - q1) / (q1 - q0);
	double ahead = q2 + (q2 - q1) * ratio / (1 - ratio);
	return ratio > 0 && ratio < 1 - 1e-6 && ahead > 0 && ahead < 2 * q2 ? ahead : q2;
}

bool theory_fixed_point(double *q, double *chi, const struct spec *activation, double sigma_w2, double sigma_b2)
{
	double now = 1;
	*q = *chi = NAN;
	for (int round = 0; round < ROUNDS; round += 2) {
		double step[2];
		struct theory_moments m;
		theory_moments(&m, activation, now);
		step[0] = sigma_w2 * m.mean_square + sigma_b2;
		if (!(step[0] <= RUNAWAY))
			return false;
		if (fabs(step[0] - now) <= 1e-13 + 1e-11 * now) {
			*q = step[0];
			*chi = sigma_w2 * m.slope_square;
			return true;
		}
		theory_moments(&m, activation, step[0]);
		step[1] = sigma_w2 * m.mean_square + sigma_b2;
		now = extrapolate(now, step[0], step[1]);
	}
	return false;
}

void theory_critical(double *sigma_w2, double *sigma_b2, const struct spec *activation, double q)
{
	struct theory_moments m;
	theory_moments(&m, activation, q);
	double b2 = q - m.mean_square / m.slope_square;
	*sigma_w2 = 1 / m.slope_square;
	*sigma_b2 = b2 >= 0 ? b2 : b2 >= -1e-9 * q ? 0 : NAN; /* NaN: no bias makes this q critical */
}

/* q D(q) - V(q): the bias variance that criticality requires, times D. */
static double missing_bias(const struct spec *activation, double q)
{
	struct theory_moments m;
	theory_moments(&m, activation, q);
	return q * m.slope_square - m.mean_square;
}

static double slope_square(const struct spec *activation, double q)
{
	struct theory_moments m;
	theory_moments(&m, activation, q);
	return m.slope_square;
}

double theory_edge_of_chaos(const struct spec *activation)
{
	const double least = 1e-20, first = 1e-4, last = 1e6;
	if (activation_of(activation)->f(0, activation->value) == 0) { /* q* = 0: the limit of small signals */
		double slope = slope_square(activation, least);
		return slope > 1e-12 ? 1 / sqrt(slope) : NAN;
	}
	double low = first, high = first;
	while (high < last && !(missing_bias(activation, high) >= 0)) {
		low = high;
		high *= 1.5;
	}
	if (!(high < last))
		return NAN;
	for (int i = 0; i < 60; i++) {
		double middle = 0.5 * (low + high);
		if (missing_bias(activation, middle) < 0)
			low = middle;
		else
			high = middle;
	}
	return 1 / sqrt(slope_square(activation, high));
}
