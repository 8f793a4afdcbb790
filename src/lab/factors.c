/* Signal and gradient over all layers of a net. */
#include "lab/factors.h"

#include <math.h>

#include "nn/activation.h"
#include "nn/initializer.h"

/* ---- a net as theory sees it ---- */

enum theory_normalization factors_normalization(enum mlp_normalization normalization)
{
	static const enum theory_normalization of[] = {
		[MLP_PLAIN] = THEORY_PLAIN, [MLP_BATCH_NORM] = THEORY_BATCH, [MLP_LAYER_NORM] = THEORY_LAYER,
		[MLP_WEIGHT_NORM] = THEORY_PLAIN, /* theory depends on w only, which is the initializer's at the start */
		[MLP_SUM_NORM] = THEORY_SUM,
	};
	return of[normalization];
}

static bool fill_layer(struct theory_layer *layer, const struct settings *settings, size_t l)
{
	size_t in = settings->width[l], out = settings->width[l + 1];
	bool last = l + 1 == settings->layers;
	struct spec init = *settings_layer_init(settings, l + 1), bias = *settings_layer_bias_init(settings, l + 1);
	struct spec scale = settings->branch_scale, skip = settings->skip_scale;
	struct initializer_place place;
	settings_layer_place(settings, l + 1, &place);
	if (!initializer_evaluate(&init, &place, NULL) || !initializer_evaluate(&bias, &place, NULL) ||
	    !initializer_evaluate(&scale, &place, NULL) || !initializer_evaluate(&skip, &place, NULL))
		return false;
	*layer = (struct theory_layer){ .fan_in = in, .fan_out = out, .gain_square = 1, .branch_scale = scale.value[0],
	                                .skip_scale = skip.value[0] };
	layer->weight_variance = initializer_of(&init)->data_driven ? NAN : initializer_variance(&init, in, out);
	layer->weight_mean = initializer_mean(&init, in, out);
	layer->structured = initializer_is_structured(&init);
	layer->pattern = initializer_is_pattern(&init);
	layer->bias_variance = initializer_variance(&bias, in, out);
	layer->bias_mean = initializer_mean(&bias, in, out);
	if (last)
		return true;
	layer->activation = settings_layer_activation(settings, l + 1);
	layer->residual = settings_layer_branch(settings, l + 1);
	if (layer->residual || settings->normalization != MLP_SUM_NORM)
		layer->normalization = factors_normalization(settings->normalization);
	return true;
}

static bool has_formula(const struct spec *spec)
{
	for (size_t i = 0; i < ENTRY_MAX_PARAMETERS; i++)
		if (spec->formula[i])
			return true;
	return false;
}

/* Whether a layer is like the one before in all that fill_layer() reads. */
static bool is_like_before(const struct settings *settings, size_t l)
{
	const struct spec *init = settings_layer_init(settings, l + 1);
	const struct spec *bias = settings_layer_bias_init(settings, l + 1);
	return l > 0 && l + 1 < settings->layers && settings->width[l - 1] == settings->width[l] &&
	       settings->width[l] == settings->width[l + 1] && settings_layer_init(settings, l) == init &&
	       settings_layer_bias_init(settings, l) == bias &&
	       settings_layer_activation(settings, l) == settings_layer_activation(settings, l + 1) &&
	       settings_layer_branch(settings, l) == settings_layer_branch(settings, l + 1) && !has_formula(init) &&
	       !has_formula(bias) && !has_formula(&settings->branch_scale) &&
	       !has_formula(&settings->skip_scale);
}

bool factors_layers(struct theory_layer *layer, const struct settings *settings)
{
	for (size_t l = 0; l < settings->layers; l++)
		if (is_like_before(settings, l))
			layer[l] = layer[l - 1];
		else if (!fill_layer(&layer[l], settings, l))
			return false;
	return true;
}

struct theory_input factors_input(const struct input_observation *seen)
{
	return (struct theory_input){
		.images = (double)seen->images, .mean = seen->mean, .mean_square = seen->mean_square,
		.mean_vector_square = seen->mean_vector_square, .sum_variance = seen->sum_variance,
		.length_spread = seen->length_spread,
	};
}

/* ---- the share of small slopes ---- */

#define REACH 5 /* standard deviations */
#define POINTS 200

/* The midpoint rule for a standard normal variable. */
struct midpoints {
	double x[POINTS], density[POINTS], all; /* all: sum of the densities */
};

static void fill_midpoints(struct midpoints *rule)
{
	rule->all = 0;
	for (int i = 0; i < POINTS; i++) {
		double x = REACH * ((2 * i + 1) / (double)POINTS - 1);
		rule->x[i] = x;
		rule->all += rule->density[i] = exp(-0.5 * x * x);
	}
}

/* Of z ~ N(mean, variance); 0 where the slope has no largest value. */
static double flat_share(const struct midpoints *rule, const struct spec *spec, double mean, double variance)
{
	const struct activation *activation = activation_of(spec);
	double limit = ACTIVATION_SATURATION_SHARE * activation->max_slope(spec->value), flat = 0, sd = sqrt(variance);
	if (isnan(limit) || !isfinite(sd))
		return isnan(limit) ? 0 : NAN;
	for (int i = 0; i < POINTS; i++)
		if (fabs(activation->df(mean + sd * rule->x[i], spec->value)) < limit)
			flat += rule->density[i];
	return flat / rule->all;
}

