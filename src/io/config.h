/* The user's configuration: a file of NAME VALUE lines, read and never
 * written. */
#ifndef INITVIZ_IO_CONFIG_H
#define INITVIZ_IO_CONFIG_H

#include "base/err.h"
#include "io/cli.h"

/* Applies $XDG_CONFIG_HOME/initviz/config (~/.config where that is not set;
 * relative paths are ignored): settings as in scripts, and the program's
 * options marked for it.  A file that is not there is no fault; with any fault
 * nothing of the file counts, and false is returned with the reason.  A scenario
 * in it counts only unless the command line gave one (scenario_given), which
 * has been applied before; the other settings count with either. */
bool config_apply(struct cli *cli, bool scenario_given, struct err *err);

/* Notes the file as an input (base/inputs.h), whether it is read or not: no
 * output replaces it. */
void config_note(void);

#endif
