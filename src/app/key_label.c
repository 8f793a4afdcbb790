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

void key_label_of_command(const struct command *command, char *label, size_t size)
{
	char first[16] = "", last[16] = "";
	command_word(command->keys, 0, first, sizeof first);
	command_word(command->keys, (size_t)command->hint_keys - 1, last, sizeof last);
	if (command->hint_keys == 1)
		snprintf(label, size, "%s", key_label(first));
	else
		snprintf(label, size, "%s%s%s", key_label(first), command->hint_keys == 2 ? "/" : "-", key_label(last));
}
