/* What theory predicts for the singular values of the Jacobians of a net at its
 * initialization: mean and variance of their squares. */
#ifndef INITVIZ_NN_THEORY_ISOMETRY_H
#define INITVIZ_NN_THEORY_ISOMETRY_H

#include <stddef.h>

#include "nn/theory.h"

/* Of the squared singular values s^2 of a Jacobian, over those that can differ from 0. */
struct theory_squares {
	double mean, variance;
};

struct theory_isometry {
	struct theory_squares layer; /* of the layer's own Jacobian, as in nn/isometry.h */
	struct theory_squares input; /* of the Jacobian from the net's input */
};

/* Fills out[layers] from layer[layers] after theory_predict(); orthogonal[layers]: whether a layer's W is an
 * orthogonal matrix times a factor.  NaN where theory has no answer: normalization, weights
 * with a mean or with another pattern, layers without moments.
 *
 * With the mean m1 and the second moment m2 of s^2 of x by the net's input, per unit, v the variance
 * of an entry of W, n = fan_in, n' = fan_out, mu1 = E f'^2, mu2 = E f'^4:
 *
 *   W normal:      m1' = mu1 n v m1,  m2' = (mu1 n v)^2 ((n' + 1)/n m2 + (mu2/mu1^2) m1^2)
 *   W orthogonal, n' <= n:            m2' = (mu1 n v)^2 (n'/n m2 + (mu2/mu1^2 - n'/n) m1^2)
 *
 * For equal widths and L layers: mean chi^L, and variance chi^(2L) L (mu2/mu1^2 - 1 - s1) with
 * s1 = -1 (normal), 0 (orthogonal) as in Pennington, Schoenholz and Ganguli 2017.  A branch
 * a = lambda x + alpha f(z) adds its path's moments g1, g2 (W free of x's Jacobian):
 *
 *   m1' = lambda^2 m1 + alpha^2 g1,  m2' = lambda^4 m2 + 2 lambda^2 alpha^2 (m1 g1 + m2 g1/m1) + alpha^4 g2 */
void theory_isometry(struct theory_isometry *out, const struct theory_layer *layer, const bool *orthogonal, size_t layers);

#endif
