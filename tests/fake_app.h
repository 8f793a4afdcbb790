/* An app for tests: a runner that only logs requests and returns
 * invented observations, and services that record what is saved. */
#ifndef INITVIZ_TESTS_FAKE_APP_H
#define INITVIZ_TESTS_FAKE_APP_H

#include "base/text.h"
#include "lab/pins.h"
#include "lab/runner.h"
#include "app/app.h"
#include "app/app_parts.h"
#include "app/branch.h"
#include "app/change.h"
#include "app/experiment.h"
#include "app/help_screen.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/line.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/panel.h"
#include "app/program.h"
#include "app/report_screen.h"

struct runner {
	struct text log; /* one line for each request */
	struct settings settings;
	struct settings beside[RUNNER_MAX_LANES]; /* of lanes 1 .. lanes - 1; [0] is not used */
	size_t lanes;
	struct runner_status status;
	struct history history; /* an observation every 10 steps */
	const struct snapshot *latest;
	struct runner_edit edit[8]; /* [edits] as runner_past_edit() returns them */
	size_t edits;
	bool loading; /* starts stay in RUNNER_LOADING */
	struct report report;
	struct runner_report_status report_status;
	bool report_changed;
};

extern struct runner fake;

/* The fake's observation at its step; recorded if it is due. */
void fake_observe(void);

/* The requests to the runner since the last call, a line each. */
const char *requests_made(void);

/* Services that record how they are called. */
extern const struct app_services fake_services;
extern char saved_path[64], present[64]; /* present: names of files that exist */
extern int saved_width, redraws, suspensions;

struct app *create(bool interactive);
void destroy(struct app *app);

/* One line that must be carried out. */
void command(struct app *app, const char *line);

/* One that must fail with this code and a message that has `words` in it, without
 * any request to the runner. */
void refused(struct app *app, const char *line, enum err_code code, const char *words);

/* Each character as a key. */
void type(struct app *app, const char *text);

/* A row of the screen, UTF-8; valid until the next call. */
const char *row(const struct app *app, int width, int height, int y);

#endif
