/* Carrying out command lines. */
#ifndef INITVIZ_APP_COMMAND_LINE_H
#define INITVIZ_APP_COMMAND_LINE_H

#include <stdbool.h>
#include "base/err.h"

struct app;

/* One command line, as in scripts and after `:`; blank and # lines do nothing.
 * ERR_USAGE for what is not understood, ERR_RUN for a failed `expect`. */
bool command_line_run(struct app *app, const char *line, struct err *err);

/* The same; an error is shown as a message. */
void command_line_enter(struct app *app, const char *line);

#endif
