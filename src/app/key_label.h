/* Keys as the screen shows them. */
#ifndef INITVIZ_APP_KEY_LABEL_H
#define INITVIZ_APP_KEY_LABEL_H

#include <stddef.h>
#include "app/command.h"

/* A key's name on the screen: arrows for "Left", else the name. */
const char *key_label(const char *name);

/* The keys of a command in the hint bar: "Space", "+/-", "1-9". */
void key_label_of_command(const struct command *command, char *label, size_t size);

#endif
