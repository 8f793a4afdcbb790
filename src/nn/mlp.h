/* The multi-layer perceptron: parameters, forward, backward and a training
 * step, over plain row-major arrays.  Softmax cross-entropy at the end.
 *
 *   u = x W + b,  z = norm(u) or u,  a = f(z),
 *   p = softmax(z of the last layer).
 *
 * With weight normalization each unit's weights are w = g v/||v||, and v and g are
 * what is trained (Salimans and Kingma 2016).
 *
 * A residual branch of one or two layers ends with a = alpha f(z) + lambda x, where x
 * is the input of its first layer; or with a = norm(alpha f(z) + lambda x), as in the
 * transformer of Vaswani et al. 2017 and in DeepNet (Wang et al. 2022).  Branches
 * follow each other and do not overlap.
 * Independent of images, schedules and screens.  The last layer has neither
 * normalization nor residual. */
#ifndef INITVIZ_NN_MLP_H
#define INITVIZ_NN_MLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/spec.h"
#include "nn/mlp_kinds.h"
#include "nn/optimizer.h"
#include "nn/pool.h"

struct mlp_layer {
	size_t fan_in, fan_out;
	struct spec activation; /* entry NULL in the last layer: softmax */
	enum mlp_normalization normalization; /* MLP_SUM_NORM only where a branch ends */
	unsigned residual; /* layers in the residual branch that ends here, whose input and output are equally wide; 0: none ends */
	float branch_scale; /* alpha where it is not learned; initially 1 */
	float skip_scale;   /* lambda; initially 1 */
	bool alpha_learned; /* alpha is a parameter */
	float lr_scale, bias_lr_scale; /* multiply the learning rate of w, and of b, gain and shift (muP); initially 1 */
	float *w;      /* (fan_in, fan_out) */
	float *b;      /* (fan_out); batch norm subtracts it again: no effect and no gradient there */
	float *gain, *shift; /* (fan_out), of the normalization of z or of a branch's sum, initially 1 and 0; NULL without.  Of weight
	                      * normalization gain is g, and there is no shift */
	float *v;      /* (fan_in, fan_out): of weight normalization, where w follows from it; NULL without */
	float *alpha;  /* (1): learned, initially 1; NULL where it is not learned or no branch ends */
	size_t first_tile, end_tile; /* of the layers that are updated when the backward pass leaves this one: this one and some above; none in others */
};

/* A piece of a layer's w whose gradient is computed and used at a time, while it
 * is in the nearest caches. */
struct mlp_tile {
	uint32_t layer, row, column; /* its first element */
	uint16_t rows, columns;
};

/* In which order a pass computes what; see mlp_stages.h. */
struct mlp_stage;
struct mlp_plan {
	struct mlp_stage *stage; /* [stages] */
	size_t stages, forward;  /* all, and those of the forward pass, which come first */
};

struct mlp {
	size_t layers;
	struct mlp_layer *layer; /* [layers]; layer[0] receives the input */
	size_t parameters;       /* floats in all */
	float *parameter;        /* one block, 64-byte aligned; w, b, gain, shift, v, alpha of each layer point into it */
	size_t tiles;
	struct mlp_tile *tile;   /* [tiles]: all w */
	struct mlp_plan plan[2]; /* [1]: for batches in which most of x is 0 */
};

/* The factor of the branch that ends in this layer, learned or not. */
static inline float mlp_alpha_of(const struct mlp_layer *layer)
{
	return layer->alpha ? *layer->alpha : layer->branch_scale;
}

/* What to build: widths[layers + 1] from input to output. */
struct mlp_shape {
	size_t layers;
	const uint32_t *widths;
	const struct spec *activation; /* of all hidden layers */
	const struct spec *const *activations; /* [layers - 1] instead, of each hidden layer; NULL: all the same */
	enum mlp_normalization normalization;
	unsigned residual; /* layers in a residual branch, at most MLP_MAX_BRANCH; 0: no branches */
	bool alpha_learned; /* alpha is a parameter of each branch */
};

/* Bytes that training a net of this shape takes in all, with batches of `rows`
 * images and `slots` optimizer slots: parameters, slots, tensors, tables.
 * SIZE_MAX on overflow. */
size_t mlp_bytes(const struct mlp_shape *shape, size_t rows, int slots);

/* A net with all parameters 0 (gain 1), to be freed by mlp_destroy().  NULL with
 * ERR_RESOURCE when there is no memory; so for the functions below. */
struct mlp *mlp_create(const struct mlp_shape *shape, struct err *err);
void mlp_destroy(struct mlp *mlp);

/* After w was set: with weight normalization v = w and g = ||v|| of each unit, so that
 * g v/||v|| is the w that was set.  Otherwise nothing is done. */
void mlp_split_weights(struct mlp_layer *layer);

/* After v or g were set: w = g v/||v|| of each unit.  v = 0 has no direction: its w is 0,
 * and so are the gradients of v and g. */
void mlp_compose_weights(struct mlp_layer *layer);

