/* Settings are read and written by name: the table gives kind and place. */
#include "lab/settings_access.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/settings.h"
#include "lab/settings_parts.h"

bool settings_read_number(uint64_t *number, const char *value, uint64_t low, uint64_t high, const char *word,
                          struct err *err)
{
	char safe[64];
	uint64_t parsed;
	if (text_unsigned(value, &parsed) && parsed >= low && parsed <= high) {
		*number = parsed;
		return true;
	}
	return err_set(err, ERR_USAGE, "'%s' is not valid: give a whole number from %llu to %llu%s%s",
	               text_escape(safe, sizeof safe, value), (unsigned long long)low, (unsigned long long)high,
	               word ? ", or " : "", word ? word : "");
}

static bool set_flag(bool *flag, const char *value, struct err *err)
{
	static const char *const words[] = { "no", "yes", "off", "on", "0", "1" };
	char safe[64];
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_same_name(words[i], value)) {
			*flag = i % 2;
			return true;
		}
	return err_set(err, ERR_USAGE, "'%s' is not valid: give yes or no", text_escape(safe, sizeof safe, value));
}

static bool set_field(struct settings *settings, const struct setting *setting, const char *value, struct err *err)
{
	void *field = (char *)settings + setting->offset;
	switch (setting->kind) {
	case SETTING_SPEC:
		return setting->set ? setting->set(settings, value, err) : settings_parse_spec(field, setting->choices, value, err);
	case SETTING_COUNT:
		return settings_read_number(field, value, setting->low, setting->high, NULL, err);
	case SETTING_FLAG:
		return set_flag(field, value, err);
	case SETTING_CHOICE: {
		const struct entry *entry = table_find(setting->choices, value, err);
		if (entry)
			*(int *)field = (int)table_index(setting->choices, entry);
		return entry != NULL;
	}
	case SETTING_TEXT:
		if (strlen(value) >= SETTINGS_DATA_SIZE)
			return err_set(err, ERR_USAGE, "longer than %d bytes: give a shorter name", SETTINGS_DATA_SIZE - 1);
		snprintf(field, SETTINGS_DATA_SIZE, "%s", value);
		return true;
	case SETTING_SPECIAL:
		return setting->set(settings, value, err);
	}
	return false;
}

bool settings_set_value(struct settings *settings, const struct setting *setting, const char *value, struct err *err)
{
	if (!set_field(settings, setting, value, err))
		return err_prefix(err, "%s", setting->entry.name);
	if (setting->draws_weights && settings->weights[0])
		settings_drop_weights(settings);
	return true;
}

bool settings_set(struct settings *settings, const char *name, const char *value, struct err *err)
{
	char safe[64];
	uint32_t layer;
	const struct setting *setting = settings_named(name, &layer, err);
	if (setting == NULL)
		return false;
	if (layer == 0)
		return settings_set_value(settings, setting, value, err);
	return settings_set_layer(settings, setting, layer, value, err) ||
	       err_prefix(err, "%s", text_escape(safe, sizeof safe, name));
}

enum settings_rank settings_rank(const char *name)
{
	const struct setting *setting = setting_find(name, NULL);
	if (setting == NULL)
		return SETTINGS_REST;
	return setting->preset           ? SETTINGS_SCENARIO
	       : setting->draws_weights  ? SETTINGS_INITIALIZERS
	       : setting->brings_widths  ? SETTINGS_WEIGHTS
	                                 : SETTINGS_REST;
}

bool settings_are_loaded(const struct settings *settings, const char *name)
{
	return settings->weights[0] && settings_rank(name) == SETTINGS_INITIALIZERS;
}

void settings_get_value(const struct settings *settings, const struct setting *setting, struct text *text)
{
	const void *field = (const char *)settings + setting->offset;
	switch (setting->kind) {
	case SETTING_SPEC:
		spec_format(field, text);
		break;
	case SETTING_COUNT:
		text_addf(text, "%llu", (unsigned long long)*(const uint64_t *)field);
		break;
	case SETTING_FLAG:
		text_add(text, *(const bool *)field ? "yes" : "no");
		break;
	case SETTING_CHOICE:
		text_add(text, table_at(setting->choices, (size_t)*(const int *)field)->name);
		break;
	case SETTING_TEXT:
		text_add(text, field);
		break;
	case SETTING_SPECIAL:
		setting->get(settings, text);
		break;
	}
}

bool settings_get(const struct settings *settings, const char *name, struct text *text, struct err *err)
{
	uint32_t layer;
	const struct setting *setting = settings_named(name, &layer, err);
	if (setting == NULL)
		return false;
	if (layer)
		settings_get_layer(settings, setting, layer, text);
	else
		settings_get_value(settings, setting, text);
	return true;
}
