/* The rules and their limits.  Most limits are conventions of this program,
 * chosen where practice and mean-field theory agree that training begins to
 * suffer, and checked against what some 390 nets learn (make check-grid). */
#include <math.h>

#include "nn/optimizer.h"
#include "lab/diagnosis_parts.h"

static bool not_finite(const struct diagnosis_facts *f, double limit)
{
	for (int t = 0; t < MLP_TENSORS; t++)
		if ((double)(f->layer->tensor[t].moments.nan + f->layer->tensor[t].moments.inf) > limit)
			return true;
	return false;
}

/* Equal weights, or z that is the same in all units for every image.  The end of a
 * residual branch is added to the units that pass by it, so that its units are copies
 * only where those are. */
static bool symmetric(const struct diagnosis_facts *f, double limit)
{
	const struct moments *w = &f->layer->tensor[MLP_W].moments;
	unsigned branch = settings_layer_branch(&f->net->now->settings, f->number);
	if (branch > 0) {
		struct diagnosis_facts beside = diagnosis_facts_of(f->net, f->number - branch - 1);
		if (!symmetric(&beside, limit))
			return false;
	}
	if (w->n < 2 || f->layer->fan_out < 2 || (f->last && f->net->zero_output))
		return false;
	return w->max - w->min <= limit * fabs(w->max) || 1 - f->shared_share <= limit;
}

/* Batch normalization subtracts the mean over the batch, which is the image itself. */
static bool single_image(const struct diagnosis_facts *f, double limit)
{
	const struct snapshot *now = f->net->now;
	return !f->last && now->settings.normalization == MLP_BATCH_NORM && (double)now->input.images <= limit;
}

static bool underflow(const struct diagnosis_facts *f, double limit)
{
	(void)limit; /* of a float: smaller numbers are 0 in the net */
	return (diagnosis_all_zero(&f->layer->tensor[MLP_Z].moments) && diagnosis_z_underflows_in(f)) ||
	       (diagnosis_all_zero(&f->layer->tensor[MLP_DELTA].moments) && diagnosis_delta_underflows_in(f));
}

/* Up to half of the units of a deep rectifier net are inactive for all images,
 * because all images look alike there; such a net still learns.  Inactive units in a
 * residual branch leave what passes by it as it is: only a branch without any active
 * unit cannot grow. */
static bool dead_units(const struct diagnosis_facts *f, double limit)
{
	return !f->squashing && f->layer->dead >= (f->in_branch ? 1 : limit);
}

/* The probe is a sample: a net that learns has units that other images reach, or enough
 * units without the dead ones. */
static bool dead(const struct diagnosis_facts *f, double limit)
{
	return !f->net->learns && dead_units(f, limit);
}

static bool saturated(const struct diagnosis_facts *f, double limit)
{
	return f->stuck >= limit;
}

static bool saturated_partly(const struct diagnosis_facts *f, double limit)
{
	return !f->net->learns && saturated(f, limit);
}

static bool exploding_signal(const struct diagnosis_facts *f, double limit)
{
	return f->growth >= limit && diagnosis_square(f->net->now, f->number - 1, MLP_Z) >= 100;
}

static bool exploding_gradient(const struct diagnosis_facts *f, double limit)
{
	return f->gradient_hidden >= limit && isfinite(f->gradient_hidden);
}

/* The gradient grows and the signal does not: what grows is the difference between
 * similar images. */
static bool chaotic(const struct diagnosis_facts *f, double limit)
{
	return f->bounded && f->difference >= limit && isfinite(f->difference);
}

static bool chaotic_normalized(const struct diagnosis_facts *f, double limit)
{
	return mlp_normalizes_z(f->net->now->settings.normalization) && f->difference >= limit && isfinite(f->difference);
}

static bool vanishing_gradient(const struct diagnosis_facts *f, double limit)
{
	return f->gradient_hidden <= limit;
}

/* Compares with the output layer too, whose weights may be small on purpose. */
#define OUTPUT_STEP 1e-4
static bool gradient_small(const struct diagnosis_facts *f, double limit)
{
	return f->gradient <= limit * OUTPUT_STEP || f->gradient_hidden <= limit;
}

static bool gradient_large(const struct diagnosis_facts *f, double limit)
{
	return exploding_gradient(f, limit) || (f->gradient >= limit / OUTPUT_STEP && isfinite(f->gradient));
}

static bool vanishing_signal(const struct diagnosis_facts *f, double limit)
{
	return !f->last && f->layer->tensor[MLP_A].moments.variance <= limit;
}

