/* Keys: their names, and which of line, help and commands each one goes to. */
#include <stdio.h>
#include <string.h>

#include "view/app_state.h"

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

static void run_line(struct app *app, const char *line)
{
	struct err err = {0};
	if (!app_command(app, line, &err))
		app_say(app, ROLE_ALARM, 12, "%s", err.message);
}

/* The keys that scroll the help while it is open; all others keep their
 * meaning. */
static bool scroll_help(struct app *app, int key)
{
	int rows = app_layout(app->width, app->height).view.height;
	size_t lines = help_lines(app, app->width), page = rows > 1 ? (size_t)rows : 1;
	size_t last = lines > page ? lines - page : 0, at = app->help_scroll < last ? app->help_scroll : last;
	switch (key) {
	case APP_KEY_UP:
	case 'k':
		at -= at > 0;
		break;
	case APP_KEY_DOWN:
	case 'j':
		at++;
		break;
	case APP_KEY_PAGE_UP:
		at -= at < page ? at : page;
		break;
	case APP_KEY_PAGE_DOWN:
		at += page;
		break;
	case APP_KEY_HOME:
	case 'g':
		at = 0;
		break;
	case APP_KEY_END:
	case 'G':
		at = last;
		break;
	default:
		return false;
	}
	app->help_scroll = at < last ? at : last;
	return true;
}

static void type(struct app *app, int key)
{
	if (!line_key(&app->line, key))
		return;
	char typed[LINE_SIZE];
	memcpy(typed, app->line.text, sizeof typed);
	run_line(app, typed);
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
	if (app->help && scroll_help(app, key))
		return;
	size_t which;
	const struct command *command = command_of_key(key, &which);
	if (command == NULL)
		return;
	char word[16], line[64];
	snprintf(line, sizeof line, "%s %s", command->entry.name, command_key_word(command, which, word, sizeof word));
	run_line(app, line);
}
