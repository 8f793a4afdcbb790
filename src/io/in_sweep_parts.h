/* Functions shared by in_sweep*.c. */
#ifndef INITVIZ_IO_IN_SWEEP_PARTS_H
#define INITVIZ_IO_IN_SWEEP_PARTS_H

#include "io/sweep_row.h"

/* The settings of a command line that settings_command_line() has written.  ERR_USAGE: another
 * command line. */
bool in_sweep_command(struct settings *settings, const char *command, struct err *err);

#endif
