/* A coordinate check, the threads that train its nets, and what the view shows of them. */
#ifndef INITVIZ_APP_COORDINATE_WORK_H
#define INITVIZ_APP_COORDINATE_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "lab/coordinates.h"
#include "app/sweep_job.h"

struct app;
struct coordinates_scene;

/* A check and the threads that train its nets. */
struct coordinate_work {
	struct coordinates *check;
	struct text words;            /* from which it was made */
	struct settings base;         /* around which */
	struct sweep_job job;
	struct coordinate_work *next; /* in the list of those that were replaced */
};

struct coordinate_check {
	struct coordinate_work *work;     /* what is shown; NULL: none yet */
	struct coordinate_work *replaced; /* whose threads had not ended yet */
	size_t step;                      /* whose movement is shown */
	size_t view_before;               /* to which Esc returns */
};

/* Whether a check of these words around these settings would have the same nets. */
bool coordinate_work_is_same(const struct coordinate_work *work, const char *words, const struct settings *base);

/* Trains the nets that are missing: for the screen at low priority. */
bool coordinate_work_start(struct coordinate_work *work, bool background);

/* Trains all that are missing, for scripts. */
bool coordinate_work_compute(struct coordinate_work *work, struct err *err);

/* Whether nets are missing that can be trained. */
bool coordinate_work_is_missing(const struct coordinate_work *work);

/* Frees all; false if a thread was still in a long step.  NULL is allowed. */
bool coordinate_work_free(struct coordinate_work *work);

/* Frees those replaced checks whose threads have ended. */
void coordinate_work_free_replaced(struct coordinate_check *checks);

/* For the view; scene->check NULL: none yet. */
void coordinate_work_fill_scene(const struct app *app, struct coordinates_scene *scene);

#endif
