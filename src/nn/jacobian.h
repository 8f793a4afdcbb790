/* The Jacobian of a net at one image, layer by layer: products of da/dx with matrices and
 * vectors, from the tensors of a forward pass.
 *
 * A layer's own Jacobian takes a small change of the layer's input to that of
 * f(z): f'(z) W, with the derivative of layer normalization between them.  Where a
 * residual branch ends, a = alpha f(z) + lambda x, and normalization of that sum, follow.
 * Of the output layer it is that of z (the logits).  Batch normalization has no Jacobian
 * of one image, because the image's statistics are those of the whole batch. */
#ifndef INITVIZ_NN_JACOBIAN_H
#define INITVIZ_NN_JACOBIAN_H

#include "nn/mlp.h"

/* Where: an image (row) of a batch after mlp_forward().  No layer may have batch
 * normalization. */
struct jacobian {
	const struct mlp *mlp;
	const struct mlp_batch *batch;
	size_t row;
};

/* Whether no layer has batch normalization. */
bool jacobian_exists(const struct mlp *mlp);

/* y (fan_out, columns) = the own Jacobian of layer l times x (fan_in, columns); x NULL: the
 * identity, columns = fan_in. */
void jacobian_apply(double *y, const double *x, size_t columns, const struct jacobian *at, size_t l);

/* x[fan_in] = the transpose times y[fan_out], which is destroyed. */
void jacobian_apply_transposed(double *x, double *y, const struct jacobian *at, size_t l);

/* For the layer l in which a branch ends: t (fan_out, columns) becomes alpha t + lambda skip, and its
 * normalization's derivative times that.  skip (fan_out, columns): the Jacobian of the
 * branch's input; NULL: the identity. */
void jacobian_end_branch(double *t, const double *skip, size_t columns, const struct jacobian *at, size_t l);

/* For the layer l in which a branch ends: y[fan_out] becomes the transpose of its normalization's
 * derivative times y; skip[fan_out] = lambda y, y = alpha y. */
void jacobian_begin_back(double *y, double *skip, const struct jacobian *at, size_t l);

#endif
