/* The sentence of the net's verdict: the pattern of a rule over all layers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "lab/diagnosis_parts.h"

/* By how much a mean square changes from one hidden layer to the next, on
 * average from layer `from` to layer `to` (both from 1); NaN for one layer. */
static double per_layer(const struct snapshot *now, size_t from, size_t to, enum mlp_tensor tensor)
{
	double steps = fabs((double)to - (double)from);
	if (from == to || from == 0 || to == 0)
		return NAN;
	return pow(diagnosis_square(now, to - 1, tensor) / diagnosis_square(now, from - 1, tensor), 1 / steps);
}

/* The same of the gradient, from the last hidden layer back to the pattern's first. */
static double gradient_per_layer(const struct diagnosis_pattern *p)
{
	double steps = (double)p->net->hidden - (double)p->first;
	return steps > 0 ? pow(diagnosis_facts_of(p->net, p->first - 1).gradient_hidden, 1 / steps) : NAN;
}

static void describe_not_finite(struct wording *what, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	unsigned long long step = now->diverged_step;
	char where[DIAGNOSIS_WHERE_SIZE];
	diagnosis_where(where, p);
	if (now->diverged && step == 0) {
		wording_add(what, "Infinite from the start: numbers pass the largest float in layer %u of %zu", now->diverged_layer,
		            now->layers);
		wording_add(what, "Infinite from the start in layer %u", now->diverged_layer);
	} else if (now->diverged) {
		wording_add(what, "Diverged at step %llu in layer %u: NaN or infinite values are now in %s", step, now->diverged_layer,
		            where);
		wording_add(what, "Diverged at step %llu in layer %u", step, now->diverged_layer);
	} else {
		wording_add(what, "NaN or infinite values in %s", where);
		wording_add(what, "There are NaN or infinite values");
	}
}

static void describe_symmetric(struct wording *what, const struct diagnosis_pattern *p)
{
	char where[DIAGNOSIS_WHERE_SIZE];
	diagnosis_where(where, p);
	wording_add(what, "Units are copies of each other in %s: they compute the same and learn the same, like a single unit",
	            where);
	wording_add(what, "Units are copies of each other in %s", where);
	wording_add(what, "Units are copies of each other");
}

static void describe_dead(struct wording *what, const struct diagnosis_pattern *p)
{
	char where[DIAGNOSIS_WHERE_SIZE], share[NUMBER_SIZE];
	const char *since = p->at_start ? "Dead from the start" : p->start_known ? "Dead by learning" : "Dead";
	number_share(share, p->facts.layer->dead);
	diagnosis_where(where, p);
	unsigned long long images = (unsigned long long)p->net->now->input.images;
	if (p->net->learns) {
		wording_add(what, "It learns, though none of the %llu probe images reaches %s of the units of layer %zu%s", images,
		            p->facts.layer->dead == 1 ? "any" : share, p->facts.number, p->count > 1 ? "; other layers likewise" : "");
		wording_add(what, "It learns without %s of the units of layer %zu", share, p->facts.number);
		wording_add(what, "It learns without units of %s", where);
		return;
	}
	if (p->facts.layer->dead == 1)
		wording_add(what, "%s: none of the %llu probe images reaches any of the units of layer %zu%s; other images may", since, images,
		            p->facts.number, p->count > 1 ? ", and other layers are like it" : "");
	wording_add(what, "%s: none of the %llu probe images reaches %s of the units of layer %zu%s", since, images,
	            p->facts.layer->dead == 1 ? "any" : share, p->facts.number, p->count > 1 ? "; other layers likewise" : "");
	wording_add(what, "%s: %s of the units of layer %zu", since, share, p->facts.number);
	wording_add(what, "%s: units of %s", since, where);
	wording_add(what, "%s: layer %zu", since, p->facts.number);
}

