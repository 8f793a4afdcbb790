/* The backward pass, from the loss to the gradient.  Knows no optimizer. */
#include "nn/activation.h"
#include "nn/mat.h"
#include "nn/mlp_layers.h"
#include "nn/vector_math.h"

void mlp_backward_output(const struct mlp *mlp, struct mlp_batch *batch, const struct mlp_observer *observer)
{
	size_t last = mlp->layers - 1, classes = mlp->layer[last].fan_out;
	const struct mlp_tensors *tensor = &batch->tensor[last];
	memcpy(tensor->delta, tensor->a, batch->rows * classes * sizeof *tensor->delta);
	for (size_t i = 0; i < batch->rows; i++)
		tensor->delta[i * classes + batch->label[i]] -= 1;
	mlp_show(observer, MLP_DELTA, last, tensor->delta, batch->rows * classes);
}

/* ---- through an activation ---- */

struct activation_backward {
	const struct mlp_layer *layer;
	const struct mlp_tensors *tensor;
	size_t n;            /* rows * fan_out */
	const float *joined; /* dL/da that came past the next layer, or NULL */
	float *skip;         /* where dL/da goes past this layer, or NULL */
};

/* delta: dL/da from the next layer's weights on entry, dL/dz on return. */
static void activation_chunk(void *context, size_t chunk)
{
	const struct activation_backward *work = context;
	const struct activation *activation = activation_of(&work->layer->activation);
	const double *p = work->layer->activation.value;
	size_t first = chunk * MLP_CHUNK, n = mlp_chunk_length(first, work->n, MLP_CHUNK);
	float *delta = work->tensor->delta + first;
	const float *z = work->tensor->z + first, *a = work->tensor->a + first;
	if (work->joined)
		VECTOR_EACH (i, n)
			delta[i] += work->joined[first + i];
	if (work->skip == NULL) {
		activation->backward(delta, z, a, n, p);
		return;
	}
	/* a is f(z) + x here, but the derivative may be made from f(z) */
	float f[MLP_CHUNK];
	memcpy(work->skip + first, delta, n * sizeof *delta);
	activation->forward(f, z, n, p);
	activation->backward(delta, z, f, n, p);
}

static void through_activation(const struct mlp *mlp, const struct mlp_batch *batch, size_t l, struct pool *pool)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	struct activation_backward work = {
		.layer = layer,
		.tensor = &batch->tensor[l],
		.n = batch->rows * layer->fan_out,
		.joined = mlp->layer[l + 1].residual ? batch->skip : NULL,
		.skip = layer->residual ? batch->skip : NULL,
	};
	pool_run(mlp_pool_for(pool, work.n), activation_chunk, &work, mlp_chunks(work.n, MLP_CHUNK));
}

/* ---- a layer ---- */

/* gradient: of this layer's parameters, laid out as they are, or NULL. */
static const float *through_normalization(const struct mlp_pass *pass, float *gradient, struct pool *pool)
{
	const struct mlp_layer *layer = pass->layer;
	if (layer->normalization == MLP_PLAIN)
		return pass->tensor->delta;
	float *gain = gradient ? gradient + (layer->gain - layer->w) : NULL;
	float *shift = gradient ? gradient + (layer->shift - layer->w) : NULL;
	mlp_norm_backward(pass, gain, shift, pool);
	return pass->batch->du;
}

static void weights_and_biases(const struct mlp_pass *pass, float *gradient, const float *du, struct pool *pool)
{
	const struct mlp_layer *layer = pass->layer;
	size_t rows = pass->batch->rows;
	float *b = gradient + (layer->b - layer->w);
	if (layer->normalization == MLP_BATCH_NORM)
		memset(b, 0, layer->fan_out * sizeof *b); /* the mean that is taken out contains it */
	else
		mlp_column_means(b, du, NULL, rows, layer->fan_out, pool);
	mat_transposed_multiply(pool, gradient, pass->x, du, layer->fan_in, layer->fan_out, rows, 1 / (float)rows);
}

void mlp_backward_layer(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, size_t l, struct pool *pool,
                        const struct mlp_observer *observer)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	struct mlp_pass pass = {
		.layer = layer, .tensor = &batch->tensor[l], .batch = batch, .x = l ? batch->tensor[l - 1].a : batch->x,
	};
	float *own = gradient ? gradient + (layer->w - mlp->parameter) : NULL;
	if (l == 0 && own == NULL)
		return;
	const float *du = through_normalization(&pass, own, pool);
	if (l > 0) {
		float *delta = batch->tensor[l - 1].delta;
		mat_multiply_transposed(pool, delta, du, layer->w, batch->rows, layer->fan_in, layer->fan_out);
		through_activation(mlp, batch, l - 1, pool);
		mlp_show(observer, MLP_DELTA, l - 1, delta, batch->rows * layer->fan_in);
	}
	if (own)
		weights_and_biases(&pass, own, du, pool);
}

void mlp_backward(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, struct pool *pool,
                  const struct mlp_observer *observer)
{
	mlp_backward_output(mlp, batch, observer);
	for (size_t l = mlp->layers; l-- > 0;) {
		mlp_backward_layer(mlp, batch, gradient, l, pool, observer);
		if (gradient)
			mlp_show_gradient(mlp, gradient, l, observer);
	}
}
