/* Sentences of the Depth view. */
#include "view/depth_words.h"

#include <math.h>
#include <stdio.h>

#include "nn/theory.h"
#include "base/number.h"

#define SAY(i, ...) snprintf(sentence->form[i], DEPTH_SENTENCE_SIZE, __VA_ARGS__)

/* Above this correlation the outputs hardly depend on the image. */
#define ALIKE 0.9
#define NEARLY_ALL 0.999
#define CHANGE 0.1 /* a smaller change is not reported */

const struct layer_observation *depth_last_hidden(const struct snapshot *now)
{
	return &now->layer[now->layers >= 2 ? now->layers - 2 : 0];
}

/* ---- the correlation of images ---- */

enum { CORRELATION_SIZE = 32 };

/* Near 1 the difference to 1 is written, because it is what matters. */
static const char *correlation_words(char out[CORRELATION_SIZE], double correlation)
{
	if (isnan(correlation))
		snprintf(out, CORRELATION_SIZE, "-");
	else if (correlation > NEARLY_ALL && correlation < 1)
		snprintf(out, CORRELATION_SIZE, "1 - %.1g", 1 - correlation);
	else
		snprintf(out, CORRELATION_SIZE, "%.3f", correlation + 0.0);
	return out;
}

/* What theory predicts for the start, in brackets; empty where it predicts nothing. */
static const char *predicted_words(char out[64], const struct snapshot *now)
{
	double first = now->layer[0].theory.correlation, last = depth_last_hidden(now)->theory.correlation;
	char from[CORRELATION_SIZE], to[CORRELATION_SIZE];
	out[0] = '\0';
	if (!isnan(first) && !isnan(last))
		snprintf(out, 64, " (theory %s → %s)", correlation_words(from, first), correlation_words(to, last));
	return out;
}

/* Whether the change of the correlation from the first to the last layer is within
 * the scatter of random draws: theory predicts hardly any change, and the last
 * value lies within its band. */
static bool is_sampling_error(const struct snapshot *now)
{
	const struct layer_observation *last = depth_last_hidden(now);
	const struct layer_theory *theory = &last->theory;
	double distance = theory_distance_absolute(last->correlation, theory->correlation, theory->correlation_band);
	return now->step == 0 && fabs(theory->correlation - now->layer[0].theory.correlation) < CHANGE &&
	       fabs(distance) <= 2;
}

/* Whether images have grown apart in layers that do not drive them apart: the scatter
 * of narrow layers does it, to which theory's band belongs. */
static bool is_chance(const struct snapshot *now)
{
	const struct layer_observation *last = depth_last_hidden(now);
	const struct layer_theory *theory = &last->theory;
	double distance = theory_distance_absolute(last->correlation, theory->correlation, theory->correlation_band);
	return now->step == 0 && theory->correlation_slope <= 1.0005 && fabs(distance) <= 2;
}

void depth_describe_correlation(struct depth_sentence *sentence, const struct snapshot *now)
{
	double first = now->layer[0].correlation, last = depth_last_hidden(now)->correlation;
	char from[CORRELATION_SIZE], to[CORRELATION_SIZE], predicted[64];
	if (isnan(first) || isnan(last)) {
		SAY(0, "No correlation of two images: it takes two images, two units in every layer, and finite values");
		SAY(1, "Correlation of two images: no value");
		SAY(2, "no correlation");
		return;
	}
	bool alike = last >= ALIKE, sampling_error = is_sampling_error(now);
	const char *change = alike && last > first         ? "Images become alike"
	                     : alike                       ? "Images stay alike"
	                     : fabs(last - first) < CHANGE ? "Images stay different"
	                     : sampling_error                        ? "As theory expects"
	                     : last > first                ? "Images become more alike"
	                     : is_chance(now)        ? "Images grow apart by chance"
	                                                   : "Images grow apart";
	correlation_words(from, first);
	correlation_words(to, last);
	SAY(0, "%s: the correlation of two images goes from %s in layer 1 to %s in layer %zu%s", change, from, to,
	    now->layers >= 2 ? now->layers - 1 : 1, predicted_words(predicted, now));
	SAY(1, "%s: correlation %s → %s%s", change, from, to, predicted);
	SAY(2, "correlation %s → %s", from, to);
}

/* The slope of the map at its fixed point: how fast the limit is reached. */
static void add_rate(struct text *text, const struct layer_theory *theory)
{
	char rate[TEXT_READOUT_SIZE], reach[TEXT_READOUT_SIZE];
	if (theory->correlation_rate > 0 && theory->correlation_rate < 0.9995)
		text_addf(text, "; close to it the distance to it changes %s per layer, by a factor of e in %s layers.\n",
		          number_factor(rate, theory->correlation_rate), text_readout(reach, -1 / log(theory->correlation_rate)));
	else
		text_add(text, theory->correlation_rate >= 0.9995 ? ", which they approach more slowly than by a constant factor per layer.\n" : ".\n");
}

