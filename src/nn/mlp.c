/* Creating the perceptron and the memory of its batches.  Counts of bytes stop
 * at SIZE_MAX on overflow, and an allocation of SIZE_MAX bytes fails. */
#include "nn/mlp.h"

#include "base/alloc.h"
#include "nn/kernel/sparse.h"
#include "nn/mlp_stages.h"

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
	static const size_t matrices[MLP_NORMALIZATIONS] = { 1, 1, 1, [MLP_WEIGHT_NORM] = 2, [MLP_SUM_NORM] = 1 };
	static const size_t vectors[MLP_NORMALIZATIONS] = { [MLP_PLAIN] = 1, [MLP_BATCH_NORM] = 3, [MLP_LAYER_NORM] = 3,
	                                                    [MLP_WEIGHT_NORM] = 2, [MLP_SUM_NORM] = 3 };
	size_t in_matrices = times(times(layer->fan_in, layer->fan_out), matrices[layer->normalization]);
	size_t parameters = plus(in_matrices, times(layer->fan_out, vectors[layer->normalization]));
	return layer->alpha_learned ? plus(parameters, 1) : parameters;
}

unsigned mlp_branch_end(const uint32_t *widths, size_t layers, unsigned residual, size_t l)
{
	if (residual == 0 || l + 1 >= layers)
		return 0;
	if (residual == 1) /* every layer can be a branch, whatever those before it are */
		return widths[l] == widths[l + 1];
	for (size_t first = 0; first <= l && first + residual < layers;) {
		bool is_branch = widths[first] == widths[first + residual];
		if (is_branch && first + residual == l + 1)
			return residual;
		first += is_branch ? residual : 1;
	}
	return 0;
}

