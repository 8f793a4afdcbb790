/* Factors of the sums, from observed moments and from theory. */
#include "lab/diagnosis_sum.h"

#include <math.h>

#include "nn/activation.h"
#include "nn/theory.h"
#include "lab/layer_function.h"

struct diagnosis_sum diagnosis_sum_of(const struct snapshot *now, size_t index)
{
	const struct layer_observation *layer = &now->layer[index];
	const struct moments *w = &layer->tensor[MLP_W].moments;
	struct diagnosis_sum sum = {
		.fan_in = (double)layer->fan_in, .input_square = now->input.mean_square, .input_mean = now->input.mean,
		.weight_variance = w->variance, .weight_mean = w->mean,
		.bias_mean = layer->bias_mean, .bias_variance = layer->bias_variance,
	};
	if (index > 0) {
		const struct moments *a = &now->layer[index - 1].tensor[MLP_A].moments;
		sum.input_square = a->mean_square;
		sum.input_mean = a->mean;
	}
	double common = sum.fan_in * sum.input_mean * sum.weight_mean;
	sum.random = sum.fan_in * sum.input_square * sum.weight_variance;
	sum.common = common * common;
	sum.bias = sum.bias_mean * sum.bias_mean + sum.bias_variance;
	return sum;
}

struct diagnosis_back diagnosis_back_of(const struct snapshot *now, size_t index)
{
	const struct layer_observation *layer = &now->layer[index], *next = layer + 1;
	struct layer_function function = layer_function_of(layer);
	double slope = activation_of(&layer->activation)->max_slope(layer->activation.value);
	struct diagnosis_back back = {
		.fan_out = (double)next->fan_out, .weight_variance = next->tensor[MLP_W].moments.variance,
		.slope_square = layer_function_slope_square(&function), .largest_slope_square = slope * slope,
	};
	back.factor = back.fan_out * back.weight_variance * back.slope_square;
	return back;
}

/* Returns the middle between the largest z with a steep slope and the next z that
 * was tried. */
double diagnosis_flat_beyond(const struct spec *activation, int sign)
{
	const struct activation *kind = activation_of(activation);
	double limit = ACTIVATION_SATURATION_SHARE * kind->max_slope(activation->value), steep = NAN;
	const double step = 1.0 / 64, farthest = 64;
	if (!(limit > 0) || !(fabs(kind->df(sign * farthest, activation->value)) < limit))
		return NAN;
	for (double z = step / 2; z < farthest; z += step)
		if (fabs(kind->df(sign * z, activation->value)) >= limit)
			steep = z;
	for (double low = steep, high = steep + step; isfinite(steep) && high - low > 1e-6;) {
		double middle = (low + high) / 2;
		*(fabs(kind->df(sign * middle, activation->value)) >= limit ? &low : &high) = middle;
		steep = low;
	}
	return steep;
}

/* Bounded activations should stay in their steep part: there they are nearly
 * linear, and a linear layer keeps signal and gradient at fan_in Var(W) = 1 and
 * fan_out Var(W) = 1 (Glorot and Bengio 2010).  For the others E[f²] and E[f'²] at
 * E[z²] = 1 take the place of 1 (He et al. 2015).  If the fans differ, their mean
 * is used. */
double diagnosis_wanted_variance(const struct snapshot *now, size_t index)
{
	const struct layer_observation *layer = &now->layer[index];
	double in = (double)layer->fan_in, out = (double)layer->fan_out;
	struct theory_moments m;
	if (mlp_normalizes_z(now->settings.normalization) && layer->activation.entry)
		return NAN;
	if (layer->activation.entry == NULL)
		return 1 / (in * diagnosis_sum_of(now, index).input_square);
	if (activation_of(&layer->activation)->saturation == SATURATION_SATURATED)
		return 2 / (in + out);
	theory_moments(&m, &layer->activation, 1);
	double wanted = 2 / (in * m.mean_square + out * m.slope_square);
	return isfinite(wanted) ? wanted : NAN;
}
