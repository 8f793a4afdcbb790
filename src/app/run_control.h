/* The commands that run and pause the experiment. */
#ifndef INITVIZ_APP_RUN_CONTROL_H
#define INITVIZ_APP_RUN_CONTROL_H

#include "base/err.h"

struct app;

bool run_control_run(struct app *app, char *words, struct err *err);
bool run_control_pause(struct app *app, char *words, struct err *err);
bool run_control_toggle(struct app *app, char *words, struct err *err);
bool run_control_step(struct app *app, char *words, struct err *err);
bool run_control_speed(struct app *app, char *words, struct err *err);

#endif
