/* The perceptron's parts: what the files mlp_*.c share; for these files only.
 *
 * A stage is one formula of the forward or the backward pass, applied in one
 * layer.  The functions below are the stages; mlp_plan.c puts them in order. */
#ifndef INITVIZ_NN_MLP_STAGES_H
#define INITVIZ_NN_MLP_STAGES_H

#include "nn/kernel/sparse.h"
#include "nn/mlp.h"

#define MLP_LINE 16 /* floats in a cache line: tensors are aligned to it, and it is the widest vector */

/* Largest sides of a tile of weights: of the first layer, whose tiles may be sparse
 * products, and of narrow ones; and of wide ones, for which products are faster if
 * more rows and columns share the packing. */
#define MLP_TILE_ROWS SPARSE_TILE_ROWS
#define MLP_TILE_COLUMNS 512
#define MLP_WIDE_TILE_ROWS 256
#define MLP_WIDE_TILE_COLUMNS 512 /* half as many unless that makes four pieces */
#define MLP_TILE_WEIGHTS (MLP_WIDE_TILE_ROWS * MLP_WIDE_TILE_COLUMNS) /* in the largest tile */

/* Layers with at most this many weights are narrow: their weights stay in the
 * cache while a group of images passes through many such layers.  A wider layer
 * is computed for all images at once. */
#define MLP_NARROW 65536

/* Weights of successive layers that stay in the second cache, beside the tensors that are
 * multiplied with them: from so many on the groups of images wait for each other, and in the
 * backward pass the layers are updated, before the next layers' turn. */
#define MLP_CACHED 40000

static inline size_t mlp_chunks(size_t n, size_t per_chunk)
{
	return (n + per_chunk - 1) / per_chunk;
}

/* Where piece p begins when n columns are cut into `pieces` pieces of equal
 * length, rounded up to whole vectors.  If n / pieces is at most some number of
 * whole vectors, so is the length of every piece. */
static inline size_t mlp_piece(size_t n, size_t pieces, size_t p)
{
	return p == pieces ? n : mlp_chunks(n * p / pieces, MLP_LINE) * MLP_LINE;
}

/* Length of the chunk of n elements that begins at element `first`. */
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

/* Floats in a layer's w, b, gain, shift, v and alpha, which are stored one after the
 * other; SIZE_MAX on overflow. */
size_t mlp_layer_parameters(const struct mlp_layer *layer);

/* What is made of the gradients. */
struct mlp_update {
	struct mlp_training *training; /* the update of all parameters, or NULL */
	float *gradient;               /* [parameters]: they are kept, or NULL */
	const struct mlp_observer *observer; /* concurrent: is shown z, a and delta of each layer, or NULL */
};

/* One batch passing through one net. */
struct mlp_pass {
	const struct mlp *mlp;
	struct mlp_batch *batch;
	struct pool *pool;
	const struct mlp_update *update; /* NULL: the gradients of parameters are not wanted */
};

/* The input of layer l: (rows, fan_in) */
static inline const float *mlp_input(const struct mlp_pass *pass, size_t l)
{
	return l ? pass->batch->tensor[l - 1].a : pass->batch->x;
}

/* What passes the residual branch that ends in layer l: (rows, fan_out) */
static inline const float *mlp_branch_input(const struct mlp_pass *pass, size_t l)
{
	return mlp_input(pass, l + 1 - pass->mlp->layer[l].residual);
}

/* Whether a residual branch begins in layer l. */
static inline bool mlp_branch_begins(const struct mlp *mlp, size_t l)
{
	for (unsigned n = 1; n <= MLP_MAX_BRANCH && l + n < mlp->layers; n++)
		if (mlp->layer[l + n - 1].residual)
			return mlp->layer[l + n - 1].residual == n;
	return false;
}

/* The product x W of layer l: (rows, fan_out) */
static inline float *mlp_product(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	return tensor->u ? tensor->u : tensor->z;
}

static inline struct sparse mlp_sparse_input(const struct mlp_batch *batch)
{
	return (struct sparse){ .x = batch->x, .nonzero = batch->nonzero, .rows = batch->rows, .columns = batch->inputs };
}

/* Rows [first, first + rows) of a batch. */
struct mlp_images {
	size_t first, rows;
};

/* ---- the plan: mlp_plan.c ---- */

/* Every stage: its formula, of layer l, and the functions that compute it for
 * some images (in the calling thread) and for the whole batch (by the pool).
 * Some stages have only one of the two. */
