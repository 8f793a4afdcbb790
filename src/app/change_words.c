/* Describes a change of a setting in words: the same for keys, commands and the
 * settings panel. */
#include "app/change_words.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void change_spell(char *out, size_t size, const struct settings *settings, const char *name)
{
	struct text value = {0};
	if (settings_are_loaded(settings, name))
		text_addf(&value, "weights %s", settings->weights);
	else
		settings_get(settings, name, &value, NULL);
	text_escape(out, size, text_string(&value));
	text_free(&value);
}

void change_words(char *out, size_t size, const struct settings *before, const struct settings *after, const char *name)
{
	char was[256], is[256];
	const struct setting *setting = setting_find(name, NULL);
	const char *title = setting && setting->title ? setting->title : name;
	change_spell(was, sizeof was, before, name);
	change_spell(is, sizeof is, after, name);
	if (strcmp(was, is) == 0)
		snprintf(out, size, "%s stays %s", title, is);
	else
		snprintf(out, size, "%s %s -> %s", title, was, is);
}
