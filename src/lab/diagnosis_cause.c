/* Why a rule fires. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"
#include "nn/theory.h"
#include "lab/diagnosis_cause.h"
#include "lab/diagnosis_sum.h"

static void why_not_finite(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char rate[NUMBER_SIZE], times[NUMBER_SIZE], first[NUMBER_SIZE];
	number_brief(rate, diagnosis_learning_rate(p));
	if (now->step == 0 || (now->diverged && now->diverged_step == 0)) {
		const struct snapshot *then = p->net->start ? p->net->start : now;
		double one = diagnosis_square(then, 0, MLP_Z), two = then->layers > 1 ? diagnosis_square(then, 1, MLP_Z) : NAN;
		if (isfinite(two / one))
			wording_add(why, "because the signal grows at every layer: E[z²] is %s in layer 1, %s times that in layer 2",
			            number_brief(first, one), number_brief(times, two / one));
		wording_add(why, "the signal grows at every layer");
	} else if (p->net->start == NULL) {
		wording_add(why, "the learning rate is %s; what the net was at its start is not known", rate);
		wording_add(why, "the learning rate is %s", rate);
	} else {
		struct diagnosis start;
		diagnosis_of_net(&start, p->net->start, p->net->start);
		bool fast = diagnosis_is_fast(&start);
		if (fast || start.severity < SEVERITY_ILL) {
			wording_add(why, "because the learning rate %s is too large: the initializer was sound%s",
			            rate, fast ? ", the first steps were large" : ", the net was healthy at its start");
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
	char value[NUMBER_SIZE];
	for (size_t l = 0; l <= p->net->hidden; l++) {
		const struct layer_observation *layer = &p->net->now->layer[l];
		struct text init = {0};
		if (l + 1 > p->last || layer->weight_variance != 0)
			continue;
		spec_format(&layer->init, &init);
		number_brief(value, layer->weight_mean);
		wording_add(why, "because all weights of layer %zu began at %s (%.60s): equal units get equal gradients; theory needs "
		            "random weights", l + 1, value, text_string(&init));
		wording_add(why, "because all weights of layer %zu began at %s: equal units get equal gradients", l + 1, value);
		wording_add(why, "because all weights of layer %zu began at %s", l + 1, value);
		wording_add(why, "weights of layer %zu began at %s", l + 1, value);
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
		diagnosis_why_small(why, p);
	else
		diagnosis_why_gradient(why, p);
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
	number_brief(c, diagnosis_learning_rate(p));
	if (sum.bias_mean < 0 && sum.bias > sum.random) {
		diagnosis_blame_biases(why, &sum);
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
	} else if (p->start_known && p->net->start->layer[index].correlation > 0.7) {
		wording_add(why, "because images were alike there at the start (correlation %s), so that units were inactive for all of them",
		            number_known(a, p->net->start->layer[index].correlation));
		wording_add(why, "images were alike there at the start");
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
		diagnosis_blame_biases(why, &sum);
	} else if (theory->correlation_rate > 0.995) { /* the map touches the diagonal: no rate, yet the limit is reached */
		number_known(limit, now->layer[p->net->hidden - 1].correlation);
		wording_add(why, "because every layer makes images a little more alike: their correlation is %s in layer 1 and %s in layer %zu",
		            first, limit, p->net->hidden);
		wording_add(why, "because the correlation of images rises from %s to %s", first, limit);
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

/* A net that was not chaotic at its start: its settings do not explain what it is now. */
static void why_chaotic_by_learning(struct wording *why, const struct diagnosis_pattern *p)
{
	struct diagnosis_net start = diagnosis_net_at_start(p->net);
	char rate[NUMBER_SIZE], times[NUMBER_SIZE];
	number_factor(times, diagnosis_facts_of(&start, p->first - 1).gradient_hidden);
	number_brief(rate, diagnosis_learning_rate(p));
	wording_add(why, "because training changed the weights: at step 0 gradient² grew %s in all (learning rate %s)", times, rate);
	wording_add(why, "training changed it: at step 0 gradient² grew %s in all", times);
	wording_add(why, "training changed the weights");
}

static void why_chaotic(struct wording *why, const struct diagnosis_pattern *p)
{
	if (p->start_known && !p->at_start) {
		why_chaotic_by_learning(why, p);
		return;
	}
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
		diagnosis_why_gradient(why, p);
	}
}