static bool collapsed(const struct diagnosis_facts *f, double limit)
{
	return f->layer->fan_out > 1 && f->net->now->input.images > 1 && f->within_share <= limit;
}

/* Where saturating activations make images this much alike, the net may learn all the same. */
#define INACTIVE_FOR_ALL 0.3 /* as in the rule dead_partly */
static bool collapsed_mostly(const struct diagnosis_facts *f, double limit)
{
	return !f->last && dead(f, INACTIVE_FOR_ALL) && collapsed(f, limit);
}

/* The loss of a random start is ln(classes) + about half the outputs' mean square.  A
 * few steps make smaller outputs: only a large loss harms at the start. */
static bool confident(const struct diagnosis_facts *f, double limit)
{
	return f->last && f->layer->fan_out > 1 && f->net->now->loss >= limit * f->net->guess;
}

static bool output(const struct diagnosis_facts *f, double limit)
{
	return f->net->now->step > 0 && confident(f, limit);
}

static bool output_at_start(const struct diagnosis_facts *f, double limit)
{
	return f->net->now->step == 0 && confident(f, limit);
}

#define STALLED_STEPS 30
#define STALLED_ACCURACY 0.3
static bool is_stalled(const struct diagnosis_net *net, double limit)
{
	const struct snapshot *now = net->now;
	return now->step >= STALLED_STEPS && now->loss >= limit * net->guess && now->train_accuracy < STALLED_ACCURACY;
}

static bool stalled(const struct diagnosis_facts *f, double limit)
{
	return f->last && is_stalled(f->net, limit);
}

static bool zero_output(const struct diagnosis_facts *f, double limit)
{
	(void)limit;
	return f->last && f->net->zero_output;
}

static bool shifted(const struct diagnosis_facts *f, double limit)
{
	return !f->net->learns && !f->last && f->shared_share >= limit;
}

static bool bottleneck(const struct diagnosis_facts *f, double limit)
{
	const struct snapshot *now = f->net->now;
	return !f->last && f->layer->fan_out < f->layer->fan_in &&
	       (double)f->layer->fan_out < limit * (double)now->layer[f->net->hidden].fan_out;
}

static bool update_large(const struct diagnosis_facts *f, double limit)
{
	return f->net->now->step > 0 && f->update >= limit;
}

/* Steps that grow with the gradient: a step that is too large makes the next one larger.
 * Those of adaptive optimizers do not, and large first steps often do no lasting harm. */
static bool first_step_large(const struct diagnosis_facts *f, double limit)
{
	const struct snapshot *now = f->net->now;
	return now->step == 0 && f->update >= limit && !optimizer_of(&now->settings.optimizer)->adaptive;
}

static bool first_step_large_adaptive(const struct diagnosis_facts *f, double limit)
{
	return f->net->now->step == 0 && f->update >= limit && !first_step_large(f, limit);
}

/* A step can lower the loss by no more than the loss: Polyak's step length is loss/|g|². */
static bool overshoots(const struct diagnosis_facts *f, double limit)
{
	return f->promised >= limit;
}

static bool overshoots_partly(const struct diagnosis_facts *f, double limit)
{
	return f->promised_later >= limit;
}

static bool update_small(const struct diagnosis_facts *f, double limit)
{
	return f->layer->update_ratio <= limit;
}

static bool healthy(const struct diagnosis_facts *f, double limit)
{
	(void)f, (void)limit;
	return true;
}

