/* The backward pass through a layer: dL/da of the layer below is du W', and its
 * delta is that times f'(z).  The gradients of the parameters follow later, in
 * mlp_update.c. */
#include <string.h>

#include "nn/activation.h"
#include "nn/kernel/vector_math.h"
#include "nn/mat.h"
#include "nn/mlp_stages.h"

void mlp_product_backward_of_images(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	mat_multiply_transposed_here(tensor[-1].delta + images.first * layer->fan_in,
	                             tensor->du + images.first * layer->fan_out, layer->w, images.rows, layer->fan_in,
	                             layer->fan_out);
}

void mlp_product_backward_whole(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	mat_multiply_transposed(pass->pool, tensor[-1].delta, tensor->du, layer->w, pass->batch->rows, layer->fan_in,
	                        layer->fan_out);
}

#define BLOCK 2048 /* values of f(z) that are computed again at a time */

/* With a residual a is f(z) + x, but some derivatives are computed from f(z). */
static void through_residual(const struct activation *activation, float *delta, const float *z, size_t n,
                             const double *p)
{
	float f[BLOCK];
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t count = mlp_chunk_length(i, n, BLOCK);
		activation_forward(activation, f, z + i, count, p);
		activation_backward(activation, delta + i, z + i, f, count, p);
	}
}

/* delta of layer l holds dL/da from the next layer's weights on entry, dL/dz on
 * return.  With residuals dL/da also passes the layer unchanged: batch->skip
 * keeps it for the layer below, in the same place for all layers. */
void mlp_activation_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	const struct activation *activation = activation_of(&layer->activation);
	const double *p = layer->activation.value;
	size_t at = images.first * layer->fan_out, n = images.rows * layer->fan_out;
	float *delta = tensor->delta + at, *skip = pass->batch->skip;
	if (skip)
		skip += images.first * pass->batch->widest;
	if (pass->mlp->layer[l + 1].residual)
		VECTOR_EACH (i, n)
			delta[i] += skip[i];
	if (layer->residual) {
		memcpy(skip, delta, n * sizeof *delta);
		through_residual(activation, delta, tensor->z + at, n, p);
	} else
		activation_backward(activation, delta, tensor->z + at, tensor->a + at, n, p);
}
