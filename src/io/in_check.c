/* Checks that the numbers of an observation are consistent.  Ranges of single
 * numbers are checked where they are read; this file checks the relations between
 * moments, percentiles, histogram and counts.  Sums of doubles differ by
 * rounding: SLACK allows for it. */
#include "io/in_check.h"

#include <float.h>
#include <math.h>

#include "nn/stats.h"

#define SLACK 1e-6
#define WIDEST 1e39 /* of a histogram; its ends are at most 5e38, or those of an activation */

static bool near(double a, double b, double size)
{
	return fabs(a - b) <= SLACK * size;
}

/* ---- moments ---- */

static bool no_value_is_finite(const struct moments *m, const double *percentile)
{
	bool all = isnan(m->mean) && isnan(m->variance) && isnan(m->mean_square) && isnan(m->min) && isnan(m->max);
	for (int i = 0; i < STATS_PERCENTILES; i++)
		all = all && isnan(percentile[i]);
	return all;
}

static bool check_moments(const struct moments *m, struct err *err)
{
	if (!(m->min <= m->max && m->min >= -FLT_MAX && m->max <= FLT_MAX))
		return err_set(err, ERR_INPUT, "'min' and 'max' are not a range of floats");
	double reach = fmax(fabs(m->min), fabs(m->max)), width = m->max - m->min;
	if (!(m->mean >= m->min - SLACK * reach && m->mean <= m->max + SLACK * reach))
		return err_set(err, ERR_INPUT, "'mean' is not between 'min' and 'max'");
	/* Popoviciu: the widest variance is that of two equal halves at the ends. */
	if (!(m->variance <= (0.25 + SLACK) * width * width + SLACK * SLACK * reach * reach))
		return err_set(err, ERR_INPUT, "'variance' is larger than 'min' and 'max' allow");
	if (!near(m->mean_square, m->variance + m->mean * m->mean, m->variance + m->mean * m->mean))
		return err_set(err, ERR_INPUT, "'mean_square' is not 'variance' + 'mean'^2");
	return true;
}

static bool check_percentiles(const double *percentile, const struct moments *m, struct err *err)
{
	double before = m->min;
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		if (!(percentile[i] >= before && percentile[i] <= m->max))
			return err_set(err, ERR_INPUT, "percentiles: %d is not between its neighbours", stats_percentile_ranks[i]);
		before = percentile[i];
	}
	return true;
}

/* ---- histogram ---- */

/* Bounds that a histogram gives for the minimum, the maximum and the mean of
 * its values. */
struct bounds {
	double least[2], largest[2], sum[2];
};

static void widen(struct bounds *bounds, double from, double to, uint64_t count)
{
	if (count == 0)
		return;
	bounds->least[0] = fmin(bounds->least[0], from);
	bounds->least[1] = fmin(bounds->least[1], to);
	bounds->largest[0] = fmax(bounds->largest[0], from);
	bounds->largest[1] = fmax(bounds->largest[1], to);
	bounds->sum[0] += from * (double)count;
	bounds->sum[1] += to * (double)count;
}

static struct bounds bounds_of(const struct histogram *h)
{
	struct bounds bounds = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}, {0, 0}};
	double step = (h->high - h->low) / HISTOGRAM_BINS;
	widen(&bounds, -FLT_MAX, h->low, h->below);
	widen(&bounds, h->high, FLT_MAX, h->above);
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		widen(&bounds, h->low + i * step, h->low + (i + 1) * step, h->counts[i]);
	for (int i = 0; i < h->spikes; i++)
		widen(&bounds, h->spike[i].value, h->spike[i].value, h->spike[i].count);
	return bounds;
}

static bool between(double value, const double ends[2], double slack)
{
	return value >= ends[0] - slack && value <= ends[1] + slack;
}

static bool check_histogram(const struct histogram *h, const struct moments *m, struct err *err)
{
	if (!(h->low >= -WIDEST && h->high <= WIDEST))
		return err_set(err, ERR_INPUT, "histogram: 'low' and 'high' are wider than floats");
	if (m->nan + m->inf == m->n)
		return true;
	struct bounds bounds = bounds_of(h);
	double finite = (double)(m->n - m->nan - m->inf), mean[2] = { bounds.sum[0] / finite, bounds.sum[1] / finite };
	double slack = SLACK * (fabs(h->low) + fabs(h->high) + fabs(m->min) + fabs(m->max));
	if (between(m->min, bounds.least, slack) && between(m->max, bounds.largest, slack) && between(m->mean, mean, slack))
		return true;
	return err_set(err, ERR_INPUT, "the histogram does not agree with 'min', 'max' and 'mean'");
}

