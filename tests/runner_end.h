/* The end of a runner in tests.  Include after cmocka.h. */
#ifndef INITVIZ_TESTS_RUNNER_END_H
#define INITVIZ_TESTS_RUNNER_END_H

#include "lab/runner.h"
#include "lab/worker_thread.h"

/* Waits for its threads however busy the machine is: run-unit has a limit. */
static inline void end_runner(struct runner *runner)
{
	worker_end_seconds = 1000;
	assert_true(runner_destroy(runner));
}

#endif
