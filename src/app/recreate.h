/* The command line that recreates the screen. */
#ifndef INITVIZ_APP_RECREATE_H
#define INITVIZ_APP_RECREATE_H

#include "base/err.h"

struct app;

bool recreate_screen(struct app *app, char *words, struct err *err);

#endif
