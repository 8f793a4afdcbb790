/* The perceptron as the papers define it: double precision, plain loops over
 * layers, images and units.  Slow and easy to check; the tests compare the fast
 * perceptron with it.  They share only the definitions of the activations and the
 * published rules of the optimizers. */
#ifndef INITVIZ_NN_MLP_REFERENCE_H
#define INITVIZ_NN_MLP_REFERENCE_H

#include "nn/mlp.h"

/* Row-major.  d...: derivatives of the loss of one image for u, z (delta) and a;
 * of the mean loss over the batch for parameters. */
struct mlp_reference_layer {
	const struct mlp_layer *shape; /* fan_in, fan_out, activation, normalization, residual */
	double *W, *dW;                /* (fan_in, fan_out) */
	double *b, *gain, *shift;      /* (fan_out); gain and shift NULL without normalization, shift with that of weights */
	double *db, *dgain, *dshift;
	double *v, *dv;                /* (fan_in, fan_out): W = gain v/||v|| of each unit; NULL without weight normalization */
	double *alpha, *dalpha;        /* (1): of the residual branch that ends here; NULL where it is not learned */
	const double *x;               /* (rows, fan_in): the input */
	double *u, *z, *a;             /* (rows, fan_out): u = x W + b, z = norm(u), a = f(z), or alpha f(z) + lambda x of the branch */
	double *du, *delta, *da;       /* (rows, fan_out) */
	double *sum, *dsum;            /* (rows, fan_out): alpha f(z) + lambda x where a = norm(sum) */
};

struct mlp_reference {
	size_t layers, rows, parameters;
	const uint8_t *label;     /* (rows) */
	double *x;                /* (rows, fan_in of the first layer) */
	double *parameter;        /* [parameters], in the order of mlp->parameter */
	double *gradient;         /* [parameters] */
	double (*slot)[OPTIMIZER_MAX_SLOTS]; /* [parameters] of the optimizer, 0 at first */
	uint64_t t;               /* steps done */
	struct mlp_reference_layer *layer;
	double loss;              /* mean, natural logarithm */
	size_t correct;
	double *block;            /* the memory of all doubles above */
};

/* A copy of the net's parameters and of the batch's images; both must outlive
 * it.  NULL with ERR_RESOURCE when there is no memory. */
struct mlp_reference *mlp_reference_create(const struct mlp *mlp, const struct mlp_batch *batch, struct err *err);
void mlp_reference_destroy(struct mlp_reference *reference);

void mlp_reference_forward(struct mlp_reference *reference);
void mlp_reference_backward(struct mlp_reference *reference); /* after forward */
void mlp_reference_step(struct mlp_reference *reference, const struct spec *optimizer); /* after backward */

#endif
