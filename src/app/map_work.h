/* A map: a sweep of two settings around those of the run, the cursor, and what the view
 * shows of them. */
#ifndef INITVIZ_APP_MAP_WORK_H
#define INITVIZ_APP_MAP_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "lab/sweep_map.h"
#include "app/sweep_job.h"

struct app;
struct map_scene;

/* A map and the threads that train its nets. */
struct map_work {
	struct sweep_map *map;
	struct text words;         /* the grid's */
	struct settings base;      /* around which it was made */
	struct sweep_job job;
	bool finished;             /* trained before, and not owned: missing nets stay missing */
	struct map_work *next;     /* in the list of those that were replaced */
};

struct map {
	struct map_work *work;     /* what is shown; NULL: none yet */
	struct map_work *replaced; /* whose threads had not ended yet */
	size_t value;              /* what the colours show: index into sweep_values */
	size_t index[SWEEP_MAX_AXES]; /* the cursor, a value of each axis */
	size_t view_before;        /* to which Esc returns */
	bool in_phase;             /* the Phase view shows it beside its plane; the work is not NULL */
	bool chosen;               /* there, the keys are the map's */
};

/* Whether a map of these words around these settings would have the same nets. */
bool map_work_is_same(const struct map_work *work, const char *words, const struct settings *base);

/* Trains the nets that are not known yet: for the screen at low priority. */
bool map_work_start(struct map_work *work, bool background);

/* Whether nets are missing that can be trained. */
bool map_work_is_missing(const struct map_work *work);

/* Frees all; false if a thread was still in a long step.  NULL is allowed. */
bool map_work_free(struct map_work *work);

/* Trains the whole map, for scripts. */
bool map_work_compute(struct map_work *work, struct err *err);

/* Frees those replaced maps whose threads have ended. */
void map_free_replaced(struct map *map);

/* For the views; scene->map NULL: none yet; has_keys: as in the Phase view. */
void map_fill_scene(const struct app *app, struct map_scene *scene);

#endif
