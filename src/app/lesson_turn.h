/* The command `lesson` and the keys of a lesson. */
#ifndef INITVIZ_APP_LESSON_TURN_H
#define INITVIZ_APP_LESSON_TURN_H

#include <stdbool.h>

#include <stddef.h>

#include "base/err.h"

struct app;

/* Of the overlay: Enter and the arrow keys turn pages; while the lesson is
 * locked, other keys are refused. */
bool lesson_key(struct app *app, int key);

/* Of the overlay: what Enter does next, and the other keys, for the hint bar. */
void lesson_hint(const struct app *app, bool brief, char *out, size_t size);

/* The command `lesson`. */
bool lesson_command(struct app *app, char *words, struct err *err);

#endif
