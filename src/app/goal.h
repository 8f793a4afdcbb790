/* `until`: runs until a number passes a limit. */
#ifndef INITVIZ_APP_GOAL_H
#define INITVIZ_APP_GOAL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct app;

struct goal {
	char words[80];        /* "saturated1 < 0.3": what the last `until` asked for */
	uint64_t met;          /* goals reported so far, of the runner's count */
};

/* The command.  The runner reports it as refused when the run ends first. */
bool goal_until(struct app *app, char *words, struct err *err);

/* After a poll of the runner: says that the goal was met. */
void goal_refresh(struct app *app);

#endif
