/* Numbers of a layer and of the net, as the rules compare them. */
#include "lab/diagnosis_parts.h"

#include <math.h>
#include <stdint.h>

#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"

/* A net learns when its loss is well below that of guessing, or most probe
 * images are classified correctly. */
#define LEARNS_LOSS 0.6      /* of ln(classes) */
#define LEARNS_ACCURACY 0.7

bool diagnosis_all_zero(const struct moments *moments)
{
	return moments->n > 0 && moments->min == 0 && moments->max == 0;
}

double diagnosis_square(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	return snapshot->layer[layer].tensor[tensor].moments.mean_square;
}

/* Whether a residual branch ends in the layer and adds 0: by its weights (Fixup), or by
 * its factor (ReZero). */
static bool ends_zero_branch(const struct snapshot *now, size_t index)
{
	const struct layer_observation *layer = &now->layer[index];
	return settings_layer_branch(&now->settings, index + 1) > 0 &&
	       (layer->branch_scale == 0 || diagnosis_all_zero(&layer->tensor[MLP_W].moments));
}

#define NOT_IN_BRANCH SIZE_MAX

/* The layer where the residual branch that the layer is in ends. */
static size_t end_of_branch(const struct snapshot *now, size_t index)
{
	bool inner = index + 1 < now->layers && settings_layer_branch(&now->settings, index + 2) == 2;
	size_t end = inner ? index + 1 : index;
	return settings_layer_branch(&now->settings, end + 1) > 0 ? end : NOT_IN_BRANCH;
}

/* E[delta²] as if the scale of the layer's branch were 1: like that of a layer outside
 * of branches. */
static double unscaled_gradient(const struct snapshot *now, size_t index)
{
	size_t end = end_of_branch(now, index);
	double scale = end == NOT_IN_BRANCH ? 1 : now->layer[end].branch_scale;
	return diagnosis_square(now, index, MLP_DELTA) / (scale * scale);
}

/* Up to this share of its sum's mean square a residual branch counts as one that has yet
 * to grow. */
#define SMALL_BRANCH 0.01

/* Whether little gradient reaches the layer only because the residual branch it is in
 * adds little: the gradient passes by the branch, and the last layer of one whose weights
 * are small, or its factor, gets it and makes the branch grow. */
static bool is_idle(const struct snapshot *now, size_t index)
{
	size_t end = end_of_branch(now, index);
	bool inner = end > index;
	if (end == NOT_IN_BRANCH)
		return false;
	double scale = now->layer[end].branch_scale, square = scale * scale;
	return square <= SMALL_BRANCH ||
	       (inner && square * diagnosis_square(now, end, MLP_Z) <= SMALL_BRANCH * diagnosis_square(now, end, MLP_A));
}

double diagnosis_last_gradient(const struct snapshot *now)
{
	const struct layer_observation *output = &now->layer[now->layers - 1];
	if (!is_idle(now, now->layers - 2))
		return unscaled_gradient(now, now->layers - 2);
	return (double)output->fan_out * output->tensor[MLP_W].moments.mean_square * diagnosis_square(now, now->layers - 1, MLP_DELTA);
}

/* The last hidden layer that does not end a branch which adds 0. */
static size_t last_active(const struct snapshot *now)
{
	size_t index = now->layers - 2;
	while (ends_zero_branch(now, index))
		index -= settings_layer_branch(&now->settings, index + 1);
	return index;
}

struct diagnosis_net diagnosis_net_of(const struct snapshot *now, const struct snapshot *start)
{
	const struct layer_observation *output = &now->layer[now->layers - 1];
	struct diagnosis_net net = {
		.now = now, .start = now->step == 0 ? now : start, .hidden = now->layers - 1,
		.guess = log((double)output->fan_out),
	};
	net.learns = now->step > 0 && (now->loss <= LEARNS_LOSS * net.guess || now->train_accuracy >= LEARNS_ACCURACY);
	net.zero_output = net.hidden > 0 && diagnosis_all_zero(&output->tensor[MLP_W].moments) &&
	                  !diagnosis_all_zero(&now->layer[last_active(now)].tensor[MLP_W].moments);
	return net;
}

