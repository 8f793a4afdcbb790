/* The plane of sigma_w and sigma_b, in which mean-field theory places a deep net
 * of equal layers (Poole et al. 2016, Schoenholz et al. 2017): the fixed point of
 * the signal, the phase, and over how many layers two images keep what makes them
 * different. */
#ifndef INITVIZ_NN_THEORY_PHASE_H
#define INITVIZ_NN_THEORY_PHASE_H

#include "nn/theory_estimate.h"

/* Above this E z^2 counts as growing without end. */
#define THEORY_PHASE_MOST_Q 1e8

/* Nets train to a depth of some six depth scales (Schoenholz et al. 2017). */
#define THEORY_TRAINABLE 6

/* NaN where theory has no answer. */
struct theory_phase_point {
	double q;           /* q*, the first fixed point that the map q -> sigma_w^2 V(q) + sigma_b^2 reaches from q = 1;
	                     * 0: the signal fades; Inf: it grows without end */
	double chi;         /* sigma_w^2 E f'^2 there: the gradient^2's factor per layer; < 1 ordered, > 1 chaotic */
	double correlation; /* c*, the correlation to which that of two images leads; 1 in the ordered phase */
	double depth_scale; /* xi = 1/|ln(sigma_w^2 E f'(z) f'(z'))| at c*, layers; 1/|ln chi| where c* = 1, and
	                     * where c* is only approximate: the activation is like a step at q*; Inf where chi = 1 */
};

/* grid: of the activation.  q and chi to 1e-4 of themselves.  At most some 500
 * moments from the grid and one series: below 1 ms.  An activation whose E f(z)^2
 * falls with q may oscillate instead of settling at q*. */
void theory_phase_point(struct theory_phase_point *point, struct theory_grid *grid, double sigma_w2, double sigma_b2);

/* The map of the correlation of two images from one layer of equal ones to the
 * next, at E z^2 = q (Poole et al. 2016, eq. 5).  NaN where theory has no answer. */
#define THEORY_MAP_POINTS 129
struct theory_correlation_map {
	double after[THEORY_MAP_POINTS]; /* [i]: of the correlation i/(THEORY_MAP_POINTS - 1) */
	double slope;                    /* at 1 */
	double limit, rate;              /* the fixed point to which it leads, and its slope there */
};
void theory_correlation_map(struct theory_correlation_map *map, const struct spec *activation, double q, double sigma_w2,
                            double sigma_b2);

#endif
