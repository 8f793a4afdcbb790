/* The sentence of a layer's verdict, from the longest form to the shortest. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "nn/activation.h"
#include "lab/diagnosis_parts.h"

/* The subject of a sentence: "layer 3" or "the output layer"; with a capital
 * at the start of it. */
struct subject {
	char small[24], large[24];
};

static struct subject subject_of(const struct diagnosis_facts *f)
{
	struct subject subject;
	if (f->last)
		return (struct subject){ "the output layer", "The output layer" };
	snprintf(subject.small, sizeof subject.small, "layer %zu", f->number);
	snprintf(subject.large, sizeof subject.large, "Layer %zu", f->number);
	return subject;
}

static unsigned long long probe_images(const struct diagnosis_facts *f)
{
	return f->net->now->input.images;
}

static void describe_not_finite(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	const struct moments *m = NULL;
	const char *name = "";
	for (int t = 0; t < MLP_TENSORS && (m == NULL || m->nan + m->inf == 0); t++) {
		m = &f->layer->tensor[t].moments;
		name = snapshot_tensor_names[t];
	}
	const struct snapshot *now = f->net->now;
	unsigned long long bad = m->nan + m->inf, all = m->n;
	if (now->diverged)
		wording_add(what, "%llu of %llu values of %s in %s are NaN or infinite; it began at step %llu in layer %u", bad,
		            all, name, s->small, (unsigned long long)now->diverged_step, now->diverged_layer);
	wording_add(what, "%llu of %llu values of %s in %s are NaN or infinite", bad, all, name, s->small);
	wording_add(what, "%s has NaN or infinite values", s->large);
	wording_add(what, "NaN in %s", s->small);
}

static void describe_symmetric(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	size_t units = f->layer->fan_out;
	wording_add(what, "All %zu units of %s are copies: they compute the same and learn the same, like a single unit", units,
	            s->small);
	wording_add(what, "All %zu units of %s are copies of one unit", units, s->small);
	wording_add(what, "Units of %s are alike", s->small);
}

static void describe_single_image(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	(void)f;
	wording_add(what, "Batch normalization of one image leaves nothing of it in %s: z is 0, whatever the weights", s->small);
	wording_add(what, "Batch normalization of one image makes z 0 in %s", s->small);
	wording_add(what, "z is 0: a batch of one image");
}

static void describe_underflow(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	bool forwards = diagnosis_all_zero(&f->layer->tensor[MLP_Z].moments) && diagnosis_z_underflows_in(f);
	size_t began = forwards ? diagnosis_z_underflows_in(f) : diagnosis_delta_underflows_in(f);
	const char *name = forwards ? "z" : "delta", *of = forwards ? "signal" : "gradient";
	if (began != f->number)
		wording_add(what, "The %s has underflowed in %s, as from layer %zu %s: %s is below 1.18e-38, which counts as 0", of,
		            s->small, began, forwards ? "on" : "down", name);
	wording_add(what, "The %s has underflowed in %s: %s is below 1.18e-38, which counts as 0", of, s->small, name);
	wording_add(what, "The %s is 0 in %s: too small for a float", of, s->small);
	wording_add(what, "The %s is 0 in %s", of, s->small);
}

static void describe_dead(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char share[NUMBER_SIZE];
	number_share(share, f->layer->dead);
	if (f->layer->dead == 1)
		wording_add(what, "All units of %s are dead: none of the %llu probe images reaches them", s->small, probe_images(f));
	else
		wording_add(what, "%s of %s's units are dead: none of the %llu probe images reaches them", share, s->small,
		            probe_images(f));
	wording_add(what, "%s of %s's units are dead", share, s->small);
}

void diagnosis_describe_stuck(char out[DIAGNOSIS_WHERE_SIZE], const struct diagnosis_facts *f)
{
	double low, high;
	char a[NUMBER_SIZE], b[NUMBER_SIZE];
	const struct spec *activation = &f->layer->activation;
	activation_of(activation)->range(&low, &high, activation->value);
	if (f->squashing && f->bounded && !f->net->now->settings.residual)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "stuck near %s or %s", number_brief(a, low), number_brief(b, high));
	else if (!f->squashing)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "stuck at %s", number_brief(b, high));
	else
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "saturated");
}

static void describe_saturated(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char share[NUMBER_SIZE], stuck[DIAGNOSIS_WHERE_SIZE], step[NUMBER_SIZE];
	const char *which = f->squashing ? "outputs" : "active outputs";
	number_share(share, f->stuck);
	diagnosis_describe_stuck(stuck, f);
	if (isfinite(f->gradient_step) && f->squashing)
		wording_add(what, "%s of %s's %s are %s; its gradient² is %s %s layer %zu's", share, s->small, which, stuck,
		            number_ratio(step, f->gradient_step), number_of_or_times(f->gradient_step), f->number + 1);
	wording_add(what, "%s of %s's %s are %s", share, s->small, which, stuck);
	wording_add(what, "%s of %s is saturated", share, s->small);
}

