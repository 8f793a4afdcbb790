/* The map: a sweep of two settings around those of the run.  Its nets are trained in
 * the background while the Map view is open, and kept when it is left. */
#ifndef INITVIZ_APP_MAP_H
#define INITVIZ_APP_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include "base/entry.h"
#include "lab/sweep_map.h"

struct app;
struct map_scene;

/* A map and the threads that train its nets. */
struct map_work {
	struct sweep_map *map;
	struct text words;         /* the grid's */
	uint32_t *order;           /* of the nets that the sweep trains */
	struct sweep *sweep;       /* NULL: no thread is at work */
	bool stopped;              /* the sweep was stopped, or has no more nets: its threads end */
	struct err err;            /* why the sweep ended early */
	struct map_work *next;     /* in the list of those that were replaced */
};

struct map {
	struct map_work *work;     /* what is shown; NULL: none yet */
	struct map_work *replaced; /* whose threads had not ended yet */
	size_t value;              /* what the colours show: index into sweep_values */
	size_t index[SWEEP_MAX_AXES]; /* the cursor, a value of each axis */
	size_t view_before;        /* to which Esc returns */
};

/* The first word of the command `map`, besides the settings. */
extern const struct table map_words;

/* Takes over nets that are trained; starts and stops training as the view is opened and left.
 * Waits for nothing.  True if the screen may have changed. */
bool map_follow(struct app *app);

bool map_is_computing(const struct app *app);

/* For the view; map NULL: none yet. */
void map_fill_scene(const struct app *app, struct map_scene *scene);

/* Frees all maps.  False if a thread was still in a long step: then it runs on, and
 * the process must end without exit handlers. */
bool map_end(struct app *app);

/* The keys of the view: see overlay.h. */
bool map_is_open(const struct app *app);    /* the view is chosen */
bool map_takes_keys(const struct app *app); /* and there is a map */
void map_close(struct app *app);
bool map_key(struct app *app, int key);

/* Commands. */
bool map_command(struct app *app, char *words, struct err *err);
bool map_value(struct app *app, char *words, struct err *err);

#endif
