/* The coordinate check's command and keys.  Its nets are trained in the background while the
 * Coordinates view is open, and kept when it is left. */
#ifndef INITVIZ_APP_COORDINATE_CHECK_H
#define INITVIZ_APP_COORDINATE_CHECK_H

#include <stdbool.h>

#include "base/entry.h"

struct app;

/* The first word of the command `coordinates`, besides the settings. */
extern const struct table coordinate_check_words;

/* Takes over nets that are trained; starts and stops training as the view is opened and left.
 * Waits for nothing.  True if the screen may have changed. */
bool coordinate_check_follow(struct app *app);
bool coordinate_check_is_computing(const struct app *app);

/* Frees all; false if a thread was still in a long step: see map_end(). */
bool coordinate_check_end(struct app *app);

/* The keys of the view: see overlay.h. */
bool coordinate_check_is_open(const struct app *app);    /* the view is chosen */
bool coordinate_check_takes_keys(const struct app *app); /* and there is a check */
void coordinate_check_close(struct app *app);
bool coordinate_check_key(struct app *app, int key);

/* The command. */
bool coordinate_check_command(struct app *app, char *words, struct err *err);

#endif
