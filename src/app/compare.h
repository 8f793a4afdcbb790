/* Comparing nets that train in lock-step. */
#ifndef INITVIZ_APP_COMPARE_H
#define INITVIZ_APP_COMPARE_H

#include "base/err.h"

struct app;
struct settings;

/* Starts `own` in lane 0 and `other` in lane 1, in the Compare view. */
bool compare_pair(struct app *app, const struct settings *own, const struct settings *other);

/* Commands. */

bool compare_nets(struct app *app, char *words, struct err *err);
bool compare_multiples(struct app *app, char *words, struct err *err);
bool compare_lane(struct app *app, char *words, struct err *err);

#endif
