/* Reads a saved run. */
#ifndef INITVIZ_IO_IN_RUN_H
#define INITVIZ_IO_IN_RUN_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "lab/history.h"
#include "lab/settings.h"

/* Reads a file that export_run() wrote as JSON into *history, which must be
 * empty, and the initial settings into *settings.  All of it is checked: ERR_INPUT
 * says "file:line: key: what"; the history is then empty.  A history that
 * would exceed its limit is thinned. */
bool in_run_read(const char *path, struct history *history, struct settings *settings, struct err *err);

/* One observation (in_observation.c), a new reference; `settings` are the
 * run's, with explicit widths.  NULL with ERR_INPUT or ERR_RESOURCE. */
struct snapshot *in_observation(const json_t *object, const struct settings *settings, struct err *err);

/* Applies a "settings" object, name by name. */
bool in_settings(const json_t *object, struct settings *settings, struct err *err);

#endif
