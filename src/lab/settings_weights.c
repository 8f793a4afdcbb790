/* The net of a file of weights in the settings. */
#include "lab/settings_weights.h"

#include "data/weights.h"

/* Whether no width was given: "*-*". */
static bool is_open(const struct settings *settings)
{
	return settings->layers == 1 && settings->width[0] == 0 && settings->width[1] == 0;
}

bool settings_adopt_weights(struct settings *settings, const struct weights *weights, struct err *err)
{
	bool open = is_open(settings), same = open || settings->layers == weights->layers;
	for (size_t l = 0; same && !open && l <= weights->layers; l++) {
		size_t width = l ? weights_fan_out(weights, l - 1) : weights_fan_in(weights, 0);
		same = settings->width[l] == width || settings->width[l] == 0;
	}
	if (!same) {
		struct text text = {0};
		settings_get(settings, "layers", &text, NULL);
		err_set(err, ERR_USAGE, "%s: its widths are not those of layers, %s: give layers *-*", weights->file.name,
		        text_string(&text));
		text_free(&text);
		return false;
	}
	settings->layers = (uint32_t)weights->layers;
	settings->width[0] = (uint32_t)weights_fan_in(weights, 0);
	for (size_t l = 0; l < weights->layers; l++)
		settings->width[l + 1] = (uint32_t)weights_fan_out(weights, l);
	return true;
}

bool settings_follow_weights(struct settings *settings, struct err *err)
{
	struct weights weights;
	if (settings->weights[0] == '\0')
		return true;
	if (!weights_open(&weights, settings->weights, err))
		return false;
	bool done = settings_adopt_weights(settings, &weights, err);
	weights_close(&weights);
	return done;
}

void settings_take_widths(struct settings *settings)
{
	struct settings fitted = *settings;
	if (settings->weights[0] == '\0' || !is_open(settings) || !settings_follow_weights(&fitted, NULL))
		return;
	fitted.width[0] = fitted.width[fitted.layers] = 0; /* those of the data */
	*settings = fitted;
}
