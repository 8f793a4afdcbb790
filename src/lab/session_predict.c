/* Theory's predictions for a session: what it reads from the probe's images, and the
 * recursion over the layers, with the variances of the settings and of the present weights. */
#include <math.h>

#include "nn/initializer.h"
#include "nn/theory.h"
#include "lab/factors.h"
#include "lab/session_parts.h"

struct layer_theory session_theory_shown(const struct theory_layer *theory)
{
	return (struct layer_theory){
		.z_mean = theory->z_mean, .z_mean_square = theory->z_mean_square, .z_variance = theory->z_variance,
		.z_within = theory->z_within, .z_between = theory->z_between,
		.slope_square = theory->slope_square, .a_mean = theory->a_mean, .a_mean_square = theory->a_mean_square,
		.a_variance = theory->a_variance,
		.delta_mean_square = theory->delta_mean_square, .delta_factor = theory->delta_factor,
		.chi = theory->chi, .depth_scale = theory->depth_scale,
		.correlation = theory->correlation, .correlation_slope = theory->correlation_slope,
		.correlation_limit = theory->correlation_limit, .correlation_rate = theory->correlation_rate,
		.singular_mean_square = NAN, .singular_variance = NAN, .input_singular_mean_square = NAN, .input_singular_variance = NAN,
		.z_mean_band = theory->z_mean_band, .z_band = theory->z_band, .z_variance_band = theory->z_variance_band,
		.z_within_band = theory->z_within_band, .z_between_band = theory->z_between_band,
		.correlation_band = theory->correlation_band, .a_mean_band = theory->a_mean_band, .a_band = theory->a_band,
		.delta_band = theory->delta_band, .delta_factor_band = theory->delta_factor_band,
		.broken = theory->broken,
	};
}

void session_observe_input(struct session *session)
{
	if (session->input_known)
		return;
	struct mlp_batch *probe = session->probe;
	mlp_batch_unpack(probe);
	size_t pixels = session->settings.width[0], rows = probe->rows;
	double sum = 0, square = 0, vector_square = 0, sum_square = 0, length_square = 0, n = (double)(rows * pixels);
	for (size_t i = 0; i < pixels; i++)
		session->pixel[i] = 0;
	for (size_t row = 0; row < rows; row++) {
		double image = 0, length = 0;
		for (size_t i = 0; i < pixels; i++) {
			double x = probe->x[row * pixels + i];
			session->pixel[i] += x;
			square += x * x;
			length += x * x;
			image += x;
		}
		length_square += length * length;
		sum_square += image * image;
	}
	for (size_t i = 0; i < pixels; i++) {
		double mean = session->pixel[i] / (double)rows;
		sum += session->pixel[i];
		vector_square += mean * mean;
	}
	double mean = sum / n, image_mean = sum / (double)rows, lengths = (double)rows * length_square / (square * square);
	session->input = (struct input_observation){
		.images = rows, .mean = mean, .variance = fmax(0, square / n - mean * mean), .mean_square = square / n,
		.mean_vector_square = vector_square, .sum_variance = fmax(0, sum_square / (double)rows - image_mean * image_mean),
		.length_spread = square > 0 ? fmax(0, lengths - 1) : 0,
	};
	session->input_known = true;
}

static void predict_layers(const struct session *session, struct theory_layer *theory)
{
	struct theory_input input = factors_input(&session->input);
	theory_predict(theory, session->mlp->layers, &input, dataset_classes(session->dataset));
}

/* The parameters of a layer's theory that do not depend on its weights. */
static struct theory_layer theory_shape(const struct mlp_layer *layer)
{
	return (struct theory_layer){
		.fan_in = layer->fan_in, .fan_out = layer->fan_out, .activation = layer->activation.entry ? &layer->activation : NULL,
		.normalization = factors_normalization(layer->normalization), .gain_square = 1, .residual = layer->residual,
		.branch_scale = (double)mlp_alpha_of(layer), .skip_scale = (double)layer->skip_scale,
	};
}

void session_predict(struct session *session)
{
	if (session->theory_known)
		return;
	for (size_t l = 0; l < session->mlp->layers; l++) {
		const struct mlp_layer *layer = &session->mlp->layer[l];
		struct theory_layer *theory = &session->theory[l];
		*theory = theory_shape(layer);
		theory->weight_variance = session->moments[l].weight_variance;
		theory->weight_mean = session->moments[l].weight_mean;
		theory->structured = initializer_is_structured(&session->start[l].init);
		theory->pattern = initializer_is_pattern(&session->start[l].init);
		theory->bias_mean = session->moments[l].bias_mean;
		theory->bias_variance = session->moments[l].bias_variance;
		theory->gain_square = session->moments[l].gain_square;
		theory->shift_mean = session->moments[l].shift_mean;
		theory->shift_variance = session->moments[l].shift_variance;
	}
	predict_layers(session, session->theory);
	session_predict_isometry(session);
	session->theory_known = true;
}

void session_predict_now(struct session *session, struct snapshot *snapshot)
{
	for (size_t l = 0; l < session->mlp->layers; l++) {
		const struct mlp_layer *layer = &session->mlp->layer[l];
		struct theory_layer *theory = &session->theory_now[l];
		struct moments weights = snapshot->layer[l].tensor[MLP_W].moments, biases, gains, shifts;
		stats_moments(&biases, layer->b, layer->fan_out);
		*theory = theory_shape(layer);
		theory->weight_variance = weights.nan + weights.inf ? NAN : weights.variance;
		theory->weight_mean = session_significant_mean(&weights);
		theory->structured = session->theory[l].structured;
		theory->pattern = session->theory[l].pattern;
		theory->bias_mean = snapshot->layer[l].bias_mean = biases.mean;
		theory->bias_variance = snapshot->layer[l].bias_variance = biases.variance;
		if (mlp_has_shift(layer->normalization)) {
			stats_moments(&gains, layer->gain, layer->fan_out);
			stats_moments(&shifts, layer->shift, layer->fan_out);
			theory->gain_square = gains.mean_square;
			theory->shift_mean = shifts.mean;
			theory->shift_variance = shifts.variance;
		}
	}
	predict_layers(session, session->theory_now);
	for (size_t l = 0; l < session->mlp->layers; l++)
		snapshot->layer[l].theory_now = session_theory_shown(&session->theory_now[l]);
}
