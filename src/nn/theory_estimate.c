/* The signal and the gradient of one image, layer by layer (doc/numerics.md 2.5
 * and 2.6).  The integrals, which take nearly all the time, come from a grid. */
#include "nn/theory_estimate.h"

#include <math.h>

#include "base/whole.h"

#define GRID_START (-23.0) /* ln q of the first point: 1e-10 */
#define GRID_STEP 0.05     /* of ln q; the last point is at 1e8 */

#define NORMALIZATION_EPS 1e-5 /* as in the net */

/* ---- moments ---- */

static const struct theory_moments *point(struct theory_grid *grid, int i)
{
	if (!grid->known[i])
		theory_moments(&grid->at[i], grid->activation, exp(GRID_START + GRID_STEP * i));
	grid->known[i] = true;
	return &grid->at[i];
}

/* In logarithms, since a power of q is exact there; plain where one is 0. */
static double between(double low, double high, double part)
{
	if (low > 0 && high > 0)
		return low * pow(high / low, part);
	return low + part * (high - low);
}

void theory_grid_moments(struct theory_moments *out, struct theory_grid *grid, double q)
{
	double place = (log(q) - GRID_START) / GRID_STEP;
	if (!(place >= 0 && place < THEORY_GRID_POINTS - 1)) {
		theory_moments(out, grid->activation, q);
		return;
	}
	int i = whole_int(place, 0, THEORY_GRID_POINTS - 2);
	const struct theory_moments *low = point(grid, i), *high = point(grid, i + 1);
	double part = place - i;
	*out = (struct theory_moments){
		.mean = between(low->mean, high->mean, part),
		.mean_square = between(low->mean_square, high->mean_square, part),
		.slope_square = between(low->slope_square, high->slope_square, part),
		.slope = between(low->slope, high->slope, part),
	};
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
	layer->scale = 1;
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
	if (mean == 0)
		theory_grid_moments(&m, grid, q);
	else
		theory_moments_at(&m, layer->activation, mean, q);
	layer->slope_square = m.slope_square;
	layer->chi = n * layer->weight_variance / layer->scale * m.slope_square + layer->residual;
	*x = (struct entering){
		.mean = m.mean + (layer->residual ? x->mean : 0),
		.square = m.mean_square + (layer->residual ? x->square + 2 * x->mean * m.mean : 0),
	};
	layer->a_mean = x->mean;
	layer->a_mean_square = x->square;
}

static bool covered(const struct theory_layer *layer)
{
	return layer->weight_mean == 0 && layer->normalization != THEORY_BATCH;
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
		layer[l].delta_factor = layer[l].slope_square * (back + (next->residual ? 1 / next->slope_square : 0));
	}
	layer[layers - 1].delta_factor = NAN;
	return true;
}
