/* The value of all settings together: defaults, scenarios, comparison, and
 * the command line that recreates them.  The table of single settings is in
 * settings_table.c. */
#include "lab/settings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "lab/scenario.h"
#include "lab/settings_parts.h"

static void set_known(struct settings *settings, const char *name, const char *value)
{
	struct err err = {0};
	bool known = settings_set(settings, name, value, &err);
	assert(known);
	(void)known;
}

static void set_initial(struct settings *settings, const struct setting *setting)
{
	bool known = setting->initial == NULL || settings_set_value(settings, setting, setting->initial, NULL);
	assert(known);
	(void)known;
}

static void apply_assignments(struct settings *settings, const char *assignments)
{
	for (const char *p = assignments; *p; p += strspn(p, " ")) {
		char word[256];
		size_t length = strcspn(p, " ");
		assert(length < sizeof word);
		snprintf(word, sizeof word, "%.*s", (int)length, p);
		char *equals = strchr(word, '=');
		assert(equals);
		*equals = '\0';
		set_known(settings, word, equals + 1);
		p += length;
	}
}

/* Whether the scaling of pixels is the scenario's: the user's own choice is kept
 * when another scenario is chosen. */
static bool has_scenario_scale(const struct settings *settings)
{
	const char *brought = settings->scenario ? strstr(settings->scenario->settings, " scale=") : NULL;
	char word[64];
	if (brought == NULL)
		return false;
	brought += strlen(" scale=");
	snprintf(word, sizeof word, "%.*s", (int)strcspn(brought, " "), brought);
	return table_find(&dataset_scales, word, NULL) == table_at(&dataset_scales, settings->scale);
}

void settings_apply_scenario(struct settings *settings, const struct scenario *scenario)
{
	if (has_scenario_scale(settings))
		set_known(settings, "scale", "unit");
	settings->scenario = scenario;
	settings->overrides = 0;
	settings->hidden_width = 0;
	settings->optimizer.given = 0;
	for (size_t i = 0; i < settings_table.count; i++)
		set_initial(settings, setting_at(i));
	apply_assignments(settings, scenario->settings);
	settings->optimizer.given = 0; /* parameters that a scenario sets do not count as the user's */
}

void settings_default(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
	settings->seed = 1;
	settings->weight_seed = SETTINGS_SAME_SEED;
	settings->batch_seed = SETTINGS_SAME_SEED;
	settings->division = DATASET_DIVISION;
	const struct entry *entry = table_find(&scenarios, SCENARIO_DEFAULT, NULL);
	settings_apply_scenario(settings, scenario_from(entry));
}

bool settings_fit(struct settings *settings, size_t pixels, size_t classes, struct err *err)
{
	uint32_t *input = &settings->width[0], *output = &settings->width[settings->layers];
	char safe[80];
	if (settings->weights[0] && ((*input && *input != pixels) || (*output && *output < classes)))
		return err_set(err, ERR_INPUT, "%s: this net has %u inputs and %u outputs, the data %zu numbers per image and %zu "
		               "classes: give it other --data", text_escape(safe, sizeof safe, settings->weights), *input, *output,
		               pixels, classes);
	if (*input && *input != pixels)
		return err_set(err, ERR_USAGE, "layers: the net has %u inputs but the images have %zu pixels: begin with %zu or *",
		               *input, pixels, pixels);
	if (*output && *output < classes)
		return err_set(err, ERR_USAGE, "layers: the net has %u outputs but there are %zu classes: end with %zu or *",
		               *output, classes, classes);
	*input = (uint32_t)pixels;
	if (*output == 0)
		*output = (uint32_t)classes;
	return settings_fit_layers(settings, err);
}

bool settings_observe(const struct settings *settings, uint64_t step)
{
	if (settings->every != SETTINGS_EVERY_LOG)
		return step % settings->every == 0;
	while (step >= 10 && step % 10 == 0)
		step /= 10;
	return step == 1 || step == 2 || step == 5;
}

