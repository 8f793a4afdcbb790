/* Reading the table of commands: words of a line, keys, their explanations. */
#include "app/command.h"

#include <stdio.h>
#include <string.h>

#include "app/key.h"

bool command_word(const char *words, size_t i, char *word, size_t size)
{
	if (words == NULL)
		return false;
	for (;; i--) {
		words += strspn(words, " ");
		size_t length = strcspn(words, " ");
		if (length == 0)
			return false;
		if (i == 0) {
			snprintf(word, size, "%.*s", (int)length, words);
			return true;
		}
		words += length;
	}
}

const char *command_key_word(const struct command *command, size_t i, char *word, size_t size)
{
	word[0] = '\0';
	for (size_t at = 0; at <= i && command_word(command->key_words, at, word, size);)
		at++;
	return word;
}

/* The i-th of texts separated by '|'. */
static void copy_part(const char *parts, size_t i, char *out, size_t size)
{
	for (; i > 0 && strchr(parts, '|'); i--)
		parts = strchr(parts, '|') + 1;
	snprintf(out, size, "%.*s", (int)strcspn(parts, "|"), parts);
}

const char *command_key_help(const struct command *command, size_t i, char out[COMMAND_HELP_SIZE])
{
	char word[16];
	const struct entry *choice = NULL;
	if (*command_key_word(command, i, word, sizeof word) && command->choices && command->hint_keys <= 2)
		choice = table_find(command->choices, word, NULL);
	if (command->key_help)
		copy_part(command->key_help, i, out, COMMAND_HELP_SIZE);
	else
		snprintf(out, COMMAND_HELP_SIZE, "%s", choice ? choice->summary : command->entry.summary);
	return out;
}

const struct command *command_of_key(int key, size_t *which)
{
	char name[16];
	for (size_t c = 0; c < commands.count; c++)
		for (*which = 0; command_word(command_at(c)->keys, *which, name, sizeof name); (*which)++)
			if (app_key_by_name(name) == key)
				return command_at(c);
	return NULL;
}

char *command_cut(char *line)
{
	char *rest = line + strcspn(line, " ");
	if (*rest)
		*rest++ = '\0';
	return rest + strspn(rest, " ");
}
