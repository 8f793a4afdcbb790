/* The end of a program in tests.  Include after cmocka.h. */
#ifndef INITVIZ_TESTS_APP_END_H
#define INITVIZ_TESTS_APP_END_H

#include "app/app.h"
#include "lab/worker_thread.h"

/* Waits for the threads of its sweeps however busy the machine is: run-unit has a limit. */
static inline void end_app(struct app *app)
{
	worker_end_seconds = 1000;
	assert_true(app_destroy(app));
}

#endif
