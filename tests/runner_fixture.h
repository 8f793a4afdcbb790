/* Runners for tests, and what a front end sees of them.  Include after cmocka.h. */
#ifndef INITVIZ_TESTS_RUNNER_FIXTURE_H
#define INITVIZ_TESTS_RUNNER_FIXTURE_H

#include "runner_end.h"

struct seen {
	struct history history;
	const struct snapshot *latest;
	struct runner_status status;
};

static inline void settle(struct runner *runner, struct seen *seen)
{
	assert_true(runner_settle(runner, 0)); /* without limit: run-unit has one */
	runner_poll(runner, &seen->history, &seen->latest, &seen->status);
}

static inline void let_go(struct runner *runner, struct seen *seen)
{
	history_clear(&seen->history);
	snapshot_drop(seen->latest);
	end_runner(runner);
}

static inline struct runner *make(bool worker)
{
	struct err err = {0};
	struct runner *runner = worker ? runner_worker(NULL, NULL, &err) : runner_inline(NULL, &err);
	assert_non_null(runner);
	return runner;
}

#endif
