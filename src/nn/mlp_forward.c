/* The forward pass of a layer: u = x W + b, z = norm(u), a = f(z). */
#include "nn/activation.h"
#include "nn/kernel/vector_math.h"
#include "nn/mat.h"
#include "nn/mlp_stages.h"

void mlp_product_of_images(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	mat_multiply_here(mlp_product(pass, l) + images.first * layer->fan_out,
	                  mlp_input(pass, l) + images.first * layer->fan_in, layer->w, images.rows, layer->fan_out,
	                  layer->fan_in);
}

void mlp_product_whole(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	mat_multiply(pass->pool, mlp_product(pass, l), mlp_input(pass, l), layer->w, pass->batch->rows, layer->fan_out,
	             layer->fan_in, false);
}

void mlp_add_bias(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	size_t n = layer->fan_out;
	float *u = mlp_product(pass, l) + images.first * n;
	const float *b = layer->b;
	for (size_t i = 0; i < images.rows; i++)
		VECTOR_EACH (j, n)
			u[i * n + j] += b[j];
}

void mlp_activation(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	size_t at = images.first * layer->fan_out, n = images.rows * layer->fan_out;
	float *a = tensor->a + at;
	activation_forward(activation_of(&layer->activation), a, tensor->z + at, n, layer->activation.value);
	if (layer->residual == 0)
		return;
	const float *x = mlp_branch_input(pass, l) + at;
	float alpha = mlp_alpha_of(layer), lambda = layer->skip_scale;
	if (lambda != 1)
		VECTOR_EACH (i, n)
			a[i] = alpha * a[i] + lambda * x[i];
	else if (alpha != 1)
		VECTOR_EACH (i, n)
			a[i] = alpha * a[i] + x[i];
	else
		VECTOR_EACH (i, n)
			a[i] += x[i];
}
