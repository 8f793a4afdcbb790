/* Keys: their names, and which of line, help and commands each one goes to. */
#include <stdio.h>
#include <string.h>

#include "app/app_state.h"

#define HELP_LINES_MAX 100000 /* more than there are */

static const struct {
	const char *name;
	int key;
} named_keys[] = {
	{ "Space", ' ' }, { "Tab", '\t' }, { "Enter", '\r' }, { "Esc", 27 },
	{ "Up", APP_KEY_UP }, { "Down", APP_KEY_DOWN }, { "Left", APP_KEY_LEFT }, { "Right", APP_KEY_RIGHT },
	{ "Home", APP_KEY_HOME }, { "End", APP_KEY_END }, { "PgUp", APP_KEY_PAGE_UP }, { "PgDn", APP_KEY_PAGE_DOWN },
	{ "Backspace", APP_KEY_BACKSPACE }, { "Delete", APP_KEY_DELETE }, { "S-Tab", APP_KEY_BACK_TAB },
	{ "F1", APP_KEY_F1 },
};

int app_key_by_name(const char *name)
{
	if (name[0] > ' ' && name[0] < 0x7F && name[1] == '\0')
		return name[0];
	if (name[0] == 'C' && name[1] == '-' && name[2] >= 'a' && name[2] <= 'z' && name[3] == '\0')
		return name[2] & 0x1F;
	for (size_t i = 0; i < sizeof named_keys / sizeof named_keys[0]; i++)
		if (strcmp(named_keys[i].name, name) == 0)
			return named_keys[i].key;
	return -1;
}

/* Terminals differ in what these keys send. */
static int normal_key(int key)
{
	switch (key) {
	case '\n':
		return '\r';
	case '\b':
	case 0x7F:
		return APP_KEY_BACKSPACE;
	default:
		return key;
	}
}

void app_run_line(struct app *app, const char *line)
{
	struct err err = {0};
	if (!app_command(app, line, &err))
		app_say(app, ROLE_ALARM, 12, "%s", err.message);
}

/* The keys that scroll the help or the report while it is open; all others keep their
 * meaning. */
static bool scroll_page(struct app *app, int key)
{
	int page = app_layout(app->width, app->height).view.height, by;
	switch (key) {
	case APP_KEY_UP:
	case 'k':
		by = -1;
		break;
	case APP_KEY_DOWN:
	case 'j':
		by = 1;
		break;
	case APP_KEY_PAGE_UP:
		by = -page;
		break;
	case APP_KEY_PAGE_DOWN:
		by = page;
		break;
	case APP_KEY_HOME:
	case 'g':
		by = -HELP_LINES_MAX;
		break;
	case APP_KEY_END:
	case 'G':
		by = HELP_LINES_MAX;
		break;
	default:
		return false;
	}
	int lines = app->help ? help_lines(app, app->width) : report_screen_lines(app, app->width);
	int last = lines - page, to = app->help_scroll + by;
	app->help_scroll = to < 0 || last < 0 ? 0 : to < last ? to : last;
	return true;
}

static void type(struct app *app, int key)
{
	if (!line_key(&app->line, key))
		return;
	char typed[LINE_SIZE];
	memcpy(typed, app->line.text, sizeof typed);
	app_run_line(app, typed);
}

void app_key(struct app *app, int key)
{
	key = normal_key(key);
	if (key < 0 || key == APP_KEY_RESIZE)
		return;
	app->message.text[0] = '\0';
	if (app->line.open) {
		type(app, key);
		return;
	}
	if ((app->help || app->report.open) && scroll_page(app, key))
		return;
	if (app->panel && !app->help && panel_key(app, key))
		return;
	size_t which;
	const struct command *command = command_of_key(key, &which);
	if (command == NULL)
		return;
	char word[16], line[64];
	snprintf(line, sizeof line, "%s %s", command->entry.name, command_key_word(command, which, word, sizeof word));
	app_run_line(app, line);
}
