/* The backward pass, layer by layer, from the loss to the deltas.  Knows no
 * gradient of parameters. */
#include "nn/activation.h"
#include "nn/mat.h"
#include "nn/mlp_layers.h"
#include "nn/vector_math.h"

void mlp_output_delta_images(const struct mlp_pass *pass, struct mlp_images images)
{
	const struct mlp_batch *batch = pass->batch;
	size_t last = batch->layers - 1, classes = pass->mlp->layer[last].fan_out, at = images.first * classes;
	const struct mlp_tensors *tensor = &batch->tensor[last];
	memcpy(tensor->delta + at, tensor->a + at, images.rows * classes * sizeof *tensor->delta);
	for (size_t i = images.first; i < images.first + images.rows; i++)
		tensor->delta[i * classes + batch->label[i]] -= 1;
}

/* ---- through an activation ---- */

#define BLOCK 2048 /* floats of f(z) that are made again at a time */

/* a is f(z) + x with a residual, but the derivative may be made from f(z). */
static void through_residual(const struct activation *activation, float *delta, const float *z, size_t n,
                             const double *p)
{
	float f[BLOCK];
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t count = mlp_chunk_length(i, n, BLOCK);
		activation->forward(f, z + i, count, p);
		activation->backward(delta + i, z + i, f, count, p);
	}
}

/* delta of layer l: dL/da from the next layer's weights on entry, dL/dz on
 * return.  What goes past a layer is kept for the one before: in the same place
 * for all layers, a group of images' own, as wide as the widest. */
static void through_activation(const struct mlp_pass *pass, size_t l, struct mlp_images images)
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
		activation->backward(delta, tensor->z + at, tensor->a + at, n, p);
}

/* ---- a layer ---- */

bool mlp_backward_is_by_images(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	return layer->normalization != MLP_BATCH_NORM && (l == 0 || layer->fan_in * layer->fan_out <= MLP_NARROW);
}

void mlp_backward_images(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	if (layer->normalization != MLP_PLAIN)
		mlp_norm_backward_images(pass, l, images);
	if (l == 0)
		return;
	mat_multiply_transposed_here(tensor[-1].delta + images.first * layer->fan_in,
	                             tensor->du + images.first * layer->fan_out, layer->w, images.rows, layer->fan_in,
	                             layer->fan_out);
	through_activation(pass, l - 1, images);
}

struct layer_pass {
	const struct mlp_pass *pass;
	size_t l;
};

static void norm_group(void *context, size_t group)
{
	const struct layer_pass *at = context;
	mlp_norm_backward_images(at->pass, at->l, mlp_image_group(at->pass->batch, group));
}

static void activation_group(void *context, size_t group)
{
	const struct layer_pass *at = context;
	through_activation(at->pass, at->l, mlp_image_group(at->pass->batch, group));
}

void mlp_backward_whole(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	if (layer->normalization == MLP_BATCH_NORM)
		mlp_norm_means(pass, l);
	if (layer->normalization != MLP_PLAIN)
		mlp_each_group(pass, norm_group, &(struct layer_pass){ pass, l });
	if (l == 0)
		return;
	mat_multiply_transposed(pass->pool, tensor[-1].delta, tensor->du, layer->w, pass->batch->rows, layer->fan_in,
	                        layer->fan_out);
	mlp_each_group(pass, activation_group, &(struct layer_pass){ pass, l - 1 });
}