static void why_output(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char rate[NUMBER_SIZE], was[NUMBER_SIZE];
	if (now->step == 0 || (p->start_known && p->at_start)) {
		diagnosis_why_large(why, p);
	} else if (p->start_known) {
		number_brief(rate, diagnosis_learning_rate(p));
		number_brief(was, p->net->start->loss);
		wording_add(why, "because of training: the loss was %s at the start; the learning rate %s may be too large", was, rate);
		wording_add(why, "the loss was %s at the start", was);
	}
}

/* Names the learning rate, or else the verdict at the start. */
static void why_stalled(struct wording *why, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	double most = 0;
	char rate[NUMBER_SIZE], ratio[NUMBER_SIZE];
	for (size_t l = 0; l < now->layers; l++)
		most = fmax(most, now->layer[l].update_ratio);
	number_brief(rate, diagnosis_learning_rate(p));
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
			wording_add(why, "because of its start (%s): %.160s", start.word, wording_fit(&start.what, 80));
			wording_add(why, "because the start was '%s'", start.word);
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
	diagnosis_blame_mean(why, &sum);
}

static void why_update(struct wording *why, const struct diagnosis_pattern *p)
{
	char rate[NUMBER_SIZE], weights[NUMBER_SIZE];
	number_brief(rate, diagnosis_learning_rate(p));
	number_brief(weights, sqrt(p->facts.layer->tensor[MLP_W].moments.mean_square));
	wording_add(why, "because the learning rate is %s, and the weights have an rms of %s", rate, weights);
	wording_add(why, "the learning rate is %s", rate);
}

static void why_overshooting(struct wording *why, const struct diagnosis_pattern *p)
{
	char rate[NUMBER_SIZE], momentum[NUMBER_SIZE], times[NUMBER_SIZE];
	double kept = optimizer_momentum(&p->net->now->settings.optimizer);
	number_brief(rate, diagnosis_learning_rate(p));
	number_brief(momentum, kept);
	number_brief(times, 1 / (1 - kept));
	if (kept > 0) {
		wording_add(why, "because the learning rate is %s, and momentum %s makes steps up to %s times longer", rate, momentum, times);
		wording_add(why, "the learning rate is %s, momentum %s", rate, momentum);
	}
	wording_add(why, "because the learning rate is %s", rate);
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
	double gradient = pow(diagnosis_square(now, 0, MLP_DELTA) / diagnosis_last_gradient(now), 1 / steps);
	number_factor(forwards, signal);
	number_factor(backwards, gradient);
	if (hidden == 2 && !(diagnosis_is_kept(signal) && diagnosis_is_kept(gradient))) {
		wording_add(why, "because from layer 1 to 2 there is one step only: E[z²] %s and gradient² %s do harm where many layers "
		            "repeat them", forwards, backwards);
		wording_add(why, "because factors far from 1 do harm only where many layers repeat them");
	} else {
		wording_add(why, "because each layer passes on %s of E[z²], and %s of gradient² on the way back, on average",
		            forwards, backwards);
	}
	wording_add(why, "per layer E[z²] %s, gradient² %s", forwards, backwards);
}

void diagnosis_describe_cause(struct wording *why, const struct diagnosis_pattern *pattern)
{
	static void (*const describe[DIAGNOSIS_KINDS])(struct wording *, const struct diagnosis_pattern *) = {
		[DIAGNOSIS_NOT_FINITE] = why_not_finite,
		[DIAGNOSIS_SYMMETRIC] = why_symmetric,
		[DIAGNOSIS_SINGLE_IMAGE] = why_single_image,
		[DIAGNOSIS_UNDERFLOW] = why_underflow,
		[DIAGNOSIS_DEAD] = why_dead,
		[DIAGNOSIS_SATURATED] = diagnosis_why_large,
		[DIAGNOSIS_EXPLODING_SIGNAL] = diagnosis_why_large,
		[DIAGNOSIS_EXPLODING_GRADIENT] = diagnosis_why_gradient,
		[DIAGNOSIS_CHAOTIC] = why_chaotic,
		[DIAGNOSIS_VANISHING_GRADIENT] = diagnosis_why_gradient,
		[DIAGNOSIS_VANISHING_SIGNAL] = diagnosis_why_small,
		[DIAGNOSIS_COLLAPSED] = why_alike,
		[DIAGNOSIS_OUTPUT] = why_output,
		[DIAGNOSIS_STALLED] = why_stalled,
		[DIAGNOSIS_SHIFTED] = why_shifted,
		[DIAGNOSIS_FAST] = why_update,
		[DIAGNOSIS_SLOW] = why_update,
		[DIAGNOSIS_OVERSHOOTING] = why_overshooting,
		[DIAGNOSIS_HEALTHY] = why_healthy,
	};
	if (describe[pattern->rule->kind])
		describe[pattern->rule->kind](why, pattern);
}
