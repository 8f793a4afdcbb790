/* Comparing nets that train in lock-step. */
#ifndef INITVIZ_APP_COMPARE_H
#define INITVIZ_APP_COMPARE_H

#include "base/err.h"

struct app;

bool compare_nets(struct app *app, char *words, struct err *err);
bool compare_multiples(struct app *app, char *words, struct err *err);
bool compare_lane(struct app *app, char *words, struct err *err);

#endif
