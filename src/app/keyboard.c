/* From a key to the command that it runs. */
#include "app/keyboard.h"

#include <stdio.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/key.h"
#include "app/message.h"
#include "app/overlay.h"
#include "app/phase.h"
#include "app/picking.h"

#define ESCAPE 27

/* Terminals send different codes for these keys. */
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

void keyboard_press(struct app *app, int key)
{
	size_t which;
	char word[16], line[64], name[APP_KEY_NAME_SIZE];
	key = normal_key(key);
	if (key < 0 || key == APP_KEY_RESIZE)
		return;
	app->keyboard->pressed = true;
	app->message->text[0] = '\0';
	if (overlay_key(app, key) || phase_key(app, key) || picking_key(app, key))
		return;
	const struct command *command = command_of_key(key, &which);
	if (command) {
		snprintf(line, sizeof line, "%s %s", command->entry.name, command_key_word(command, which, word, sizeof word));
		command_line_enter(app, line);
	} else if (key != ESCAPE)
		message_show(app->message, ROLE_NOTE, MESSAGE_SECONDS, "%s: no such key; ? lists keys", app_key_name(key, name));
}

/* A key that `key` presses must not run `key` again: `key : Up Enter` would
 * repeat itself from the history for ever. */
bool keyboard_keys(struct app *app, char *words, struct err *err)
{
	char name[16], safe[64];
	if (app->keyboard->pressing)
		return err_set(err, ERR_USAGE, "key: the keys that it presses must not run `key` again");
	for (size_t i = 0; command_word(words, i, name, sizeof name); i++)
		if (app_key_by_name(name) < 0)
			return err_set(err, ERR_USAGE, "key: no key is called '%s': Space, Enter, Left, C-l, x ...",
			               text_escape(safe, sizeof safe, name));
	app->keyboard->pressing = true;
	for (size_t i = 0; command_word(words, i, name, sizeof name); i++)
		keyboard_press(app, app_key_by_name(name));
	app->keyboard->pressing = false;
	return true;
}
