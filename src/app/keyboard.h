/* From a key to what it does. */
#ifndef INITVIZ_APP_KEYBOARD_H
#define INITVIZ_APP_KEYBOARD_H

#include <stdbool.h>
#include "base/err.h"

struct app;

struct keyboard {
	bool pressed;  /* a key has been pressed since the start */
	bool pressing; /* within the command `key`, which must not contain itself */
};

/* A key (key.h). */
void keyboard_press(struct app *app, int key);

/* The command `key`. */
bool keyboard_keys(struct app *app, char *words, struct err *err);

#endif
