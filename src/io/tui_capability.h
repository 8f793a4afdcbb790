/* Capabilities of the terminal, from terminfo. */
#ifndef INITVIZ_IO_TUI_CAPABILITY_H
#define INITVIZ_IO_TUI_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The string of a capability, as in terminfo(5); NULL when the terminal has none.
 * Owned by terminfo. */
char *tui_capability(const char *name);

/* Checks that the terminal described by TERM can be drawn on, and writes into
 * reset[size] the bytes that undo what drawing does to it.  Returns their
 * number, 0 with ERR_USAGE when the terminal cannot be drawn on.  Sends nothing.
 * colour, mouse: whether they will be used. */
size_t tui_capability_reset(char *reset, size_t size, bool colour, bool mouse, struct err *err);

#endif
