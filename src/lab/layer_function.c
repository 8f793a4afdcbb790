/* Value and slope of a layer's activation.  Reads histograms, draws nothing. */
#include "lab/layer_function.h"

#include <math.h>

#include "nn/activation.h"

static double centre_of(const struct histogram *h, int bin)
{
	return h->low + (bin + 0.5) * (h->high - h->low) / HISTOGRAM_BINS;
}

struct layer_function layer_function_of(const struct layer_observation *layer)
{
	const struct histogram *h = &layer->tensor[MLP_Z].histogram;
	struct layer_function function = {.layer = layer};
	double sum = 0, count = 0;
	/* Relative to the largest, so that no exponential overflows. */
	for (int i = 0; i < HISTOGRAM_BINS; i++) {
		count += h->counts[i];
		sum += h->counts[i] * exp(centre_of(h, i) - h->high);
	}
	if (layer->activation.entry == NULL)
		function.rivals = log((double)layer->fan_out - 1) + h->high + (sum > 0 ? log(sum / count) : -h->high);
	return function;
}

double layer_function_value(const struct layer_function *function, double z)
{
	const struct spec *activation = &function->layer->activation;
	if (activation->entry == NULL)
		return 1 / (1 + exp(function->rivals - z));
	return activation_of(activation)->f(z, activation->value);
}

double layer_function_slope(const struct layer_function *function, double z)
{
	const struct spec *activation = &function->layer->activation;
	if (activation->entry == NULL) {
		double p = layer_function_value(function, z);
		return p * (1 - p);
	}
	return activation_of(activation)->df(z, activation->value);
}

double layer_function_slope_square(const struct layer_function *function)
{
	enum { POINTS = 4 }; /* of each bin */
	const struct histogram *h = &function->layer->tensor[MLP_Z].histogram;
	double step = (h->high - h->low) / HISTOGRAM_BINS, sum = 0, count = 0;
	for (int i = 0; i < HISTOGRAM_BINS; i++) {
		double square = 0;
		for (int k = 0; k < POINTS && h->counts[i]; k++) {
			double slope = layer_function_slope(function, h->low + (i + (k + 0.5) / POINTS) * step);
			square += slope * slope / POINTS;
		}
		sum += h->counts[i] * square;
		count += h->counts[i];
	}
	return count > 0 ? sum / count : NAN;
}