static struct mlp_layer layer_of_shape(const struct mlp_shape *shape, size_t l)
{
	struct mlp_layer layer = { .fan_in = shape->widths[l], .fan_out = shape->widths[l + 1], .lr_scale = 1,
	                           .bias_lr_scale = 1, .branch_scale = 1, .skip_scale = 1 };
	if (l + 1 < shape->layers) {
		layer.activation = shape->activations ? *shape->activations[l] : *shape->activation;
		layer.residual = mlp_branch_end(shape->widths, shape->layers, shape->residual, l);
		layer.normalization = shape->normalization == MLP_SUM_NORM && !layer.residual ? MLP_PLAIN : shape->normalization;
		layer.alpha_learned = layer.residual && shape->alpha_learned;
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

/* Sets the layer's pointers into the block; returns the end of its part. */
static float *layout_parameters(struct mlp_layer *layer, float *block)
{
	layer->w = block;
	layer->b = layer->w + layer->fan_in * layer->fan_out;
	float *end = layer->b + layer->fan_out;
	if (mlp_has_shift(layer->normalization)) {
		layer->gain = end;
		layer->shift = layer->gain + layer->fan_out;
		for (size_t j = 0; j < layer->fan_out; j++)
			layer->gain[j] = 1;
		end = layer->shift + layer->fan_out;
	}
	if (layer->normalization == MLP_WEIGHT_NORM) {
		layer->gain = end;
		layer->v = layer->gain + layer->fan_out;
		end = layer->v + layer->fan_in * layer->fan_out;
	}
	if (layer->alpha_learned) {
		layer->alpha = end++;
		*layer->alpha = 1;
	}
	return end;
}

/* ---- tiles ---- */

static bool has_wide_tiles(const struct mlp_layer *layer, size_t l)
{
	return l > 0 && times(layer->fan_in, layer->fan_out) > MLP_NARROW;
}

static size_t tile_rows(const struct mlp_layer *layer, size_t l)
{
	return has_wide_tiles(layer, l) ? MLP_WIDE_TILE_ROWS : MLP_TILE_ROWS;
}

static size_t tile_pieces(const struct mlp_layer *layer, size_t l)
{
	size_t most = MLP_WIDE_TILE_COLUMNS, wide = layer->fan_out < 4 * most ? most / 2 : most;
	return mlp_chunks(layer->fan_out, has_wide_tiles(layer, l) ? wide : MLP_TILE_COLUMNS);
}

static size_t tiles_of(const struct mlp_layer *layer, size_t l)
{
	return times(mlp_chunks(layer->fan_in, tile_rows(layer, l)), tile_pieces(layer, l));
}

/* Writes the tiles of layer l, from the top row to the bottom; returns the end. */
static struct mlp_tile *tile_layer(struct mlp_tile *tile, const struct mlp_layer *layer, size_t l)
{
	size_t pieces = tile_pieces(layer, l), rows = tile_rows(layer, l);
	for (size_t row = 0; row < layer->fan_in; row += rows)
		for (size_t p = 0; p < pieces; p++) {
			size_t column = mlp_piece(layer->fan_out, pieces, p), end = mlp_piece(layer->fan_out, pieces, p + 1);
			*tile++ = (struct mlp_tile){
				.layer = (uint32_t)l, .row = (uint32_t)row, .column = (uint32_t)column,
				.rows = (uint16_t)mlp_chunk_length(row, layer->fan_in, rows),
				.columns = (uint16_t)(end - column),
			};
		}
	return tile;
}

/* The tiles of layers [bottom, top), one layer after the other, every second one first.  So the first
 * layer lies in the middle of a small net's: when two threads share the tiles, each updates the
 * half of its weights that it has multiplied with. */
static struct mlp_tile *tile_layers(struct mlp *mlp, struct mlp_tile *tile, size_t bottom, size_t top)
{
	mlp->layer[bottom].first_tile = (size_t)(tile - mlp->tile);
	for (size_t l = bottom + 1; l < top; l += 2)
		tile = tile_layer(tile, &mlp->layer[l], l);
	for (size_t l = bottom; l < top; l += 2)
		tile = tile_layer(tile, &mlp->layer[l], l);
	mlp->layer[bottom].end_tile = (size_t)(tile - mlp->tile);
	return tile;
}

/* From the last layer to the first, as the backward pass goes; layers are updated together as
 * long as their weights stay in the cache. */
static bool create_tiles(struct mlp *mlp, struct err *err)
{
	for (size_t l = 0; l < mlp->layers; l++)
		mlp->tiles += tiles_of(&mlp->layer[l], l);
	struct mlp_tile *tile = mlp->tile = alloc_array(mlp->tiles, sizeof *tile, err);
	if (tile == NULL)
		return false;
	size_t weights = 0, top = mlp->layers;
	for (size_t l = mlp->layers; l-- > 0;) {
		weights += mlp->layer[l].fan_in * mlp->layer[l].fan_out;
		if (l > 0 && weights < MLP_CACHED)
			continue;
		tile = tile_layers(mlp, tile, l, top);
		weights = 0;
		top = l;
	}
	return true;
}

/* ---- plans ---- */

static bool create_plans(struct mlp *mlp, struct err *err)
{
	for (int sparse = 0; sparse < 2; sparse++) {
		mlp->plan[sparse].stage = alloc_array(mlp_plan_capacity(mlp->layers), sizeof(struct mlp_stage), err);
		if (mlp->plan[sparse].stage == NULL)
			return false;
		mlp_plan_fill(&mlp->plan[sparse], mlp, sparse);
	}
	return true;
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
		block = layout_parameters(&mlp->layer[l], block);
	}
	if (!create_tiles(mlp, err) || !create_plans(mlp, err)) {
		mlp_destroy(mlp);
		return NULL;
	}
	return mlp;
}

void mlp_destroy(struct mlp *mlp)
{
	if (mlp == NULL)
		return;
	alloc_free(mlp->layer);
	alloc_aligned_free(mlp->parameter);
	alloc_free(mlp->tile);
	alloc_free(mlp->plan[0].stage);
	alloc_free(mlp->plan[1].stage);
	alloc_free(mlp);
}

/* ---- a batch: all tensors in one block of floats ----
 *
 * The same code counts the floats and sets the pointers: without a block it only counts. */

struct layout {
	float *block; /* NULL while counting */
	size_t used;  /* floats so far */
};

static float *place(struct layout *layout, size_t rows, size_t columns)
{
	float *piece = layout->block ? layout->block + layout->used : NULL;
	size_t lines = plus(times(rows, columns), MLP_LINE - 1) / MLP_LINE;
	layout->used = plus(layout->used, times(lines, MLP_LINE));
	return piece;
}

static void layout_tensors(struct layout *layout, struct mlp_tensors *tensor, const struct mlp_layer *layer, size_t rows)
{
	size_t columns = layer->fan_out;
	tensor->z = place(layout, rows, columns);
	tensor->a = place(layout, rows, columns);
	tensor->delta = tensor->du = place(layout, rows, columns);
	if (mlp_normalizes_z(layer->normalization)) {
		tensor->u = place(layout, rows, columns);
		tensor->du = place(layout, rows, columns);
		tensor->inverse_sd = place(layout, 1, layer->normalization == MLP_BATCH_NORM ? columns : rows);
	}
	if (layer->normalization == MLP_SUM_NORM) {
		tensor->sum = place(layout, rows, columns);
		tensor->da = place(layout, rows, columns);
		tensor->inverse_sd = place(layout, 1, rows);
	}
	if (layer->alpha_learned)
		tensor->dalpha = place(layout, 1, rows);
}

/* Sizes of the tensors that all layers share. */
struct shared {
	size_t inputs, first, widest; /* first: fan_out of the first layer */
	bool batch_norm, residual;
};

static void add_to_shared(struct shared *shared, const struct mlp_layer *layer)
{
	if (shared->inputs == 0) {
		shared->inputs = layer->fan_in;
		shared->first = layer->fan_out;
	}
	if (shared->widest < layer->fan_out)
		shared->widest = layer->fan_out;
	shared->batch_norm |= layer->normalization == MLP_BATCH_NORM;
	shared->residual |= layer->residual > 0;
}

static void layout_shared(struct layout *layout, struct mlp_batch *batch, const struct shared *shared, size_t rows)
{
	batch->x = place(layout, rows, shared->inputs);
	batch->half = place(layout, rows, shared->first);
	batch->widest = shared->widest;
	if (shared->batch_norm)
		batch->means = place(layout, 2, shared->widest);
	if (shared->residual)
		batch->skip = place(layout, rows, shared->widest);
}

static void layout_batch(struct layout *layout, struct mlp_batch *batch, const struct mlp *mlp)
{
	struct shared shared = {0};
	for (size_t l = 0; l < mlp->layers; l++) {
		add_to_shared(&shared, &mlp->layer[l]);
		layout_tensors(layout, &batch->tensor[l], &mlp->layer[l], batch->capacity);
	}
	layout_shared(layout, batch, &shared, batch->capacity);
}

struct mlp_batch *mlp_batch_create(const struct mlp *mlp, size_t capacity, struct err *err)
{
	struct mlp_batch *batch = alloc_array(1, sizeof *batch, err);
	if (batch == NULL)
		return NULL;
	batch->capacity = batch->rows = capacity;
	batch->layers = mlp->layers;
	batch->inputs = mlp->layer[0].fan_in;
	batch->image = alloc_array(capacity, sizeof *batch->image, err);
	batch->nonzero = alloc_array(capacity * sparse_words(batch->inputs), sizeof *batch->nonzero, err);
	batch->label = alloc_array(capacity, sizeof *batch->label, err);
	batch->image_loss = alloc_array(capacity, sizeof *batch->image_loss, err);
	batch->image_correct = alloc_array(capacity, sizeof *batch->image_correct, err);
	batch->tensor = alloc_array(mlp->layers, sizeof *batch->tensor, err);
	if (batch->image && batch->nonzero && batch->label && batch->image_loss && batch->image_correct && batch->tensor) {
		struct layout layout = {0};
		layout_batch(&layout, batch, mlp);
		batch->block = alloc_aligned(layout.used, sizeof(float), err);
	}
	if (batch->block == NULL) {
		mlp_batch_destroy(batch);
		return NULL;
	}
	layout_batch(&(struct layout){ .block = batch->block }, batch, mlp);
	return batch;
}

void mlp_batch_destroy(struct mlp_batch *batch)
{
	if (batch == NULL)
		return;
	alloc_free(batch->image);
	alloc_free(batch->nonzero);
	alloc_free(batch->label);
	alloc_free(batch->image_loss);
	alloc_free(batch->image_correct);
	alloc_free(batch->tensor);
	alloc_aligned_free(batch->block);
	alloc_free(batch);
}

/* ---- bytes in all ---- */

size_t mlp_bytes(const struct mlp_shape *shape, size_t rows, int slots)
{
	struct layout layout = {0};
	struct shared shared = {0};
	size_t tiles = 0, inputs = shape->widths[0];
	bool weight_norm = false;
	for (size_t l = 0; l < shape->layers; l++) {
		struct mlp_layer layer = layer_of_shape(shape, l);
		tiles = plus(tiles, tiles_of(&layer, l));
		weight_norm |= layer.normalization == MLP_WEIGHT_NORM;
		add_to_shared(&shared, &layer);
		layout_tensors(&layout, &(struct mlp_tensors){0}, &layer, rows);
	}
	layout_shared(&layout, &(struct mlp_batch){0}, &shared, rows);

	size_t copies = plus(weight_norm ? 2 : 1, (size_t)slots), floats = times(parameters_of_shape(shape), copies);
	size_t of_image = sizeof(struct mlp_image) + sparse_words(inputs) * sizeof(uint64_t) + sizeof(uint8_t) +
	                  sizeof(double) + sizeof(bool);
	size_t bytes = plus(times(plus(floats, layout.used), sizeof(float)), times(rows, of_image));
	size_t of_layer = sizeof(struct mlp_layer) + sizeof(struct mlp_tensors) + 3 * sizeof(double) +
	                  2 * sizeof(struct update_step);
	bytes = plus(bytes, times(tiles, sizeof(struct mlp_tile) + sizeof(struct update_totals)));
	bytes = plus(bytes, times(shape->layers, of_layer));
	if (weight_norm)
		bytes = plus(bytes, times(mlp_chunks(shared.widest, MLP_COLUMNS), sizeof(struct update_totals)));
	bytes = plus(bytes, times(2 * mlp_plan_capacity(shape->layers), sizeof(struct mlp_stage)));
	return plus(bytes, sizeof(struct mlp) + sizeof(struct mlp_batch) + sizeof(struct mlp_training));
}
