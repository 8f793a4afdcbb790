/* The sentences of the Isometry view, and its explanation under `?`. */
#include "view/isometry_words.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "view/quantity_show.h"
#include "view/view_list.h"

const struct layer_observation *isometry_last(const struct snapshot *now)
{
	return &now->layer[now->layers >= 2 ? now->layers - 2 : 0];
}

const char *isometry_lacking(const struct scene *scene, const struct snapshot *now)
{
	if (now->settings.normalization == MLP_BATCH_NORM)
		return "batch normalization makes an image depend on the others: no Jacobian of one image";
	if (now->measured)
		return NULL;
	return scene->live ? "measuring ..." : "not measured at this step: singular 1 measures all observations";
}

void isometry_condition(char out[TEXT_READOUT_SIZE], double condition)
{
	if (isinf(condition))
		snprintf(out, TEXT_READOUT_SIZE, "infinite");
	else
		text_readout(out, condition);
}

void isometry_stretch(char *out, size_t size, const struct snapshot *now, bool brief)
{
	const struct spectrum *s = &isometry_last(now)->input_singular;
	char most[NUMBER_SIZE], least[NUMBER_SIZE], condition[TEXT_READOUT_SIZE], lost[NUMBER_SIZE], middle[NUMBER_SIZE];
	number_factor(most, s->largest);
	number_factor(least, s->smallest);
	number_factor(middle, spectrum_quantile(s, 0.5));
	isometry_condition(condition, s->condition);
	if (s->count == 0 || isnan(s->largest))
		snprintf(out, size, "The Jacobian has values that are not finite");
	else if (s->condition < 1.01)
		snprintf(out, size, brief ? "An isometry times a factor: all directions %s" :
		         "An isometry times a factor: changes of an image in all directions are stretched alike, %s", most);
	else if (s->zero > 0)
		snprintf(out, size, brief ? "%s of directions are lost, others up to %s" :
		         "%s of the directions in which an image can change are lost on the way, others are stretched by up to %s",
		         number_share(lost, s->zero), most);
	else
		snprintf(out, size, brief ? "Directions from %s to %s: condition %s" :
		         "Changes of an image are stretched from %s to %s, half of them by less than %s: condition %s", least, most,
		         brief ? condition : middle, condition);
}

void isometry_theory(char *out, size_t size, const struct snapshot *now, bool brief)
{
	const struct layer_observation *last = isometry_last(now);
	char mean[TEXT_READOUT_SIZE], variance[TEXT_READOUT_SIZE], mean_theory[NUMBER_SIZE], variance_theory[NUMBER_SIZE];
	text_readout(mean, last->input_singular.mean_square);
	const char *name = quantity_theory_name(now, true);
	text_readout(variance, last->input_singular.variance);
	number_known(mean_theory, last->theory.input_singular_mean_square);
	number_known(variance_theory, last->theory.input_singular_variance);
	if (brief)
		snprintf(out, size, "s²: mean %s, %s %s; variance %s, %s %s", mean, name, mean_theory, variance, name, variance_theory);
	else
		snprintf(out, size, "s² to layer %zu: mean %s, %s %s; variance %s, %s %s", (size_t)(last - now->layer) + 1,
		         mean, name, mean_theory, variance, name, variance_theory);
}

/* How the mean of s^2 from layer 1 to the last hidden one compares with the gradient's. */
static double gradient_growth(const struct snapshot *now)
{
	const struct moments *first = &now->layer[0].tensor[MLP_DELTA].moments;
	return first->mean_square / isometry_last(now)->tensor[MLP_DELTA].moments.mean_square;
}

static double mean_between(const struct snapshot *now)
{
	return isometry_last(now)->input_singular.mean_square / now->layer[0].input_singular.mean_square;
}

void isometry_gradient(char *out, size_t size, const struct snapshot *now, bool brief)
{
	char gradient[NUMBER_SIZE], mean[NUMBER_SIZE];
	out[0] = '\0';
	if (now->layers < 3 || isnan(gradient_growth(now)) || isnan(mean_between(now)))
		return;
	number_factor(gradient, gradient_growth(now));
	number_factor(mean, mean_between(now));
	if (brief)
		snprintf(out, size, "Layer %zu to 1: gradient² %s, mean s² %s", now->layers - 1, gradient, mean);
	else
		snprintf(out, size, "Gradient² from layer %zu back to 1: %s; the mean of s² between is %s, which hides the spread",
		         now->layers - 1, gradient, mean);
}

/* ---- the explanation ---- */

void view_isometry_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	const char *why = now->layers ? isometry_lacking(scene, now) : NULL;
	char sentence[200];
	if (now->layers == 0)
		return;
	text_add(text, "A small change of an image is turned and stretched by each layer. The Jacobian da/dx of a layer's outputs by "
	               "the image says how; its singular values s are the factors by which it stretches, one for each direction. Where "
	               "all s are near 1 (dynamical isometry), signals forwards and gradients backwards keep their size in all "
	               "directions, and deep nets learn fast (Saxe et al. 2014, Pennington et al. 2017). Where they are spread, most "
	               "directions are lost even though the average is right.\n");
	text_add(text, "Left: the singular values from the input to each hidden layer, on a log axis: all of them light, the middle 90 % "
	               "darker, the middle half full; filled points their root mean square, hollow ones theory's for the start. The "
	               "dotted line is 1. Right: histograms of those of the last hidden layer, and of the selected layer alone (D W: its "
	               "slopes f'(z) times its weights). A triangle at the edge: some are 0, as where relu is inactive. NaN, or ! in "
	               "narrow columns: the layer's Jacobian is not finite.\n");
	text_addf(text, "The Jacobian is that at one image of the probe, whose size is nearest the mean. Layers up to %d wide have all "
	          "values computed, wider ones have them estimated from random directions: then the condition number is a lower "
	          "bound. While this view is open, it is measured for the screen in a small share of the time; the setting singular=10 "
	          "measures it for outputs, too, in every 10th observation. J starts the same net with orthogonal weights of the "
	          "same variance beside this one.\n", SINGULAR_EXACT);
	text_add(text, "Theory: the mean of s² is the product of fan_in Var(W) E f'(z)² over the layers (χ to the power of their number), the "
	               "variance follows from E f'⁴ and from whether weights are independent or orthogonal. The gradient's mean square that "
	               "Depth shows grows backwards by the mean of s² of the layers between, if the gradient has no preferred "
	               "direction: the same factor χ per layer. The view has no theory for normalization, and none for weights with a mean.\n\n");
	if (why) {
		text_addf(text, "%s.\n", why);
		return;
	}
	isometry_stretch(sentence, sizeof sentence, now, false);
	text_addf(text, "%s.\n", sentence);
	isometry_theory(sentence, sizeof sentence, now, false);
	text_addf(text, "%s.\n", sentence);
	isometry_gradient(sentence, sizeof sentence, now, false);
	if (sentence[0])
		text_addf(text, "%s.\n", sentence);
}
