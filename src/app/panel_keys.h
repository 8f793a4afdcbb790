/* The settings panel's keys and its command. */
#ifndef INITVIZ_APP_PANEL_KEYS_H
#define INITVIZ_APP_PANEL_KEYS_H

#include <stdbool.h>
#include "app/panel.h"

struct app;

/* What panel_draw() needs, with *settings for its values. */
void panel_fill(const struct app *app, struct panel *panel, struct settings *settings);

/* A key while the panel is open; false when the panel does not use it. */
bool panel_key(struct app *app, int key);

/* The command `settings`. */
bool panel_toggle(struct app *app, char *words, struct err *err);

#endif
