/* The Isometry view's command: opening it, and the net with orthogonal weights beside. */
#ifndef INITVIZ_APP_ISOMETRY_H
#define INITVIZ_APP_ISOMETRY_H

#include "base/entry.h"
#include "base/err.h"

struct app;

extern const struct table isometry_words;

/* Has the runner measure singular values while a view shows them. */
void isometry_follow(struct app *app);

bool isometry_command(struct app *app, char *words, struct err *err);

#endif
