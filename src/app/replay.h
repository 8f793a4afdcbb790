/* What a saved run that is replayed does not allow. */
#ifndef INITVIZ_APP_REPLAY_H
#define INITVIZ_APP_REPLAY_H

#include <stdbool.h>
#include "base/err.h"
#include "app/command.h"

struct app;

/* Whether a saved run is shown on which the command (NULL: a setting) cannot be
 * used; then fills err. */
bool replay_refuses(const struct app *app, const struct command *command, struct err *err);

#endif
