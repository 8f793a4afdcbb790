/* A program without a terminal, for tests that give commands and look at the app.  Include after cmocka.h. */
#ifndef INITVIZ_TESTS_APP_PROGRAM_H
#define INITVIZ_TESTS_APP_PROGRAM_H

#include "app/app.h"
#include "app/app_parts.h"
#include "app/key.h"
#include "app/navigation.h"
#include "lab/runner.h"
#include "view/view.h"
#include "app_end.h"
#include "runner_end.h"

static struct runner *runner;
static struct app *app;

static inline void begin_program(const struct settings *settings, bool interactive)
{
	struct err err = {0};
	runner = interactive ? runner_worker(NULL, NULL, &err) : runner_inline(NULL, &err);
	assert_non_null(runner);
	app = app_create(runner, settings, NULL, interactive, &err);
	assert_non_null(app);
}

/* With the defaults and the built-in digits. */
static inline void begin(bool interactive)
{
	struct settings settings;
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", NULL));
	begin_program(&settings, interactive);
}

static inline void end(void)
{
	end_app(app);
	end_runner(runner);
}

static inline void command(const char *line)
{
	struct err err = {0};
	if (!app_command(app, line, &err))
		fail_msg("%s: %s", line, err.message);
}

static inline void press(const char *name)
{
	app_key(app, app_key_by_name(name));
}

/* The name of the view that is shown. */
static inline const char *view(void)
{
	return view_at(app->navigation->view)->entry.name;
}

#endif
