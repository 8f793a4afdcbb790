/* The overlays, from the top down: when each is open, and who handles its keys. */
#include "app/overlay.h"

#include <stdio.h>
#include <string.h>

#include "app/app_parts.h"
#include "app/command_line.h"
#include "app/coordinate_check.h"
#include "app/help_screen.h"
#include "app/key.h"
#include "app/lesson_screen.h"
#include "app/lesson_turn.h"
#include "app/line.h"
#include "app/map.h"
#include "app/pager.h"
#include "app/panel.h"
#include "app/panel_keys.h"
#include "app/report_screen.h"

#define ESCAPE 27
#define INTERRUPT 3 /* Ctrl-C */

/* ---- the prompt ---- */

static bool prompt_is_open(const struct app *app)
{
	return app->prompt->open;
}

static void close_prompt(struct app *app)
{
	app->prompt->open = false;
}

static bool prompt_key(struct app *app, int key)
{
	if (line_key(app->prompt, key)) {
		char typed[LINE_SIZE];
		memcpy(typed, app->prompt->text, sizeof typed);
		command_line_enter(app, typed);
	}
	return true;
}

/* ---- help and report: pages, and a search in them ---- */

static const struct pager_page help_page = {
	.noun = "the help", .lines = help_lines, .draw = help_draw,
};
static const struct pager_page report_page = {
	.noun = "the report", .lines = report_screen_lines, .draw = report_screen_draw,
};

static bool help_is_open(const struct app *app)
{
	return app->help->open;
}

static void close_help(struct app *app)
{
	app->help->open = false;
}

static bool help_key(struct app *app, int key)
{
	if (key == '?' || key == APP_KEY_F1 || key == 'q')
		close_help(app);
	else
		pager_key(&app->help->pager, app, &help_page, key);
	return true;
}

static bool report_is_open(const struct app *app)
{
	return app->report->open;
}

static void close_report(struct app *app)
{
	report_close(app);
}

static bool report_key(struct app *app, int key)
{
	if (key == 'e' || key == 'q')
		close_report(app);
	else if (key == '?' || key == APP_KEY_F1)
		command_line_enter(app, "help");
	else
		pager_key(&app->report->pager, app, &report_page, key);
	return true;
}

static struct pager *top_pager(struct app *app)
{
	return app->help->open ? &app->help->pager : &app->report->pager;
}

static bool search_is_open(const struct app *app)
{
	return app->help->open ? app->help->pager.search.open : app->report->open && app->report->pager.search.open;
}

static void close_search(struct app *app)
{
	top_pager(app)->search.open = false;
}

static bool search_key(struct app *app, int key)
{
	pager_type(top_pager(app), app, app->help->open ? &help_page : &report_page, key);
	return true;
}

/* ---- the settings panel ---- */

static bool panel_is_open(const struct app *app)
{
	return app->panel->open;
}

static void close_panel(struct app *app)
{
	app->panel->open = false;
}

/* ---- all of them ---- */

static const struct overlay overlays[] = {
	{ .is_open = prompt_is_open, .close = close_prompt, .key = prompt_key },
	{ .is_open = search_is_open, .close = close_search, .key = search_key },
	{ .is_open = help_is_open, .close = close_help, .key = help_key, .q_closes = "help",
	  .hint = { "↑/↓ scroll  / search  n/N next, previous", "↑↓ / n N" } },
	{ .is_open = report_is_open, .close = close_report, .key = report_key, .q_closes = "report",
	  .hint = { "↑/↓ scroll  / search  n/N next, previous", "↑↓ / n N" } },
	{ .is_open = panel_is_open, .close = close_panel, .key = panel_key,
	  .hint = { "↑/↓ choose  ←/→ change  Enter type  , close", "↑↓ ←→ Enter  , close" } },
	{ .is_open = lesson_is_open, .close = lesson_close, .key = lesson_key,
	  .write_hint = lesson_hint },
	{ .is_open = map_takes_keys, .close = map_close, .key = map_key, .is_view = true,
	  .write_hint = map_hint },
	{ .is_open = map_takes_keys_in_phase, .close = map_leave_in_phase, .key = map_key, .is_view = true,
	  .write_hint = map_hint },
	{ .is_open = coordinate_check_takes_keys, .close = coordinate_check_close, .key = coordinate_check_key, .is_view = true,
	  .hint = { "←/→ step  ↑/↓ layer  Esc back", "←→ ↑↓ Esc" } },
};
#define OVERLAYS (sizeof overlays / sizeof overlays[0])

const struct overlay *overlay_top(const struct app *app)
{
	for (size_t i = 0; i < OVERLAYS; i++)
		if (overlays[i].is_open(app))
			return &overlays[i];
	return NULL;
}

void overlay_hint(const struct app *app, const struct overlay *overlay, bool brief, char out[OVERLAY_HINT_SIZE])
{
	if (overlay->write_hint)
		overlay->write_hint(app, brief, out, OVERLAY_HINT_SIZE);
	else
		snprintf(out, OVERLAY_HINT_SIZE, "%s", overlay->hint[brief] ? overlay->hint[brief] : "");
}

bool overlay_key(struct app *app, int key)
{
	const struct overlay *top = overlay_top(app);
	if (top && (key == ESCAPE || (key == INTERRUPT && !top->is_view))) {
		top->close(app);
		return true;
	}
	for (size_t i = 0; i < OVERLAYS; i++)
		if (overlays[i].is_open(app) && overlays[i].key(app, key))
			return true;
	return false;
}

const struct line *overlay_line(const struct app *app)
{
	if (app->prompt->open)
		return app->prompt;
	if (!search_is_open(app))
		return NULL;
	return app->help->open ? &app->help->pager.search : &app->report->pager.search;
}