enum mlp_stage_kind {
	MLP_UNPACK,          /* x from bytes */
	MLP_PRODUCT,         /* u = x W */
	MLP_SPARSE_PRODUCT,  /* the same for an x with many zeros; two halves of the sum */
	MLP_ADD_HALVES,      /* u = the sum of those halves */
	MLP_ADD_BIAS,        /* u = u + b */
	MLP_STANDARDIZE,     /* u = (u - mean) / sd */
	MLP_GAIN_AND_SHIFT,  /* z = gain u + shift */
	MLP_ACTIVATION,      /* a = f(z); alpha f(z) + lambda x where a residual branch ends */
	MLP_NORMALIZE_SUM,   /* a = norm(a), where a branch's sum is normalized */
	MLP_SOFTMAX,         /* a = p = softmax(z); loss of each image */
	MLP_OUTPUT_DELTA,    /* delta = p - y */
	MLP_NORM_MEANS,      /* means of delta and of delta u, for batch norm */
	MLP_NORM_BACKWARD,   /* du from delta, through the normalization */
	MLP_PRODUCT_BACKWARD,    /* dL/da of layer l - 1 = du W' */
	MLP_SUM_BACKWARD,        /* dL/da with what passes the branch above; from it that of the sum, through the normalization */
	MLP_ACTIVATION_BACKWARD, /* delta = dL/da alpha f'(z); dL/dalpha of each image */
	MLP_MEETING,         /* nothing: the groups of images wait for each other */
	MLP_UPDATE,          /* gradients and update of this layer and some above */
	MLP_STAGE_KINDS
};

struct mlp_stage {
	enum mlp_stage_kind kind;
	uint32_t layer;
	bool by_images; /* each group of images on its own, else the whole batch together */
};

/* The most stages that a net of so many layers has. */
static inline size_t mlp_plan_capacity(size_t layers)
{
	return 12 * layers + 3;
}

/* Fills the plan of a net; plan->stage has room for mlp_plan_capacity() stages.
 * sparse: the first layer skips the zeros of x. */
void mlp_plan_fill(struct mlp_plan *plan, const struct mlp *mlp, bool sparse);

/* Executes stages [first, end) of the plan for this batch. */
void mlp_plan_run(const struct mlp_pass *pass, size_t first, size_t end);

/* The groups of images that go through stages by images.  They are part of what
 * a run computes: products are cut there, for any number of threads. */
size_t mlp_image_groups(const struct mlp_batch *batch);
struct mlp_images mlp_image_group(const struct mlp_batch *batch, size_t group);

/* ---- input: mlp_input.c ---- */

/* Whether x has so many zeros that skipping them is faster. */
bool mlp_batch_is_sparse(const struct mlp_batch *batch);

void mlp_unpack(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* The sparse product of a first layer this narrow unpacks the images itself:
 * each thread unpacks the part of x that it multiplies. */
static inline bool mlp_sparse_product_unpacks(const struct mlp *mlp)
{
	return mlp->layer[0].fan_out <= SPARSE_TILE_COLUMNS;
}
void mlp_sparse_product(const struct mlp_pass *pass, size_t l);
void mlp_add_halves(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* ---- forward: mlp_forward.c ---- */

void mlp_product_of_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_product_whole(const struct mlp_pass *pass, size_t l);
void mlp_add_bias(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_activation(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* ---- softmax cross-entropy: mlp_loss.c ---- */

void mlp_softmax(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_output_delta(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_sum_loss(struct mlp_batch *batch); /* mean loss and correct answers, from those of each image */

/* ---- backward: mlp_backward.c ---- */

void mlp_product_backward_of_images(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_product_backward_whole(const struct mlp_pass *pass, size_t l);
void mlp_sum_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_activation_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* ---- normalization: mlp_norm.c ---- */

void mlp_standardize_units(const struct mlp_pass *pass, size_t l);  /* each unit over the batch */
void mlp_standardize_images(const struct mlp_pass *pass, size_t l, struct mlp_images images); /* each image over its units */
void mlp_gain_and_shift(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_norm_means(const struct mlp_pass *pass, size_t l);
void mlp_norm_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images);
void mlp_normalize_sum(const struct mlp_pass *pass, size_t l, struct mlp_images images);
/* delta holds dL/da, which is kept in tensor->da, and becomes that of the sum. */
void mlp_normalize_sum_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images);

/* out (n) = means over the rows of columns [first, first + n) of a (rows,
 * columns), or of the elementwise product a b if b is not NULL. */
#define MLP_COLUMNS 128 /* largest n */
void mlp_column_means(float *out, const float *a, const float *b, size_t rows, size_t columns, size_t first, size_t n);

/* ---- weights: mlp_update.c ---- */

/* Updates mlp->parameter[at .. at + n) of layer l, which are weights (w or v) or not, from
 * their gradient g[n]. */
void mlp_update_span(const struct mlp_pass *pass, struct mlp_training *training, struct update_sums *sums, size_t at,
                     const float *g, size_t n, size_t l, bool weights);

/* Before the backward pass, if training is not NULL: counts the step. */
void mlp_update_begin(const struct mlp *mlp, const struct mlp_update *update);

/* The stage MLP_UPDATE of layer l: gradients and update of the layers whose tiles belong to it. */
void mlp_update_layers(const struct mlp_pass *pass, size_t l);

/* After the backward pass: sums of all tiles; weight normalization, which needs dW as a whole. */
void mlp_update_end(const struct mlp_pass *pass);

/* ---- weight normalization: mlp_weight_norm.c ---- */

/* The most chunks of units in a layer with weight normalization; 0: there is none. */
size_t mlp_unit_chunks(const struct mlp *mlp);

/* When gradient[parameters] has dL/dw of layer l: dL/dv and dL/dg, and if training is not
 * NULL the update of v, g and w, and the layer's sums of changes and gradients. */
void mlp_weight_norm_update(const struct mlp_pass *pass, struct mlp_training *training, float *gradient, size_t l);

#endif
