/* Leaving the program, which waits for a file that waits for the net. */
#ifndef INITVIZ_APP_LEAVE_H
#define INITVIZ_APP_LEAVE_H

#include <stdbool.h>
#include "base/err.h"

struct app;

/* Command: at once, if no file waits for the net, or at the second time. */
bool leave_program(struct app *app, char *words, struct err *err);

/* Leaves the program if that has only waited for a file, which now is saved. */
void leave_follow(struct app *app);

#endif
