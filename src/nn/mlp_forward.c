/* The forward pass, from the images to the loss.  Knows no gradient. */
#include <assert.h>

#include "nn/activation.h"
#include "nn/mat.h"
#include "nn/mlp_layers.h"
#include "nn/vector_math.h"

VECTOR_CLONES
void mlp_batch_set_row(struct mlp_batch *batch, size_t row, const uint8_t *bytes, size_t inputs, float scale,
                       float shift)
{
	float *x = batch->x + row * inputs;
	VECTOR_EACH (i, inputs)
		x[i] = scale * (float)bytes[i] + shift;
}

/* ---- hidden layers ---- */

static void add_bias(float *u, const float *b, size_t rows, size_t columns)
{
	for (size_t i = 0; i < rows; i++)
		VECTOR_EACH (j, columns)
			u[i * columns + j] += b[j];
}

/* From the product to the output, for one chunk of images. */
static void finish_rows(void *context, size_t chunk)
{
	const struct mlp_pass *pass = context;
	const struct mlp_layer *layer = pass->layer;
	size_t columns = layer->fan_out, per_chunk = mlp_rows_per_chunk(columns), first = chunk * per_chunk;
	size_t rows = mlp_chunk_length(first, pass->batch->rows, per_chunk);
	size_t at = first * columns, n = rows * columns;
	float *z = pass->tensor->z + at, *a = pass->tensor->a + at;
	switch (layer->normalization) {
	case MLP_PLAIN:
		add_bias(z, layer->b, rows, columns);
		break;
	case MLP_LAYER_NORM:
		add_bias(pass->tensor->u + at, layer->b, rows, columns);
		mlp_standardize_images(pass, first, rows);
		mlp_gain_and_shift(pass, first, rows);
		break;
	case MLP_BATCH_NORM:
		mlp_gain_and_shift(pass, first, rows);
		break;
	}
	if (layer->activation.entry == NULL)
		return;
	activation_of(&layer->activation)->forward(a, z, n, layer->activation.value);
	if (layer->residual)
		VECTOR_EACH (i, n)
			a[i] += pass->x[at + i];
}

static void forward_layer(struct mlp_pass *pass, struct pool *pool)
{
	const struct mlp_layer *layer = pass->layer;
	const struct mlp_tensors *tensor = pass->tensor;
	size_t rows = pass->batch->rows, columns = layer->fan_out;
	mat_multiply(pool, tensor->u ? tensor->u : tensor->z, pass->x, layer->w, rows, columns, layer->fan_in, false);
	/* the mean that batch norm takes out contains the bias: it is not even added */
	if (layer->normalization == MLP_BATCH_NORM)
		mlp_standardize_units(pass, pool);
	pool_run(mlp_pool_for(pool, rows * columns), finish_rows, pass, mlp_chunks(rows, mlp_rows_per_chunk(columns)));
}

/* ---- softmax cross-entropy ---- */

/* The index of the largest of z[n]; n if all are NaN. */
static size_t largest(const float *z, size_t n)
{
	size_t best = n;
	float max = -INFINITY;
	for (size_t j = 0; j < n; j++) {
		if (z[j] > max || (best == n && z[j] == max)) {
			max = z[j];
			best = j;
		}
	}
	return best;
}

VECTOR_CLONES
static void exponentials(float *p, size_t n)
{
	VECTOR_EACH (i, n)
		p[i] = vector_exp(p[i]);
}

/* p = exp(z - max) / sum, loss = log(sum) - (z[label] - max): shifted by the
 * largest, finite logits never overflow. */
static void softmax(struct mlp_batch *batch, size_t classes)
{
	const struct mlp_tensors *last = &batch->tensor[batch->layers - 1];
	double loss = 0;
	batch->correct = 0;
	for (size_t i = 0; i < batch->rows; i++) {
		const float *z = last->z + i * classes;
		float *p = last->a + i * classes;
		size_t best = largest(z, classes), label = batch->label[i];
		float max = best < classes ? z[best] : NAN;
		assert(label < classes);
		loss += (double)max - (double)z[label];
		VECTOR_EACH (j, classes)
			p[j] = z[j] - max;
	}
	exponentials(last->a, batch->rows * classes);
	for (size_t i = 0; i < batch->rows; i++) {
		float *p = last->a + i * classes;
		double sum = 0;
		for (size_t j = 0; j < classes; j++)
			sum += (double)p[j];
		loss += log(sum);
		float scale = (float)(1 / sum);
		VECTOR_EACH (j, classes)
			p[j] *= scale;
		batch->correct += largest(p, classes) == batch->label[i];
	}
	batch->loss = loss / (double)batch->rows;
}

/* ---- all of it ---- */

struct shown {
	const struct mlp_observer *observer;
	const struct mlp_tensors *tensor;
	size_t layer, count;
};

static void show_z_or_a(void *context, size_t chunk)
{
	const struct shown *shown = context;
	enum mlp_tensor which = chunk == 0 ? MLP_Z : MLP_A;
	mlp_show(shown->observer, which, shown->layer, chunk == 0 ? shown->tensor->z : shown->tensor->a, shown->count);
}

static void show_z_and_a(const struct mlp_observer *observer, const struct mlp_tensors *tensor, size_t layer,
                         size_t count, struct pool *pool)
{
	struct shown shown = { observer, tensor, layer, count };
	if (observer)
		pool_run(observer->at_once ? mlp_pool_for(pool, 2 * count) : NULL, show_z_or_a, &shown, 2);
}

void mlp_forward(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool,
                 const struct mlp_observer *observer)
{
	const float *x = batch->x;
	for (size_t l = 0; l < mlp->layers; l++) {
		const struct mlp_layer *layer = &mlp->layer[l];
		const struct mlp_tensors *tensor = &batch->tensor[l];
		struct mlp_pass pass = { .layer = layer, .tensor = tensor, .batch = batch, .x = x };
		forward_layer(&pass, pool);
		if (l + 1 == mlp->layers)
			softmax(batch, layer->fan_out);
		show_z_and_a(observer, tensor, l, batch->rows * layer->fan_out, pool);
		x = tensor->a;
	}
}
