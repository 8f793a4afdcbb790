/* Finds the factor of the forward or backward sum that is wrong. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/theory.h"
#include "lab/diagnosis_cause.h"
#include "lab/diagnosis_sum.h"

#define OFF 1.2 /* a factor nearer to 1 is not the cause */
#define SAME 0.1 /* how much Var(W) may have changed to be that of the start */

double diagnosis_learning_rate(const struct diagnosis_pattern *p)
{
	const struct spec *optimizer = &p->net->now->settings.optimizer;
	return optimizer->entry ? spec_value(optimizer, "lr") : NAN;
}

static const char *activation_name(const struct layer_observation *layer)
{
	return layer->activation.entry ? layer->activation.entry->name : "softmax";
}

/* ---- forwards: E[z²] = n E[x²] Var(W) + E[b²] ---- */

void diagnosis_blame_biases(struct wording *why, const struct diagnosis_sum *sum)
{
	char mean[NUMBER_SIZE], sd[NUMBER_SIZE];
	number_brief(mean, sum->bias_mean);
	number_brief(sd, sqrt(sum->random + sum->common));
	if (sum->bias_mean * sum->bias_mean < sum->bias_variance) {
		number_brief(mean, sqrt(sum->bias_variance));
		wording_add(why, "because the biases have an sd of %s, where the weights alone give z an rms of %s", mean, sd);
		wording_add(why, "its biases have an sd of %s", mean);
		return;
	}
	wording_add(why, "because the biases are about %s, where the weights alone give z an rms of %s", mean, sd);
	wording_add(why, "because its biases are about %s", mean);
}

void diagnosis_blame_mean(struct wording *why, const struct diagnosis_sum *sum)
{
	char mean[NUMBER_SIZE], sd[NUMBER_SIZE], shift[NUMBER_SIZE];
	number_brief(mean, sum->weight_mean);
	number_brief(sd, sqrt(sum->weight_variance));
	number_brief(shift, sqrt(sum->common));
	wording_add(why, "because the weights have a mean of %s beside an sd of %s: over %.0f inputs the mean adds up to %s in every "
	            "unit", mean, sd, sum->fan_in, shift);
	wording_add(why, "because the weights have a mean of %s beside an sd of %s", mean, sd);
	wording_add(why, "its weights have a mean of %s", mean);
}

/* "E[z²] = 784·E[x²]·Var(W) = 784·0.112·1 = 88" */
static void write_product(char out[96], const struct diagnosis_sum *sum)
{
	char square[NUMBER_SIZE], variance[NUMBER_SIZE], product[NUMBER_SIZE];
	snprintf(out, 96, "E[z²] = %.0f·E[x²]·Var(W) = %.0f·%s·%s = %s", sum->fan_in, sum->fan_in,
	         number_brief(square, sum->input_square), number_brief(variance, sum->weight_variance),
	         number_brief(product, sum->random));
}

/* ": sd 9.4, flat beyond ±3.6"; "" where the activation is flat on one side only. */
static void write_reach(char out[64], const struct layer_observation *layer, const struct diagnosis_sum *sum)
{
	char sd[NUMBER_SIZE], edge[NUMBER_SIZE];
	out[0] = '\0';
	if (layer->activation.entry == NULL)
		return;
	double above = diagnosis_flat_beyond(&layer->activation, 1), below = diagnosis_flat_beyond(&layer->activation, -1);
	if (fabs(above - below) < 1e-3)
		snprintf(out, 64, ": sd %s, flat beyond ±%s", number_brief(sd, sqrt(sum->random)), number_brief(edge, above));
	else if (isfinite(above))
		snprintf(out, 64, ": sd %s, flat above %s", number_brief(sd, sqrt(sum->random)), number_brief(edge, above));
}

/* Whether Var(W) does harm because it has grown or shrunk since the start, and not because something
 * else has changed, such as the activation. */
static bool is_made_by_training(const struct diagnosis_pattern *p, size_t index, double variance)
{
	if (p->net->now->step == 0 || !p->start_known || p->at_start)
		return false;
	double before = diagnosis_sum_of(p->net->start, index).weight_variance;
	return !(fabs(variance - before) < SAME * before);
}

