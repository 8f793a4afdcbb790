/* The commands for pinned runs. */
#ifndef INITVIZ_APP_PINNING_H
#define INITVIZ_APP_PINNING_H

#include "base/err.h"

struct app;

bool pinning_pin(struct app *app, char *words, struct err *err);
bool pinning_unpin(struct app *app, char *words, struct err *err);

#endif
