/* Commands that change the experiment. */
#ifndef INITVIZ_APP_CHANGE_H
#define INITVIZ_APP_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct app;

/* Starts the run again from step 0; it trains if the one before did. */
void change_restart(struct app *app);

/* Changes one setting: during the run where that is possible, else from step 0. */
bool change_set(struct app *app, const char *name, const char *value, struct err *err);

/* Commands. */
bool change_init(struct app *app, char *words, struct err *err);
bool change_activation(struct app *app, char *words, struct err *err);
bool change_lr(struct app *app, char *words, struct err *err);
bool change_seed(struct app *app, char *words, struct err *err);
bool change_scale(struct app *app, char *words, struct err *err);
bool change_add(struct app *app, char *words, struct err *err);
bool change_remove(struct app *app, char *words, struct err *err);
bool change_scenario(struct app *app, char *words, struct err *err);
bool change_any(struct app *app, char *words, struct err *err);
bool change_reset(struct app *app, char *words, struct err *err);

#endif
