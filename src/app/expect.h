/* Checking numbers in scripts. */
#ifndef INITVIZ_APP_EXPECT_H
#define INITVIZ_APP_EXPECT_H

#include "base/err.h"

struct app;

bool expect_value(struct app *app, char *words, struct err *err);

#endif
