/* Announcing changes in plain text, for screen readers. */
#ifndef INITVIZ_APP_ANNOUNCEMENTS_H
#define INITVIZ_APP_ANNOUNCEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/text.h"
#include "lab/runner.h"

struct app;

/* What has been announced already. */
struct announced {
	uint64_t run;          /* the run of runner_status that the members below are about */
	uint64_t steps;        /* observations before this step were announced */
	uint64_t shown;        /* the step announced last */
	bool back;             /* whether that was an earlier observation */
	enum runner_state state;
	size_t view, layer;
	unsigned layer_commands; /* of navigation */
	unsigned said;         /* message.number of the last message announced */
	unsigned page;         /* lesson_screen.pages_shown of the page announced last */
	char verdict[48];      /* word and layer of the last verdict announced */
};

/* Appends what has changed since the last call, a line each. */
void announcements_add(struct app *app, struct text *text);

#endif
