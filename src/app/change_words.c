/* Describes a change of a setting in words: the same for keys, commands and the
 * settings panel. */
#include "app/change_words.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The value as it is written in a command; "init.2" is layer 2's own. */
static void spell(const struct settings *settings, const char *name, char *out, size_t size)
{
	struct text value = {0};
	settings_get(settings, name, &value, NULL);
	text_escape(out, size, text_string(&value));
	text_free(&value);
}

void change_words(char *out, size_t size, const struct settings *before, const struct settings *after, const char *name)
{
	char was[256], is[256];
	const struct setting *setting = setting_find(name, NULL);
	const char *title = setting && setting->title ? setting->title : name;
	spell(before, name, was, sizeof was);
	spell(after, name, is, sizeof is);
	if (strcmp(was, is) == 0)
		snprintf(out, size, "%s stays %s", title, is);
	else
		snprintf(out, size, "%s %s -> %s", title, was, is);
}
