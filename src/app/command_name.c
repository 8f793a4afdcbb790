/* Finds the command or setting that a typed word means. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/settings.h"
#include "app/command.h"

/* Whether a name or alias of the entry begins with the word, as names are
 * compared. */
static bool begins_with(const struct entry *entry, const char *word)
{
	char name[64], head[64];
	size_t length = strlen(word);
	if (length >= sizeof head)
		return false;
	for (size_t i = 0;; i++) {
		if (i == 0)
			snprintf(name, sizeof name, "%s", entry->name);
		else if (!command_word(entry->aliases, i - 1, name, sizeof name))
			return false;
		snprintf(head, sizeof head, "%.*s", (int)length, name);
		if (text_same_name(head, word))
			return true;
	}
}

/* The names that begin with a word. */
struct candidates {
	size_t count;
	const char *name;  /* of the first */
	struct text names; /* of all, separated by commas */
};

static void collect(struct candidates *candidates, const struct table *table, const char *word)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct entry *entry = table_at(table, i);
		/* `lr` is a command and a setting: the command counts */
		bool counted = table == &settings_table && table_find(&commands, entry->name, NULL);
		if (counted || !begins_with(entry, word))
			continue;
		if (candidates->count++ == 0)
			candidates->name = entry->name;
		text_addf(&candidates->names, "%s%s", candidates->count > 1 ? ", " : "", entry->name);
	}
}

static bool unknown(const char *name, struct err *err)
{
	char safe[64];
	text_escape(safe, sizeof safe, name);
	const char *near = table_suggest(&commands, name), *setting = table_suggest(&settings_table, name);
	if (near == NULL || (setting && text_distance(setting, name) < text_distance(near, name)))
		near = setting;
	if (near)
		return err_set(err, ERR_USAGE, "no command or setting is called '%s': did you mean '%s'?", safe, near);
	return err_set(err, ERR_USAGE, "no command or setting is called '%s': ? lists them", safe);
}

const char *command_name(const char *word, struct err *err)
{
	char safe[64];
	if (table_find(&commands, word, NULL) || table_find(&settings_table, word, NULL) || strchr(word, '.'))
		return word; /* with a dot: NAME.N, or a message that says why not */
	struct candidates candidates = {0};
	collect(&candidates, &commands, word);
	collect(&candidates, &settings_table, word);
	if (candidates.count == 0)
		unknown(word, err);
	else if (candidates.count > 1)
		err_set(err, ERR_USAGE, "'%s' is ambiguous: it can mean %s", text_escape(safe, sizeof safe, word),
		        text_string(&candidates.names));
	text_free(&candidates.names);
	return candidates.count == 1 ? candidates.name : NULL;
}
