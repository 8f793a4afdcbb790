/* The settings panel: all settings with their values, and what the chosen one
 * means and can be.  Drawing only; panel_keys.c handles the keys. */
#ifndef INITVIZ_APP_PANEL_H
#define INITVIZ_APP_PANEL_H

#include "lab/settings.h"
#include "lab/snapshot.h"
#include "draw/canvas.h"

/* The state of the panel. */
struct settings_panel {
	bool open;
	size_t chosen; /* index into settings_table */
};

/* What is drawn. */
struct panel {
	const struct settings *settings; /* whose values are shown */
	const struct snapshot *now;      /* for the fans of its layers; NULL: not known yet */
	size_t chosen;                   /* index into settings_table */
	size_t layer;                    /* whose fans the initializers are explained with, 0-based */
};

void panel_draw(const struct panel *panel, struct canvas *canvas, struct rect area);

/* Where the panel is in an area that has the view, too: beside the view where
 * there is room for both, else over it (*view is then empty). */
struct rect panel_place(struct rect area, struct rect *view);

/* Settings in the list of a panel of this size. */
int panel_rows(struct rect panel);

#endif
