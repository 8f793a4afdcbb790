/* What the files of the perceptron share among themselves. */
#ifndef INITVIZ_NN_MLP_LAYERS_H
#define INITVIZ_NN_MLP_LAYERS_H

#include "nn/mlp.h"
#include "nn/sparse.h"

#define MLP_LINE 16 /* floats of a cache line: where tensors begin, and of the widest vector */

/* Sides of a tile of weights, about. */
#define MLP_TILE_ROWS SPARSE_TILE_ROWS
#define MLP_TILE_COLUMNS 512

/* Images that go through layers together.  Part of what a run computes: products
 * are cut here, whatever the number of threads. */
#define MLP_IMAGES 32
#define MLP_FEW_IMAGES 16 /* of a small batch, so that there is something to share out */

/* Up to so many weights a layer's are used by each group of images on its way
 * through all layers; above, layer by layer, each by all images. */
#define MLP_NARROW 65536

/* Weights whose squared changes and gradients are added up as floats. */
#define MLP_SUMMED 4096

/* Multiply-adds from which on the pool is worth waking. */
#define MLP_WORTH_SHARING 200000

static inline size_t mlp_chunks(size_t n, size_t per_chunk)
{
	return (n + per_chunk - 1) / per_chunk;
}

/* Where piece p begins of n columns cut in pieces, equal but for whole vectors.
 * Where n / pieces is at most some number of whole vectors, so is each piece. */
static inline size_t mlp_piece(size_t n, size_t pieces, size_t p)
{
	return p == pieces ? n : mlp_chunks(n * p / pieces, MLP_LINE) * MLP_LINE;
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

/* Floats in a layer's w, b, gain and shift, which lie one behind the other;
 * SIZE_MAX when they cannot be counted. */
size_t mlp_layer_parameters(const struct mlp_layer *layer);

/* A batch on its way through a net. */
struct mlp_pass {
	const struct mlp *mlp;
	struct mlp_batch *batch;
	struct pool *pool;
};

/* What enters layer l: (rows, fan_in) */
static inline const float *mlp_input(const struct mlp_pass *pass, size_t l)
{
	return l ? pass->batch->tensor[l - 1].a : pass->batch->x;
}

static inline struct sparse mlp_sparse_input(const struct mlp_batch *batch)
{
	return (struct sparse){ .x = batch->x, .on = batch->on, .rows = batch->rows, .columns = batch->inputs };
}

/* Some of a batch's images. */
struct mlp_images {
	size_t first, rows;
};

size_t mlp_image_groups(const struct mlp_batch *batch);
struct mlp_images mlp_image_group(const struct mlp_batch *batch, size_t group);

/* ---- one layer: mlp_forward.c, mlp_backward.c ----
 *
 * Some images by the calling thread, or all of them by the pool.  Backward:
 * from delta of layer l to its du, and, when l > 0, to delta of layer l - 1. */

bool mlp_batch_is_sparse(const struct mlp_batch *batch); /* enough to leave zeros out */
void mlp_unpack_images(const struct mlp_pass *pass, struct mlp_images images);

/* x W, then all that follows in the layer.  The product of the first layer may
 * unpack the images itself. */
bool mlp_product_unpacks(const struct mlp_pass *pass);
bool mlp_product_is_by_images(const struct mlp_pass *pass, size_t l);
void mlp_product_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_product_whole(const struct mlp_pass *pass, size_t l);
void mlp_finish_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);

void mlp_softmax_images(const struct mlp_pass *pass, struct mlp_images images);
void mlp_sum_loss(struct mlp_batch *batch); /* over the images */

void mlp_output_delta_images(const struct mlp_pass *pass, struct mlp_images images);

bool mlp_backward_is_by_images(const struct mlp_pass *pass, size_t l);
void mlp_backward_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_backward_whole(const struct mlp_pass *pass, size_t l);

/* Calls work for every group of images, which it finds by mlp_image_group(). */
void mlp_each_group(const struct mlp_pass *pass, void (*work)(void *context, size_t group), void *context);

/* ---- normalization: mlp_norm.c ---- */

/* Takes mean and variance out of u: of each unit over the batch, or of each
 * image over its units. */
void mlp_standardize_units(const struct mlp_pass *pass, size_t l);
void mlp_standardize_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* z = gain u + shift */
void mlp_gain_and_shift(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* du from delta; batch norm first wants the means over the batch. */
void mlp_norm_means(const struct mlp_pass *pass, size_t l);
void mlp_norm_backward_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* out (n) = 1/rows times the sums of columns [first, first + n) of a (rows,
 * columns), or of a's products with b when b is not NULL. */
#define MLP_COLUMNS 128 /* n at most */
void mlp_column_means(float *out, const float *a, const float *b, size_t rows, size_t columns, size_t first, size_t n);

/* ---- weights: mlp_weights.c ---- */

/* After the backward pass: gradients of all parameters, kept when gradient is
 * not NULL, and when training is not NULL their update; an observer who may
 * look at once sees z, a and delta. */
void mlp_weights(const struct mlp_pass *pass, struct mlp_training *training, float *gradient,
                 const struct mlp_observer *observer);

#endif
