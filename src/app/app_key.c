/* Keys: their names, and which command each one runs. */
#include <stdio.h>
#include <string.h>

#include "app/app_state.h"
#include "app/overlay.h"

#define ESCAPE 27
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

const char *app_key_name(int key, char name[APP_KEY_NAME_SIZE])
{
	for (size_t i = 0; i < sizeof named_keys / sizeof named_keys[0]; i++)
		if (named_keys[i].key == key)
			return named_keys[i].name;
	if (key > ' ' && key < 0x7F)
		snprintf(name, APP_KEY_NAME_SIZE, "%c", key);
	else if (key > 0 && key <= 26)
		snprintf(name, APP_KEY_NAME_SIZE, "C-%c", key | 0x60);
	else if (key == APP_KEY_OTHER)
		snprintf(name, APP_KEY_NAME_SIZE, "this key");
	else
		snprintf(name, APP_KEY_NAME_SIZE, "U+%04X", (unsigned)key);
	return name;
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
		app_say(app, ROLE_ALARM, APP_ALARM_SECONDS, "%s", err.message);
}

void app_key(struct app *app, int key)
{
	size_t which;
	char word[16], line[64], name[APP_KEY_NAME_SIZE];
	key = normal_key(key);
	if (key < 0 || key == APP_KEY_RESIZE)
		return;
	app->message.text[0] = '\0';
	if (overlay_key(app, key))
		return;
	const struct command *command = command_of_key(key, &which);
	if (command) {
		snprintf(line, sizeof line, "%s %s", command->entry.name, command_key_word(command, which, word, sizeof word));
		app_run_line(app, line);
	} else if (key != ESCAPE)
		app_say(app, ROLE_NOTE, APP_SAY_SECONDS, "%s: no such key; ? lists keys", app_key_name(key, name));
}

/* A key that `key` presses must not run `key` again: `key : Up Enter` would
 * repeat itself from the history for ever. */
bool key_press(struct app *app, char *words, struct err *err)
{
	char name[16], safe[64];
	if (app->pressing)
		return err_set(err, ERR_USAGE, "key: cannot be used by a key that `key` presses");
	for (size_t i = 0; command_word(words, i, name, sizeof name); i++)
		if (app_key_by_name(name) < 0)
			return err_set(err, ERR_USAGE, "key: no key is called '%s': Space, Enter, Left, C-l, x ...",
			               text_escape(safe, sizeof safe, name));
	app->pressing = true;
	for (size_t i = 0; command_word(words, i, name, sizeof name); i++)
		app_key(app, app_key_by_name(name));
	app->pressing = false;
	return true;
}
