/* The explanation of the Depth view under `?`. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "nn/theory.h"
#include "lab/quantity.h"
#include "view/depth_plot.h"
#include "view/depth_words.h"
#include "view/verdict.h"
#include "view/view_list.h"

/* Whether a branch's input has a factor in the sum. */
static bool scales_inputs(const struct settings *settings)
{
	return settings->skip_scale.formula[0] || settings->skip_scale.value[0] != 1;
}

static void explain_edge(const struct snapshot *now, struct text *text)
{
	const struct layer_observation *deep = depth_last_hidden(now);
	if (deep->activation.entry == NULL)
		return;
	char here[TEXT_READOUT_SIZE], edge[TEXT_READOUT_SIZE], chi[TEXT_READOUT_SIZE];
	double critical = theory_edge_of_chaos(&deep->activation);
	unsigned branch = settings_layer_branch(&now->settings, (size_t)(deep - now->layer) + 1);
	/* [1]: with a factor of the branch's input, [2]: and with a normalized sum */
	static const char *const formulas[][MLP_MAX_BRANCH] = {
		{ "1 + α² · fan_in · Var(W) · E[f'²]",
		  "√(1 + α² · c · c'), where c = fan_in · Var(W) · E[f'²] of a branch's first layer and c' of its second," },
		{ "λ² + α² · fan_in · Var(W) · E[f'²]",
		  "√(λ² + α² · c · c'), where c = fan_in · Var(W) · E[f'²] of a branch's first layer and c' of its second," },
		{ "(λ² + α² · fan_in · Var(W) · E[f'²]) / Var(sum)",
		  "√((λ² + α² · c · c') / Var(sum)), where c = fan_in · Var(W) · E[f'²] of a branch's first layer and c' of its second," },
	};
	if (isnan(deep->theory.chi)) {
		text_add(text, "Theory has no χ, the factor of the gradient² per layer of equal width, for a net like this one.\n");
		return;
	}
	int kind = now->settings.normalization == MLP_SUM_NORM ? 2 : scales_inputs(&now->settings);
	text_addf(text, "χ = %s = %s. The gradient² changes by this factor per layer of equal width. "
	          "σ_w² = fan_in · Var(W) is %s here",
	          branch ? formulas[kind][branch - 1] : "fan_in · Var(W) · E[f'²]", number_known(chi, deep->theory.chi),
	          number_known(here, (double)deep->fan_in * deep->weight_variance));
	if (branch == 1 && kind < 2)
		text_add(text, ".\nIn residual nets whose outputs have a mean, as relu's, the mean of δ² over nets of finite width "
		               "is larger than theory's, by the order of depth / width: only the band allows for it");
	else if (branch == 0 && isfinite(critical))
		text_addf(text, "; with biases of zero and a σ_w² of %s, %s would be at the edge of chaos, χ = 1",
		          text_readout(edge, critical * critical), deep->activation.entry->name);
	text_add(text, ".\n");
}

/* The least and the largest value over the hidden layers; false where there is none. */
static bool range_of(const struct scene *scene, const char *name, double *least, double *most)
{
	const struct quantity *quantity = quantity_find(name, NULL);
	*least = INFINITY;
	*most = -INFINITY;
	for (size_t l = 0; l + 1 < scene->now->layers; l++) {
		double value = quantity_read(quantity, &(struct quantity_place){ .snapshot = scene->now, .layer = l });
		*least = fmin(*least, value);
		*most = fmax(*most, value);
	}
	return isfinite(*least) && isfinite(*most);
}

static void add_range(struct text *text, double least, double most)
{
	char low[TEXT_READOUT_SIZE], high[TEXT_READOUT_SIZE];
	if (least == most)
		text_addf(text, "%s", text_readout(low, least));
	else
		text_addf(text, "%s to %s", text_readout(low, least), text_readout(high, most));
}

static void explain_norms(const struct scene *scene, struct text *text)
{
	double least, most;
	if (!range_of(scene, "weight_norm_ratio", &least, &most))
		return;
	text_add(text, "The spectral norm of the hidden layers' weights is ");
	add_range(text, least, most);
	text_add(text, " times √(fan_out / fan_in)");
	if (range_of(scene, "change_norm_ratio", &least, &most)) {
		text_add(text, ", that of their last change ");
		add_range(text, least, most);
		text_add(text, " times");
	}
	text_add(text, ". If these factors, of the weights and of their changes, do not depend on the width, nets learn features alike at every "
	               "width (Yang, Simon and Bernstein 2023).\n");
}

void view_depth_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	struct depth_sentence sentence;
	text_addf(text, "The %zu layers run from the input at the left to the output at the right; the vertical axis is "
	          "logarithmic. Filled points are observed values; hollow points, or lines in a net of many layers, are what "
	          "theory predicts for random weights, so for the start%s.\n", now->layers,
	          now->step ? " and not for now" : "");
	text_add(text, "Left: the mean squares of the inputs z and the outputs a; the signal runs to the right. Right: the "
	         "mean square of the gradient at z, δ; it runs to the left, from the loss back to layer 1. A signal that falls "
	         "along its arrow fades, a gradient that falls along its arrow vanishes; either explodes where it rises. A good "
	         "initialization keeps both level. That theory agrees does not make a net healthy: it predicts ill nets too.\n");
	text_add(text, "The bars below: the share of outputs where the activation has a small slope, and the share of units "
	         "whose slope is small for every image (dead units). About half is normal for the outputs of a rectifier.\n\n");
	depth_describe_factor(&sentence, now, &depth_z);
	text_addf(text, "%s.\n", sentence.form[0]);
	depth_describe_factor(&sentence, now, &depth_delta);
	text_addf(text, "%s.\n", sentence.form[0]);
	explain_edge(now, text);
	explain_norms(scene, text);
	depth_explain_correlation(text, now);
	struct verdict verdict = verdict_worst(now, history_start(scene->history));
	text_addf(text, "\nVerdict: %s. %s.\n", verdict.word, verdict.sentence);
}