static void add_flat(struct net_factors *factors, const struct theory_layer *layer, size_t layers)
{
	struct midpoints rule;
	double q = NAN, mean = NAN, share = 0;
	fill_midpoints(&rule);
	for (size_t l = 0; l + 1 < layers; l++) {
		double variance = fmax(0, layer[l].z_mean_square - layer[l].z_mean * layer[l].z_mean);
		/* in deep nets the variance converges: 1 % does not matter */
		if (!(fabs(variance - q) <= 0.01 * q && layer[l].z_mean == mean))
			share = flat_share(&rule, layer[l].activation, layer[l].z_mean, variance);
		q = variance;
		mean = layer[l].z_mean;
		factors->flat = fmax(factors->flat, share);
	}
}

/* ---- the numbers ---- */

/* Free probability (Pennington, Schoenholz and Ganguli 2017): in wide layers the
 * relative variances of squared singular values add up.  W D has
 * 1 + k with k = E f'^4 / (E f'^2)^2 - 1; an orthogonal W would have k, but 50 orthogonal layers of
 * tanh learn no better than 50 random ones, so it counts as random.  A branch that brings c of
 * gradient^2 beside p past it, p + W D, has (2 p c + c^2 (1 + k)) / (p + c)^2: the
 * identity is one, and small branches leave it nearly so. */
static double isometry_of(const struct theory_layer *layer, bool full)
{
	double k = full ? layer->back.square - 1 : 0; /* at least: for the estimate, which does not know it */
	if (layer->residual == 0)
		return 1 + k;
	double past = layer->skip_scale * layer->skip_scale, all = layer->residual == 2 ? layer->chi * layer->chi : layer->chi;
	double branch = fmax(0, all - past), kurtosis = layer->residual == 2 ? 2 + k : 1 + k;
	return (2 * past * branch + branch * branch * kurtosis) / (all * all);
}

/* The gradient factor of a layer with batch normalization, per layer of ln, beyond
 * theory's own band: units of real nets are not normal over the images of a batch,
 * and theory is wrong by up to 0.12, in the same direction in all layers. */
#define BATCH_DOUBT 0.12

/* The share of gradient^2 that comes back through the branch, not past it. */
static double branch_share(const struct theory_layer *layer)
{
	double past = layer->skip_scale * layer->skip_scale, all = layer->residual == 2 ? layer->chi * layer->chi : layer->chi;
	return layer->residual == 0 || !(all > 0) ? 1 : fmax(0, all - past) / all;
}

void factors_predicted(struct net_factors *factors, const struct theory_layer *layer, size_t layers,
                       const struct theory_input *input, bool full)
{
	size_t hidden = layers - 1;
	*factors = (struct net_factors){
		.hidden = hidden, .signal = NAN, .gradient = NAN, .band = NAN, .correlation = NAN, .z_square = hidden ? 0 : NAN, .readout = NAN,
		.first = layer[0].z_mean_square / input->mean_square, .logits = layer[hidden].z_mean_square,
	};
	if (hidden == 0)
		return;
	for (size_t l = 0; l < hidden; l++)
		factors->z_square += layer[l].z_mean_square / (double)hidden;
	add_flat(factors, layer, layers);
	factors->readout = layer[hidden - 1].delta_factor;
	if (full) {
		factors->correlation = input->images == 1 ? NAN : layer[hidden - 1].alike;
		factors->band = layer[0].delta_scatter;
		for (size_t l = 0; l < hidden; l++)
			if (layer[l].normalization == THEORY_BATCH)
				factors->doubt += BATCH_DOUBT * branch_share(&layer[l]);
	}
	for (size_t l = 1; l < hidden; l++)
		factors->isometry += isometry_of(&layer[l], full);
	if (hidden == 1)
		return;
	factors->signal = layer[hidden - 1].z_mean_square / layer[0].z_mean_square;
	factors->gradient = 1;
	for (size_t l = 0; l + 1 < hidden; l++)
		factors->gradient *= layer[l].delta_factor;
}

static double square(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	const struct moments *m = &snapshot->layer[layer].tensor[tensor].moments;
	return m->nan + m->inf ? NAN : m->mean_square;
}

void factors_observed(struct net_factors *factors, const struct snapshot *snapshot)
{
	size_t hidden = snapshot->layers - 1;
	*factors = (struct net_factors){
		.hidden = hidden, .signal = NAN, .gradient = NAN, .correlation = NAN, .z_square = hidden ? 0 : NAN, .readout = NAN,
		.first = square(snapshot, 0, MLP_Z) / snapshot->input.mean_square, .logits = square(snapshot, hidden, MLP_Z),
	};
	if (hidden == 0)
		return;
	for (size_t l = 0; l < hidden; l++) {
		factors->z_square += square(snapshot, l, MLP_Z) / (double)hidden;
		factors->flat = fmax(factors->flat, snapshot->layer[l].saturated);
	}
	factors->correlation = snapshot->layer[hidden - 1].correlation;
	factors->readout = square(snapshot, hidden - 1, MLP_DELTA) / square(snapshot, hidden, MLP_DELTA);
	if (hidden == 1)
		return;
	factors->signal = square(snapshot, hidden - 1, MLP_Z) / square(snapshot, 0, MLP_Z);
	factors->gradient = square(snapshot, 0, MLP_DELTA) / square(snapshot, hidden - 1, MLP_DELTA);
}
