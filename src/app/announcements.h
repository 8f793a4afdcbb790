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
	uint64_t run;          /* of runner_status; the rest is about it */
	uint64_t steps;        /* observations before this step were announced */
	uint64_t shown;        /* the step announced last */
	bool back;             /* whether that was an earlier observation */
	enum runner_state state;
	size_t view, layer;
	unsigned layer_commands; /* of navigation */
	unsigned said;         /* message.number */
	char verdict[48];      /* its word and layer */
};

/* Appends what has changed since the last call, a line each. */
void announcements_add(struct app *app, struct text *text);

#endif