struct diagnosis_net diagnosis_net_at_start(const struct diagnosis_net *net)
{
	return diagnosis_net_of(net->start, net->start);
}

/* The share of outputs that are exactly `value`, one of the histogram's spikes. */
static double share_at(const struct layer_observation *layer, double value)
{
	const struct histogram *h = &layer->tensor[MLP_A].histogram;
	for (int i = 0; i < h->spikes && h->n > 0; i++)
		if (h->spike[i].value == value)
			return (double)h->spike[i].count / (double)h->n;
	return 0;
}

/* A rectifier with an upper end (relu6) is inactive at one end, which is
 * normal, and saturated at the other; there the share of the active outputs counts. */
static double stuck_share(const struct layer_observation *layer, bool squashing)
{
	double low, high;
	const struct activation *activation = activation_of(&layer->activation);
	if (squashing)
		return layer->saturated;
	activation->range(&low, &high, layer->activation.value);
	double top = isfinite(high) ? share_at(layer, high) : 0, inactive = layer->saturated - top;
	return top > 0 && inactive < 1 ? top / (1 - inactive) : 0;
}

/* The first step's rms by the optimizer's rule from the probe's gradient, for weights and
 * gradients of one size each, over that of the weights.  Weights that are smaller than
 * LeCun's are compared with those: a large step is no harm to weights near 0.  NaN after
 * step 0, without a gradient, and where muP scales the learning rate. */
static double predicted_update(const struct snapshot *now, const struct layer_observation *layer)
{
	const struct tensor_observation *dw = &layer->tensor[MLP_DW];
	const struct spec *spec = &now->settings.optimizer;
	double square = dw->moments.mean_square, weights = sqrt(layer->tensor[MLP_W].moments.mean_square);
	double moved = 1 - (double)dw->magnitudes.zeros / (double)dw->moments.n; /* share of weights with a gradient */
	if (now->step > 0 || spec->entry == NULL || initializer_of(&layer->init)->maximal_update || !(weights > 0) ||
	    !(square > 0) || !(moved > 0))
		return NAN;
	double slot[OPTIMIZER_MAX_SLOTS] = {0}, after = weights;
	optimizer_of(spec)->published(&after, slot, sqrt(square / moved), 1, spec->value);
	return fabs(after - weights) * sqrt(moved) / fmax(weights, 1 / sqrt((double)layer->fan_in));
}

/* lr |g|² / loss at step 0, of optimizers whose steps are the gradient times lr. */
static double promised_share(const struct snapshot *now)
{
	const struct spec *spec = &now->settings.optimizer;
	double square = 0;
	if (now->step > 0 || spec->entry == NULL || optimizer_of(spec)->adaptive)
		return NAN;
	for (size_t l = 0; l < now->layers; l++) {
		const struct moments *dw = &now->layer[l].tensor[MLP_DW].moments;
		square += dw->mean_square * (double)dw->n;
		if (initializer_of(&now->layer[l].init)->maximal_update)
			return NAN;
	}
	return spec_value(spec, "lr") * square / now->loss;
}

const char *diagnosis_update_base(const struct diagnosis_facts *facts)
{
	double weights = sqrt(facts->layer->tensor[MLP_W].moments.mean_square);
	bool small = facts->net->now->step == 0 && weights < 0.9 / sqrt((double)facts->layer->fan_in);
	return small ? "the size that lecun would give them" : "their size";
}

/* By how much E[a²] grows from the layer to the last hidden one, where branches add up. */
static double stream_growth(const struct snapshot *now, size_t index)
{
	size_t last = now->layers - 2;
	if (settings_layer_branch(&now->settings, last + 1) == 0)
		return 1;
	return fmax(1, diagnosis_square(now, last, MLP_A) / diagnosis_square(now, index, MLP_A));
}

