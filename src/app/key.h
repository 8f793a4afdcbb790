/* Keys and their names. */
#ifndef INITVIZ_APP_KEY_H
#define INITVIZ_APP_KEY_H

/* Keys: a Unicode code point (control characters included), or one of these. */
enum app_key {
	APP_KEY_UP = 0x110000, APP_KEY_DOWN, APP_KEY_LEFT, APP_KEY_RIGHT, APP_KEY_HOME, APP_KEY_END,
	APP_KEY_PAGE_UP, APP_KEY_PAGE_DOWN, APP_KEY_BACKSPACE, APP_KEY_DELETE, APP_KEY_BACK_TAB, APP_KEY_F1,
	APP_KEY_RESIZE,
	APP_KEY_OTHER, /* a key of the keyboard that has no name here: F5, Insert */
};

/* A key by its name in the command list ("Space", "C-c", "Left", "x"); -1 for
 * none.  The `key` script command uses it. */
int app_key_by_name(const char *name);

/* The name of a key, for messages; name[] may be used for it. */
#define APP_KEY_NAME_SIZE 16
const char *app_key_name(int key, char name[APP_KEY_NAME_SIZE]);

#endif