/* A rule whose limit is part of its words: before and after it. */
#define RULE(name_, kind_, word_, severity_, limit_, fires_, before, after, source) \
	{ .entry = { .name = (name_), .summary = before #limit_ after, .reference = (source) }, .kind = DIAGNOSIS_##kind_, \
	  .word = (word_), .severity = SEVERITY_##severity_, .limit = (limit_), .fires = fires_ }

/* A rule that explains why a net has learned little: a note, or an illness in a net
 * that is stalled. */
#define EXPLAINS(name_, kind_, word_, limit_, fires_, before, after, source) \
	{ .entry = { .name = (name_), .summary = before #limit_ after, .reference = (source) }, .kind = DIAGNOSIS_##kind_, \
	  .word = (word_), .severity = SEVERITY_NOTE, .explains = true, .limit = (limit_), .fires = fires_ }

#define GRID "measured on about 390 nets trained for 300 steps (make check-grid)"
#define GLOROT "Glorot and Bengio 2010; " GRID
#define SCHOENHOLZ "Schoenholz et al. 2017; " GRID

/* Conditions that several rules share. */
#define NOT_YET ", and the net has not learned yet"
#define SATURATING "sigmoid, tanh, elu and the like"
#define NOT_SATURATING "; not for " SATURATING
#define FLAT_UNITS " of the units have a small slope for every probe image"
#define DELTA_LEAST "the mean square of delta is at least "
#define DELTA_MOST "the mean square of delta is at most "
#define BEYOND_BRANCHES " times the last hidden layer's, not counting the growth of E[a^2] in residual branches"
#define OF_GUESSING " times that of guessing, ln(classes)"
#define FIRST_STEP "the rms of the first step will be at least "
#define OF_WEIGHTS " times the rms of the weights, or times 1/sqrt(fan_in) if that is larger"
#define PLAIN "; for optimizers that are not adaptive"

static const struct diagnosis_rule rules[] = {
	{ .entry = { .name = "not_finite", .summary = "a value of z, a, W, delta or dW is NaN or infinite", .reference = "IEEE 754" },
	  .kind = DIAGNOSIS_NOT_FINITE, .word = "NaN", .severity = SEVERITY_BROKEN, .limit = 0, .fires = not_finite },
	RULE("symmetric", SYMMETRIC, "symmetric", ILL, 1e-6, symmetric, "all weights are equal to within ",
	     " of their size, or at most that share of z's variance is a difference between units",
	     "Goodfellow, Bengio and Courville 2016, Deep Learning, 8.4"),
	RULE("single_image", SINGLE_IMAGE, "one image", ILL, 1, single_image, "batch normalization has at most ",
	     " image to take the mean over", "Ioffe and Szegedy 2015"),
	RULE("underflow", UNDERFLOW, "underflow", ILL, 1.18e-38, underflow,
	     "all z, or all delta, are 0 because they would be smaller than ", ", the smallest normal float", "IEEE 754"),
	RULE("dead", DEAD, "dead", ILL, 0.6, dead, "at least ", FLAT_UNITS NOT_YET NOT_SATURATING, "Lu et al. 2019, Dying ReLU; " GRID),
	RULE("dead_units", DEAD, "dead units", NOTE, 0.6, dead_units, "at least ", FLAT_UNITS ", but the net has learned" NOT_SATURATING, GRID),
	RULE("chaotic_normalized", CHAOTIC, "chaotic", ILL, 100, chaotic_normalized, "in a net with normalization " DELTA_LEAST,
	     BEYOND_BRANCHES, "Yang et al. 2019; " GRID),
	RULE("exploding_gradient", EXPLODING_GRADIENT, "exploding", ILL, 1e4, exploding_gradient,
	     DELTA_LEAST, " times the last hidden layer's", GRID),
	RULE("saturated", SATURATED, "saturated", ILL, 0.5, saturated, "at least ",
	     " of the outputs have a small slope; for " SATURATING ", and for the active outputs of relu6, at its upper end", GLOROT),
	RULE("exploding_signal", EXPLODING_SIGNAL, "exploding", ILL, 10, exploding_signal,
	     "the mean square of z is at least 100, and at least ", " times that of the layer before", "He et al. 2015; " GRID),
	RULE("vanishing_gradient", VANISHING_GRADIENT, "vanishing", ILL, 1e-6, vanishing_gradient,
	     DELTA_MOST, " times the last hidden layer's", SCHOENHOLZ),
	RULE("vanishing_signal", VANISHING_SIGNAL, "vanishing", ILL, 1e-8, vanishing_signal, "the variance of the outputs a is at most ", "", GRID),
	RULE("collapsed", COLLAPSED, "collapsed", ILL, 1e-6, collapsed,
	     "at most ", " of z's variance is a difference between images", SCHOENHOLZ),
	RULE("chaotic", CHAOTIC, "chaotic", ILL, 100, chaotic, "with a bounded activation " DELTA_LEAST, BEYOND_BRANCHES,
	     "Poole et al. 2016; " GRID),
	RULE("output", OUTPUT, "confident", ILL, 2, output, "after the start the loss is at least ", OF_GUESSING, "softmax cross-entropy; " GRID),
	RULE("output_at_start", OUTPUT, "confident", ILL, 6, output_at_start, "at the start the loss is at least ", OF_GUESSING,
	     "softmax cross-entropy; " GRID),
	RULE("first_step", FAST, "fast", ILL, 0.3, first_step_large, FIRST_STEP, OF_WEIGHTS PLAIN,
	     "about 0.001 is usual: Karpathy 2015, CS231n; " GRID),
	RULE("overshooting", OVERSHOOTING, "fast", ILL, 1, overshoots,
	     "if the gradient stayed the same, the first step would lower the loss by at least ", " times its value, which is not possible" PLAIN,
	     "Polyak 1987, Introduction to Optimization, 5.3; " GRID),
	RULE("output_partly", OUTPUT, "confident", NOTE, 2, output_at_start, "at the start the loss is at least ", OF_GUESSING,
	     "softmax cross-entropy; " GRID),
	EXPLAINS("bottleneck", BOTTLENECK, "bottleneck", 0.5, bottleneck, "a hidden layer has fewer units than inputs, and fewer than ",
	     " times the number of classes", "data processing inequality: Cover and Thomas 2006"),
	EXPLAINS("saturated_partly", SATURATED, "saturated", 0.2, saturated_partly, "at least ", " of the outputs have a small slope" NOT_YET
	     "; for " SATURATING ", and for the active outputs of relu6, at its upper end", GLOROT),
	EXPLAINS("collapsed_partly", COLLAPSED, "collapsed", 0.1, collapsed_mostly,
	         "at most ", " of z's variance is a difference between images, at least 0.3" FLAT_UNITS NOT_YET NOT_SATURATING, SCHOENHOLZ),
	EXPLAINS("dead_partly", DEAD, "dead units", 0.3, dead, "at least ", FLAT_UNITS NOT_YET NOT_SATURATING, GRID),
	EXPLAINS("vanishing_partly", VANISHING_GRADIENT, "vanishing", 0.01, gradient_small,
	     DELTA_MOST, " times the last hidden layer's, or 1e-6 times the output layer's", SCHOENHOLZ),
	EXPLAINS("exploding_partly", EXPLODING_GRADIENT, "exploding", 1000, gradient_large,
	     DELTA_LEAST, " times the last hidden layer's, or 1e7 times the output layer's", SCHOENHOLZ),
	EXPLAINS("shifted", SHIFTED, "mean shift", 0.7, shifted,
	     "at least ", " of z's variance is common to all units" NOT_YET, "LeCun et al. 1998, Efficient BackProp"),
	EXPLAINS("fast", FAST, "fast", 0.1, update_large, "the rms of the last step is at least ", " times the rms of the weights",
	     "about 0.001 is usual: Karpathy 2015, CS231n"),
	EXPLAINS("slow", SLOW, "slow", 1e-5, update_small, "the rms of the last step is at most ", " times the rms of the weights",
	     "about 0.001 is usual: Karpathy 2015, CS231n"),
	RULE("stalled", STALLED, "stalled", ILL, 0.75, stalled, "after 30 steps or more the loss is still at least ",
	     " times that of guessing, and less than 0.3 of the probe images are classified correctly", GRID),
	RULE("zero_output", ZERO_OUTPUT, "zero output", NOTE, 0, zero_output, "all weights of the output layer are ",
	     ", but not those of the layer before it", "Zhang et al. 2019, Fixup; Yang et al. 2022, muP"),
	RULE("first_step_partly", FAST, "fast", NOTE, 0.1, first_step_large, FIRST_STEP, OF_WEIGHTS PLAIN, GRID),
	RULE("first_step_adaptive", FAST, "fast", NOTE, 0.5, first_step_large_adaptive, FIRST_STEP, OF_WEIGHTS "; for adaptive optimizers", GRID),
	RULE("overshooting_partly", OVERSHOOTING, "fast", NOTE, 0.5, overshoots_partly,
	     "if the gradient stayed the same, a step at the full speed of momentum would lower the loss by at least ",
	     " times its value" PLAIN, "Polyak 1964; " GRID),
	{ .entry = { .name = "healthy", .summary = "no other rule holds" }, .kind = DIAGNOSIS_HEALTHY, .word = "healthy",
	  .fires = healthy },
};

const struct table diagnosis_rules = TABLE_OF(rules, "rule", "rules");

const char *const severity_names[SEVERITIES] = { "healthy", "note", "ill", "broken" };

static double stalled_limit(void)
{
	size_t i = 0;
	while (rules[i].kind != DIAGNOSIS_STALLED)
		i++;
	return rules[i].limit;
}

enum severity diagnosis_severity(const struct diagnosis_rule *rule, const struct diagnosis_net *net)
{
	if (rule->explains)
		return is_stalled(net, stalled_limit()) ? SEVERITY_ILL : SEVERITY_NOTE;
	return rule->severity == SEVERITY_ILL && net->learns ? SEVERITY_NOTE : rule->severity;
}

void diagnosis_rule_facts(struct text *text, const struct diagnosis_rule *rule)
{
	text_addf(text, "word: %s", rule->word);
	if (rule->severity != SEVERITY_HEALTHY)
		text_addf(text, "; severity: %s%s", severity_names[rule->severity], rule->explains ? ", in a stalled net ill" : "");
}
