/* Taking over what is new from the runner. */
#ifndef INITVIZ_APP_REFRESH_H
#define INITVIZ_APP_REFRESH_H

#include <stdbool.h>

struct app;

/* Brings status, snapshots and histories up to date; true when anything changed. */
bool refresh_app(struct app *app);

#endif
