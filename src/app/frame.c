/* The whole screen, and what is shown in place of a view while there is no
 * observation.  Changes nothing. */
#include "app/frame.h"

#include "base/text.h"
#include "draw/plot.h"
#include "draw/wrap.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/header.h"
#include "app/help_screen.h"
#include "app/hint_bar.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/lesson_panel.h"
#include "app/lesson_screen.h"
#include "app/line.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/overlay.h"
#include "app/pager.h"
#include "app/panel.h"
#include "app/panel_keys.h"
#include "app/report_screen.h"
#include "app/status.h"
#include "app/undo.h"

#define LINE_BYTES 1024   /* of one row of text */

/* ---- instead of a view ---- */

/* Draws text over several rows from y on; returns the row after it. */
static int draw_paragraph(const char *text, enum role role, struct canvas *canvas, struct rect area, int y)
{
	char line[LINE_BYTES];
	while (y < area.y + area.height && wrap_line(&text, area.width - 4, canvas->ascii, line, sizeof line))
		canvas_text(canvas, area.x + 2, y++, area.width - 4, role, line);
	return y;
}

static void draw_loading(const struct app *app, struct canvas *canvas, struct rect area)
{
	char name[SETTINGS_DATA_SIZE];
	int y = area.y + area.height / 3, room = area.width - 4, x = area.x + 2;
	text_escape(name, sizeof name, app->lanes->lane[0].settings.data[0] ? app->lanes->lane[0].settings.data : "the images");
	canvas_text(canvas, x, y, room, ROLE_TITLE, "initviz shows what weight initialization does to a neural network");
	canvas_textf(canvas, x, y + 2, room, ROLE_LABEL, "loading %s ... %.0f %%", name, 100 * app->experiment->status.loaded);
	plot_gauge(canvas, x, y + 3, room < 40 ? room : 40, app->experiment->status.loaded, ROLE_READOUT);
}

/* While a lesson sets up the net of a page. */
static void draw_setting_up(const struct app *app, struct canvas *canvas, struct rect area)
{
	int y = area.y + area.height / 4, room = area.width - 4;
	const struct runner_status *status = &app->experiment->status;
	struct text changes = {0};
	lesson_add_changes(app, &changes);
	canvas_textf(canvas, area.x + 2, y, room, ROLE_TITLE, "The net of page %zu is being set up ...", app->lesson->page + 1);
	y = draw_paragraph(changes.length ? text_string(&changes) : "the default net", ROLE_READOUT, canvas, area, y + 2);
	text_free(&changes);
	if (status->state == RUNNER_LOADING && y + 1 < area.y + area.height) {
		canvas_textf(canvas, area.x + 2, y, room, ROLE_LABEL, "loading the images ... %.0f %%", 100 * status->loaded);
		plot_gauge(canvas, area.x + 2, y + 1, room < 40 ? room : 40, status->loaded, ROLE_READOUT);
	}
}

static void draw_failure(const struct app *app, struct canvas *canvas, struct rect area)
{
	int y = draw_paragraph("This experiment could not be run:", ROLE_TITLE, canvas, area, area.y + area.height / 5);
	y = draw_paragraph(app->experiment->status.err.message, ROLE_ALARM, canvas, area, y + 1);
	draw_paragraph(undo_is_possible(app)
	               ? "Go back to the previous run (u), change a setting (: for a command, such as `data digits`), choose a "
	                 "scenario (1, 2, 3 ...), or try again (r)."
	               : "Change a setting (: for a command, such as `data digits`), choose a scenario (1, 2, 3 ...), "
	                 "or try again (r).", ROLE_LABEL, canvas, area, y + 1);
}

static void draw_scene(const struct app *app, struct canvas *canvas, struct rect area)
{
	struct scene scene;
	if (app->experiment->status.state == RUNNER_FAILED)
		draw_failure(app, canvas, area);
	else if (app->moment->hidden)
		draw_setting_up(app, canvas, area);
	else if (navigation_scene(app, &scene))
		view_at(app->navigation->view)->draw(&scene, canvas, area);
	else
		draw_loading(app, canvas, area);
}

static void draw_view(const struct app *app, struct canvas *canvas, struct rect area)
{
	struct panel panel;
	struct settings settings;
	struct rect view = area, lesson = {0};
	if (app->report->open && !app->help->open) {
		report_screen_draw(app, canvas, area);
		pager_mark(&app->report->pager, canvas, area);
		return;
	}
	if (app->help->open) {
		help_draw(app, canvas, area);
		pager_mark(&app->help->pager, canvas, area);
		return;
	}
	if (lesson_is_open(app))
		lesson = lesson_panel_place(app, area, &view);
	if (app->panel->open) {
		panel_fill(app, &panel, &settings);
		panel_draw(&panel, canvas, panel_place(view, &view));
	}
	if (view.width > 0)
		draw_scene(app, canvas, view);
	if (lesson_is_open(app)) {
		lesson_panel_point(app, canvas, view);
		lesson_panel_draw(app, canvas, lesson);
	}
}

/* ---- messages ---- */

/* A message takes as many rows above the hint bar as it needs. */
static void draw_message(const struct message *message, struct canvas *canvas, int bottom)
{
	char line[LINE_BYTES];
	int width = canvas->width - 2, rows = 0;
	const char *rest = message->text;
	while (rows < bottom - 1 && wrap_line(&rest, width, canvas->ascii, line, sizeof line))
		rows++;
	rest = message->text;
	for (int y = bottom - rows; y < bottom; y++) {
		for (int x = 0; x < canvas->width; x++)
			canvas_put(canvas, x, y, ' ', message->role);
		wrap_line(&rest, width, canvas->ascii, line, sizeof line);
		canvas_text(canvas, 1, y, width, message->role, line);
	}
}

void frame_draw(const struct app *app, struct canvas *canvas)
{
	canvas_clear(canvas);
	if (canvas->width < SCREEN_MIN_WIDTH || canvas->height < SCREEN_MIN_HEIGHT) {
		canvas_textf(canvas, 0, canvas->height / 2, canvas->width, ROLE_ALARM, "need %dx%d, have %dx%d", SCREEN_MIN_WIDTH,
		             SCREEN_MIN_HEIGHT, canvas->width, canvas->height);
		return;
	}
	struct screen screen = *app->screen;
	screen.width = canvas->width;
	screen.height = canvas->height;
	struct layout layout = layout_of(&screen);
	if (screen.present)
		header_draw_step(app, canvas, layout.header);
	else
		header_draw(app, canvas, layout.header);
	draw_view(app, canvas, layout.view);
	status_draw(app, canvas, &layout);
	const struct line *line = overlay_line(app);
	int last = canvas->height - 1;
	draw_message(app->message, canvas, line ? last - 1 : layout.hints.y);
	if (line)
		line_draw(line, canvas, last);
	else if (layout.hints.height > 0)
		hint_bar_draw(app, canvas, layout.hints);
}
