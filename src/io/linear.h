/* The program as lines of plain words: for screen readers, for terminals that
 * can only print, and for pipes. */
#ifndef INITVIZ_IO_LINEAR_H
#define INITVIZ_IO_LINEAR_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/history.h"
#include "io/cli.h"

/* Reads commands from standard input, a line each, and prints what changes, a
 * line each, until `quit` or the end of the input.  At a terminal training goes
 * on beside (*abandoned as tui_run() has it); else each command is done before
 * the next is read.  A command that fails is told and passed over.  replay: the
 * saved run to be shown, or NULL. */
bool linear_run(bool *abandoned, const struct cli *cli, const struct history *replay, bool ascii, struct err *err);

#endif