void depth_explain_correlation(struct text *text, const struct snapshot *now)
{
	struct depth_sentence sentence;
	depth_describe_correlation(&sentence, now);
	text_addf(text, "%s.\n", sentence.form[0]);
	const struct layer_theory *theory = &depth_last_hidden(now)->theory;
	if (isnan(theory->correlation_slope) || isnan(theory->correlation_limit))
		return;
	char slope[TEXT_READOUT_SIZE], limit[CORRELATION_SIZE];
	text_addf(text, "χ divided by the growth of E[z²] is the slope, at correlation 1, of the map from a layer's correlation to the next "
	          "layer's: %s. %s. Many layers like the last hidden one end at a correlation of %s",
	          text_readout(slope, theory->correlation_slope),
	          theory->correlation_slope > 1.0005 ? "Above 1 similar images grow apart, down to the limit"
	          : theory->correlation_slope < 0.9995 ? "Below 1 similar images become more alike"
	                                               : "At 1 similar images become more alike, but slowly",
	          correlation_words(limit, theory->correlation_limit));
	add_rate(text, theory);
}

/* ---- a turn ---- */

bool depth_describe_turn(struct depth_sentence *sentence, const struct snapshot *now, const struct depth_series *series)
{
	struct depth_turn turn = depth_turn(now, series);
	if (turn.at == 0)
		return false;
	const char *what = series == &depth_delta ? "Gradient²" : quantity_square_label(MLP_Z);
	char from[NUMBER_SIZE], middle[NUMBER_SIZE], to[NUMBER_SIZE];
	text_readout(from, turn.value[0]);
	text_readout(middle, turn.value[1]);
	text_readout(to, turn.value[2]);
	const char *first = turn.falls ? "falls" : "rises", *then = turn.falls ? "rises" : "falls";
	SAY(0, "%s %s from %s in layer %zu to %s in layer %zu, then %s to %s in layer %zu", what, first, from, turn.from + 1,
	    middle, turn.at + 1, then, to, turn.to + 1);
	SAY(1, "%s %s to %s in layer %zu, then %s to %s", what, first, middle, turn.at + 1, then, to);
	SAY(2, "%s: %s in layer %zu", what, middle, turn.at + 1);
	return true;
}

/* ---- the factor ---- */

/* E[t²] at the last layer that the series reaches over that at its first. */
static double whole_change(const struct snapshot *now, const struct depth_series *series, bool theory)
{
	double (*square)(const struct snapshot *, size_t, enum mlp_tensor) = theory ? quantity_square_theory : quantity_square;
	size_t end = now->layers - 1;
	if (series == &depth_delta)
		return square(now, 0, MLP_DELTA) / square(now, end, MLP_DELTA);
	return end < 2 ? NAN : square(now, end - 1, MLP_Z) / square(now, 0, MLP_Z);
}

/* "layer 1's is 4e-15 of the output layer's". */
static const char *whole_words(char out[96], const struct snapshot *now, const struct depth_series *series, double change)
{
	char digits[NUMBER_SIZE];
	const char *ratio = number_ratio(digits, change), *unit = number_of_or_times(change);
	if (series == &depth_delta)
		snprintf(out, 96, "layer 1's is %s %s the output layer's", ratio, unit);
	else
		snprintf(out, 96, "layer %zu's is %s %s layer 1's", now->layers - 1, ratio, unit);
	return out;
}

void depth_describe_factor(struct depth_sentence *sentence, const struct snapshot *now, const struct depth_series *series)
{
	*sentence = (struct depth_sentence){0};
	if (depth_describe_turn(sentence, now, series))
		return;
	const char *what = series == &depth_delta ? "Gradient²" : quantity_square_label(MLP_Z);
	char factor[NUMBER_SIZE], theory[NUMBER_SIZE], whole[96], predicted[NUMBER_SIZE];
	double observed = depth_factor(now, series, false), change = whole_change(now, series, false);
	double expected = whole_change(now, series, true);
	whole_words(whole, now, series, change);
	if (isnan(change)) {
		SAY(0, "%s: there are no two layers with values to compare", what);
		SAY(1, "%s: no two layers to compare", what);
		return;
	}
	if (!depth_is_uniform(now) || isnan(observed)) {
		SAY(0, "%s: %s%s%s%s", what, whole, isnan(expected) ? "" : " (theory ",
		    isnan(expected) ? "" : number_ratio(predicted, expected), isnan(expected) ? "" : ")");
		SAY(1, "%s: %s", what, whole);
		SAY(2, "%s: layer %zu's %s of %zu's", what, series == &depth_delta ? (size_t)1 : now->layers - 1,
		    number_factor(factor, change), series == &depth_delta ? now->layers : (size_t)1);
		return;
	}
	const char *verb = observed < 0.9 ? "falls" : observed > 1 / 0.9 ? "grows" : "is steady:";
	number_factor(factor, observed);
	number_factor(theory, depth_factor(now, series, true));
	SAY(0, "%s %s %s per layer (theory %s); %s", what, verb, factor, theory, whole);
	SAY(1, "%s %s %s per layer; %s", what, verb, factor, whole);
	SAY(2, "%s %s %s per layer", what, verb, factor);
}
