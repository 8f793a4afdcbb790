/* The perceptron once more, in double precision and the plainest loops, for
 * the tests: slow, obvious, and without a line in common with src/nn but the
 * activations' reference definitions. */
#ifndef INITVIZ_TESTS_REFERENCE_H
#define INITVIZ_TESTS_REFERENCE_H

#include "nn/mlp.h"

struct reference_layer {
	double *u, *z, *a;       /* (rows, fan_out) */
	double *delta, *du, *da; /* (rows, fan_out): per image, dL/dz, dL/du, dL/da */
};

struct reference {
	const struct mlp *mlp; /* for its shape */
	size_t rows;
	const uint8_t *label;     /* (rows) */
	double *x;                /* (rows, fan_in) */
	double *parameter;        /* [mlp->parameters], laid out as there */
	double *gradient;         /* of the mean loss */
	struct reference_layer *layer;
	double loss;
	size_t correct;
};

/* Copies of the net's parameters and of the batch's images. */
struct reference *reference_create(const struct mlp *mlp, const struct mlp_batch *batch);
void reference_destroy(struct reference *reference);

void reference_forward(struct reference *reference);
void reference_backward(struct reference *reference); /* after it: delta and gradient */

#endif
