/* The signal and the gradient of one image, layer by layer (doc/numerics.md 2.5
 * and 2.6).  The integrals, which take nearly all the time, come from a grid. */
#include "nn/theory_estimate.h"

#include <math.h>

#include "base/whole.h"

#define GRID_START (-23.0) /* ln q of the first point: 1e-10 */
#define GRID_STEP 0.2      /* of ln q; the last point is at 1e8 */

#define NORMALIZATION_EPS 1e-5 /* as in the net */

/* ---- moments ---- */

static void fill_point(struct theory_grid *grid, int i)
{
	struct theory_moments m;
	if (grid->at[i].known)
		return;
	theory_moments(&m, grid->activation, exp(GRID_START + GRID_STEP * i));
	grid->at[i].mean = m.mean;
	grid->at[i].mean_square = log(m.mean_square);
	grid->at[i].slope_square = log(m.slope_square);
	grid->at[i].known = true;
}

/* The cubic through four points at 0, 1, 2, 3, at a place from 1 to 2; beyond the
 * grid a line through the last two, since mean squares are powers of q there. */
void theory_grid_moments(struct theory_moments *out, struct theory_grid *grid, double q)
{
	double place = (log(q) - GRID_START) / GRID_STEP, mean = 0, mean_square = 0, slope_square = 0;
	int first = whole_int(place, 1, THEORY_GRID_POINTS - 3) - 1;
	double t = place - first;
	double weight[4] = {
		-(t - 1) * (t - 2) * (t - 3) / 6, t * (t - 2) * (t - 3) / 2, -t * (t - 1) * (t - 3) / 2, t * (t - 1) * (t - 2) / 6,
	};
	if (t < 0 || t > 3) {
		weight[0] = t < 0 ? 1 - t : 0;
		weight[1] = t < 0 ? t : 0;
		weight[2] = t < 0 ? 0 : 3 - t;
		weight[3] = t < 0 ? 0 : t - 2;
	}
	for (int i = 0; i < 4; i++) {
		fill_point(grid, first + i);
		mean += weight[i] * grid->at[first + i].mean;
		mean_square += weight[i] * grid->at[first + i].mean_square;
		slope_square += weight[i] * grid->at[first + i].slope_square;
	}
	if (isfinite(mean_square) && isfinite(slope_square))
		*out = (struct theory_moments){ .mean = mean, .mean_square = exp(mean_square), .slope_square = exp(slope_square), .slope = NAN };
	else /* the logarithm of a moment that is 0 */
		theory_moments(out, grid->activation, q);
}

/* ---- the way forward and back ---- */

/* What enters a layer. */
struct entering {
	double mean, square;
};

static void forward(struct theory_layer *layer, struct entering *x, struct theory_grid *grid)
{
	double n = (double)layer->fan_in, mean = layer->bias_mean;
	if (isnan(layer->weight_variance))
		layer->weight_variance = fmax(0, 1 - mean * mean - layer->bias_variance) / (n * x->square);
	double q = n * layer->weight_variance * x->square + layer->bias_variance;
	layer->scale = layer->sum_scale = 1;
	if (layer->normalization == THEORY_LAYER) {
		double part = q * (1 - 1 / (double)layer->fan_out);
		layer->scale = part + NORMALIZATION_EPS;
		q = layer->gain_square * part / layer->scale + layer->shift_variance;
		mean = layer->shift_mean;
	}
	layer->z_mean = mean;
	layer->z_mean_square = mean * mean + q;
	if (layer->activation == NULL)
		return;
	struct theory_moments m;
	if (mean == 0 && spec_equal(layer->activation, grid->activation))
		theory_grid_moments(&m, grid, q);
	else
		theory_moments_at(&m, layer->activation, mean, q);
	layer->slope_square = m.slope_square;
	double alpha = layer->residual ? layer->branch_scale : 1, lambda = layer->residual ? layer->skip_scale : 0;
	layer->chi = alpha * alpha * n * layer->weight_variance / layer->scale * m.slope_square + lambda * lambda;
	*x = (struct entering){
		.mean = alpha * m.mean + lambda * x->mean,
		.square = alpha * alpha * m.mean_square + lambda * lambda * x->square + 2 * lambda * x->mean * alpha * m.mean,
	};
	layer->a_mean = x->mean;
	layer->a_mean_square = x->square;
}

static bool covered(const struct theory_layer *layer)
{
	return layer->weight_mean == 0 && !layer->pattern && layer->normalization != THEORY_BATCH &&
	       layer->normalization != THEORY_SUM && layer->residual <= 1;
}

bool theory_estimate(struct theory_layer *layer, size_t layers, const struct theory_input *input,
                     struct theory_grid *grid)
{
	struct entering x = { .mean = input->mean, .square = input->mean_square };
	for (size_t l = 0; l < layers; l++) {
		if (!covered(&layer[l]))
			return false;
		forward(&layer[l], &x, grid);
	}
	for (size_t l = 0; l + 1 < layers; l++) {
		const struct theory_layer *next = &layer[l + 1];
		double back = (double)next->fan_out * next->weight_variance / next->scale;
		double alpha = layer[l].residual ? layer[l].branch_scale : 1, next_alpha = next->residual ? next->branch_scale : 1;
		double past = next->residual ? next->skip_scale * next->skip_scale / (next_alpha * next_alpha * next->slope_square) : 0;
		layer[l].delta_factor = alpha * alpha * layer[l].slope_square * (back + past);
	}
	layer[layers - 1].delta_factor = NAN;
	return true;
}