/* The tensors of one batch, from the input to the loss. */
struct mlp_tensors {
	float *u; /* (rows, fan_out): x W + b, standardized to mean 0 and variance 1; NULL without normalization */
	float *z; /* (rows, fan_out): the argument of the activation */
	float *a; /* (rows, fan_out): its output; probabilities in the last layer */
	float *delta; /* (rows, fan_out): dL/dz per image, before the 1/rows of the mean loss */
	float *du;    /* (rows, fan_out): dL/d(x W + b) likewise; delta itself without normalization */
	float *inverse_sd; /* 1/sd of each unit (fan_out) or each image (rows); NULL without normalization */
	float *sum; /* (rows, fan_out): alpha f(z) + lambda x, standardized; NULL unless it is normalized */
	float *da;  /* (rows, fan_out): dL/da per image likewise; NULL unless the sum is normalized */
	float *dalpha; /* (rows): dL/dalpha per image; NULL unless alpha is learned */
};

/* An image without its zeros: bit i % 64 of nonzero[i / 64] is set if byte i is
 * not 0 (bits beyond the last byte are not set); value[] holds the bytes that
 * are not 0, in order. */
struct mlp_image {
	const uint64_t *nonzero;
	const uint8_t *value;
};

struct mlp_batch {
	size_t capacity;        /* largest number of rows */
	size_t rows;            /* number of rows, set by the caller, 1..capacity */
	size_t inputs;          /* fan_in of the first layer */
	float *x;               /* (rows, inputs), written by the caller or unpacked from images */
	struct mlp_image *image; /* [rows], set by mlp_batch_set_row() */
	float scale, shift;     /* x = scale * byte + shift */
	bool packed;            /* x has yet to be unpacked from images */
	uint64_t *nonzero;      /* (rows, sparse_words(inputs)): which bytes of the images are not 0 */
	bool zeros_known;       /* those bits are valid for x: it comes from images, and shift is 0 */
	uint8_t *label;         /* (rows), written by the caller */
	size_t layers;
	struct mlp_tensors *tensor; /* [layers] */
	float *half;            /* (rows, fan_out of the first layer): the lower pixels' part of x W, if sparse */
	float *means;           /* (2, widest): column means in the current layer; NULL without batch norm */
	float *skip;            /* (rows, widest): the part of dL/dx that passes the current branch; NULL without residual */
	float *block;           /* the memory of x, the tensors and the three above */
	size_t widest;          /* the largest fan_out */
	double *image_loss;     /* (rows): of each image */
	bool *image_correct;    /* (rows) */
	bool sparse;            /* most of x is 0 and the first layer skips it; from mlp_forward() */
	double loss;            /* mean cross-entropy, natural log; from mlp_forward() */
	size_t correct;         /* images whose most probable class is their label */
};

struct mlp_batch *mlp_batch_create(const struct mlp *mlp, size_t capacity, struct err *err);
void mlp_batch_destroy(struct mlp_batch *batch);

/* Row `row` of x is set to scale * byte + shift for the bytes of the image, as
 * many as the net has inputs; scale and shift are the same for all rows.  x is
 * unpacked later, by the threads of mlp_forward() or mlp_train(), or by
 * mlp_batch_unpack(); until then the image's memory must stay. */
void mlp_batch_set_row(struct mlp_batch *batch, size_t row, const struct mlp_image *image, float scale, float shift);
void mlp_batch_unpack(struct mlp_batch *batch);

/* Row `row` of x, to be written by the caller; all rows of a batch are either set
 * from images or written. */
float *mlp_batch_write_row(struct mlp_batch *batch, size_t row);

/* Receives each tensor when it is complete; layer counts from 0.  values[count]
 * are valid during the call. */
struct mlp_observer {
	void (*see)(void *context, enum mlp_tensor tensor, size_t layer, const float *values, size_t count);
	void *context;
	bool concurrent; /* see() may be called by several threads at a time, for different tensors */
};

/* From x to z, a, loss, correct.  observer and pool may be NULL (here and below). */
void mlp_forward(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool,
                 const struct mlp_observer *observer);

/* After mlp_forward(): delta of all layers, and, if gradient is not NULL, the
 * gradient[mlp->parameters] of the mean loss, in the order of mlp->parameter.  With
 * weight normalization w has its gradient too, although v and g are trained. */
void mlp_backward(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, struct pool *pool,
                  const struct mlp_observer *observer);

/* The state of an optimizer for one net. */
struct mlp_training {
	struct spec optimizer; /* its parameters (lr) may be changed between steps */
	uint64_t t;            /* steps done */
	float *slot[OPTIMIZER_MAX_SLOTS]; /* [parameters] each, or NULL */
	double *update_square;   /* [layers] sum of squared changes of w in the last step */
	double *gradient_sum, *gradient_square; /* [layers] sums of the elements of dW in the last step, and of their squares */
	struct update_totals *partial; /* [tiles] the same three sums, of each tile */
	float *gradient;         /* [parameters] with weight normalization, which needs the gradient of w as a whole; else NULL */
	struct update_totals *unit_partial; /* [mlp_unit_chunks()] the three sums of some units; NULL like gradient */
	struct update_step *step;    /* (layers, 2): scalars of the step for w, and for b, gain and shift */
};

struct mlp_training *mlp_training_create(const struct mlp *mlp, const struct spec *optimizer, struct err *err);
void mlp_training_destroy(struct mlp_training *training);

/* The sum of squares of w, computed at each call; compare update_square. */
double mlp_weight_square(const struct mlp_layer *layer);

/* One step: forward, backward, update of all parameters.  gradient as in
 * mlp_backward(); if it is NULL the observer is not shown dW. */
void mlp_train(struct mlp *mlp, struct mlp_batch *batch, struct mlp_training *training, float *gradient,
               struct pool *pool, const struct mlp_observer *observer);

#endif
