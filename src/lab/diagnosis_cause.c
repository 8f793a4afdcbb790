/* Why a rule fires: the one factor of the forward or backward sum that is off. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/theory.h"
#include "lab/diagnosis_sum.h"

#define OFF 1.2 /* a factor nearer to 1 is not the cause */

static double learning_rate(const struct diagnosis_pattern *p)
{
	const struct spec *optimizer = &p->net->now->settings.optimizer;
	return optimizer->entry ? spec_value(optimizer, "lr") : NAN;
}

static const char *activation_name(const struct layer_observation *layer)
{
	return layer->activation.entry ? layer->activation.entry->name : "softmax";
}

/* ---- forwards: E[z²] = n E[x²] Var(W) + E[b²] ---- */

static void blame_biases(struct wording *why, const struct diagnosis_sum *sum)
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

static void blame_mean(struct wording *why, const struct diagnosis_sum *sum)
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
	const char *made = p->net->now->step > 0 && p->start_known && !p->at_start ? "training made " : "";
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

/* z is large: which term of its sum is? */
static void why_large(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t index = p->facts.number - 1;
	struct diagnosis_sum sum = diagnosis_sum_of(now, index);
	double wanted = diagnosis_wanted_variance(now, index);
	char was[NUMBER_SIZE], is[NUMBER_SIZE], rate[NUMBER_SIZE];
	bool normalized = mlp_normalizes_z(now->settings.normalization) && !p->facts.last;
	if (!normalized && sum.bias > sum.random && sum.bias > sum.common)
		blame_biases(why, &sum);
	else if (!normalized && sum.common > sum.random)
		blame_mean(why, &sum);
	else if (!normalized && sum.weight_variance > OFF * wanted && sum.weight_variance * sum.input_square > wanted)
		blame_variance(why, p, index);
	else if (!normalized && p->at_start)
		blame_input(why, &sum, index);
	else if (p->net->start && now->step > 0) {
		number_brief(was, diagnosis_square(p->net->start, index, MLP_Z));
		number_brief(is, diagnosis_square(now, index, MLP_Z));
		number_brief(rate, learning_rate(p));
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

/* The activation's slope is small even where it is largest. */
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

/* The sum of a residual block is larger than what passes by it. */
static void blame_branches(struct wording *why, const struct diagnosis_pattern *p)
{
	char times[NUMBER_SIZE];
	double steps = fmax(1, (double)p->net->hidden - (double)p->facts.number);
	number_factor(times, pow(p->facts.gradient_hidden, 1 / steps));
	wording_add(why, "because every residual branch adds its gradient to the one that passes by it: gradient² %s per layer", times);
	wording_add(why, "because every residual branch adds its gradient: %s per layer", times);
	wording_add(why, "every branch adds its gradient");
}

/* The gradient changes from layer to layer: which factor is far from 1? */
static void why_gradient(struct wording *why, const struct diagnosis_pattern *p)
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

/* The signal fades: the weights, or what comes in. */
static void why_small(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t index = p->first - 1;
	struct diagnosis_sum sum = diagnosis_sum_of(now, index);
	double wanted = diagnosis_wanted_variance(now, index);
	if (sum.weight_variance < wanted / OFF)
		blame_variance(why, p, index);
	else if (index > 0)
		why_gradient(why, p);
}

/* ---- the others ---- */

static void why_not_finite(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char rate[NUMBER_SIZE], times[NUMBER_SIZE], first[NUMBER_SIZE];
	number_brief(rate, learning_rate(p));
	if (now->step == 0 || (now->diverged && now->diverged_step == 0)) {
		double one = diagnosis_square(now, 0, MLP_Z), two = now->layers > 1 ? diagnosis_square(now, 1, MLP_Z) : NAN;
		wording_add(why, "because the signal grows at every layer: E[z²] is %s in layer 1, %s times that in layer 2",
		            number_brief(first, one), number_brief(times, two / one));
		wording_add(why, "the signal grows at every layer");
	} else if (p->net->start == NULL) {
		wording_add(why, "the learning rate is %s; what the net was at its start is not known", rate);
		wording_add(why, "the learning rate is %s", rate);
	} else {
		struct diagnosis start;
		diagnosis_of_net(&start, p->net->start, p->net->start);
		if (start.severity < SEVERITY_ILL) {
			wording_add(why, "because the learning rate %s is too large: the initializer was sound, the net was healthy at its start",
			            rate);
			wording_add(why, "because the learning rate %s is too large; the initializer was sound", rate);
			wording_add(why, "the learning rate %s is too large", rate);
		} else {
			wording_add(why, "because the net was ill from its start (%s), and the learning rate %s made it worse", start.word, rate);
			wording_add(why, "it was ill from its start: %s", start.word);
		}
	}
}

static void why_symmetric(struct wording *why, const struct diagnosis_pattern *p)
{
	char name[TEXT_READOUT_SIZE];
	for (size_t l = 0; l <= p->net->hidden; l++) {
		const struct layer_observation *layer = &p->net->now->layer[l];
		struct text init = {0};
		if (l + 1 > p->last || layer->weight_variance != 0)
			continue;
		spec_format(&layer->init, &init);
		text_readout(name, layer->weight_mean);
		wording_add(why, "because all weights of layer %zu began at %s (%.60s): equal units get equal gradients; theory needs "
		            "random weights", l + 1, name, text_string(&init));
		wording_add(why, "because all weights of layer %zu began at %s: equal units get equal gradients", l + 1, name);
		wording_add(why, "all its weights began at %s", name);
		text_free(&init);
		return;
	}
	wording_add(why, "because its weights have a pattern that is the same for all units; theory needs random weights");
	wording_add(why, "its weights are not random");
}

static void why_single_image(struct wording *why, const struct diagnosis_pattern *p)
{
	(void)p;
	wording_add(why, "because batch normalization subtracts the mean over the batch, and the mean of one image is that image");
	wording_add(why, "because the mean of one image is that image");
	wording_add(why, "one image has no variance");
}

static void why_underflow(struct wording *why, const struct diagnosis_pattern *p)
{
	bool forwards = diagnosis_all_zero(&p->facts.layer->tensor[MLP_Z].moments);
	if (forwards)
		why_small(why, p);
	else
		why_gradient(why, p);
}

static void why_dead(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t index = p->facts.number - 1;
	struct diagnosis_sum sum = diagnosis_sum_of(now, index);
	const struct layer_observation *layer = &now->layer[index];
	double mean = layer->tensor[MLP_Z].moments.mean, sd = sqrt(layer->tensor[MLP_Z].moments.variance);
	char a[NUMBER_SIZE], b[NUMBER_SIZE], c[NUMBER_SIZE];
	number_brief(a, mean);
	number_brief(b, sd);
	number_brief(c, learning_rate(p));
	if (sum.bias_mean < 0 && sum.bias > sum.random) {
		blame_biases(why, &sum);
	} else if (p->start_known && !p->at_start && mean > -sd / 2) {
		wording_add(why, "because training left these units without any image, and then they get no gradient (learning rate %s)", c);
		wording_add(why, "training left them without any image");
	} else if (p->start_known && !p->at_start) {
		wording_add(why, "because training pushed z of layer %zu below 0: its mean is %s, its sd %s (learning rate %s)", index + 1, a,
		            b, c);
		wording_add(why, "because training pushed z below 0: its mean is %s", a);
		wording_add(why, "training pushed z below 0");
	} else if (mean < -sd) {
		wording_add(why, "because z of layer %zu lies below 0: its mean is %s, its sd %s", index + 1, a, b);
		wording_add(why, "z lies below 0: its mean is %s", a);
	} else if (layer->correlation > 0.9) {
		wording_add(why, "because images have become alike there (correlation %s): a unit is inactive for all of them or for none",
		            number_known(a, layer->correlation));
		wording_add(why, "images are alike there");
	}
}

static void why_alike(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t middle = p->net->hidden / 2;
	const struct layer_theory *theory = &now->layer[middle < p->net->hidden ? middle : 0].theory_now;
	char first[NUMBER_SIZE], rate[NUMBER_SIZE], limit[NUMBER_SIZE];
	struct diagnosis_sum sum = diagnosis_sum_of(now, p->first - 1);
	number_brief(first, now->layer[0].correlation);
	if (sum.bias > 100 * sum.random) {
		blame_biases(why, &sum);
	} else if (isfinite(theory->correlation_limit) && isfinite(theory->correlation_rate)) {
		number_brief(rate, theory->correlation_rate);
		number_brief(limit, theory->correlation_limit);
		wording_add(why, "because every layer makes images more alike: their correlation is %s in layer 1, and theory leads it to %s, "
		            "what is left shrinking ×%s per layer", first, limit, rate);
		wording_add(why, "because what differs between images shrinks ×%s per layer", rate);
	} else {
		wording_add(why, "because every layer makes images more alike: their correlation is %s in layer 1", first);
	}
	wording_add(why, "every layer makes images more alike");
}

static void why_chaotic(struct wording *why, const struct diagnosis_pattern *p)
{
	size_t index = p->net->hidden / 2;
	const struct layer_theory *theory = &p->net->now->layer[index].theory_now;
	char chi[NUMBER_SIZE];
	if (!mlp_normalizes_z(p->net->now->settings.normalization) && isfinite(theory->chi) && theory->chi > 1) {
		double wanted = diagnosis_wanted_variance(p->net->now, index);
		char have[NUMBER_SIZE], want[NUMBER_SIZE];
		number_brief(chi, theory->chi);
		number_brief(have, diagnosis_sum_of(p->net->now, index).weight_variance);
		number_brief(want, wanted);
		wording_add(why, "because χ = %s: each layer multiplies gradient² and small differences by it; Var(W) = %s, wanted about %s",
		            chi, have, want);
		wording_add(why, "Var(W) = %s, wanted about %s", have, want);
	} else {
		why_gradient(why, p);
	}
}

static void why_output(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char rate[NUMBER_SIZE], was[NUMBER_SIZE];
	if (now->step == 0 || (p->start_known && p->at_start)) {
		why_large(why, p);
	} else if (p->start_known) {
		number_brief(rate, learning_rate(p));
		number_brief(was, p->net->start->loss);
		wording_add(why, "because of training: the loss was %s at the start; the learning rate %s may be too large", was, rate);
		wording_add(why, "the loss was %s at the start", was);
	}
}

/* The learning rate, or else what was wrong before. */
static void why_stalled(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	double most = 0;
	char rate[NUMBER_SIZE], ratio[NUMBER_SIZE];
	for (size_t l = 0; l < now->layers; l++)
		most = fmax(most, now->layer[l].update_ratio);
	number_brief(rate, learning_rate(p));
	number_brief(ratio, most);
	if (most < 2e-4 || most > 0.05) {
		const char *size = most < 2e-4 ? "small" : "large";
		wording_add(why, "because the learning rate %s is too %s: a step changes weights by at most %s of their size, about 0.001 is "
		            "usual", rate, size, ratio);
		wording_add(why, "because the learning rate %s is too %s: steps of %s of the weights", rate, size, ratio);
		wording_add(why, "the learning rate %s is too %s", rate, size);
		return;
	}
	if (p->net->start && now->step > 0) {
		struct diagnosis start;
		diagnosis_of_net(&start, p->net->start, p->net->start);
		if (start.severity > SEVERITY_HEALTHY) {
			wording_add(why, "because of how it started (%s): %.160s", start.word, wording_fit(&start.what, 80));
			wording_add(why, "it started as %s", start.word);
			return;
		}
	}
	wording_add(why, "no rule on signal and gradient explains it: steps change weights by up to %s of their size at learning rate %s",
	            ratio, rate);
	wording_add(why, "signal and gradient do not explain it");
}

static void why_shifted(struct wording *why, const struct diagnosis_pattern *p)
{
	struct diagnosis_sum sum = diagnosis_sum_of(p->net->now, p->first - 1);
	blame_mean(why, &sum);
}

static void why_update(struct wording *why, const struct diagnosis_pattern *p)
{
	char rate[NUMBER_SIZE], weights[NUMBER_SIZE];
	number_brief(rate, learning_rate(p));
	number_brief(weights, sqrt(p->facts.layer->tensor[MLP_W].moments.mean_square));
	wording_add(why, "because the learning rate is %s, and the weights have an rms of %s", rate, weights);
	wording_add(why, "the learning rate is %s", rate);
}

static void why_healthy(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	size_t hidden = p->net->hidden;
	char forwards[NUMBER_SIZE], backwards[NUMBER_SIZE];
	if (hidden < 2)
		return;
	if (p->net->zero_output)
		return;
	double steps = (double)hidden - 1;
	double signal = pow(diagnosis_square(now, hidden - 1, MLP_Z) / diagnosis_square(now, 0, MLP_Z), 1 / steps);
	double gradient = pow(diagnosis_square(now, 0, MLP_DELTA) / diagnosis_square(now, hidden - 1, MLP_DELTA), 1 / steps);
	wording_add(why, "because each layer passes on %s of E[z²], and %s of gradient² on the way back, on average",
	            number_factor(forwards, signal), number_factor(backwards, gradient));
	wording_add(why, "per layer E[z²] %s, gradient² %s", forwards, backwards);
}

void diagnosis_say_cause(struct wording *why, const struct diagnosis_pattern *pattern)
{
	static void (*const say[DIAGNOSIS_KINDS])(struct wording *, const struct diagnosis_pattern *) = {
		[DIAGNOSIS_NOT_FINITE] = why_not_finite,
		[DIAGNOSIS_SYMMETRIC] = why_symmetric,
		[DIAGNOSIS_SINGLE_IMAGE] = why_single_image,
		[DIAGNOSIS_UNDERFLOW] = why_underflow,
		[DIAGNOSIS_DEAD] = why_dead,
		[DIAGNOSIS_SATURATED] = why_large,
		[DIAGNOSIS_EXPLODING_SIGNAL] = why_large,
		[DIAGNOSIS_EXPLODING_GRADIENT] = why_gradient,
		[DIAGNOSIS_CHAOTIC] = why_chaotic,
		[DIAGNOSIS_VANISHING_GRADIENT] = why_gradient,
		[DIAGNOSIS_VANISHING_SIGNAL] = why_small,
		[DIAGNOSIS_COLLAPSED] = why_alike,
		[DIAGNOSIS_OUTPUT] = why_output,
		[DIAGNOSIS_STALLED] = why_stalled,
		[DIAGNOSIS_SHIFTED] = why_shifted,
		[DIAGNOSIS_FAST] = why_update,
		[DIAGNOSIS_SLOW] = why_update,
		[DIAGNOSIS_HEALTHY] = why_healthy,
	};
	if (say[pattern->rule->kind])
		say[pattern->rule->kind](why, pattern);
}
