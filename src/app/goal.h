/* `until`: runs until a number passes a limit. */
#ifndef INITVIZ_APP_GOAL_H
#define INITVIZ_APP_GOAL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct app;

struct goal {
	char words[80];        /* "saturated1 < 0.3": the condition of the last `until` */
	uint64_t met;          /* how many of the goals that the runner counts were reported */
};

/* The command.  The runner reports it as refused when the run ends first. */
bool goal_until(struct app *app, char *words, struct err *err);

/* After a poll of the runner: shows a message when the goal was met. */
void goal_refresh(struct app *app);

#endif
