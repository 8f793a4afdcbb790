/* The settings panel's keys and commands.  What it looks like is panel.c's
 * business. */
#include <stdio.h>
#include <string.h>

#include "app/app_state.h"
#include "app/panel.h"

bool panel_toggle(struct app *app, char *words, struct err *err)
{
	if (words[0]) {
		const struct entry *entry = table_find(&settings_table, words, err);
		if (entry == NULL)
			return false;
		app->setting = table_index(&settings_table, entry);
	}
	app->panel = words[0] || !app->panel;
	app->help = false;
	return true;
}

void panel_fill(const struct app *app, struct panel *panel, struct settings *settings)
{
	past_settings(app, settings);
	*panel = (struct panel){
		.settings = settings, .now = app_shown(app), .chosen = app->setting, .layer = app->layer,
	};
}

static const struct setting *chosen(const struct app *app)
{
	return setting_at(app->setting);
}

/* The line that gives the setting the value one up or down. */
static bool change(struct app *app, int by)
{
	struct settings settings;
	struct text value = {0};
	past_settings(app, &settings);
	if (settings_step(&settings, chosen(app), by, &value)) {
		char line[LINE_SIZE];
		snprintf(line, sizeof line, "set %s %s", chosen(app)->entry.name, text_string(&value));
		app_run_line(app, line);
	}
	text_free(&value);
	return true;
}

/* The `:` line with the setting and its value, to be changed there. */
static bool type(struct app *app)
{
	struct settings settings;
	struct text line = {0};
	past_settings(app, &settings);
	text_addf(&line, "set %s ", chosen(app)->entry.name);
	settings_get(&settings, chosen(app)->entry.name, &line, NULL);
	line_open(&app->line, ':');
	line_fill(&app->line, text_string(&line));
	text_free(&line);
	return true;
}

static bool choose(struct app *app, long to)
{
	long last = (long)settings_table.count - 1;
	app->setting = (size_t)(to < 0 ? 0 : to > last ? last : to);
	return true;
}

bool panel_key(struct app *app, int key)
{
	struct rect view, area = app_layout(app->width, app->height).view;
	long at = (long)app->setting, page = panel_rows(panel_place(area, &view));
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
