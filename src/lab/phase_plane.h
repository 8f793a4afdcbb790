/* The plane of sigma_w and sigma_b of one activation on a grid: computed once for
 * each activation, a few points at a time, so that nobody waits for it. */
#ifndef INITVIZ_LAB_PHASE_PLANE_H
#define INITVIZ_LAB_PHASE_PLANE_H

#include <stdbool.h>
#include <stddef.h>

#include "nn/theory_phase.h"
#include "lab/snapshot.h"

#define PHASE_COLUMNS 81 /* so that the lines of the grid are at round numbers */
#define PHASE_ROWS 41
#define PHASE_POINTS ((size_t)PHASE_COLUMNS * PHASE_ROWS)

struct phase_plane {
	struct spec activation; /* entry NULL: none yet; grid refers to it */
	double most_w, most_b;  /* the ends of the axes, which begin at 0 */
	double edge;            /* the critical sigma_w for sigma_b = 0; NaN: there is none */
	size_t known;           /* points computed so far: columns from sigma_w = 0 on, each from sigma_b = 0 up */
	struct theory_grid grid;
	float level[PHASE_COLUMNS][PHASE_ROWS]; /* see phase_plane_level() */
};

/* Computes up to `most` more points, for another activation from the first on.
 * False if none was computed.  The plane must stay where it is: the grid refers to it. */
bool phase_plane_extend(struct phase_plane *plane, const struct spec *activation, size_t most);

/* At a point of the plane, interpolated: 1/xi with the sign of the phase, negative
 * in the ordered one, 0 on the critical line; in 1/layers, at most 20 and at least
 * -20.  NaN where it is not known. */
double phase_plane_level(const struct phase_plane *plane, double sigma_w, double sigma_b);

/* The smallest sigma_w of the plane at which chi = 1 for this sigma_b, to 1e-4 of its axis; NaN: there
 * is none.  Some 100 points of theory, all computed anew: below 20 ms. */
double phase_plane_critical(struct phase_plane *plane, double sigma_b);

/* A place in the plane with its numbers. */
struct phase_spot {
	double sigma_w, sigma_b;
	struct theory_phase_point point;
};

/* Computes the point of the spot. */
void phase_spot_compute(struct phase_spot *spot, struct phase_plane *plane);

/* The place of a layer: sigma_w^2 = fan_in Var(W) and sigma_b^2 = E b^2, as observed. */
void phase_place_layer(double *sigma_w, double *sigma_b, const struct layer_observation *layer);

/* What is shown of a plane. */
struct phase {
	struct phase_plane plane;
	struct phase_spot cursor, layer; /* layer: the selected one, or the last hidden one */
	struct theory_correlation_map map; /* of layers like that one, at its E z^2 as observed */
};

#endif
