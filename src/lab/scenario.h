/* Named starting points: the article's seven first, then our own. */
#ifndef INITVIZ_LAB_SCENARIO_H
#define INITVIZ_LAB_SCENARIO_H

#include "base/entry.h"

struct scenario {
	struct entry entry;
	const char *settings; /* "init=normal activation=sigmoid steps=1000 ...", as settings_set() reads them */
};

TABLE_DECLARE(scenarios, struct scenario, scenario)

#define SCENARIO_DEFAULT "full_train_normal"

#endif
