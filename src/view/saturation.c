/* Saturated parts of activations on histogram axes. */
#include "view/saturation.h"

#include <math.h>
#include <string.h>

#include "base/whole.h"
#include "nn/activation.h"

static bool is_saturated(const struct spec *activation, double z)
{
	const struct activation *f = activation_of(activation);
	double most = f->max_slope(activation->value);
	return isfinite(most) && fabs(f->df(z, activation->value)) < ACTIVATION_SATURATION_SHARE * most;
}

void saturation_of_inputs(bool *saturated, int columns, const struct layer_observation *layer, double low, double high)
{
	double step = (high - low) / columns;
	for (int i = 0; i < columns; i++)
		saturated[i] = layer->activation.entry && is_saturated(&layer->activation, low + (i + 0.5) * step);
}

/* The number of columns whose centre is at or below an output. */
static int centres_below(double low, double high, int columns, double a)
{
	double at = (a - low) / (high - low) * columns + 0.5;
	return whole_int(at, 0, columns);
}

void saturation_of_outputs(bool *saturated, int columns, const struct layer_observation *layer, double low, double high,
                           bool residual)
{
	/* Follows the curve over inputs that are dense around 0 and reach as far
	 * as the histogram and the saturated part do, and marks the centres it
	 * passes. */
	enum { POINTS = 600 };
	bool steep[HISTOGRAM_BINS] = {false};
	const struct histogram *z = &layer->tensor[MLP_Z].histogram;
	memset(saturated, 0, (size_t)columns * sizeof *saturated);
	if (layer->activation.entry == NULL || residual || !(high > low))
		return;
	const struct activation *f = activation_of(&layer->activation);
	double far = asinh(fmax(20, fmax(fabs(z->low), fabs(z->high))));
	int last = 0;
	bool last_saturated = false;
	for (int i = 0; i <= POINTS; i++) {
		double at = sinh(far * (2.0 * i / POINTS - 1));
		int below = centres_below(low, high, columns, f->f(at, layer->activation.value));
		bool now_saturated = is_saturated(&layer->activation, at);
		for (int c = last < below ? last : below; i > 0 && c < (last < below ? below : last); c++) {
			saturated[c] = true;
			steep[c] |= !(now_saturated && last_saturated);
		}
		last = below;
		last_saturated = now_saturated;
	}
	for (int c = 0; c < columns; c++)
		saturated[c] = saturated[c] && !steep[c];
}

double saturation_share(const struct layer_observation *layer)
{
	const struct moments *z = &layer->tensor[MLP_Z].moments;
	return z->n && z->nan == z->n ? NAN : layer->saturated;
}
