/* Changes of a net other than its hidden layers' initializer: what the cure's
 * search tries each initializer with. */
#include "lab/cure_variant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/cure_score.h"
#include "nn/activation.h"
#include "nn/branch_scale.h"
#include "nn/initializer.h"

bool cure_change(struct settings *settings, const char *changes, struct err *err)
{
	char copy[CURE_CHANGES_SIZE], *rest = copy;
	snprintf(copy, sizeof copy, "%s", changes);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');
		*value++ = '\0';
		if (!settings_set(settings, word, value, err))
			return false;
	}
	return true;
}

static bool is_zero(const struct spec *init)
{
	return strcmp(init->entry->name, "zeros") == 0;
}

/* Whether the output layer starts with large outputs, or passes on hardly any
 * gradient. */
static bool output_is_poor(const struct snapshot *now)
{
	const struct settings *settings = &now->settings;
	size_t in = settings->width[settings->layers - 1], out = settings->width[settings->layers];
	double size = initializer_variance(&settings->output_init, in, out) * (double)in;
	return !(size > 1e-3 && size < 10) || initializer_mean(&settings->output_init, in, out) != 0;
}

/* The best known initializer that keeps mean squares from the hidden layers to
 * the output layer, and back to about 1. */
static const struct entry *output_initializer(const struct snapshot *now)
{
	const struct settings *settings = &now->settings;
	size_t in = settings->width[settings->layers - 1], out = settings->width[settings->layers];
	const struct entry *best = NULL;
	double least = INFINITY;
	for (size_t i = 0; i < initializers.count; i++) {
		const struct entry *entry = table_at(&initializers, i);
		struct spec spec = spec_of(entry);
		double variance = initializer_variance(&spec, in, out);
		if (!(variance > 0) || initializer_mean(&spec, in, out) != 0 || initializer_of(&spec)->data_driven)
			continue;
		double away = 0.2 * fabs(log(variance * (double)(in + out) / 2)) + cure_initializer_cost(entry, NULL);
		if (away < least) {
			least = away;
			best = entry;
		}
	}
	return best;
}

static void add_change(struct cure_variant *variant, double cost, const char *name, const char *value)
{
	size_t length = strlen(variant->changes);
	snprintf(variant->changes + length, sizeof variant->changes - length, "%s%s=%s", length ? " " : "", name, value);
	variant->cost += cost;
}

/* Adds the variant, and the variant with other parts of the net corrected that may
 * be a cause: biases, layers' own initializers, the output layer. */
static size_t add_repairs(const struct snapshot *now, struct cure_variant *list, size_t count, const struct cure_variant *variant)
{
	const struct settings *settings = &now->settings;
	bool bias = !is_zero(&settings->bias_init), own = settings->overrides > 0, output = output_is_poor(now);
	for (int repair = 0; repair < 8 && count < CURE_MOST_VARIANTS; repair++) {
		if (((repair & 1) && !bias) || ((repair & 2) && !own) || ((repair & 4) && !output))
			continue;
		struct cure_variant repaired = *variant;
		if (repair & 1)
			add_change(&repaired, cure_change_costs[CURE_CHANGE_BIAS], "bias-init", "zeros");
		if (repair & 4)
			add_change(&repaired, cure_change_costs[CURE_CHANGE_OUTPUT_INIT], "output-init",
			           cure_known_name(output_initializer(now)));
		for (uint32_t i = 0; (repair & 2) && i < settings->overrides; i++) {
			char name[48];
			if (settings->override[i].setting->choices != &initializers)
				continue;
			snprintf(name, sizeof name, "%s.%u", settings->override[i].setting->entry.name, settings->override[i].layer);
			add_change(&repaired, i ? 0 : cure_change_costs[CURE_CHANGE_OWN_INITS], name, "none");
		}
		list[count++] = repaired;
	}
	return count;
}

static int by_cost(const void *a, const void *b)
{
	double difference = ((const struct cure_variant *)a)->cost - ((const struct cure_variant *)b)->cost;
	return difference < 0 ? -1 : difference > 0;
}

/* Adds the net with this normalization, with or without residual connections whose
 * branches may be scaled by their number, so that what they add stays the same
 * however many there are.  Several of the three may change together: in a deep net
 * batch normalization alone makes the gradient explode, and residual connections
 * alone make the output large. */
static size_t add_structure(const struct snapshot *now, struct cure_variant *list, size_t count, int kind, bool residual, bool scaled)
{
	static const char *const by_number = "fixed(1/sqrt(branches))";
	const struct table *normalizations = setting_find("normalization", NULL)->choices; /* in the order of enum mlp_normalization */
	const struct settings *settings = &now->settings;
	struct cure_variant variant = { .cost = 0 };
	if (scaled && (!residual || branch_scale_from(settings->branch_scale.entry)->learned))
		return count;
	if (kind != (int)settings->normalization) {
		if (kind == MLP_PLAIN && !mlp_normalizes_z(settings->normalization)) /* weight normalization does not change the prediction */
			return count;
		add_change(&variant, cure_change_costs[CURE_CHANGE_NORMALIZATION], "normalization",
		           table_at(normalizations, (size_t)kind)->name);
	}
	if (residual != settings->residual)
		add_change(&variant, cure_change_costs[CURE_CHANGE_RESIDUAL], "residual", residual ? "yes" : "no");
	if (scaled)
		add_change(&variant, cure_change_costs[CURE_CHANGE_BRANCH_SCALE], "branch-scale", by_number);
	return variant.changes[0] ? add_repairs(now, list, count, &variant) : count;
}

size_t cure_list_variants(const struct snapshot *now, struct cure_variant *list)
{
	const struct settings *settings = &now->settings;
	struct cure_variant plain = { .cost = 0 };
	size_t count = add_repairs(now, list, 0, &plain);
	if (settings->layers == 1)
		return count;
	for (int kind = MLP_PLAIN; kind <= MLP_LAYER_NORM; kind++)
		for (int residual = 0; residual < 2; residual++)
			for (int scaled = 0; scaled < 2; scaled++)
				count = add_structure(now, list, count, kind, residual, scaled);
	for (size_t i = 0; i < activations.count; i++) {
		struct cure_variant variant = plain;
		const struct entry *entry = table_at(&activations, i);
		if (entry == settings->activation.entry || entry_needs_formula(entry))
			continue;
		add_change(&variant, cure_change_costs[CURE_CHANGE_ACTIVATION] + cure_activation_cost(entry), "activation", entry->name);
		count = add_repairs(now, list, count, &variant);
	}
	qsort(list, count, sizeof *list, by_cost);
	return count;
}
