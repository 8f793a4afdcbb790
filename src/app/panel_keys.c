/* The settings panel's keys and its command.  panel.c draws it. */
#include "app/panel_keys.h"

#include <stdio.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/branch.h"
#include "app/command_line.h"
#include "app/help_screen.h"
#include "app/key.h"
#include "app/layout.h"
#include "app/line.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/panel.h"

bool panel_toggle(struct app *app, char *words, struct err *err)
{
	if (words[0]) {
		const struct entry *entry = table_find(&settings_table, words, err);
		if (entry == NULL)
			return false;
		app->panel->chosen = table_index(&settings_table, entry);
	}
	app->panel->open = words[0] || !app->panel->open;
	app->help->open = false;
	return true;
}

void panel_fill(const struct app *app, struct panel *panel, struct settings *settings)
{
	branch_settings(app, settings);
	*panel = (struct panel){
		.settings = settings, .now = moment_snapshot(app), .chosen = app->panel->chosen, .layer = app->navigation->layer,
	};
}

static const struct setting *chosen(const struct app *app)
{
	return setting_at(app->panel->chosen);
}

/* Changes the chosen setting to the next (by = 1) or previous value. */
static bool change(struct app *app, int by)
{
	struct settings settings;
	struct text value = {0};
	branch_settings(app, &settings);
	if (settings_step(&settings, chosen(app), by, &value)) {
		char line[LINE_SIZE];
		snprintf(line, sizeof line, "set %s %s", chosen(app)->entry.name, text_string(&value));
		command_line_enter(app, line);
	}
	text_free(&value);
	return true;
}

/* Opens the `:` line with the setting and its value. */
static bool type(struct app *app)
{
	struct settings settings;
	struct text line = {0};
	branch_settings(app, &settings);
	text_addf(&line, "set %s ", chosen(app)->entry.name);
	settings_get_value(&settings, chosen(app), &line);
	line_open(app->prompt, ':');
	line_fill(app->prompt, text_string(&line));
	text_free(&line);
	return true;
}

static bool choose(struct app *app, long to)
{
	long last = (long)settings_table.count - 1;
	app->panel->chosen = (size_t)(to < 0 ? 0 : to > last ? last : to);
	return true;
}

bool panel_key(struct app *app, int key)
{
	struct rect view, area = layout_of(app->screen).view;
	long at = (long)app->panel->chosen, page = panel_rows(panel_place(area, &view));
	switch (key) {
	case APP_KEY_UP:
	case 'k':
		return choose(app, at - 1);
	case APP_KEY_DOWN:
	case 'j':
		return choose(app, at + 1);
	case APP_KEY_PAGE_UP:
		return choose(app, at - page);
	case APP_KEY_PAGE_DOWN:
		return choose(app, at + page);
	case APP_KEY_HOME:
	case 'g':
		return choose(app, 0);
	case APP_KEY_END:
	case 'G':
		return choose(app, (long)settings_table.count);
	case APP_KEY_LEFT:
	case 'h':
		return change(app, -1);
	case APP_KEY_RIGHT:
	case 'l':
		return change(app, 1);
	case '\r':
		return type(app);
	default:
		return false;
	}
}
