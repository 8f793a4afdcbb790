/* The names of keys. */
#include "app/key.h"

#include <stdio.h>
#include <string.h>

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
