/* Line mode: the program's output as lines of plain text, for screen readers,
 * printing terminals and pipes. */
#ifndef INITVIZ_IO_LINEAR_H
#define INITVIZ_IO_LINEAR_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/history.h"
#include "io/cli.h"

/* Reads commands from standard input, a line each, and prints what changes, a
 * line each, until `quit` or the end of the input.  At a terminal, training
 * runs in a thread (*abandoned as in tui_run()); otherwise each command is
 * completed before the next is read.  A command that fails is reported and
 * skipped.  replay: the saved run to show, or NULL. */
bool linear_run(bool *abandoned, const struct cli *cli, const struct history *replay, bool ascii, struct err *err);

#endif
