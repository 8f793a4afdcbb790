/* `expect` for the numbers that a view computes beside those of the net: the cell of the
 * map, the slopes of the coordinate check, the cursor of the phase plane. */
#ifndef INITVIZ_APP_EXPECT_VIEW_H
#define INITVIZ_APP_EXPECT_VIEW_H

#include <stdbool.h>

#include "base/err.h"

struct app;

/* Whether a name begins with that of such a view and a dot. */
bool expect_view_named(const char *name);

/* "map.loss" of the chosen cell, "map.reach" 6 xi there; "phase.chi" at the cursor;
 * "coordinates.mup.change3": the slope of layer 3 under muP after the step shown.  NaN where there
 * is none.  ERR_USAGE: no such name; ERR_RUN: the map or the check has not been made. */
bool expect_view_value(struct app *app, const char *name, double *value, struct err *err);

#endif
