/* The rules.  Each one examines one layer and writes a sentence with the
 * numbers that made it fire.  The limits are conventions of this program,
 * chosen where practice and mean-field theory agree that training begins to
 * suffer.  Up to half of the units of a deep rectifier net are inactive for
 * all images, because all images look alike there; such a net still learns,
 * so the limit for dead units is higher. */
#include "lab/diagnosis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nn/activation.h"
#include "base/number.h"
#include "lab/quantity.h"

/* The numbers that the rules use. */
struct diagnosis_facts {
	const struct snapshot *snapshot;
	const struct layer_observation *layer;
	size_t number; /* 1-based */
	bool last;
	bool squashing;         /* outputs of small slope are called saturated */
	double gradient;        /* E[delta^2] here / at the last layer */
	double gradient_step;   /* E[delta^2] here / at the next layer */
	double growth;          /* E[z^2] here / at the layer before; NaN for the first */
};

static double square(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	return snapshot->layer[layer].tensor[tensor].moments.mean_square;
}

static struct diagnosis_facts facts_of(const struct snapshot *snapshot, size_t index)
{
	const struct layer_observation *layer = &snapshot->layer[index];
	const struct layer_observation *last = &snapshot->layer[snapshot->layers - 1];
	struct diagnosis_facts facts = {
		.snapshot = snapshot,
		.layer = layer,
		.number = index + 1,
		.last = layer == last,
		.gradient = square(snapshot, index, MLP_DELTA) /
		            square(snapshot, snapshot->layers - 1, MLP_DELTA),
		.gradient_step = NAN,
		.growth = NAN,
	};
	if (layer->activation.entry)
		facts.squashing = activation_of(&layer->activation)->saturation == SATURATION_SATURATED;
	if (!facts.last)
		facts.gradient_step = quantity_read(quantity_of(QUANTITY_DELTA_FACTOR),
		                                    &(struct quantity_place){ .snapshot = snapshot, .layer = index });
	if (index > 0)
		facts.growth = square(snapshot, index, MLP_Z) / square(snapshot, index - 1, MLP_Z);
	return facts;
}

#define say(what, ...) (wording_add((what), __VA_ARGS__), true)

/* ---- the rules ---- */

static bool not_finite(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	for (int t = 0; t < MLP_TENSORS; t++) {
		const struct moments *m = &f->layer->tensor[t].moments;
		if ((double)(m->nan + m->inf) <= limit)
			continue;
		const char *name = snapshot_tensor_names[t];
		if (f->snapshot->diverged)
			return say(what, "%llu of %llu values of %s are NaN or Inf; it began at step %llu in layer %u",
			           (unsigned long long)(m->nan + m->inf), (unsigned long long)m->n, name,
			           (unsigned long long)f->snapshot->diverged_step, f->snapshot->diverged_layer);
		return say(what, "%llu of %llu values of %s are NaN or Inf", (unsigned long long)(m->nan + m->inf),
		           (unsigned long long)m->n, name);
	}
	return false;
}

static bool symmetric(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	const struct moments *w = &f->layer->tensor[MLP_W].moments;
	if (w->n < 2 || f->layer->fan_out < 2)
		return false;
	char value[TEXT_READOUT_SIZE];
	if (w->max - w->min <= limit * fabs(w->max))
		return say(what, "all weights are %s: all units compute the same and learn the same",
		           text_readout(value, w->mean));
	/* Batch normalization makes the mean of every unit 0. */
	bool told_apart = f->snapshot->settings.normalization == MLP_BATCH_NORM;
	if (told_apart || !(f->layer->z_within > 0 && f->layer->z_between <= limit * f->layer->z_within))
		return false;
	return say(what, "all %zu units compute the same and learn the same, like a single unit", f->layer->fan_out);
}

static bool all_zero(const struct moments *m)
{
	return m->n > 0 && m->min == 0 && m->max == 0;
}

/* The first layer, up to this one, whose z is 0 although its inputs and
 * weights are not; 0 if there is none.  The sums can only be 0 for all
 * images and units if the products are below the smallest float. */
static size_t z_underflows_in(const struct diagnosis_facts *f)
{
	const struct layer_observation *layer = f->snapshot->layer;
	for (size_t l = 0; l < f->number; l++)
		if (all_zero(&layer[l].tensor[MLP_Z].moments) && !all_zero(&layer[l].tensor[MLP_W].moments) &&
		    (l == 0 || !all_zero(&layer[l - 1].tensor[MLP_A].moments)))
			return l + 1;
	return 0;
}

/* The same for delta, from the last layer backwards: 0 although the delta
 * and the weights of the next layer are not, and no unit is saturated for
 * all images. */
