/* Keys as the screen shows them. */
#ifndef INITVIZ_APP_KEY_LABEL_H
#define INITVIZ_APP_KEY_LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include "app/command.h"

/* A key's name on the screen: arrows for "Left", else the name. */
const char *key_label(const char *name);

/* The keys of a command in the hint bar: "Space", "+/-", "1-9". */
void key_label_of_command(const struct command *command, char *label, size_t size);

/* A row of a list of keys: all keys of one command that do the same. */
struct key_row {
	char keys[64];  /* ". n"; "1-9" for keys that are their own argument */
	char word[16];  /* the argument that the keys give to the command; "" for none, "N" for a range */
	char help[COMMAND_HELP_SIZE];
};

/* Writes the row that begins at the command's key *i or after it, and moves *i
 * behind that key.  labels: arrows as the screen shows them, else keys' names.
 * false: no row is left. */
bool key_row_next(const struct command *command, size_t *i, bool labels, struct key_row *row);

#endif
