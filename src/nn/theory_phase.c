/* Points of the plane of sigma_w and sigma_b. */
#include "nn/theory_phase.h"

#include <math.h>

#include "nn/theory_series.h"

#define LEAST_Q 1e-10    /* below, the signal counts as faded */
#define STRIDE 1.5       /* q grows by this factor in the search for the fixed point */
#define HALVINGS 40
#define CRITICAL 1e-6    /* a |chi - 1| below this is one */

/* ---- the fixed point ---- */

struct q_map {
	struct theory_grid *grid;
	double w2, b2;
};

static double mean_square_after(const struct q_map *map, double q)
{
	struct theory_moments m;
	theory_grid_moments(&m, map->grid, q);
	return map->w2 * m.mean_square + map->b2;
}

/* The map lies above q at low and not above at high. */
static double between(const struct q_map *map, double low, double high)
{
	for (int i = 0; i < HALVINGS; i++) {
		double middle = sqrt(low * high);
		if (mean_square_after(map, middle) > middle)
			low = middle;
		else
			high = middle;
	}
	return sqrt(low * high);
}

/* A map that rises with q goes on in the direction of its first step, and stops at
 * the first fixed point. */
static double fixed_point(const struct q_map *map)
{
	double q = 1, next = mean_square_after(map, q);
	if (isnan(next) || next == q)
		return next;
	bool up = next > q;
	while (up ? q < THEORY_PHASE_MOST_Q : q > LEAST_Q) {
		double beyond = up ? q * STRIDE : q / STRIDE;
		if ((mean_square_after(map, beyond) > beyond) != up)
			return up ? between(map, q, beyond) : between(map, beyond, q);
		q = beyond;
	}
	return up ? INFINITY : 0;
}

/* ---- the correlation ---- */

struct pair_map {
	struct theory_series series;
	double w2, b2, square; /* square: E z^2 after this layer */
};

static void start_pairs(struct pair_map *map, const struct spec *activation, double q, double w2, double b2)
{
	theory_series(&map->series, activation, 0, q);
	map->w2 = w2;
	map->b2 = b2;
	map->square = w2 * map->series.moments.mean_square + b2;
}

static double pair_after(const struct pair_map *map, double c)
{
	double mean = map->series.moments.mean;
	return (map->w2 * (mean * mean + theory_series_covariance(&map->series, c)) + map->b2) / map->square;
}

/* The map is convex: it has a fixed point below 1 where its slope at 1 is above 1. */
static double limit_of(const struct pair_map *map, double q)
{
	double low = 0, high = 1 - 1e-9;
	if (!(map->w2 * map->series.moments.slope_square * q / map->square > 1 + CRITICAL))
		return 1;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = 0.5 * (low + high);
		if (pair_after(map, middle) > middle)
			low = middle;
		else
			high = middle;
	}
	return high < 1e-9 ? 0 : high;
}

/* The slope of the map at its fixed point below 1: a difference of the map itself, as
 * the series of E f' f' is cut off elsewhere than that of the map, which matters for
 * activations that are like a step at this q. */
static double rate_at(const struct pair_map *map, double limit)
{
	double step = fmin(1e-4, 0.5 * (1 - limit));
	return (pair_after(map, limit + step) - pair_after(map, limit - step)) / (2 * step);
}

/* Whether the series has enough terms: its slope at 1 is the exact one.  Where the
 * activation is like a step at this q, as sigmoid's in its chaotic phase, it has not. */
static bool is_exact(const struct pair_map *map, double q)
{
	const double step = 1e-4;
	double slope = (pair_after(map, 1) - pair_after(map, 1 - step)) / step;
	return fabs(slope / (map->w2 * map->series.moments.slope_square * q / map->square) - 1) < 0.05;
}

#define FOUND 0.99999 /* a fixed point above is not distinguished from 1 */

void theory_phase_point(struct theory_phase_point *point, struct theory_grid *grid, double sigma_w2, double sigma_b2)
{
	struct q_map map = { grid, sigma_w2, sigma_b2 };
	struct theory_moments m;
	*point = (struct theory_phase_point){ NAN, NAN, NAN, NAN };
	if (!(sigma_w2 >= 0 && sigma_b2 >= 0 && isfinite(sigma_w2) && isfinite(sigma_b2)))
		return;
	point->q = fixed_point(&map);
	if (isnan(point->q))
		return;
	double at = fmin(fmax(point->q, LEAST_Q), THEORY_PHASE_MOST_Q), rate;
	theory_grid_moments(&m, grid, at);
	point->chi = rate = sigma_w2 * m.slope_square;
	point->correlation = 1;
	if (point->chi > 1 + CRITICAL) {
		struct pair_map pairs;
		start_pairs(&pairs, grid->activation, at, sigma_w2, sigma_b2);
		point->correlation = limit_of(&pairs, at);
		if (point->correlation < FOUND && is_exact(&pairs, at))
			rate = rate_at(&pairs, point->correlation) * pairs.square / at;
	}
	point->depth_scale = fabs(rate - 1) < CRITICAL ? INFINITY : 1 / fabs(log(rate));
}

void theory_correlation_map(struct theory_correlation_map *map, const struct spec *activation, double q, double sigma_w2,
                            double sigma_b2)
{
	struct pair_map pairs;
	start_pairs(&pairs, activation, q, sigma_w2, sigma_b2);
	bool known = pairs.square > 0;
	for (size_t i = 0; i < THEORY_MAP_POINTS; i++)
		map->after[i] = known ? pair_after(&pairs, (double)i / (THEORY_MAP_POINTS - 1)) : NAN;
	map->slope = known ? sigma_w2 * pairs.series.moments.slope_square * q / pairs.square : NAN;
	map->limit = known ? limit_of(&pairs, q) : NAN;
	map->rate = map->limit < FOUND ? rate_at(&pairs, map->limit) : map->slope;
}