static size_t delta_underflows_in(const struct diagnosis_facts *f)
{
	const struct layer_observation *layer = f->snapshot->layer;
	for (size_t l = f->snapshot->layers - 1; l-- >= f->number;)
		if (all_zero(&layer[l].tensor[MLP_DELTA].moments) && !(layer[l].dead > 0) &&
		    !all_zero(&layer[l + 1].tensor[MLP_DELTA].moments) && !all_zero(&layer[l + 1].tensor[MLP_W].moments))
			return l + 1;
	return 0;
}

static bool underflow(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	size_t z = all_zero(&f->layer->tensor[MLP_Z].moments) ? z_underflows_in(f) : 0;
	size_t delta = all_zero(&f->layer->tensor[MLP_DELTA].moments) ? delta_underflows_in(f) : 0;
	if (z == 0 && delta == 0)
		return false;
	char size[TEXT_READOUT_SIZE], where[48] = "";
	text_readout(size, limit);
	if (z ? z != f->number : delta != f->number)
		snprintf(where, sizeof where, " from layer %zu %s", z ? z : delta, z ? "on" : "down");
	if (z)
		return say(what, "the signal has underflowed%s: z is below %s, which counts as 0", where, size);
	return say(what, "the gradient has underflowed%s: delta is below %s, which counts as 0", where, size);
}

static bool saturated(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	if (!f->squashing || !(f->layer->saturated >= limit))
		return false;
	char share[NUMBER_SIZE], step[NUMBER_SIZE];
	number_share(share, f->layer->saturated);
	if (!isfinite(f->gradient_step))
		return say(what, "%s saturated: slope under 10 %% of its maximum", share);
	return say(what, "%s saturated: gradient² %s of layer %zu's", share,
	           number_factor(step, f->gradient_step), f->number + 1);
}

static bool dead(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	if (!(f->layer->dead >= limit))
		return false;
	char share[NUMBER_SIZE];
	const struct settings *settings = &f->snapshot->settings;
	return say(what, "%s of units are %s: none of the %llu probe images reaches them",
	           number_share(share, f->layer->dead), f->squashing ? "saturated" : "inactive",
	           (unsigned long long)(settings->probe ? settings->probe : settings->batch));
}

static bool exploding_signal(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	double z = f->layer->tensor[MLP_Z].moments.mean_square;
	if (!(f->growth >= limit && z >= 100))
		return false;
	char value[TEXT_READOUT_SIZE], times[NUMBER_SIZE];
	return say(what, "E[z²] explodes to %s, %s of layer %zu's", text_readout(value, z), number_factor(times, f->growth),
	           f->number - 1);
}

static bool exploding_gradient(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	if (!(f->gradient >= limit) || !isfinite(f->gradient))
		return false;
	char times[NUMBER_SIZE];
	return say(what, "gradient² explodes on its way back: %s of the last layer's", number_factor(times, f->gradient));
}

static bool vanishing_gradient(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	if (!(f->gradient <= limit))
		return false;
	char times[NUMBER_SIZE], step[NUMBER_SIZE];
	return say(what, "gradient² %s of the last layer's, %s of layer %zu's",
	           number_factor(times, f->gradient), number_factor(step, f->gradient_step), f->number + 1);
}

static bool vanishing_signal(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	const struct moments *a = &f->layer->tensor[MLP_A].moments;
	if (f->last || !(a->variance <= limit))
		return false;
	char value[TEXT_READOUT_SIZE];
	return say(what, "the outputs hardly vary: var a is %s",
	           text_readout(value, a->variance));
}

static bool confident_start(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	double even = log((double)f->layer->fan_out);
	if (!f->last || f->snapshot->step > 0 || f->layer->fan_out < 2 || !(f->snapshot->loss >= limit * even))
		return false;
	char loss[TEXT_READOUT_SIZE], guess[TEXT_READOUT_SIZE];
	return say(what, "starts confident and wrong: loss %s, where guessing costs ln %zu = %s",
	           text_readout(loss, f->snapshot->loss), f->layer->fan_out, text_readout(guess, even));
}

static bool update_large(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	if (!(f->layer->update_ratio >= limit))
		return false;
	char ratio[TEXT_READOUT_SIZE];
	return say(what, "one step changes its weights by %s of their size, about 0.001 is usual: lower the learning rate",
	           text_readout(ratio, f->layer->update_ratio));
}

static bool update_small(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	if (!(f->layer->update_ratio <= limit))
		return false;
	char ratio[TEXT_READOUT_SIZE];
	return say(what, "one step changes its weights by only %s of their size, about 0.001 is usual",
	           text_readout(ratio, f->layer->update_ratio));
}

