/* The axis of a layer's histograms.  All hidden layers of a net, and of all nets in
 * lock-step, share one for each tensor, so that one sees how the signal shrinks or
 * grows.  It only grows during a run. */
#ifndef INITVIZ_VIEW_RULER_H
#define INITVIZ_VIEW_RULER_H

#include <stdbool.h>
#include <stddef.h>

#include "draw/plot.h"
#include "view/view.h"

struct ruler {
	double low, high; /* low < high, both finite */
	bool own;         /* not shared: of the output layer, or the range of a bounded activation */
};

/* The ruler of a layer (0-based) of scene->now, zoomed.  An earlier observation has the
 * ruler of the latest one, so that the axis stays the same while the user looks
 * back. */
struct ruler ruler_of(const struct scene *scene, size_t layer, enum mlp_tensor tensor);

/* The same for views that show a single layer of each net: shared by that layer
 * of all nets in lock-step, not by the other layers. */
struct ruler ruler_of_layer(const struct scene *scene, size_t layer, enum mlp_tensor tensor);

/* The part of an axis that the scene's zoom shows: about 0 or the end next to it, of a
 * bounded range (own) about its middle. */
struct ruler ruler_zoomed(const struct scene *scene, struct ruler ruler, bool about_middle);

/* The ruler of one tensor alone, zoomed. */
struct ruler ruler_alone(const struct scene *scene, size_t layer, enum mlp_tensor tensor);

/* Whether the hidden layers' shared ruler has grown within the last few
 * observations; then *grown is the ruler as it is now. */
bool ruler_has_grown(const struct scene *scene, enum mlp_tensor tensor, struct ruler *grown);

/* "axis now ±10", "axis now 0..5". */
#define RULER_NOTE_SIZE 48
char *ruler_note(char out[RULER_NOTE_SIZE], const struct ruler *ruler);

#endif
