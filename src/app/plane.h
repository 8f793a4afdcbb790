/* The plane of sigma_w and sigma_b that the Phase view shows, and its cursor. */
#ifndef INITVIZ_APP_PLANE_H
#define INITVIZ_APP_PLANE_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/phase_plane.h"

struct app;

struct plane {
	struct phase phase;
	bool placed;               /* the user has moved the cursor */
	const struct snapshot *of; /* the observation of phase.layer; NULL: none; owned */
	const struct layer_observation *layer; /* in `of`: whose spot that is */
};

/* Computes up to `most` more points of the plane of the layer's activation, and where
 * that layer of the observation shown is in it; index: from 0, the last hidden layer for
 * all above. True if anything changed. */
bool plane_follow(struct app *app, size_t index, size_t most);

/* Moves the cursor, to the nearest place inside of the axes. */
void plane_place_cursor(struct plane *plane, double sigma_w, double sigma_b);

/* Returns the cursor to where it begins: the critical sigma_w without biases. */
void plane_forget_cursor(struct plane *plane);

/* Drops the observation. */
void plane_end(struct app *app);

#endif