static void describe_saturated(struct wording *what, const struct diagnosis_pattern *p)
{
	char where[DIAGNOSIS_WHERE_SIZE], share[NUMBER_SIZE], stuck[DIAGNOSIS_WHERE_SIZE];
	bool learned = p->net->learns && p->start_known && !p->at_start;
	diagnosis_where(where, p);
	number_share(share, p->facts.stuck);
	if (learned) {
		wording_add(what, "Saturated by learning, not by its start: it learns all the same (%s of outputs in layer "
		            "%zu)", share, p->facts.number);
		wording_add(what, "Saturated by learning, not by its start: it learns all the same");
		wording_add(what, "Saturated by learning, yet it learns");
		return;
	}
	if (p->count == 1) {
		diagnosis_describe_layer(what, &p->facts, p->rule);
		return;
	}
	where[0] = (char)(where[0] >= 'a' && where[0] <= 'z' ? where[0] - 'a' + 'A' : where[0]);
	diagnosis_describe_stuck(stuck, &p->facts);
	wording_add(what, "%s are saturated: %s of layer %zu's %s are %s", where, share, p->facts.number,
	            p->facts.squashing ? "outputs" : "active outputs", stuck);
	wording_add(what, "%s are saturated", where);
}

static void describe_exploding_signal(struct wording *what, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char value[NUMBER_SIZE], times[NUMBER_SIZE];
	number_brief(value, diagnosis_square(now, p->last - 1, MLP_Z));
	number_factor(times, p->count > 1 ? per_layer(now, p->first - 1, p->last, MLP_Z) : p->facts.growth);
	if (p->count > 1)
		wording_add(what, "The signal explodes: E[z²] grows %s at every layer and is %s in layer %zu of %zu", times, value,
		            p->last, now->layers);
	else
		wording_add(what, "The signal explodes: E[z²] grows %s from layer %zu to layer %zu, to %s", times, p->first - 1, p->first,
		            value);
	wording_add(what, "The signal explodes: E[z²] of layer %zu is %s", p->last, value);
	wording_add(what, "The signal explodes: %s per layer", times);
}

static void describe_gradient(struct wording *what, const struct diagnosis_pattern *p, const char *verb, const char *moves)
{
	char share[NUMBER_SIZE], times[NUMBER_SIZE];
	const char *of = number_of_or_times(p->facts.gradient);
	double factor = gradient_per_layer(p);
	bool over_depth = p->facts.gradient < 1 ? p->facts.gradient_hidden < 0.1 : p->facts.gradient_hidden > 10;
	number_brief(share, p->facts.gradient);
	if (over_depth && p->net->hidden > p->first && isfinite(factor)) {
		number_factor(times, factor);
		wording_add(what, "The gradient %s: gradient² %s %s at every layer and reaches layer %zu of %zu at %s %s the output "
		            "layer's", verb, moves, times, p->first, p->net->hidden, share, of);
		wording_add(what, "Gradient² %s: %s per layer, %s %s the output layer's in layer %zu", verb, times, share, of, p->first);
	} else {
		wording_add(what, "The gradient %s between the output layer and the one before: gradient² of layer %zu is %s %s the output "
		            "layer's", verb, p->first, share, of);
	}
	wording_add(what, "Gradient² %s: layer %zu has %s %s the output layer's", verb, p->first, share, of);
	wording_add(what, "The gradient %s by layer %zu", verb, p->first);
}

static void describe_vanishing_gradient(struct wording *what, const struct diagnosis_pattern *p)
{
	describe_gradient(what, p, "vanishes", "shrinks");
}

static void describe_exploding_gradient(struct wording *what, const struct diagnosis_pattern *p)
{
	describe_gradient(what, p, "explodes", "grows");
}

static void describe_vanishing_signal(struct wording *what, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char value[NUMBER_SIZE], times[NUMBER_SIZE];
	double factor = per_layer(now, 1, p->last, MLP_Z);
	number_brief(value, now->layer[p->last - 1].tensor[MLP_A].moments.variance);
	if (isfinite(factor))
		wording_add(what, "The signal vanishes: E[z²] shrinks %s at every layer, the outputs of layer %zu vary by %s only",
		            number_factor(times, factor), p->last, value);
	wording_add(what, "The signal vanishes: var a of layer %zu is %s", p->last, value);
	wording_add(what, "The signal vanishes by layer %zu", p->last);
}

