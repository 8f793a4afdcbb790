/* Building the perceptron and room for its batches.  Knows no arithmetic but
 * that of sizes: every count saturates at SIZE_MAX, which no allocation gets. */
#include "nn/mlp.h"

#include "base/alloc.h"
#include "nn/mlp_layers.h"

#define LINE 16 /* floats of a cache line: where tensors begin */

static size_t plus(size_t a, size_t b)
{
	size_t sum;
	return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static size_t times(size_t a, size_t b)
{
	size_t product;
	return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

/* ---- the net ---- */

size_t mlp_layer_parameters(const struct mlp_layer *layer)
{
	size_t vectors = layer->normalization == MLP_PLAIN ? 1 : 3;
	return plus(times(layer->fan_in, layer->fan_out), times(layer->fan_out, vectors));
}

static struct mlp_layer layer_of_shape(const struct mlp_shape *shape, size_t l)
{
	struct mlp_layer layer = { .fan_in = shape->widths[l], .fan_out = shape->widths[l + 1], .lr_scale = 1,
	                           .bias_lr_scale = 1 };
	if (l + 1 < shape->layers) {
		layer.activation = *shape->activation;
		layer.normalization = shape->normalization;
		layer.residual = shape->residual && layer.fan_in == layer.fan_out;
	}
	return layer;
}

static size_t parameters_of_shape(const struct mlp_shape *shape)
{
	size_t parameters = 0;
	for (size_t l = 0; l < shape->layers; l++) {
		struct mlp_layer layer = layer_of_shape(shape, l);
		parameters = plus(parameters, mlp_layer_parameters(&layer));
	}
	return parameters;
}

/* Hands the layer its part of the block; returns what follows it. */
static float *place_parameters(struct mlp_layer *layer, float *block)
{
	layer->w = block;
	layer->b = layer->w + layer->fan_in * layer->fan_out;
	if (layer->normalization == MLP_PLAIN)
		return layer->b + layer->fan_out;
	layer->gain = layer->b + layer->fan_out;
	layer->shift = layer->gain + layer->fan_out;
	for (size_t j = 0; j < layer->fan_out; j++)
		layer->gain[j] = 1;
	return layer->shift + layer->fan_out;
}

struct mlp *mlp_create(const struct mlp_shape *shape, struct err *err)
{
	struct mlp *mlp = alloc_array(1, sizeof *mlp, err);
	if (mlp == NULL)
		return NULL;
	mlp->layers = shape->layers;
	mlp->parameters = parameters_of_shape(shape);
	mlp->layer = alloc_array(mlp->layers, sizeof *mlp->layer, err);
	mlp->parameter = mlp->layer ? alloc_aligned(mlp->parameters, sizeof(float), err) : NULL;
	if (mlp->parameter == NULL) {
		mlp_destroy(mlp);
		return NULL;
	}
	float *block = mlp->parameter;
	for (size_t l = 0; l < mlp->layers; l++) {
		mlp->layer[l] = layer_of_shape(shape, l);
		block = place_parameters(&mlp->layer[l], block);
	}
	return mlp;
}

void mlp_destroy(struct mlp *mlp)
{
	if (mlp == NULL)
		return;
	alloc_free(mlp->layer);
	alloc_free(mlp->parameter);
	alloc_free(mlp);
}

/* ---- a batch: one block of floats, cut into tensors ----
 *
 * Counting and cutting are the same code: without a block the carver only
 * counts. */

struct carver {
	float *block; /* NULL while counting */
	size_t used;  /* floats so far */
};

static float *carve(struct carver *carver, size_t rows, size_t columns)
{
	float *piece = carver->block ? carver->block + carver->used : NULL;
	size_t lines = plus(times(rows, columns), LINE - 1) / LINE;
	carver->used = plus(carver->used, times(lines, LINE));
	return piece;
}

static void carve_tensors(struct carver *carver, struct mlp_tensors *tensor, const struct mlp_layer *layer, size_t rows)
{
	size_t columns = layer->fan_out;
	tensor->z = carve(carver, rows, columns);
	tensor->a = carve(carver, rows, columns);
	tensor->delta = carve(carver, rows, columns);
	if (layer->normalization != MLP_PLAIN) {
		tensor->u = carve(carver, rows, columns);
		tensor->statistic = carve(carver, 1, layer->normalization == MLP_BATCH_NORM ? columns : rows);
	}
}

/* What the layers share, and how large it must be. */
struct shared {
	size_t inputs, widest;
	bool normalization, residual;
};

static void share(struct shared *shared, const struct mlp_layer *layer)
{
	if (shared->inputs == 0)
		shared->inputs = layer->fan_in;
	if (shared->widest < layer->fan_out)
		shared->widest = layer->fan_out;
	shared->normalization |= layer->normalization != MLP_PLAIN;
	shared->residual |= layer->residual;
}

static void carve_shared(struct carver *carver, struct mlp_batch *batch, const struct shared *shared, size_t rows)
{
	batch->x = carve(carver, rows, shared->inputs);
	if (shared->normalization) {
		batch->du = carve(carver, rows, shared->widest);
		batch->means = carve(carver, 2, shared->widest);
	}
	if (shared->residual)
		batch->skip = carve(carver, rows, shared->widest);
}

static void carve_batch(struct carver *carver, struct mlp_batch *batch, const struct mlp *mlp)
{
	struct shared shared = {0};
	for (size_t l = 0; l < mlp->layers; l++) {
		share(&shared, &mlp->layer[l]);
		carve_tensors(carver, &batch->tensor[l], &mlp->layer[l], batch->capacity);
	}
	carve_shared(carver, batch, &shared, batch->capacity);
}

struct mlp_batch *mlp_batch_create(const struct mlp *mlp, size_t capacity, struct err *err)
{
	struct mlp_batch *batch = alloc_array(1, sizeof *batch, err);
	if (batch == NULL)
		return NULL;
	batch->capacity = batch->rows = capacity;
	batch->layers = mlp->layers;
	batch->label = alloc_array(capacity, sizeof *batch->label, err);
	batch->tensor = batch->label ? alloc_array(mlp->layers, sizeof *batch->tensor, err) : NULL;
	if (batch->tensor) {
		struct carver carver = {0};
		carve_batch(&carver, batch, mlp);
		batch->block = alloc_aligned(carver.used, sizeof(float), err);
	}
	if (batch->block == NULL) {
		mlp_batch_destroy(batch);
		return NULL;
	}
	carve_batch(&(struct carver){ .block = batch->block }, batch, mlp);
	return batch;
}

void mlp_batch_destroy(struct mlp_batch *batch)
{
	if (batch == NULL)
		return;
	alloc_free(batch->label);
	alloc_free(batch->tensor);
	alloc_free(batch->block);
	alloc_free(batch);
}

/* ---- the bill ---- */

size_t mlp_bytes(const struct mlp_shape *shape, size_t rows, int slots)
{
	struct carver carver = {0};
	struct shared shared = {0};
	size_t most_weights = 0;
	for (size_t l = 0; l < shape->layers; l++) {
		struct mlp_layer layer = layer_of_shape(shape, l);
		size_t weights = times(layer.fan_in, layer.fan_out);
		most_weights = weights > most_weights ? weights : most_weights;
		share(&shared, &layer);
		carve_tensors(&carver, &(struct mlp_tensors){0}, &layer, rows);
	}
	carve_shared(&carver, &(struct mlp_batch){0}, &shared, rows);

	size_t copies = plus(2, (size_t)slots), floats = times(parameters_of_shape(shape), copies);
	size_t bytes = plus(times(plus(floats, carver.used), sizeof(float)), rows);
	bytes = plus(bytes, times(plus(most_weights / MLP_UPDATE_CHUNK, 1), sizeof(double)));
	bytes = plus(bytes, times(shape->layers, sizeof(struct mlp_layer) + sizeof(struct mlp_tensors) + sizeof(double)));
	return plus(bytes, sizeof(struct mlp) + sizeof(struct mlp_batch) + sizeof(struct mlp_training));
}
