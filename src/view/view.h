/* A view: a pure function from a scene to a canvas. */
#ifndef INITVIZ_VIEW_VIEW_H
#define INITVIZ_VIEW_VIEW_H

#include "base/entry.h"
#include "lab/history.h"
#include "lab/runner.h"
#include "lab/snapshot.h"
#include "draw/canvas.h"
#include "view/coordinates_scene.h"
#include "view/map_scene.h"

/* The smallest screen that is drawn. */
#define SCREEN_MIN_WIDTH 40
#define SCREEN_MIN_HEIGHT 10

struct cure;
struct diagnosis;
struct phase;
struct pins;

/* One of the nets that run in lock-step. */
struct scene_lane {
	const struct snapshot *now;      /* NULL before its first observation */
	const struct history *history;
};

/* Everything that a view may use. */
struct scene {
	const struct snapshot *now;      /* the observation shown; never NULL */
	const struct history *history;   /* of this run */
	const struct runner_status *status;
	size_t layer;                    /* selected layer, 0-based */
	size_t scroll;                   /* first visible layer, in views that scroll */
	enum mlp_tensor tensor;          /* selected tensor, in views that show one */
	bool live;                       /* false while looking back in the history */
	size_t lanes, chosen;            /* nets in lock-step; the index of the one above */
	struct scene_lane lane[RUNNER_MAX_LANES]; /* [lanes] */
	const struct diagnosis *diagnosis; /* of `now`; NULL in scenes without an app (tests) */
	const struct cure *cure;         /* likewise */
	const struct phase *phase; /* the plane of sigma_w and sigma_b; likewise, and before the Phase view was open */
	const struct pins *pins;         /* earlier runs to compare with; NULL for none */
	bool linear;                     /* loss axes are linear, else logarithmic */
	bool recent;                     /* charts show the last steps only */
	double zoom;                     /* of the value axes of histograms: 2 shows half of the range; 0: all of it */
	bool log_counts;                 /* histograms of layers have a log scale */
	bool marked;                     /* the picked image is marked on histograms */
	bool present;                    /* few, large things, for a projector */
	struct map_scene map;            /* of the Map view */
	struct coordinates_scene coordinates; /* of the Coordinates view */
};

/* The observation of this run at step 0; NULL if scene->now is that one, or if it
 * is not kept. */
const struct snapshot *scene_start(const struct scene *scene);

/* Choices of the user that only some views show. */
enum view_choice {
	VIEW_TENSOR = 1, /* scene->tensor */
	VIEW_CURVES = 2, /* scene->linear, scene->recent */
	VIEW_COUNTS = 4, /* scene->log_counts */
	VIEW_ZOOM = 8,   /* scene->zoom */
};

struct view {
	struct entry entry; /* name, summary; formula unused */
	unsigned choices;   /* that it shows at every size: enum view_choice, added */
	size_t nets;        /* that it shows side by side: 0 for one of any number, 2, or RUNNER_MAX_LANES */
	bool plane;         /* it shows scene->phase: the arrow keys move the cursor there, Enter starts its net */
	bool images;        /* it shows scene->now->images: keys pick an image and a unit */
	bool marks;         /* it marks the values of the picked image, if one is marked */
	bool map;           /* it shows scene->phase's map of correlations */
	bool singular;      /* it shows singular values, which are measured while it is open */
	void (*draw)(const struct scene *scene, struct canvas *canvas, struct rect area);
	/* The explanation under `?`, with the current numbers filled in. */
	void (*explain)(const struct scene *scene, struct text *text);
};

TABLE_DECLARE(views, struct view, view)

#endif
