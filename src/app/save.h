/* Saving the screen and the run as files. */
#ifndef INITVIZ_APP_SAVE_H
#define INITVIZ_APP_SAVE_H

#include <stdbool.h>
#include "base/err.h"

struct app;

/* Writes all observations kept and the latest. */
bool save_history(const struct app *app, const char *path, struct err *err);

/* Shows the result of each file that was still being written when its command
 * ended.  True if there was any. */
bool save_follow(struct app *app);

/* Commands. */
bool save_screen(struct app *app, char *words, struct err *err);
bool save_run(struct app *app, char *words, struct err *err);

#endif
