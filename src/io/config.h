/* The user's configuration: a file of NAME VALUE lines, read and never
 * written. */
#ifndef INITVIZ_IO_CONFIG_H
#define INITVIZ_IO_CONFIG_H

#include "base/err.h"
#include "io/cli.h"

/* Applies $XDG_CONFIG_HOME/initviz/config (~/.config where that is not set;
 * relative paths are ignored): settings as in scripts, and the program's options
 * marked for it.  A missing file is no error.  On any error nothing of the file is
 * applied, and false is returned with the reason.  The file's scenario is ignored
 * if the command line gave one (scenario_given), which has already been applied;
 * the other settings are applied in any case. */
bool config_apply(struct cli *cli, bool scenario_given, struct err *err);

/* Registers the file as an input (base/inputs.h) even if it is not read, so that
 * no output replaces it. */
void config_note(void);

#endif