static void blame_variance(struct wording *why, const struct diagnosis_pattern *p, size_t index)
{
	const struct layer_observation *layer = &p->net->now->layer[index];
	struct diagnosis_sum sum = diagnosis_sum_of(p->net->now, index);
	double wanted = diagnosis_wanted_variance(p->net->now, index);
	char have[NUMBER_SIZE], want[NUMBER_SIZE], product[96], reach[64];
	number_brief(have, sum.weight_variance);
	number_brief(want, wanted);
	write_product(product, &sum);
	write_reach(reach, layer, &sum);
	const char *made = is_made_by_training(p, index, sum.weight_variance) ? "training made " : "";
	if (layer->activation.entry == NULL) {
		wording_add(why, "because %sVar(W) = %s, where outputs of mean square 1 want about %s from %.0f inputs: %s", made, have,
		            want, sum.fan_in, product);
		wording_add(why, "because %sVar(W) = %s where the output layer wants about %s", made, have, want);
	} else {
		wording_add(why, "because %sVar(W) = %s where %s over %.0f inputs wants about %s: %s%s", made, have,
		            activation_name(layer), sum.fan_in, want, product, reach);
		wording_add(why, "because %sVar(W) = %s where %s over %.0f inputs wants about %s", made, have, activation_name(layer),
		            sum.fan_in, want);
	}
	wording_add(why, "because %sVar(W) = %s, wanted about %s", made, have, want);
	wording_add(why, "Var(W) = %s, wanted about %s", have, want);
}

static void blame_input(struct wording *why, const struct diagnosis_sum *sum, size_t index)
{
	char square[NUMBER_SIZE], product[96];
	number_brief(square, sum->input_square);
	write_product(product, sum);
	if (index == 0) {
		wording_add(why, "because the pixels are large: E[x²] = %s, and %s", square, product);
		wording_add(why, "because the pixels are large: E[x²] %s", square);
		return;
	}
	wording_add(why, "because what layer %zu hands on is large: E[a²] = %s, so %s", index, square, product);
	wording_add(why, "layer %zu hands on E[a²] = %s", index, square);
}

/* z is large: finds the term of its sum that is large. */
void diagnosis_why_large(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t index = p->facts.number - 1;
	struct diagnosis_sum sum = diagnosis_sum_of(now, index);
	double wanted = diagnosis_wanted_variance(now, index);
	char was[NUMBER_SIZE], is[NUMBER_SIZE], rate[NUMBER_SIZE];
	bool normalized = mlp_normalizes_z(now->settings.normalization) && !p->facts.last;
	if (!normalized && sum.bias > sum.random && sum.bias > sum.common)
		diagnosis_blame_biases(why, &sum);
	else if (!normalized && sum.common > sum.random)
		diagnosis_blame_mean(why, &sum);
	else if (!normalized && sum.weight_variance > OFF * wanted && sum.weight_variance * sum.input_square > wanted)
		blame_variance(why, p, index);
	else if (!normalized && p->at_start)
		blame_input(why, &sum, index);
	else if (p->net->start && now->step > 0) {
		number_brief(was, diagnosis_square(p->net->start, index, MLP_Z));
		number_brief(is, diagnosis_square(now, index, MLP_Z));
		number_brief(rate, diagnosis_learning_rate(p));
		wording_add(why, "because of training, not of the start: E[z²] of layer %zu was %s and is %s (learning rate %s)", index + 1,
		            was, is, rate);
		wording_add(why, "because of training: E[z²] was %s, is %s", was, is);
		wording_add(why, "training made z large");
	}
}

/* ---- backwards: gradient² = fan_out Var(W) E[f'²] of the next layer's ---- */

static void write_factor(char out[96], const struct diagnosis_back *back)
{
	char variance[NUMBER_SIZE], slope[NUMBER_SIZE], factor[NUMBER_SIZE];
	snprintf(out, 96, "%.0f·Var(W)·E[f'²] = %.0f·%s·%s = %s per layer", back->fan_out, back->fan_out,
	         number_brief(variance, back->weight_variance), number_brief(slope, back->slope_square),
	         number_brief(factor, back->factor));
}

/* The largest slope of the activation is small. */
static void blame_slope(struct wording *why, const struct layer_observation *layer, const struct diagnosis_back *back)
{
	char most[NUMBER_SIZE], mean[NUMBER_SIZE], factor[96];
	const char *name = activation_name(layer);
	write_factor(factor, back);
	number_brief(mean, back->slope_square);
	if (back->largest_slope_square < 0.9) {
		number_brief(most, back->largest_slope_square);
		wording_add(why, "because %s passes on at most %s of gradient², so the weights are not the cause: %s", name, most, factor);
		wording_add(why, "because %s passes on at most %s of gradient²", name, most);
	} else {
		wording_add(why, "because %s passes on %s of gradient² at these z: %s", name, mean, factor);
		wording_add(why, "because %s passes on %s of gradient²", name, mean);
	}
	wording_add(why, "%s passes on %s of it", name, mean);
}

