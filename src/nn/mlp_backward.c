/* The backward pass through a layer: dL/da of the layer below is du W', and its
 * delta is that times f'(z).  The gradients of the parameters follow later, in
 * mlp_update.c. */
#include <string.h>

#include "nn/activation.h"
#include "nn/kernel/vector_math.h"
#include "nn/kernel/vector_sum.h"
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

/* Where a branch ends a is more than f(z), but some derivatives are computed from
 * f(z).  dalpha: the sum of dL/da f(z) is added there; NULL: alpha is not learned. */
static void through_branch(const struct activation *activation, float *delta, const float *z, size_t n,
                           const double *p, float alpha, double *dalpha)
{
	float f[BLOCK];
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t count = mlp_chunk_length(i, n, BLOCK);
		activation_forward(activation, f, z + i, count, p);
		if (dalpha)
			*dalpha += vector_dot(delta + i, f, count);
		if (alpha != 1)
			VECTOR_EACH (j, count)
				delta[i + j] *= alpha;
		activation_backward(activation, delta + i, z + i, f, count, p);
	}
}

/* The end of a branch, image by image: each has a dL/dalpha of its own. */
static void leave_branch(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	const struct activation *activation = activation_of(&layer->activation);
	float alpha = mlp_alpha_of(layer);
	for (size_t i = images.first; i < images.first + images.rows; i++) {
		size_t at = i * layer->fan_out;
		double sum = 0;
		through_branch(activation, tensor->delta + at, tensor->z + at, layer->fan_out, layer->activation.value, alpha,
		               tensor->dalpha ? &sum : NULL);
		if (tensor->dalpha)
			tensor->dalpha[i] = (float)sum;
	}
}

/* delta of layer l holds dL/da from the next layer's weights on entry; on return all of
 * dL/da, or dL/d(sum) where a branch's sum is normalized. */
void mlp_sum_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	size_t at = images.first * layer->fan_out, n = images.rows * layer->fan_out;
	if (mlp_branch_begins(pass->mlp, l + 1)) {
		float *delta = pass->batch->tensor[l].delta + at;
		const float *skip = pass->batch->skip + images.first * pass->batch->widest;
		VECTOR_EACH (i, n)
			delta[i] += skip[i];
	}
	if (layer->normalization == MLP_SUM_NORM)
		mlp_normalize_sum_backward(pass, l, images);
}

/* What passes a residual branch: batch->skip keeps it from the end of the branch to its
 * beginning, in the same place for all branches. */
static void pass_branch(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const float *delta = pass->batch->tensor[l].delta + images.first * layer->fan_out;
	float *skip = pass->batch->skip + images.first * pass->batch->widest, lambda = layer->skip_scale;
	size_t n = images.rows * layer->fan_out;
	if (lambda == 1)
		memcpy(skip, delta, n * sizeof *delta);
	else
		VECTOR_EACH (i, n)
			skip[i] = lambda * delta[i];
}

/* delta of layer l holds dL/da on entry, dL/dz on return. */
void mlp_activation_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	size_t at = images.first * layer->fan_out, n = images.rows * layer->fan_out;
	if (layer->residual) {
		pass_branch(pass, l, images);
		leave_branch(pass, l, images);
	} else
		activation_backward(activation_of(&layer->activation), tensor->delta + at, tensor->z + at, tensor->a + at, n,
		                    layer->activation.value);
}
