/* Whether the net needs a cure, which one, and the words for it.  The search is in
 * cure_search.c, the score in cure_score.c. */
#include "lab/cure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "lab/cure_search.h"
#include "lab/cure_variant.h"
#include "lab/scenario.h"

const char *const cure_outcome_names[CURE_OUTCOMES] = {
	[CURE_NOT_NEEDED] = "not needed",
	[CURE_FOUND] = "found",
	[CURE_NONE] = "none",
};

/* ---- words ---- */

bool cure_value(const struct cure *cure, const char *name, char value[CURE_CHANGES_SIZE])
{
	size_t length = strlen(name);
	for (const char *word = cure->changes; *word; word += strcspn(word, " "), word += strspn(word, " "))
		if (strncmp(word, name, length) == 0 && word[length] == '=') {
			snprintf(value, CURE_CHANGES_SIZE, "%.*s", (int)(strcspn(word, " ") - length - 1), word + length + 1);
			return true;
		}
	return false;
}

static void add_part(char *words, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void add_part(char *words, size_t size, const char *format, ...)
{
	size_t length = strlen(words);
	if (length)
		length += (size_t)snprintf(words + length, size - length, " with ");
	va_list arguments;
	va_start(arguments, format);
	if (length < size)
		vsnprintf(words + length, size - length, format, arguments);
	va_end(arguments);
}

/* The changes as a reader would name them: "batch normalization", "tanh with xavier",
 * "residual connections scaled by 1/sqrt(branches) with he"; brief: "scaled residual
 * branches with he". */
static void name_changes(const struct cure *cure, bool brief, char *words, size_t size)
{
	char value[CURE_CHANGES_SIZE];
	words[0] = '\0';
	if (cure_value(cure, "activation", value))
		add_part(words, size, "%s", value);
	if (cure_value(cure, "normalization", value)) {
		if (strcmp(value, "none") == 0)
			add_part(words, size, "no normalization");
		else
			add_part(words, size, "%s normalization", value);
	}
	bool residual = cure_value(cure, "residual", value);
	if (residual && strcmp(value, "yes") != 0)
		add_part(words, size, "no residual connections");
	else if (cure_value(cure, "branch-scale", value)) /* the search tries this scale only */
		add_part(words, size, "%s", brief ? "scaled residual branches" : residual ? "residual connections scaled by 1/sqrt(branches)" :
		         "residual branches scaled by 1/sqrt(branches)");
	else if (residual)
		add_part(words, size, "residual connections");
	if (cure_value(cure, "init", value))
		add_part(words, size, "%s", value);
	if (cure_value(cure, "output-init", value))
		add_part(words, size, "%s output weights", value);
	if (cure_value(cure, "bias-init", value))
		add_part(words, size, "biases of 0");
	if (strstr(cure->changes, "init.") || strstr(cure->changes, "activation."))
		add_part(words, size, "the same settings for all layers");
	if (cure_value(cure, "lr", value))
		add_part(words, size, "learning rate %s", value);
}

static bool concerns_gradient(const struct diagnosis *diagnosis)
{
	switch (diagnosis->rule->kind) {
	case DIAGNOSIS_EXPLODING_GRADIENT: case DIAGNOSIS_CHAOTIC: case DIAGNOSIS_VANISHING_GRADIENT: case DIAGNOSIS_UNDERFLOW:
		return true;
	default:
		return false;
	}
}

/* "nothing saturated", "3 % saturated" */
static void describe_saturation(char *words, size_t size, const struct cure *cure)
{
	char share[NUMBER_SIZE];
	const char *word = activation_saturation_word(&cure->settings.activation);
	if (cure->predicted.flat < 0.005)
		snprintf(words, size, "nothing %s", word);
	else
		snprintf(words, size, "%s %s", number_share(share, cure->predicted.flat), word);
}

/* Why the cure is not an initializer, the simplest change; "" where it is one, or changes another
 * cause such as biases. */
static void say_obstacle(char *words, size_t size, const struct cure *cure, const struct cure_candidate *initializer)
{
	char value[CURE_CHANGES_SIZE];
	const char *name = strchr(initializer->changes, '=');
	bool structure = cure_value(cure, "normalization", value) || cure_value(cure, "residual", value) ||
	                 cure_value(cure, "activation", value);
	if (!structure)
		words[0] = '\0';
	else if (name == NULL)
		snprintf(words, size, "; no initializer alone would do");
	else
		snprintf(words, size, "; with %.40s alone %s", name + 1,
		         cure_score_obstacle(&initializer->factors, &cure->settings.activation));
}

/* Shorter forms keep what the diagnosis is about.  replaced: weights that were loaded are not kept. */
static void say_start(struct cure *cure, const struct diagnosis *diagnosis, const struct cure_candidate *initializer,
                      bool replaced)
{
	char changes[CURE_CHANGES_SIZE + 64], flat[48], square[TEXT_READOUT_SIZE], factor[NUMBER_SIZE], digits[NUMBER_SIZE];
	char obstacle[120], longest[WORDING_SIZE];
	const struct net_factors *predicted = &cure->predicted;
	const char *ratio = number_ratio(digits, predicted->gradient), *of = number_of_or_times(predicted->gradient);
	name_changes(cure, false, changes, sizeof changes);
	if (replaced)
		snprintf(changes + strlen(changes), sizeof changes - strlen(changes), " for the loaded weights");
	describe_saturation(flat, sizeof flat, cure);
	number_factor(factor, predicted->gradient);
	snprintf(square, sizeof square, "%.2g", predicted->z_square);
	struct wording *words = &cure->words;
	say_obstacle(obstacle, sizeof obstacle, cure, initializer);
	int length = snprintf(longest, sizeof longest, "%s: z would have mean square %s, %s, layer 1 would get %s %s layer %zu's "
	                      "gradient²%s", changes, square, flat, ratio, of, predicted->hidden, obstacle);
	if (predicted->hidden > 1 && obstacle[0] && length < (int)sizeof longest)
		wording_add(words, "%s", longest);
	if (predicted->hidden > 1)
		wording_add(words, "%.80s: z would have mean square %s, %s, and layer 1 would receive %s %s layer %zu's "
		            "gradient²", changes, square, flat, ratio, of, predicted->hidden);
	if (predicted->hidden > 1 && concerns_gradient(diagnosis))
		wording_add(words, "%.80s: layer 1 would get %s %s layer %zu's gradient²", changes, ratio, of, predicted->hidden);
	else if (predicted->hidden > 0)
		wording_add(words, "%.80s: z would have mean square %s, %s", changes, square, flat);
	bool is_long = wording_columns(changes) > WORDING_SHORTEST;
	if (predicted->hidden > 1 && concerns_gradient(diagnosis)) {
		char scale[CURE_CHANGES_SIZE], brief[CURE_CHANGES_SIZE];
		name_changes(cure, true, brief, sizeof brief);
		/* the gradient in a scaled branch is smaller by the scale's square: without layer numbers the factor would mislead */
		if (cure_value(cure, "branch-scale", scale))
			wording_add(words, "%.80s: layer 1 gets %s %s layer %zu's gradient²", brief, ratio, of, predicted->hidden);
		else
			wording_add(words, "%.80s: gradient² %s%s", changes, factor, is_long ? "" : " in all");
	}
	if (is_long)
		wording_add(words, "%.120s", changes);
	wording_add(words, "%s", is_long ? "other settings, listed by `cure`" : changes);
}

/* ---- the same as a scenario's ---- */

static bool same_variances(const struct settings *a, const struct settings *b)
{
	for (size_t l = 0; l < a->layers; l++) {
		const struct spec *one = settings_layer_init(a, l + 1), *other = settings_layer_init(b, l + 1);
		double ratio = initializer_variance(one, a->width[l], a->width[l + 1]) /
		               initializer_variance(other, a->width[l], a->width[l + 1]);
		if (!(fabs(ratio - 1) < 0.01))
			return false;
	}
	return true;
}

/* Whether the scenario is this net, apart from the name of the initializer, the
 * number of steps and the observations. */
static bool is_scenario(const struct settings *settings, const struct scenario *scenario)
{
	struct settings other = *settings;
	settings_apply_scenario(&other, scenario);
	if (!settings_fit(&other, settings->width[0], settings->width[settings->layers], NULL) ||
	    other.layers != settings->layers || !same_variances(&other, settings))
		return false;
	other.init = settings->init;
	other.scenario = settings->scenario;
	other.steps = settings->steps;
	other.every = settings->every;
	other.probe = settings->probe;
	return settings_equal(&other, settings);
}

static int scenario_key(const struct settings *settings)
{
	for (int i = 0; i < 9 && (size_t)i < scenarios.count; i++)
		if (is_scenario(settings, scenario_at((size_t)i)))
			return i + 1;
	return 0;
}

/* ---- which cure ---- */

static void take(struct cure *cure, const struct cure_candidate *best)
{
	cure->outcome = CURE_FOUND;
	cure->settings = best->settings;
	cure->predicted = best->factors;
	snprintf(cure->changes, sizeof cure->changes, "%s", best->changes);
	cure->scenario = scenario_key(&cure->settings);
}

/* The largest of 1, 2, 5 times a power of ten that is not above. */
static double round_down(double value)
{
	double unit = pow(10, floor(log10(value) + 1e-9)), times = value / unit * (1 + 1e-9);
	return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * unit;
}

static void lower_rate(struct cure *cure, const struct snapshot *now, double rate)
{
	char number[TEXT_EXACT_SIZE];
	snprintf(number, sizeof number, "%.3g", rate);
	cure->settings = now->settings;
	if (!settings_set(&cure->settings, "lr", number, NULL))
		return;
	cure->outcome = CURE_FOUND;
	snprintf(cure->changes, sizeof cure->changes, "lr=%s", number);
}

static void cure_training(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis,
                          const struct net_factors *present)
{
	double rate = spec_value(&now->settings.optimizer, "lr"), limit = cure_rate_limit(now);
	bool fast = now->diverged || diagnosis_is_fast(diagnosis), slow = diagnosis->rule->kind == DIAGNOSIS_SLOW;
	char text[TEXT_EXACT_SIZE];
	cure->predicted = *present;
	if (rate > limit || (fast && rate > 0)) {
		double lower = round_down(limit < rate ? 0.5 * limit : 0.1 * rate);
		lower_rate(cure, now, lower);
		wording_add(&cure->words, "learning rate %s: theory expects stable first steps below %.2g, it is %.4g now",
		            text_exact(text, lower), limit, rate);
		wording_add(&cure->words, "learning rate %s instead of %.4g", text_exact(text, lower), rate);
	} else if (slow && rate < 0.1 * limit) {
		double higher = round_down(0.5 * limit);
		lower_rate(cure, now, higher);
		wording_add(&cure->words, "learning rate %s: theory expects stable first steps up to %.2g, it is %.4g now",
		            text_exact(text, higher), limit, rate);
		wording_add(&cure->words, "learning rate %s instead of %.4g", text_exact(text, higher), rate);
	} else {
		wording_add(&cure->words, "nothing to cure at the start: theory finds it sound, training has changed the net");
		wording_add(&cure->words, "the start was sound by theory");
	}
}

/* For a net with a note only, a change is proposed only if the gain is clear; for an ill
 * one whose start theory finds sound (present is finite), if there is a gain. */
#define CLEAR_GAIN 0.5

static void cure_start(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis, double present)
{
	struct cure_candidate best = {0}, initializer = {0};
	bool found = cure_search_start(&best, &initializer, now);
	double gain = diagnosis->severity == SEVERITY_NOTE ? CLEAR_GAIN : 0;
	if (found && !(best.cost + best.score < present - gain)) {
		wording_add(&cure->words, "no change of a setting is predicted to be much better");
		wording_add(&cure->words, "no change would be much better");
		return;
	}
	if (!found) {
		cure->outcome = CURE_NONE;
		wording_add(&cure->words, "no initializer, normalization, residual connection or other activation is predicted to "
		            "cure this net");
		wording_add(&cure->words, "no change of one or two settings would cure this net");
		wording_add(&cure->words, "no single change cures this net");
		return;
	}
	take(cure, &best);
	say_start(cure, diagnosis, &initializer, now->settings.weights[0] && cure->settings.weights[0] == '\0');
}

void cure_find(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis)
{
	*cure = (struct cure){ .outcome = CURE_NOT_NEEDED };
	bool fitted = now->settings.width[0] > 0 && now->layers == now->settings.layers;
	if (diagnosis->severity == SEVERITY_HEALTHY || !fitted) {
		wording_add(&cure->words, fitted ? "nothing to cure: the net is healthy" : "the size of the images is not known");
		return;
	}
	bool fast = diagnosis_is_fast(diagnosis), learns = diagnosis->learns && diagnosis->severity < SEVERITY_ILL && !fast;
	if (learns && !diagnosis->from_start) {
		wording_add(&cure->words, "nothing to cure: the net learns all the same");
		return;
	}
	struct net_factors factors = {0};
	bool learned = now->step > 0;
	double present = learned || fast || diagnosis->severity == SEVERITY_NOTE ? cure_search_present(&factors, now) : INFINITY;
	bool by_training = fast || (learned && !diagnosis->from_start); /* else another start may be better */
	if (by_training && isfinite(present))
		cure_training(cure, now, diagnosis, &factors);
	else
		cure_start(cure, now, diagnosis, present);
}

bool cure_apply(const struct cure *cure, struct settings *settings, struct err *err)
{
	return cure_change(settings, cure->changes, err);
}

void cure_options(const struct cure *cure, struct text *text)
{
	for (const char *word = cure->changes; *word; word += strcspn(word, " "), word += strspn(word, " ")) {
		size_t length = strcspn(word, " "), name = strcspn(word, "=");
		text_add(text, word > cure->changes ? " " : "");
		struct text value = {0};
		bool own = memchr(word, '.', name) != NULL; /* init.N, bias-init.N */
		text_addf(text, own ? "--set " : "--%.*s ", (int)name, word);
		if (own)
			text_add_bytes(&value, word, length);
		else
			text_add_bytes(&value, word + name + 1, length - name - 1);
		text_add_quoted(text, text_string(&value));
		text_free(&value);
	}
}