/* ---- magnitudes ---- */

static bool check_magnitudes(const struct magnitudes *g, const struct moments *m, struct err *err)
{
	double largest = fmax(fabs(m->min), fabs(m->max));
	int top = MAGNITUDE_BINS;
	if (g->n == 0 || m->nan + m->inf == m->n)
		return true;
	while (top > 0 && g->counts[top - 1] == 0)
		top--;
	double from = g->above ? stats_magnitude_edge(MAGNITUDE_BINS) : top ? stats_magnitude_edge(top - 1) : 0;
	double to = g->above ? FLT_MAX : top || g->below ? stats_magnitude_edge(top) : 0;
	if (largest >= from * (1 - SLACK) && largest <= to * (1 + SLACK))
		return true;
	return err_set(err, ERR_INPUT, "the magnitudes do not agree with 'min' and 'max'");
}

/* ---- all of them ---- */

bool in_check_tensor(const struct tensor_observation *t, struct err *err)
{
	const struct moments *m = &t->moments;
	if (m->nan > m->n || m->inf > m->n - m->nan)
		return err_set(err, ERR_INPUT, "'nan' and 'inf' are more than 'n'");
	if (m->nan + m->inf == m->n)
		return no_value_is_finite(m, t->percentile) ||
		       err_set(err, ERR_INPUT, "there are moments, but no finite value");
	return check_moments(m, err) && check_percentiles(t->percentile, m, err) && check_histogram(&t->histogram, m, err) &&
	       check_magnitudes(&t->magnitudes, m, err);
}

/* Each part of the variance, within rounding of sums of squares. */
static bool check_split(const struct layer_observation *l, struct err *err)
{
	const struct moments *z = &l->tensor[MLP_Z].moments;
	double slack = SLACK * fabs(z->mean_square);
	if (z->nan + z->inf || isnan(l->z_within) || isnan(l->z_between))
		return true;
	if (l->z_within >= -slack && l->z_between >= -slack && near(l->z_within + l->z_between, z->variance, z->mean_square))
		return true;
	return err_set(err, ERR_INPUT, "'z_within' and 'z_between' are not the parts of z's variance");
}

/* The values are ascending already. */
static bool check_spectrum(const char *list, const struct spectrum *spectrum, struct err *err)
{
	const double *value = spectrum->value;
	if (spectrum->kept == 0 || (value[0] >= spectrum->smallest * (1 - SLACK) &&
	                            value[spectrum->kept - 1] <= spectrum->largest * (1 + SLACK)))
		return true;
	return err_set(err, ERR_INPUT, "'%s' are not from the smallest to the largest", list);
}

bool in_check_layer(const struct layer_observation *l, struct err *err)
{
	uint64_t weights = (uint64_t)l->fan_in * l->fan_out, values = l->tensor[MLP_Z].moments.n;
	if (l->tensor[MLP_W].moments.n != weights || l->tensor[MLP_DW].moments.n != weights)
		return err_set(err, ERR_INPUT, "'n' of w and dw is not fan_in x fan_out");
	if (values % l->fan_out || l->tensor[MLP_A].moments.n != values || l->tensor[MLP_DELTA].moments.n != values)
		return err_set(err, ERR_INPUT, "'n' of z, a and delta is not the same multiple of fan_out");
	return check_split(l, err) && check_spectrum("singular_values", &l->singular, err) &&
	       check_spectrum("input_singular_values", &l->input_singular, err);
}

bool in_check_input(const struct input_observation *input, struct err *err)
{
	double square = input->variance + input->mean * input->mean;
	if (near(input->mean_square, square, fabs(input->mean_square)) && input->variance >= -SLACK * input->mean_square)
		return true;
	return err_set(err, ERR_INPUT, "'mean_square' is not 'variance' + 'mean'^2");
}

bool in_check_trace(const struct trace *t, uint64_t step, struct err *err)
{
	uint64_t covered;
	if (t->stride & (t->stride - 1))
		return err_set(err, ERR_INPUT, "'stride' is not a power of 2");
	if (!__builtin_mul_overflow(t->stride, t->points, &covered) && !__builtin_add_overflow(covered, t->pending, &covered) &&
	    covered == step)
		return true;
	return err_set(err, ERR_INPUT, "'values', 'stride' and 'pending' are not those of %llu steps", (unsigned long long)step);
}
