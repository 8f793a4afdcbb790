/* Initial weights: one random stream per layer, so that changing one layer's
 * initializer leaves the other layers' draws alone; and the further steps of
 * initializers that use the data (LSUV) or change the learning rate (muP). */
#include <math.h>
#include <string.h>

#include "data/weights.h"
#include "nn/initializer.h"
#include "nn/rng.h"
#include "nn/stats.h"
#include "lab/session_parts.h"

#define LSUV_TOLERANCE 0.1 /* Mishkin and Matas 2016 */
#define LSUV_ROUNDS 10

static bool fill_layer(struct session *session, const struct weights *file, size_t l, struct err *err)
{
	const struct settings *settings = &session->settings;
	struct mlp_layer *layer = &session->mlp->layer[l];
	struct rng weights = rng_stream(settings_weight_seed(settings), RNG_WEIGHTS, l + 1);
	struct rng biases = rng_stream(settings_weight_seed(settings), RNG_BIASES, l + 1);
	/* biases have the distribution of a weight of this layer (torch draws them by
	 * fan_in): they are the first row of a matrix with the same fans, made in a
	 * buffer that is free now */
	float *matrix = session->gradient;
	if (!initializer_fill(layer->w, layer->fan_in, layer->fan_out, &session->start[l].init, &weights, err) ||
	    !initializer_fill(matrix, layer->fan_in, layer->fan_out, &session->start[l].bias_init, &biases, err))
		return false;
	memcpy(layer->b, matrix, layer->fan_out * sizeof *matrix);
	const char *array = initializer_array(&session->start[l].init);
	if (array)
		return weights_read_matrix(layer->w, layer->fan_in, layer->fan_out, array, err) || err_prefix(err, "init.%zu", l + 1);
	if (initializer_of(&session->start[l].init)->from_file)
		session_read_weights(session, file, l);
	return true;
}

/* Scales the layer's weights until its z has unit variance on the probe. */
static void normalize_variance(struct session *session, size_t l)
{
	struct mlp_layer *layer = &session->mlp->layer[l];
	for (int round = 0; round < LSUV_ROUNDS; round++) {
		struct moments z;
		mlp_forward(session->mlp, session->probe, session->pool, NULL);
		stats_moments(&z, session->probe->tensor[l].z, session->probe->rows * layer->fan_out);
		double sd = sqrt(z.variance);
		if (!(sd > 0) || !isfinite(sd) || fabs(sd - 1) <= LSUV_TOLERANCE)
			return;
		for (size_t i = 0; i < layer->fan_in * layer->fan_out; i++)
			layer->w[i] = (float)(layer->w[i] / sd);
	}
}

/* Variance and mean of values that come from a file. */
static void measure(double *variance, double *mean, const float *values, size_t count)
{
	struct moments seen;
	stats_moments(&seen, values, count);
	*variance = seen.nan + seen.inf ? NAN : seen.variance;
	*mean = seen.mean;
}

static void measure_layer(struct session_moments *found, const struct mlp_layer *layer)
{
	struct moments weights, gains, shifts;
	stats_moments(&weights, layer->w, layer->fan_in * layer->fan_out);
	found->weight_variance = weights.nan + weights.inf ? NAN : weights.variance;
	found->weight_mean = session_significant_mean(&weights);
	measure(&found->bias_variance, &found->bias_mean, layer->b, layer->fan_out);
	if (!mlp_has_shift(layer->normalization))
		return;
	stats_moments(&gains, layer->gain, layer->fan_out);
	stats_moments(&shifts, layer->shift, layer->fan_out);
	found->gain_square = gains.mean_square;
	found->shift_mean = shifts.mean;
	found->shift_variance = shifts.variance;
}

/* What theory uses: the initializers' nominal variances and means or, where the data or a file were used,
 * the measured ones. */
static void find_moments(struct session *session, size_t l)
{
	const struct mlp_layer *layer = &session->mlp->layer[l];
	const struct spec *init = &session->start[l].init, *bias_init = &session->start[l].bias_init;
	size_t in = layer->fan_in, out = layer->fan_out;
	session->moments[l] = (struct session_moments){
		.weight_variance = initializer_variance(init, in, out), .weight_mean = initializer_mean(init, in, out),
		.bias_variance = initializer_variance(bias_init, in, out), .bias_mean = initializer_mean(bias_init, in, out),
		.gain_square = 1,
	};
	if (initializer_of(init)->data_driven)
		session->moments[l].weight_variance = mlp_weight_square(layer) / (double)(in * out);
	if (initializer_of(init)->from_file)
		measure_layer(&session->moments[l], layer);
}

/* muP's learning rates, by the width relative to the base: where widths are those
 * of the images or the classes they count as 1.  Yang et al. 2022, table 3; the
 * readout's 1/width is in its weights here, not in its input.  The rates belong
 * together: under SGD the factor of layer 1 compensates a gradient that falls like
 * 1/width, which it does only if the readout is under muP too. */
void session_scale_rates(struct session *session, size_t l)
{
	struct mlp_layer *layer = &session->mlp->layer[l];
	const struct spec *init = &session->start[l].init;
	if (!initializer_of(init)->maximal_update)
		return;
	double base = spec_value(init, "base");
	double in = l > 0 ? (double)layer->fan_in / base : 1;
	double out = l + 1 < session->mlp->layers ? (double)layer->fan_out / base : 1;
	bool adaptive = optimizer_of(&session->settings.optimizer)->adaptive;
	layer->lr_scale = (float)(adaptive ? 1 / in : out / in);
	layer->bias_lr_scale = (float)(adaptive ? 1 : out);
}

static bool evaluate_layer(struct session *session, size_t l, struct err *err)
{
	struct mlp_layer *layer = &session->mlp->layer[l];
	struct session_start *start = &session->start[l];
	struct spec scale = session->settings.branch_scale, skip = session->settings.skip_scale;
	struct initializer_place place;
	start->init = *settings_layer_init(&session->settings, l + 1);
	start->bias_init = *settings_layer_bias_init(&session->settings, l + 1);
	settings_layer_place(&session->settings, l + 1, &place);
	if (!initializer_evaluate(&start->init, &place, err) || !initializer_evaluate(&start->bias_init, &place, err) ||
	    !initializer_evaluate(&scale, &place, err) || !initializer_evaluate(&skip, &place, err))
		return err_prefix(err, "layer %zu", l + 1);
	if (layer->residual) {
		layer->branch_scale = (float)scale.value[0];
		layer->skip_scale = (float)skip.value[0];
	}
	if (layer->alpha)
		*layer->alpha = (float)scale.value[0];
	return true;
}

bool session_evaluate_formulas(struct session *session, struct err *err)
{
	for (size_t l = 0; l < session->mlp->layers; l++)
		if (!evaluate_layer(session, l, err))
			return false;
	return true;
}

bool session_initialize(struct session *session, const struct weights *file, struct err *err)
{
	size_t layers = session->mlp->layers;
	for (size_t l = 0; l < layers; l++)
		if (!fill_layer(session, file, l, err))
			return false;
	for (size_t l = 0; l < layers; l++) {
		if (initializer_of(&session->start[l].init)->data_driven)
			normalize_variance(session, l);
		mlp_split_weights(&session->mlp->layer[l]);
		find_moments(session, l);
		session_scale_rates(session, l);
	}
	return true;
}
