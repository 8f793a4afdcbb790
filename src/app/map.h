/* The map's commands and keys.  Its nets are trained in the background while the Map view is
 * open, and kept when it is left. */
#ifndef INITVIZ_APP_MAP_H
#define INITVIZ_APP_MAP_H

#include <stdbool.h>

#include "base/entry.h"

struct app;
struct sweep_map;

/* The first word of the command `map`, besides the settings. */
extern const struct table map_words;

/* Takes over nets that are trained; starts and stops training as the view is opened and left.
 * Waits for nothing.  True if the screen may have changed. */
bool map_follow(struct app *app);

bool map_is_computing(const struct app *app);

/* Frees all maps.  False if a thread was still in a long step: then it runs on, and
 * the process must end without exit handlers. */
bool map_end(struct app *app);

/* Shows the map of a sweep that was trained before, in the Map view.  The map
 * outlives the app.  ERR_RESOURCE. */
bool map_show_finished(struct app *app, struct sweep_map *map, struct err *err);

/* The keys of the view: see overlay.h. */
bool map_is_open(const struct app *app);    /* the view is chosen */
bool map_takes_keys(const struct app *app); /* and there is a map */
bool map_takes_keys_in_phase(const struct app *app); /* the map beside the plane */
void map_close(struct app *app);
void map_leave_in_phase(struct app *app); /* the keys are the plane's again */
bool map_key(struct app *app, int key);

/* Those keys for the hint bar, in full or brief. */
void map_hint(const struct app *app, bool brief, char *out, size_t size);

/* Whether there is a map that the Phase view can show beside its plane: one axis is the depth, and the nets
 * have the plane's activation. */
bool map_fits_phase(const struct app *app);

/* Shows the nets beside the plane of the Phase view, which is open, and gives them the keys.  words: those of
 * a new map with such an axis; NULL: the map that there is, which fits.  ERR_USAGE, ERR_RESOURCE. */
bool map_show_in_phase(struct app *app, const char *words, struct err *err);

/* Commands. */
bool map_command(struct app *app, char *words, struct err *err);
bool map_value(struct app *app, char *words, struct err *err);

#endif
