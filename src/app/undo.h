/* Undo and redo as the user meets them: the commands, what they say, and the
 * settings that the app takes over with a run that is brought back. */
#ifndef INITVIZ_APP_UNDO_H
#define INITVIZ_APP_UNDO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct app;

struct undo {
	uint64_t parked, undone; /* of the runner's status, when they were seen last */
};

/* `undo` and `redo`. */
bool undo_command(struct app *app, char *words, struct err *err);
bool redo_command(struct app *app, char *words, struct err *err);

/* After each look at the runner, before its lanes are looked at: takes over the
 * settings of a run that was brought back, and adds to the message of a command
 * that replaced a run how that one comes back. */
void undo_follow(struct app *app);

/* Whether there is a run to bring back. */
bool undo_is_possible(const struct app *app);

#endif
