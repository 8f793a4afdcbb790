/* The command `event`. */
#ifndef INITVIZ_APP_EVENT_H
#define INITVIZ_APP_EVENT_H

#include <stdbool.h>

#include "base/err.h"

struct app;

bool event_show(struct app *app, char *words, struct err *err);

#endif