static void describe_collapsed(struct wording *what, const struct diagnosis_pattern *p)
{
	char share[NUMBER_SIZE];
	struct diagnosis_facts last = diagnosis_facts_of(p->net, p->last - 1);
	number_brief(share, fmax(0, last.within_share));
	wording_add(what, "Every image gives nearly the same output: only %s of the variance of z in layer %zu differs from image to "
	            "image", share, p->last);
	wording_add(what, "Every image gives nearly the same output from layer %zu on", p->first);
	wording_add(what, "Every image gives the same output");
}

static void describe_chaotic(struct wording *what, const struct diagnosis_pattern *p)
{
	const struct snapshot *now = p->net->now;
	char times[NUMBER_SIZE], all[NUMBER_SIZE], first[NUMBER_SIZE], last[NUMBER_SIZE];
	number_factor(times, gradient_per_layer(p));
	number_factor(all, p->facts.gradient_hidden);
	number_brief(first, now->layer[0].correlation);
	number_brief(last, now->layer[p->net->hidden - 1].correlation);
	if (now->settings.normalization != MLP_BATCH_NORM) /* which removes what images have in common */
		wording_add(what, "The net is chaotic: gradient² grows %s per layer, %s in all, and the correlation of images goes from "
		            "%s to %s", times, all, first, last);
	wording_add(what, "The net is chaotic: gradient² grows %s per layer, %s in all", times, all);
	wording_add(what, "Chaotic: gradient² grows %s per layer", times);
	wording_add(what, "The net is chaotic");
}


static void describe_update(struct wording *what, const struct diagnosis_pattern *p)
{
	char where[DIAGNOSIS_WHERE_SIZE], ratio[NUMBER_SIZE];
	const char *size = p->rule->kind == DIAGNOSIS_FAST ? "large" : "small";
	number_brief(ratio, p->facts.update);
	diagnosis_where(where, p);
	if (p->net->now->step == 0) {
		wording_add(what, "The learning rate is large: the first step will change the weights of layer %zu by %s of %s, about 0.001 is "
		            "usual (%s)", p->first, ratio, diagnosis_update_base(&p->facts), where);
		wording_add(what, "Large steps: the first will be %s of the weights of layer %zu", ratio, p->first);
		wording_add(what, "The first step is large: %s", ratio);
		return;
	}
	wording_add(what, "Steps are %s: one changes the weights of layer %zu by %s of their size, about 0.001 is usual (%s)", size,
	            p->first, ratio, where);
	wording_add(what, "Steps are %s: %s of the weights of layer %zu", size, ratio, p->first);
	wording_add(what, "Steps are %s: %s of the weights", size, ratio);
}

/* Up to this factor over all layers a mean square counts as kept. */
#define KEPT 4

bool diagnosis_is_kept(double factor)
{
	return factor > 1.0 / KEPT && factor < KEPT;
}

/* "over both layers", "over all 50 layers"; where a size is not kept, by how much
 * it changes. */
static void describe_kept(struct wording *what, const struct diagnosis_net *net)
{
	struct diagnosis_facts first = diagnosis_facts_of(net, 0);
	double signal = diagnosis_square(net->now, net->hidden - 1, MLP_Z) / diagnosis_square(net->now, 0, MLP_Z);
	char all[24], forwards[NUMBER_SIZE], backwards[NUMBER_SIZE];
	snprintf(all, sizeof all, net->hidden == 2 ? "both" : "all %zu", net->hidden);
	number_factor(forwards, signal);
	number_factor(backwards, first.gradient_hidden);
	if (diagnosis_is_kept(signal) && diagnosis_is_kept(first.gradient_hidden)) {
		wording_add(what, "Healthy: signal and gradient keep their size over %s layers (in all E[z²] %s, gradient² %s)", all,
		            forwards, backwards);
		wording_add(what, "Healthy: signal and gradient keep their size over %s layers", all);
		wording_add(what, "Healthy: signal and gradient are kept");
	} else {
		wording_add(what, "Healthy: over %s layers E[z²] changes by %s and gradient² by %s, little enough to learn", all,
		            forwards, backwards);
		wording_add(what, "Healthy: E[z²] %s and gradient² %s over %zu layers do no harm", forwards, backwards, net->hidden);
		wording_add(what, "Healthy: E[z²] %s, gradient² %s over %zu layers", forwards, backwards, net->hidden);
	}
}

