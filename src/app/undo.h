/* Bringing back the run that a command replaced. */
#ifndef INITVIZ_APP_UNDO_H
#define INITVIZ_APP_UNDO_H

#include <stdbool.h>
#include "base/err.h"

struct app;

/* Whether there is a run to bring back. */
bool undo_is_possible(const struct app *app);

/* Commands. */
bool undo_run(struct app *app, char *words, struct err *err);
bool undo_redo(struct app *app, char *words, struct err *err);

#endif