bool settings_measure(const struct settings *settings, uint64_t step)
{
	uint64_t number = 0, factor = 1; /* of the scheduled observation; 0 at the start */
	if (settings->isometry == 0)
		return false;
	if (settings->every != SETTINGS_EVERY_LOG)
		number = step / settings->every;
	else {
		for (; step / factor >= 10; factor *= 10)
			number += 3;
		number += step / factor >= 5 ? 3 : step / factor >= 2 ? 2 : step / factor;
	}
	return number % settings->isometry == 0;
}

uint64_t settings_weight_seed(const struct settings *settings)
{
	return settings->weight_seed == SETTINGS_SAME_SEED ? settings->seed : settings->weight_seed;
}

uint64_t settings_batch_seed(const struct settings *settings)
{
	return settings->batch_seed == SETTINGS_SAME_SEED ? settings->seed : settings->batch_seed;
}

/* ---- text ---- */

static void value_of(const struct settings *settings, const struct setting *setting, struct text *text)
{
	text_clear(text);
	settings_get_value(settings, setting, text);
}

static bool has_override(const struct settings *settings, const struct settings_override *own)
{
	for (uint32_t i = 0; i < settings->overrides; i++) {
		const struct settings_override *other = &settings->override[i];
		if (other->layer == own->layer && other->setting == own->setting)
			return spec_equal(&other->spec, &own->spec);
	}
	return false;
}

/* An option and its value, quoted. */
static bool emit_option(const char *name, const struct text *value, void (*emit)(void *, const char *), void *context)
{
	struct text option = {0};
	text_add(&option, name);
	text_add(&option, " ");
	text_add_quoted(&option, text_string(value));
	bool whole = !option.failed && !value->failed;
	emit(context, text_string(&option));
	text_free(&option);
	return whole;
}

bool settings_options(const struct settings *settings, void (*emit)(void *context, const char *option), void *context)
{
	struct settings plain;
	settings_default(&plain);
	settings_apply_scenario(&plain, settings->scenario);
	struct text ours = {0}, theirs = {0};
	text_add(&ours, settings->scenario->entry.name);
	bool whole = emit_option("-s", &ours, emit, context);
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct setting *setting = setting_at(i);
		char name[64];
		if (setting->derived || settings_are_loaded(settings, setting->entry.name))
			continue;
		value_of(settings, setting, &ours);
		value_of(&plain, setting, &theirs);
		if (settings->weights[0] && strcmp(text_string(&ours), SETTINGS_OPEN_LAYERS) == 0)
			continue;
		if (strcmp(text_string(&ours), text_string(&theirs)) == 0)
			continue;
		snprintf(name, sizeof name, "--%s", setting->entry.name);
		whole = emit_option(name, &ours, emit, context) && whole;
	}
	for (uint32_t i = 0; i < settings->overrides; i++) {
		text_clear(&ours);
		text_addf(&ours, "%s.%u=", settings->override[i].setting->entry.name, settings->override[i].layer);
		spec_format(&settings->override[i].spec, &ours);
		whole = emit_option("--set", &ours, emit, context) && whole;
	}
	text_free(&ours);
	text_free(&theirs);
	return whole;
}

static void add_word(void *context, const char *option)
{
	struct text *text = context;
	text_add(text, " ");
	text_add(text, option);
}

void settings_command_line(const struct settings *settings, struct text *text)
{
	text_add(text, "initviz");
	text->failed |= !settings_options(settings, add_word, text);
}

bool settings_equal(const struct settings *a, const struct settings *b)
{
	bool equal = a->overrides == b->overrides;
	for (uint32_t i = 0; equal && i < a->overrides; i++)
		equal = has_override(b, &a->override[i]);
	struct text one = {0}, other = {0};
	for (size_t i = 0; equal && i < settings_table.count; i++) {
		const struct setting *setting = setting_at(i);
		if (setting->derived || setting->speed_only)
			continue;
		value_of(a, setting, &one);
		value_of(b, setting, &other);
		equal = strcmp(text_string(&one), text_string(&other)) == 0;
	}
	text_free(&one);
	text_free(&other);
	return equal;
}

double settings_step_flops(const struct settings *settings)
{
	double flops = 0; /* forward, gradient of the inputs, gradient of the weights */
	for (uint32_t l = 0; l < settings->layers; l++)
		flops += 6.0 * (double)settings->width[l] * (double)settings->width[l + 1] * (double)settings->batch;
	return flops;
}
