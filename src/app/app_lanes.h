/* The nets that go in lock-step beside the app's own, which is lane 0: same
 * seeds, same batches.  One of them for a comparison, more for all scenarios
 * at once. */
#ifndef INITVIZ_APP_APP_LANES_H
#define INITVIZ_APP_APP_LANES_H

#include "lab/runner.h"

struct app_lane {
	struct history history;
	const struct snapshot *latest; /* NULL before the run's first */
	const struct snapshot *held;   /* the last there was; NULL before the first */
};

struct app_lanes {
	size_t beside; /* how many go beside lane 0 */
	size_t chosen; /* whose net the views of one net show */
	size_t partner; /* index of the scenario that lane 1 was made from */
	struct settings settings[RUNNER_MAX_LANES]; /* [0]: the app's own, as of the last start */
	struct app_lane lane[RUNNER_MAX_LANES];     /* [0] is not used: the app has it */
};

#endif
