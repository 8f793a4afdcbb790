/* The report on the article as a screen.  It is measured piece by piece while
 * it is open. */
#include "app/report_screen.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
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

#define PIECES 4 /* pieces measured between two screens: some hundredths of a second */

/* Whether the report was measured with other images or another seed. */
static bool is_another(const struct app *app)
{
	return strcmp(app->report->data, app->lanes->lane[0].settings.data) != 0 || app->report->seed != app->lanes->lane[0].settings.seed;
}

static bool begin(struct app *app, struct err *err)
{
	struct report_screen *report = app->report;
	if (report->run && !is_another(app))
		return true;
	report_end(report->run);
	snprintf(report->data, sizeof report->data, "%s", app->lanes->lane[0].settings.data);
	report->seed = app->lanes->lane[0].settings.seed;
	report->run = report_begin(report->data, report->seed, err);
	return report->run != NULL;
}

bool report_is_at_work(const struct app *app)
{
	return app->report->open && report_share(app->report->run) < 1;
}

bool report_measure(struct app *app, struct err *err)
{
	if (!report_is_at_work(app))
		return true;
	for (int i = 0; i < PIECES; i++)
		if (!report_advance(app->report->run, err)) {
			app->report->open = false;
			return false;
		}
	return true;
}

bool report_toggle(struct app *app, char *words, struct err *err)
{
	if (words[0] && table_find(&reports, words, err) == NULL)
		return false;
	pager_open(&app->report->pager);
	if (app->report->open) {
		app->report->open = false;
		return true;
	}
	if (!begin(app, err))
		return false;
	app->help->open = app->panel->open = false;
	app->report->open = true;
	while (!app->experiment->interactive && report_is_at_work(app))
		if (!report_measure(app, err))
			return false;
	return true;
}

/* ---- the screen ---- */

static struct rect text_area(struct rect area)
{
	return (struct rect){ area.x + 1, area.y, area.width - 2, area.height };
}

int report_screen_lines(const struct app *app, int width)
{
	struct rect area = { .width = width };
	return report_draw(NULL, text_area(area), report_of(app->report->run), 0, app->screen->ascii) + report_is_at_work(app);
}

/* A gauge in the last row while it is measured. */
static void draw_progress(const struct app *app, struct canvas *canvas, struct rect area)
{
	int y = area.y + area.height - 1, x = area.x + 1, room = area.width - 2;
	for (int i = 0; i < room; i++)
		canvas_put(canvas, x + i, y, ' ', ROLE_PLAIN);
	double share = report_share(app->report->run);
	int end = canvas_textf(canvas, x, y, room, ROLE_LABEL, "measuring %3.0f %% ", 100 * share);
	plot_gauge(canvas, end, y, x + room - end, share, ROLE_READOUT);
}

void report_screen_draw(const struct app *app, struct canvas *canvas, struct rect area)
{
	const struct report *report = report_of(app->report->run);
	bool measuring = report_is_at_work(app);
	struct rect page = text_area(area);
	page.height -= measuring;
	int lines = report_draw(NULL, page, report, 0, canvas->ascii), last = lines - page.height;
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