static bool healthy(const struct diagnosis_facts *f, double limit, struct wording *what)
{
	(void)limit;
	char share[NUMBER_SIZE], step[NUMBER_SIZE], loss[TEXT_READOUT_SIZE], guess[TEXT_READOUT_SIZE];
	if (f->last)
		return say(what, "loss %s; guessing costs ln %zu = %s", text_readout(loss, f->snapshot->loss),
		           f->layer->fan_out, text_readout(guess, log((double)f->layer->fan_out)));
	if (!isfinite(f->gradient_step))
		return say(what, "%s of outputs are %s", number_share(share, f->layer->saturated),
		           f->squashing ? "saturated" : "inactive");
	return say(what, "%s %s, gradient² %s of layer %zu's",
	           number_share(share, f->layer->saturated), f->squashing ? "saturated" : "inactive",
	           number_factor(step, f->gradient_step), f->number + 1);
}

/* A rule whose limit is part of its words. */
#define RULE(name_, word_, severity_, limit_, fires_, before, after) \
	{ .entry = { .name = (name_), .summary = before #limit_ after }, .word = (word_), \
	  .severity = SEVERITY_##severity_, .limit = (limit_), .fires = (fires_) }

static const struct diagnosis_rule rules[] = {
	RULE("not_finite", "NaN", BROKEN, 0, not_finite, "more than ", " values are NaN or infinite"),
	RULE("symmetric", "symmetric", ILL, 1e-9, symmetric, "weights, or units' mean z, vary by at most ", " of their size"),
	RULE("underflow", "underflow", ILL, 1.18e-38, underflow, "all z, or all delta, are smaller than ", ", the smallest float"),
	RULE("exploding_gradient", "exploding", ILL, 1e4, exploding_gradient, "E[delta²] is at least ", " times the last layer's"),
	RULE("saturated", "saturated", ILL, 0.5, saturated, "the share of outputs with a slope under 0.1 of the largest is at least ", ""),
	RULE("dead", "dead", ILL, 0.6, dead, "the share of units with a small slope for every probe image is at least ", ""),
	RULE("exploding_signal", "exploding", ILL, 10, exploding_signal, "E[z²] is at least 100, and at least ", " times that of the layer before"),
	RULE("vanishing_gradient", "vanishing", ILL, 1e-6, vanishing_gradient, "E[delta²] is at most ", " of the last layer's"),
	RULE("vanishing_signal", "vanishing", ILL, 1e-8, vanishing_signal, "var a is at most ", ""),
	RULE("confident", "confident", ILL, 2, confident_start, "at step 0 the loss is at least ", " times ln(classes)"),
	RULE("saturated_partly", "saturated", NOTE, 0.2, saturated, "the share of outputs with a slope under 0.1 of the largest is at least ", ""),
	RULE("dead_partly", "dead", NOTE, 0.3, dead, "the share of units with a small slope for every probe image is at least ", ""),
	RULE("vanishing_partly", "vanishing", NOTE, 1e-3, vanishing_gradient, "E[delta²] is at most ", " of the last layer's"),
	RULE("fast", "fast", NOTE, 0.1, update_large, "the rms of a step is at least ", " of the rms of the weights"),
	RULE("slow", "slow", NOTE, 1e-5, update_small, "the rms of a step is at most ", " of the rms of the weights"),
	{ .entry = { .name = "healthy", .summary = "no rule above fires" }, .word = "healthy", .fires = healthy },
};

const struct table diagnosis_rules = TABLE_OF(rules, "rule", "rules");

const char *const severity_names[SEVERITIES] = { "healthy", "note", "ill", "broken" };

void diagnosis_of_layer(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start,
                        size_t layer)
{
	(void)start;
	struct diagnosis_facts facts = facts_of(now, layer);
	*diagnosis = (struct diagnosis){ .layer = layer + 1 };
	for (size_t i = 0; i < diagnosis_rules.count; i++) {
		const struct diagnosis_rule *rule = &rules[i];
		if (!rule->fires(&facts, rule->limit, &diagnosis->what))
			continue;
		diagnosis->severity = rule->severity;
		diagnosis->word = rule->word;
		diagnosis->rule = rule;
		wording_add(&diagnosis->what, "layer %zu is %s", layer + 1, rule->word);
		return;
	}
}

void diagnosis_of_net(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start)
{
	for (size_t i = 0; i < now->layers; i++) {
		struct diagnosis layer;
		diagnosis_of_layer(&layer, now, start, i);
		if (i == 0 || layer.severity > diagnosis->severity)
			*diagnosis = layer;
	}
	struct wording alone = diagnosis->what;
	diagnosis->what = (struct wording){0};
	wording_add(&diagnosis->what, "layer %zu: %.200s", diagnosis->layer, alone.form[0]);
	wording_add(&diagnosis->what, "layer %zu is %s", diagnosis->layer, diagnosis->word);
}

enum severity diagnosis_saturation(const struct snapshot *now, size_t layer)
{
	struct diagnosis_facts facts = facts_of(now, layer);
	struct wording what = {0};
	for (size_t i = 0; i < diagnosis_rules.count; i++)
		if ((rules[i].fires == saturated || rules[i].fires == dead) && rules[i].fires(&facts, rules[i].limit, &what))
			return rules[i].severity;
	return SEVERITY_HEALTHY;
}