static void describe_growth(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char value[NUMBER_SIZE], times[NUMBER_SIZE];
	number_brief(value, diagnosis_square(f->net->now, f->number - 1, MLP_Z));
	wording_add(what, "The signal explodes: E[z²] of %s is %s, %s times layer %zu's", s->small, value,
	            number_ratio(times, f->growth), f->number - 1);
	wording_add(what, "The signal explodes in %s: E[z²] %s", s->small, value);
	wording_add(what, "The signal explodes in %s", s->small);
}

static void describe_gradient(struct wording *what, const struct diagnosis_facts *f, const struct subject *s, const char *verb)
{
	char share[NUMBER_SIZE], step[NUMBER_SIZE];
	const char *of = number_of_or_times(f->gradient);
	number_brief(share, f->gradient);
	if (isfinite(f->gradient_step) && f->number < f->net->hidden)
		wording_add(what, "The gradient %s: gradient² of %s is %s %s the output layer's, and %s %s layer %zu's", verb,
		            s->small, share, of, number_ratio(step, f->gradient_step), number_of_or_times(f->gradient_step), f->number + 1);
	wording_add(what, "The gradient %s: gradient² of %s is %s %s the output layer's", verb, s->small, share, of);
	wording_add(what, "The gradient %s in %s", verb, s->small);
}

static void describe_faint(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char value[NUMBER_SIZE];
	number_brief(value, f->layer->tensor[MLP_A].moments.variance);
	wording_add(what, "The signal vanishes: the outputs of %s hardly vary, their variance is %s", s->small, value);
	wording_add(what, "The signal vanishes in %s: var a %s", s->small, value);
	wording_add(what, "The signal vanishes in %s", s->small);
}

static void describe_collapsed(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char share[NUMBER_SIZE];
	number_brief(share, fmax(0, f->within_share));
	wording_add(what, "Every image gives nearly the same z in %s: only %s of its variance differs from image to image",
	            s->small, share);
	wording_add(what, "Every image gives nearly the same z in %s", s->small);
	wording_add(what, "%s sees all images alike", s->large);
}

static void describe_chaotic(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char times[NUMBER_SIZE], c[NUMBER_SIZE];
	number_factor(times, f->gradient_hidden);
	wording_add(what, "The net is chaotic: gradient² of %s is %s of the last hidden layer's, two images correlate by %s",
	            s->small, times, number_known(c, f->layer->correlation));
	wording_add(what, "The net is chaotic: gradient² of %s is %s of the last hidden layer's", s->small, times);
	wording_add(what, "%s is chaotic: gradient² %s", s->large, times);
	wording_add(what, "%s is chaotic", s->large);
}

static void describe_output(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char loss[NUMBER_SIZE], guess[TEXT_READOUT_SIZE];
	(void)s;
	number_brief(loss, f->net->now->loss);
	text_readout(guess, f->net->guess);
	if (f->net->now->step == 0)
		wording_add(what, "The net starts confident and wrong: the loss is %s where guessing costs %s", loss, guess);
	else
		wording_add(what, "Its answers are confident and wrong: the loss is %s where guessing costs %s", loss, guess);
	wording_add(what, "The loss is %s; guessing costs %s", loss, guess);
	wording_add(what, "The loss is %s", loss);
}

static void describe_stalled(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	const struct snapshot *now = f->net->now;
	char loss[TEXT_READOUT_SIZE], guess[TEXT_READOUT_SIZE], share[NUMBER_SIZE];
	unsigned long long step = now->step;
	(void)s;
	text_readout(loss, now->loss);
	text_readout(guess, f->net->guess);
	number_share(share, now->train_accuracy);
	wording_add(what, "Little is learned: after %llu steps the loss is %s where guessing costs %s, and %s of the probe is right",
	            step, loss, guess, share);
	wording_add(what, "Little is learned: after %llu steps the loss is %s; guessing costs %s", step, loss, guess);
	wording_add(what, "Little is learned: the loss is %s", loss);
}

static void describe_zero_output(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	(void)f, (void)s;
	wording_add(what, "The output layer starts at 0: the layers before it begin to learn in the second step");
	wording_add(what, "The output layer starts at 0");
}

static void describe_shifted(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char share[NUMBER_SIZE];
	number_share(share, f->shared_share);
	wording_add(what, "Mean shift: %s of what varies in %s's z is one number that all its units share", share, s->small);
	wording_add(what, "Mean shift: %s's units nearly share their z", s->small);
	wording_add(what, "Mean shift in %s", s->small);
}

