/* What the files of the perceptron share among themselves. */
#ifndef INITVIZ_NN_MLP_LAYERS_H
#define INITVIZ_NN_MLP_LAYERS_H

#include "nn/mlp.h"

/* A tensor is worked on in pieces of about this many floats, which stay in the
 * first cache from one operation to the next.  Part of what a run computes:
 * sums are cut here, whatever the number of threads. */
#define MLP_CHUNK 2048

/* Weights updated at a time: they and their slots fit the second cache. */
#define MLP_UPDATE_CHUNK 4096

/* Floats from which on the pool is worth waking. */
#define MLP_PARALLEL 8192

static inline struct pool *mlp_pool_for(struct pool *pool, size_t floats)
{
	return floats < MLP_PARALLEL ? NULL : pool;
}

static inline size_t mlp_chunks(size_t n, size_t per_chunk)
{
	return (n + per_chunk - 1) / per_chunk;
}

static inline size_t mlp_rows_per_chunk(size_t columns)
{
	return columns < MLP_CHUNK ? MLP_CHUNK / columns : 1;
}

/* How many of n things are in a chunk that begins at `first`. */
static inline size_t mlp_chunk_length(size_t first, size_t n, size_t per_chunk)
{
	return n - first < per_chunk ? n - first : per_chunk;
}

static inline void mlp_show(const struct mlp_observer *observer, enum mlp_tensor tensor, size_t layer,
                            const float *values, size_t count)
{
	if (observer)
		observer->see(observer->context, tensor, layer, values, count);
}

static inline void mlp_show_gradient(const struct mlp *mlp, const float *gradient, size_t l,
                                     const struct mlp_observer *observer)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	mlp_show(observer, MLP_DW, l, gradient + (layer->w - mlp->parameter), layer->fan_in * layer->fan_out);
}

/* Floats in a layer's w, b, gain and shift, which lie one behind the other;
 * SIZE_MAX when they cannot be counted. */
size_t mlp_layer_parameters(const struct mlp_layer *layer);

/* One layer and its tensors, for the chunks of a pass. */
struct mlp_pass {
	const struct mlp_layer *layer;
	const struct mlp_tensors *tensor;
	const struct mlp_batch *batch;
	const float *x; /* (rows, fan_in): what enters the layer */
};

/* ---- normalization: mlp_norm.c ---- */

/* Takes mean and variance out of u: of each unit over the batch, or of each
 * of `rows` images from `first` on over its units. */
void mlp_standardize_units(const struct mlp_pass *pass, struct pool *pool);
void mlp_standardize_images(const struct mlp_pass *pass, size_t first, size_t rows);

/* z = gain u + shift, for `rows` images from `first` on. */
void mlp_gain_and_shift(const struct mlp_pass *pass, size_t first, size_t rows);

/* batch->du from delta; gain_gradient and shift_gradient (fan_out) of the mean
 * loss, both NULL when they are not wanted. */
void mlp_norm_backward(const struct mlp_pass *pass, float *gain_gradient, float *shift_gradient, struct pool *pool);

/* out (columns) = 1/rows times the column sums of a (rows, columns), or of
 * a's products with b when b is not NULL. */
void mlp_column_means(float *out, const float *a, const float *b, size_t rows, size_t columns, struct pool *pool);

/* ---- backward, layer by layer: mlp_backward.c ---- */

/* delta of the last layer. */
void mlp_backward_output(const struct mlp *mlp, struct mlp_batch *batch, const struct mlp_observer *observer);

/* From layer l's delta: delta of layer l - 1 and, when gradient is not NULL,
 * the gradient of layer l, which is not shown yet. */
void mlp_backward_layer(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, size_t l, struct pool *pool,
                        const struct mlp_observer *observer);

#endif
