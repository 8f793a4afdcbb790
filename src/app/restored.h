/* Following the runner when it brings back a run. */
#ifndef INITVIZ_APP_RESTORED_H
#define INITVIZ_APP_RESTORED_H

#include <stdint.h>

struct app;

struct restored {
	uint64_t parked, undone; /* of the runner's status, as last seen */
};

/* After each refresh of the status and before that of the lanes: takes over the
 * settings of a run that was brought back; or adds to the message of a command
 * that replaced a run how to bring it back. */
void restored_follow(struct app *app);

#endif