struct diagnosis_facts diagnosis_facts_of(const struct diagnosis_net *net, size_t index)
{
	const struct snapshot *now = net->now;
	const struct layer_observation *layer = &now->layer[index];
	double delta = diagnosis_square(now, index, MLP_DELTA), spread = layer->z_within + layer->z_between;
	struct diagnosis_facts facts = {
		.net = net, .layer = layer, .number = index + 1, .last = index == net->hidden,
		.in_branch = end_of_branch(now, index) != NOT_IN_BRANCH,
		.stuck = NAN, .gradient = NAN, .gradient_hidden = NAN, .difference = NAN, .gradient_step = NAN, .growth = NAN,
		.within_share = spread > 0 ? layer->z_within / spread : NAN,
		.shared_share = spread > 0 && layer->fan_out > 1 ? layer->z_shared / spread : NAN,
		.update = now->step > 0 ? layer->update_ratio : predicted_update(now, layer),
		.promised = index == net->hidden ? promised_share(now) : NAN,
	};
	facts.promised_later = facts.promised / (1 - optimizer_momentum(&now->settings.optimizer));
	if (layer->activation.entry) {
		const struct activation *activation = activation_of(&layer->activation);
		double low, high;
		activation->range(&low, &high, layer->activation.value);
		facts.bounded = isfinite(low) && isfinite(high);
		facts.squashing = activation->saturation == SATURATION_SATURATED;
		facts.stuck = stuck_share(layer, facts.squashing);
	}
	if (!net->zero_output && !is_idle(now, index)) {
		facts.gradient = delta / diagnosis_square(now, net->hidden, MLP_DELTA);
		if (!facts.last) {
			facts.gradient_hidden = unscaled_gradient(now, index) / diagnosis_last_gradient(now);
			facts.difference = facts.gradient_hidden / stream_growth(now, index);
			facts.gradient_step = is_idle(now, index + 1) ? NAN : delta / diagnosis_square(now, index + 1, MLP_DELTA);
		}
	}
	/* what the output layer reads is no longer normalized */
	if (index > 0 && !(facts.last && mlp_normalizes_z(now->settings.normalization)))
		facts.growth = diagnosis_square(now, index, MLP_Z) / diagnosis_square(now, index - 1, MLP_Z);
	return facts;
}

/* Sums that are 0 for all images and units mean that the products are below the
 * smallest float. */
size_t diagnosis_z_underflows_in(const struct diagnosis_facts *facts)
{
	const struct layer_observation *layer = facts->net->now->layer;
	bool enters = facts->net->now->input.mean_square > 0;
	for (size_t l = 0; l < facts->number; l++) {
		if (diagnosis_all_zero(&layer[l].tensor[MLP_Z].moments) && !diagnosis_all_zero(&layer[l].tensor[MLP_W].moments) && enters)
			return l + 1;
		enters = !diagnosis_all_zero(&layer[l].tensor[MLP_A].moments);
	}
	return 0;
}

/* Only layers count in which no unit is saturated for all images, and whose residual
 * branch adds something. */
size_t diagnosis_delta_underflows_in(const struct diagnosis_facts *facts)
{
	const struct layer_observation *layer = facts->net->now->layer;
	for (size_t l = facts->net->hidden; l-- >= facts->number;)
		if (diagnosis_all_zero(&layer[l].tensor[MLP_DELTA].moments) && !(layer[l].dead > 0) && !is_idle(facts->net->now, l) &&
		    !diagnosis_all_zero(&layer[l + 1].tensor[MLP_DELTA].moments) &&
		    !diagnosis_all_zero(&layer[l + 1].tensor[MLP_W].moments))
			return l + 1;
	return 0;
}

bool diagnosis_underflowed(const struct snapshot *now, size_t layer, enum mlp_tensor tensor)
{
	const struct tensor_observation *seen = now->layer[layer].tensor;
	if (tensor > MLP_DELTA || tensor == MLP_W || !diagnosis_all_zero(&seen[tensor].moments))
		return false;
	struct diagnosis_net net = diagnosis_net_of(now, NULL);
	struct diagnosis_facts facts = { .net = &net, .layer = &now->layer[layer], .number = layer + 1 };
	if (tensor == MLP_DELTA)
		return diagnosis_delta_underflows_in(&facts) != 0;
	return diagnosis_all_zero(&seen[MLP_Z].moments) && diagnosis_z_underflows_in(&facts) != 0;
}
