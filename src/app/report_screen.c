/* The report on the article as a screen.  The runner measures it while it is
 * open. */
#include "app/report_screen.h"

#include "draw/glyphs.h"
#include "draw/plot.h"
#include "view/report_text.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/help_screen.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/pager.h"
#include "app/panel.h"

bool report_is_at_work(const struct app *app)
{
	return app->report->open && app->report->status.share < 1;
}

bool report_refresh(struct app *app, struct err *err)
{
	struct report_screen *report = app->report;
	if (!report->open)
		return false;
	bool changed = runner_poll_report(app->experiment->runner, &report->report, &report->status);
	if (report->status.err.code) {
		*err = report->status.err;
		report_close(app);
	}
	return changed;
}

void report_close(struct app *app)
{
	if (app->report->open)
		runner_stop_report(app->experiment->runner);
	app->report->open = false;
}

static bool open(struct app *app, struct err *err)
{
	const struct settings *settings = &app->lanes->lane[0].settings;
	struct err problem = {0};
	app->help->open = app->panel->open = false;
	app->report->open = true;
	runner_report(app->experiment->runner, settings->data, settings->seed);
	if (!app->experiment->interactive)
		runner_settle_report(app->experiment->runner);
	report_refresh(app, &problem);
	if (problem.code && err)
		*err = problem;
	return problem.code == ERR_NONE;
}

bool report_toggle(struct app *app, char *words, struct err *err)
{
	if (words[0] && table_find(&reports, words, err) == NULL)
		return false;
	pager_open(&app->report->pager);
	if (!app->report->open)
		return open(app, err);
	report_close(app);
	return true;
}

/* ---- the screen ---- */

static struct rect text_area(struct rect area)
{
	return (struct rect){ area.x + 1, area.y, area.width - 2, area.height };
}

/* Of the report so far: none before the training images are counted. */
static int drawn_lines(const struct app *app, struct rect page)
{
	const struct report *report = &app->report->report;
	return report->train.images > 0 ? report_draw(NULL, page, report, 0, app->screen->ascii) : 0;
}

int report_screen_lines(const struct app *app, int width)
{
	struct rect area = { .width = width };
	return drawn_lines(app, text_area(area)) + report_is_at_work(app);
}

/* A gauge in the last row while it is measured. */
static void draw_progress(const struct app *app, struct canvas *canvas, struct rect area)
{
	int y = area.y + area.height - 1, x = area.x + 1, room = area.width - 2;
	for (int i = 0; i < room; i++)
		canvas_put(canvas, x + i, y, ' ', ROLE_PLAIN);
	double share = app->report->status.share;
	int end = canvas_textf(canvas, x, y, room, ROLE_LABEL, "measuring %3.0f %% ", 100 * share);
	plot_gauge(canvas, end, y, x + room - end, share, ROLE_READOUT);
}

void report_screen_draw(const struct app *app, struct canvas *canvas, struct rect area)
{
	const struct report *report = &app->report->report;
	bool measuring = report_is_at_work(app);
	struct rect page = text_area(area);
	page.height -= measuring;
	int lines = drawn_lines(app, page), last = lines - page.height;
	int first = pager_first(&app->report->pager, lines, page.height);
	if (report->train.images > 0)
		report_draw(canvas, page, report, first, canvas->ascii);
	if (measuring)
		draw_progress(app, canvas, area);
	int right = area.x + area.width - 1;
	if (first < last)
		canvas_put(canvas, right, page.y + page.height - 1, glyph(GLYPH_DOWN, canvas->ascii), ROLE_AXIS);
	if (first > 0)
		canvas_put(canvas, right, page.y, glyph(GLYPH_UP, canvas->ascii), ROLE_AXIS);
}