static void describe_healthy(struct wording *what, const struct diagnosis_pattern *p)
{
	const struct diagnosis_net *net = p->net;
	char loss[TEXT_READOUT_SIZE], guess[TEXT_READOUT_SIZE];
	text_readout(loss, net->now->loss);
	text_readout(guess, net->guess);
	if (net->learns) {
		wording_add(what, "Healthy: it learns, the loss is %s where guessing costs %s", loss, guess);
		wording_add(what, "Healthy: it learns, the loss is %s", loss);
	} else if (net->hidden == 0) {
		wording_add(what, "Healthy: without hidden layers nothing can vanish on its way");
		wording_add(what, "Healthy: there is no hidden layer");
	} else if (net->hidden == 1) {
		wording_add(what, "Healthy: the hidden layer passes on both signal and gradient");
		wording_add(what, "Healthy: signal and gradient pass");
	} else {
		describe_kept(what, net);
	}
	wording_add(what, "The net is healthy");
}

/* Where a learning net has what would be an illness, all forms but the shortest
 * say that it learns. */
static void add_learning(struct wording *what)
{
	static const char all_the_same[] = "; it learns all the same";
	int forms = 0;
	while (forms < WORDING_FORMS && what->form[forms][0])
		forms++;
	if (forms > 0 && forms < WORDING_FORMS && strstr(what->form[forms - 1], "learn") == NULL)
		memcpy(what->form[forms], what->form[forms - 1], WORDING_SIZE);
	for (int i = 0; i < forms && i + 1 < WORDING_FORMS; i++) {
		size_t length = strlen(what->form[i]);
		if (length + sizeof all_the_same <= WORDING_SIZE && strstr(what->form[i], "learn") == NULL)
			memcpy(what->form[i] + length, all_the_same, sizeof all_the_same);
	}
}

void diagnosis_describe_net(struct wording *what, const struct diagnosis_pattern *pattern)
{
	/* NULL: the sentence of the layer alone. */
	static void (*const describe[DIAGNOSIS_KINDS])(struct wording *, const struct diagnosis_pattern *) = {
		[DIAGNOSIS_NOT_FINITE] = describe_not_finite,
		[DIAGNOSIS_SYMMETRIC] = describe_symmetric,
		[DIAGNOSIS_DEAD] = describe_dead,
		[DIAGNOSIS_SATURATED] = describe_saturated,
		[DIAGNOSIS_EXPLODING_SIGNAL] = describe_exploding_signal,
		[DIAGNOSIS_EXPLODING_GRADIENT] = describe_exploding_gradient,
		[DIAGNOSIS_CHAOTIC] = describe_chaotic,
		[DIAGNOSIS_VANISHING_GRADIENT] = describe_vanishing_gradient,
		[DIAGNOSIS_VANISHING_SIGNAL] = describe_vanishing_signal,
		[DIAGNOSIS_COLLAPSED] = describe_collapsed,
		[DIAGNOSIS_FAST] = describe_update,
		[DIAGNOSIS_SLOW] = describe_update,
		[DIAGNOSIS_HEALTHY] = describe_healthy,
	};
	if (describe[pattern->rule->kind])
		describe[pattern->rule->kind](what, pattern);
	else
		diagnosis_describe_layer(what, &pattern->facts, pattern->rule);
	if (pattern->net->learns && pattern->rule->severity == SEVERITY_ILL)
		add_learning(what);
}
