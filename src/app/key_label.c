/* Keys as the screen shows them. */
#include "app/key_label.h"

#include <stdio.h>
#include <string.h>

#include "app/command.h"

const char *key_label(const char *name)
{
	static const struct { const char *name, *label; } arrows[] = {
		{ "Left", "←" }, { "Right", "→" }, { "Up", "↑" }, { "Down", "↓" },
	};
	for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++)
		if (strcmp(arrows[i].name, name) == 0)
			return arrows[i].label;
	return name;
}

/* From the first key to the last: "Space", "+/-", "1-9". */
static void label_of_range(const struct command *command, bool labels, char *label, size_t size)
{
	char first[16] = "", last[16] = "";
	command_word(command->keys, 0, first, sizeof first);
	command_word(command->keys, (size_t)command->hint_keys - 1, last, sizeof last);
	const char *begin = labels ? key_label(first) : first, *end = labels ? key_label(last) : last;
	if (command->hint_keys == 1)
		snprintf(label, size, "%s", begin);
	else
		snprintf(label, size, "%s%s%s", begin, command->hint_keys == 2 ? "/" : "-", end);
}

void key_label_of_command(const struct command *command, char *label, size_t size)
{
	label_of_range(command, true, label, size);
}

/* Whether two keys of a command, by their places, do the same. */
static bool do_the_same(const struct command *command, size_t a, size_t b)
{
	char word[16], other[16];
	return strcmp(command_key_word(command, a, word, sizeof word), command_key_word(command, b, other, sizeof other)) == 0;
}

static bool is_repeated(const struct command *command, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (do_the_same(command, k, i))
			return true;
	return false;
}

bool key_row_next(const struct command *command, size_t *i, bool labels, struct key_row *row)
{
	char name[16];
	bool range = command->hint_keys > 2;
	while (command_word(command->keys, *i, name, sizeof name) && (is_repeated(command, *i) || (range && *i > 0)))
		++*i;
	if (!command_word(command->keys, *i, name, sizeof name))
		return false;
	command_key_help(command, *i, row->help);
	if (range) {
		label_of_range(command, labels, row->keys, sizeof row->keys);
		snprintf(row->word, sizeof row->word, "N");
	} else {
		size_t used = 0;
		command_key_word(command, *i, row->word, sizeof row->word);
		for (size_t k = *i; used < sizeof row->keys && command_word(command->keys, k, name, sizeof name); k++)
			if (do_the_same(command, *i, k))
				used += (size_t)snprintf(row->keys + used, sizeof row->keys - used, "%s%s", used ? " " : "",
				                         labels ? key_label(name) : name);
	}
	++*i;
	return true;
}