static void blame_normalized(struct wording *why, const struct diagnosis_pattern *p, size_t index)
{
	const struct layer_theory *theory = &p->net->now->layer[index].theory_now;
	char chi[NUMBER_SIZE];
	bool batch = p->net->now->settings.normalization == MLP_BATCH_NORM;
	const char *kind = batch ? "batch" : "layer";
	if (!isfinite(theory->chi)) {
		wording_add(why, "because %s normalization, not the weights, sets the size of z and of the gradient", kind);
		wording_add(why, "%s normalization sets the size of z", kind);
		return;
	}
	number_brief(chi, theory->chi);
	wording_add(why, "because after %s normalization %s multiplies gradient² by χ = %s at every layer, whatever Var(W)", kind,
	            activation_name(&p->net->now->layer[index]), chi);
	wording_add(why, "because χ = %s at every layer, whatever Var(W)", chi);
	wording_add(why, "χ = %s, whatever Var(W)", chi);
}

/* Of the last branch; 1 where there is none. */
static double branch_scale_at(const struct snapshot *now)
{
	for (size_t l = now->layers; l-- > 0;)
		if (isfinite(now->layer[l].branch_scale) && settings_layer_branch(&now->settings, l + 1))
			return now->layer[l].branch_scale;
	return 1;
}

/* A residual branch makes the gradient larger than the part that passes beside it. */
static void blame_branches(struct wording *why, const struct diagnosis_pattern *p)
{
	char times[NUMBER_SIZE];
	double steps = fmax(1, (double)p->net->hidden - (double)p->facts.number);
	bool two = p->net->now->settings.branch_layers == 2;
	const char *per = two ? "branch of two layers" : "layer";
	number_factor(times, pow(p->facts.gradient_hidden, (two ? 2 : 1) / steps));
	char scale[TEXT_READOUT_SIZE];
	text_readout(scale, branch_scale_at(p->net->now));
	wording_add(why, "because every residual branch (branch-scale %s) adds its gradient to the one that passes by it: gradient² %s "
	            "per %s", scale, times, per);
	wording_add(why, "because every residual branch adds its gradient to the one that passes by it: gradient² %s per %s", times, per);
	wording_add(why, "because every residual branch adds its gradient: %s per %s", times, per);
	wording_add(why, "every branch adds its gradient");
}

/* The gradient changes from layer to layer: finds the factor that is far from 1. */
void diagnosis_why_gradient(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t hidden = p->net->hidden, index = hidden > 1 ? (p->first - 1 + hidden - 1) / 2 : 0, next = index + 1;
	if (hidden == 0 || p->first > hidden)
		return;
	if (next == hidden && index > 0)
		next = index--;
	struct diagnosis_back back = diagnosis_back_of(now, index);
	double wanted = diagnosis_wanted_variance(now, next), times = back.weight_variance / wanted;
	bool too_large = p->facts.gradient_hidden > 1 || (hidden == 1 && p->facts.gradient > 1);
	const struct layer_observation *layer = &now->layer[index];
	char have[NUMBER_SIZE], want[NUMBER_SIZE], factor[96];
	number_brief(have, back.weight_variance);
	number_brief(want, wanted);
	write_factor(factor, &back);
	if (now->settings.residual && too_large)
		blame_branches(why, p);
	else if (mlp_normalizes_z(now->settings.normalization))
		blame_normalized(why, p, index);
	else if (!(too_large ? times > 1.05 : times < 1 / 1.05) || next == hidden)
		blame_slope(why, layer, &back);
	else {
		wording_add(why, "because Var(W) = %s where %s over %zu inputs wants about %s: %s", have, activation_name(layer),
		            now->layer[next].fan_in, want, factor);
		wording_add(why, "because Var(W) = %s where %s over %zu inputs wants about %s", have, activation_name(layer),
		            now->layer[next].fan_in, want);
		wording_add(why, "Var(W) = %s, wanted about %s", have, want);
	}
}

/* The signal becomes small: because of the weights, or of the input. */
void diagnosis_why_small(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t index = p->first - 1;
	struct diagnosis_sum sum = diagnosis_sum_of(now, index);
	double wanted = diagnosis_wanted_variance(now, index);
	if (sum.weight_variance < wanted / OFF)
		blame_variance(why, p, index);
	else if (index > 0)
		diagnosis_why_gradient(why, p);
}