static void describe_bottleneck(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	size_t units = f->layer->fan_out, classes = f->net->now->layer[f->net->hidden].fan_out;
	const char *plural = units == 1 ? "" : "s";
	wording_add(what, "%s has only %zu unit%s: whatever tells the %zu classes apart has to pass through %zu number%s", s->large,
	            units, plural, classes, units, plural);
	wording_add(what, "%s has %zu unit%s for %zu classes", s->large, units, plural, classes);
}

static void describe_update(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char ratio[NUMBER_SIZE];
	number_brief(ratio, f->update);
	if (f->net->now->step == 0) {
		wording_add(what, "The first step will change %s's weights by %s of %s; about 0.001 is usual", s->small, ratio,
		            diagnosis_update_base(f));
		wording_add(what, "%s: the first step is large, %s", s->large, ratio);
		wording_add(what, "The first step is large: %s", ratio);
		return;
	}
	wording_add(what, "One step changes %s's weights by %s of their size; about 0.001 is usual", s->small, ratio);
	wording_add(what, "%s: a step is %s of the weights", s->large, ratio);
	wording_add(what, "Steps of %s of the weights", ratio);
}

static void describe_overshooting(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char lowered[NUMBER_SIZE], loss[TEXT_READOUT_SIZE];
	bool first = f->promised >= 1;
	(void)s;
	number_brief(lowered, (first ? f->promised : f->promised_later) * f->net->now->loss);
	text_readout(loss, f->net->now->loss);
	wording_add(what, "The learning rate is large: if the gradient stayed as it is, %s would lower the loss by %s, and the loss is %s",
	            first ? "the first step" : "each of the first steps", lowered, loss);
	wording_add(what, "Steps are large: by its gradient one lowers the loss %s by %s", loss, lowered);
	wording_add(what, "The learning rate is large");
}

static void describe_healthy(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	char share[NUMBER_SIZE], step[NUMBER_SIZE], loss[TEXT_READOUT_SIZE], guess[TEXT_READOUT_SIZE];
	if (f->last) {
		wording_add(what, "%s is healthy: the loss is %s; guessing costs %s", s->large, text_readout(loss, f->net->now->loss),
		            text_readout(guess, f->net->guess));
	} else {
		const char *word = activation_saturation_word(&f->layer->activation);
		number_share(share, f->layer->saturated);
		if (isfinite(f->gradient_step))
			wording_add(what, "%s is healthy: %s of its outputs are %s%s, its gradient² is %s %s layer %zu's", s->large,
			            share, word, f->squashing ? "" : " (about half is normal for a rectifier)",
			            number_ratio(step, f->gradient_step), number_of_or_times(f->gradient_step), f->number + 1);
		wording_add(what, "%s is healthy: %s of its outputs are %s", s->large, share, word);
	}
	wording_add(what, "%s is healthy", s->large);
}

static void describe_vanishing_gradient(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	describe_gradient(what, f, s, "vanishes");
}

static void describe_exploding_gradient(struct wording *what, const struct diagnosis_facts *f, const struct subject *s)
{
	describe_gradient(what, f, s, "explodes");
}

void diagnosis_describe_layer(struct wording *what, const struct diagnosis_facts *facts, const struct diagnosis_rule *rule)
{
	static void (*const describe[DIAGNOSIS_KINDS])(struct wording *, const struct diagnosis_facts *, const struct subject *) = {
		[DIAGNOSIS_NOT_FINITE] = describe_not_finite,
		[DIAGNOSIS_SYMMETRIC] = describe_symmetric,
		[DIAGNOSIS_SINGLE_IMAGE] = describe_single_image,
		[DIAGNOSIS_UNDERFLOW] = describe_underflow,
		[DIAGNOSIS_DEAD] = describe_dead,
		[DIAGNOSIS_SATURATED] = describe_saturated,
		[DIAGNOSIS_EXPLODING_SIGNAL] = describe_growth,
		[DIAGNOSIS_EXPLODING_GRADIENT] = describe_exploding_gradient,
		[DIAGNOSIS_CHAOTIC] = describe_chaotic,
		[DIAGNOSIS_VANISHING_GRADIENT] = describe_vanishing_gradient,
		[DIAGNOSIS_VANISHING_SIGNAL] = describe_faint,
		[DIAGNOSIS_COLLAPSED] = describe_collapsed,
		[DIAGNOSIS_OUTPUT] = describe_output,
		[DIAGNOSIS_STALLED] = describe_stalled,
		[DIAGNOSIS_ZERO_OUTPUT] = describe_zero_output,
		[DIAGNOSIS_SHIFTED] = describe_shifted,
		[DIAGNOSIS_BOTTLENECK] = describe_bottleneck,
		[DIAGNOSIS_FAST] = describe_update,
		[DIAGNOSIS_SLOW] = describe_update,
		[DIAGNOSIS_OVERSHOOTING] = describe_overshooting,
		[DIAGNOSIS_HEALTHY] = describe_healthy,
	};
	struct subject subject = subject_of(facts);
	describe[rule->kind](what, facts, &subject);
}
