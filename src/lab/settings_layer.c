/* Settings of single layers: NAME.N, and what holds in a layer. */
#include <stdio.h>
#include <string.h>

#include "lab/settings.h"
#include "lab/settings_parts.h"
#include "nn/activation.h"
#include "nn/initializer.h"

/* ---- NAME.N ---- */

/* The layer's own value of the setting with this in_layer(); NULL: it has none. */
static const struct spec *own(const struct settings *settings,
                              const struct spec *(*in_layer)(const struct settings *settings, size_t layer), size_t layer)
{
	for (uint32_t i = 0; i < settings->overrides; i++)
		if (settings->override[i].layer == layer && settings->override[i].setting->in_layer == in_layer)
			return &settings->override[i].spec;
	return NULL;
}

const struct setting *settings_named(const char *name, uint32_t *layer, struct err *err)
{
	char word[64], safe[64];
	size_t length = strcspn(name, ".");
	uint64_t number = 0;
	snprintf(word, sizeof word, "%.*s", (int)length, name);
	const struct setting *setting = setting_find(name[length] && length < sizeof word ? word : name, err);
	if (setting == NULL)
		return NULL;
	if (name[length] && setting->in_layer == NULL) {
		err_set(err, ERR_USAGE, "%s is the same in all layers: give %s without a number", setting->entry.name,
		        setting->entry.name);
		return NULL;
	}
	if (name[length] && (!text_unsigned(name + length + 1, &number) || number < 1 || number > MLP_MAX_LAYERS)) {
		err_set(err, ERR_USAGE, "'%s' is not valid: give a whole number from 1 to %d",
		        text_escape(safe, sizeof safe, name + length + 1), MLP_MAX_LAYERS);
		err_prefix(err, "%s", text_escape(safe, sizeof safe, name));
		return NULL;
	}
	if (layer)
		*layer = (uint32_t)number;
	return setting;
}

bool settings_parse_spec(struct spec *spec, const struct table *choices, const char *value, struct err *err)
{
	char safe[64];
	if (choices != &initializers || !initializer_is_array(value))
		return spec_parse(spec, choices, value, err);
	return err_set(err, ERR_USAGE, "file(PATH,NAME) is for the weights of one layer: give its number, as in init.2=%s",
	               text_escape(safe, sizeof safe, value));
}

bool settings_set_layer(struct settings *settings, const struct setting *setting, uint32_t layer, const char *value,
                        struct err *err)
{
	struct spec spec;
	bool remove = text_same_name(value, "none");
	bool array = setting->in_layer == settings_layer_init && initializer_is_array(value);
	if (!remove && !(array ? initializer_array_parse(&spec, value, err) : settings_parse_spec(&spec, setting->choices, value, err)))
		return false;
	uint32_t i = 0;
	while (i < settings->overrides && (settings->override[i].layer != layer || settings->override[i].setting != setting))
		i++;
	if (remove) {
		if (i < settings->overrides)
			settings->override[i] = settings->override[--settings->overrides];
		return true;
	}
	if (i == SETTINGS_MAX_OVERRIDES)
		return err_set(err, ERR_USAGE, "at most %d settings of single layers: remove one with %s.N=none",
		               SETTINGS_MAX_OVERRIDES, setting->entry.name);
	if (i == settings->overrides)
		settings->overrides++;
	settings->override[i] = (struct settings_override){ setting, layer, spec };
	return true;
}

void settings_get_layer(const struct settings *settings, const struct setting *setting, uint32_t layer, struct text *text)
{
	const struct spec *spec = layer < 1 || layer > settings->layers ? NULL : setting->in_layer(settings, layer);
	if (spec)
		spec_format(spec, text);
	else
		text_add(text, "none");
}

bool settings_fit_layers(const struct settings *settings, struct err *err)
{
	for (uint32_t i = 0; i < settings->overrides; i++) {
		const struct settings_override *own = &settings->override[i];
		const char *name = own->setting->entry.name;
		if (own->layer > settings->layers)
			return err_set(err, ERR_USAGE, "%s.%u: the net has only %u layers: remove it with %s.%u=none", name,
			               own->layer, settings->layers, name, own->layer);
		if (own->setting->choices == &activations && own->layer == settings->layers)
			return err_set(err, ERR_USAGE, "%s.%u: the output layer is a softmax: remove it with %s.%u=none", name,
			               own->layer, name, own->layer);
	}
	return true;
}

/* ---- what holds in a layer ---- */

unsigned settings_layer_branch(const struct settings *settings, size_t layer)
{
	return mlp_branch_end(settings->width, settings->layers, settings->residual ? (unsigned)settings->branch_layers : 0,
	                      layer - 1);
}

const struct spec *settings_layer_init(const struct settings *settings, size_t layer)
{
	const struct spec *spec = own(settings, settings_layer_init, layer);
	if (spec)
		return spec;
	if (settings->weights[0])
		return &initializer_file;
	if (layer == settings->layers)
		return &settings->output_init;
	return settings->branch_init.entry && settings_layer_branch(settings, layer) ? &settings->branch_init : &settings->init;
}

const struct spec *settings_layer_bias_init(const struct settings *settings, size_t layer)
{
	const struct spec *spec = own(settings, settings_layer_bias_init, layer);
	return spec ? spec : &settings->bias_init;
}

const struct spec *settings_layer_activation(const struct settings *settings, size_t layer)
{
	if (layer == settings->layers)
		return NULL;
	const struct spec *spec = own(settings, settings_layer_activation, layer);
	if (spec)
		return spec;
	return settings_layer_branch(settings, layer) == 2 ? &activation_none : &settings->activation;
}

void settings_layer_place(const struct settings *settings, size_t layer, struct initializer_place *place)
{
	size_t ended = 0, branches = 0;
	for (size_t l = 1; l < settings->layers; l++)
		if (settings_layer_branch(settings, l)) {
			branches++;
			ended += l < layer;
		}
	size_t branch = ended < branches ? ended + 1 : branches;
	*place = (struct initializer_place){
		.fan_in = settings->width[layer - 1], .fan_out = settings->width[layer], .layer = layer, .depth = settings->layers,
		.branch = branch ? branch : 1, .branches = branches ? branches : 1,
	};
}
