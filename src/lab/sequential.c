/* The torch.nn.Sequential that stands for a net. */
#include "lab/sequential.h"

#include <stdlib.h>
#include <string.h>

#include "nn/activation.h"

/* Whether a hidden layer has a normalization with gain and shift, counted from 0. */
static bool is_normalized(const struct settings *settings, size_t layer)
{
	return layer + 1 < settings->layers && mlp_has_shift(settings->normalization) &&
	       (mlp_normalizes_z(settings->normalization) || settings_layer_branch(settings, layer + 1));
}

size_t sequential_linear(const struct settings *settings, size_t layer)
{
	size_t number = 0;
	for (size_t l = 0; l < layer; l++)
		number += is_normalized(settings, l) ? 3 : 2;
	return number;
}

size_t sequential_normalization(const struct settings *settings, size_t layer)
{
	return sequential_linear(settings, layer) + (mlp_normalizes_z(settings->normalization) ? 1 : 2);
}

/* The module of an activation: "LeakyReLU($slope)" with the parameters' values. */
static void add_activation(const struct spec *spec, struct text *text)
{
	const char *module = activation_of(spec)->torch;
	text_add(text, ", torch.nn.");
	if (module == NULL)
		module = "Identity()";
	for (const char *p = module; *p;) {
		size_t plain = strcspn(p, "$");
		text_add_bytes(text, p, plain);
		p += plain;
		if (*p == '$') {
			char *end, value[TEXT_EXACT_SIZE];
			size_t i = strtoul(p + 1, &end, 10);
			text_add(text, text_exact(value, spec->value[i]));
			p = end;
		}
	}
}

static void add_normalization(const struct settings *settings, uint32_t units, struct text *text)
{
	bool batch = settings->normalization == MLP_BATCH_NORM;
	text_addf(text, batch ? ", torch.nn.BatchNorm1d(%u, track_running_stats=False)" : ", torch.nn.LayerNorm(%u)", units);
}

void sequential_add(const struct settings *settings, struct text *text)
{
	bool before = mlp_normalizes_z(settings->normalization);
	text_add(text, "torch.nn.Sequential(");
	for (uint32_t l = 0; l < settings->layers; l++) {
		bool normalized = is_normalized(settings, l);
		uint32_t out = settings->width[l + 1];
		text_addf(text, "%storch.nn.Linear(%u, %u)", l ? ", " : "", settings->width[l], out);
		if (normalized && before)
			add_normalization(settings, out, text);
		if (l + 1 < settings->layers)
			add_activation(settings_layer_activation(settings, l + 1), text);
		if (normalized && !before)
			add_normalization(settings, out, text);
	}
	text_add(text, ")");
}

/* Whether an earlier hidden layer has this activation. */
static bool was_named(const struct settings *settings, uint32_t layer)
{
	const struct entry *entry = settings_layer_activation(settings, layer)->entry;
	uint32_t l = 1;
	while (l < layer && settings_layer_activation(settings, l)->entry != entry)
		l++;
	return l < layer;
}

void sequential_add_lacking(const struct settings *settings, struct text *text)
{
	bool branches = false;
	for (uint32_t l = 1; l < settings->layers; l++) {
		const struct spec *activation = settings_layer_activation(settings, l);
		branches |= settings_layer_branch(settings, l) > 0;
		if (activation_of(activation)->torch || was_named(settings, l))
			continue;
		text_add(text, text->length ? "; Identity is in the place of " : "Identity is in the place of ");
		spec_format(activation, text);
	}
	if (branches)
		text_addf(text, "%sthe sums of residual branches are left out", text->length ? "; " : "");
}
