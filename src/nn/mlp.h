/* The multi-layer perceptron: parameters, forward, backward and a training
 * step, over plain row-major arrays.  Softmax cross-entropy at the end.
 *
 *   u = x W + b,  z = norm(u) or u,  a = f(z) (+ x with a residual),
 *   p = softmax(z of the last layer).
 *
 * Knows nothing of images, schedules or screens.  The last layer has neither
 * normalization nor residual. */
#ifndef INITVIZ_NN_MLP_H
#define INITVIZ_NN_MLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"
#include "base/err.h"
#include "nn/mlp_kinds.h"
#include "nn/optimizer.h"
#include "nn/pool.h"

struct mlp_layer {
	size_t fan_in, fan_out;
	struct spec activation; /* entry NULL in the last layer: softmax */
	enum mlp_normalization normalization;
	bool residual; /* only where fan_in == fan_out */
	float lr_scale, bias_lr_scale; /* multiply the learning rate of w, and of all else (muP); 1 as created */
	float *w;      /* (fan_in, fan_out) */
	float *b;      /* (fan_out); batch norm takes it out again: no effect and no gradient there */
	float *gain, *shift; /* (fan_out), of the normalization, created 1 and 0; NULL without */
};

/* A piece of a layer's w: what is summed up and updated at a time, while its
 * gradient is in the nearest caches. */
struct mlp_tile {
	uint32_t layer, row, column; /* its first element */
	uint16_t rows, columns;
};

struct mlp {
	size_t layers;
	struct mlp_layer *layer; /* [layers], layer[0] takes the input */
	size_t parameters;       /* floats in all */
	float *parameter;        /* one block, 64-byte aligned; w, b, gain, shift of each layer point into it */
	size_t tiles;
	struct mlp_tile *tile;   /* [tiles]: all w */
};

/* What to build: widths[layers + 1] from input to output. */
struct mlp_shape {
	size_t layers;
	const uint32_t *widths;
	const struct spec *activation; /* of all hidden layers */
	enum mlp_normalization normalization;
	bool residual;
};

/* Bytes that a net of this shape needs in all for training with batches of
 * `rows`: parameters, `slots` optimizer slots, tensors.  SIZE_MAX when it
 * cannot be counted. */
size_t mlp_bytes(const struct mlp_shape *shape, size_t rows, int slots);

/* A net with all parameters 0 (gain 1).  ERR_RESOURCE.  mlp_destroy() frees. */
struct mlp *mlp_create(const struct mlp_shape *shape, struct err *err);
void mlp_destroy(struct mlp *mlp);

/* The tensors of one batch, from the input to the loss. */
struct mlp_tensors {
	float *u; /* (rows, fan_out): x W + b brought to mean 0, variance 1; only with normalization, else NULL */
	float *z; /* (rows, fan_out): the argument of the activation */
	float *a; /* (rows, fan_out): its output; probabilities in the last layer */
	float *delta; /* (rows, fan_out): dL/dz per image, before the 1/rows of the mean loss */
	float *du;    /* (rows, fan_out): dL/d(x W + b) likewise; delta itself without normalization */
	float *statistic; /* the 1/sd that did it, (fan_out) or (rows); else NULL */
};

/* An image without its zeros: bit i % 64 of on[i / 64] tells which of the bytes
 * are not 0 (none beyond the last), value[] has those in order. */
struct mlp_image {
	const uint64_t *on;
	const uint8_t *value;
};

struct mlp_batch {
	size_t capacity;        /* rows there is room for */
	size_t rows;            /* rows in use, set by the caller, 1..capacity */
	size_t inputs;          /* fan_in of the first layer */
	float *x;               /* (rows, inputs), written by the caller or unpacked from images */
	struct mlp_image *image; /* [rows], where packed */
	float scale, shift;     /* x = scale * byte + shift */
	bool packed;            /* x is still to be made from images */
	uint64_t *on;           /* (rows, sparse_words(inputs)): of the images; which elements of x are not 0 without shift */
	bool zeros_known;       /* on[] tells zeros of x: not where the caller wrote it himself */
	uint8_t *label;         /* (rows), written by the caller */
	size_t layers;
	struct mlp_tensors *tensor; /* [layers] */
	float *half;            /* (rows, fan_out of the first layer): what the lower half of sparse images adds to x W */
	float *means;           /* (2, widest): column means of the layer at work; NULL without batch norm */
	float *skip;            /* (rows, widest): dL/da on its way past the layer at work; NULL without residual */
	float *block;           /* where x, the tensors and the three above are */
	size_t widest;          /* fan_out */
	double *image_loss;     /* (rows): of each image */
	bool *image_correct;    /* (rows) */
	bool sparse;            /* so many zeros in x that the first layer leaves them out; from mlp_forward() */
	double loss;            /* mean cross-entropy, natural log; from mlp_forward() */
	size_t correct;         /* images whose largest probability is their label's */
};

struct mlp_batch *mlp_batch_create(const struct mlp *mlp, size_t capacity, struct err *err);
void mlp_batch_destroy(struct mlp_batch *batch);

/* Row `row` of x is to become scale * byte + shift of as many bytes as the net
 * has inputs, all rows by the same scale and shift.  What the image points to
 * must stay until x is made: by mlp_forward() or mlp_train(), by the pool, or by
 * mlp_batch_unpack() for who wants to read x before. */
void mlp_batch_set_row(struct mlp_batch *batch, size_t row, const struct mlp_image *image, float scale, float shift);
void mlp_batch_unpack(struct mlp_batch *batch);

/* Is shown each tensor when it is complete; layer is the index from 0.
 * values[count] stay valid during the call. */
struct mlp_observer {
	void (*see)(void *context, enum mlp_tensor tensor, size_t layer, const float *values, size_t count);
	void *context;
	bool at_once; /* see() may be called for several tensors at a time, by other threads than the caller's */
};

/* x -> z, a, loss, correct.  observer may be NULL (here and below). */
void mlp_forward(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool,
                 const struct mlp_observer *observer);

/* After mlp_forward(): delta of all layers, and, when gradient is not NULL,
 * gradient[mlp->parameters], laid out as mlp->parameter, of the mean loss. */
void mlp_backward(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, struct pool *pool,
                  const struct mlp_observer *observer);

/* An optimizer at work on one net. */
struct mlp_training {
	struct spec optimizer; /* its parameters (lr) may be changed between steps */
	uint64_t t;            /* steps done */
	float *slot[OPTIMIZER_MAX_SLOTS]; /* [parameters] each, or NULL */
	double *update_square;   /* [layers] sum of squared changes of w in the last step */
	double *gradient_sum, *gradient_square; /* [layers] of dW in the last step, over its elements */
	struct optimizer_totals *partial; /* [tiles] what those come from */
	struct optimizer_step *step;    /* (layers, 2): of w, and of all else */
};

struct mlp_training *mlp_training_create(const struct mlp *mlp, const struct spec *optimizer, struct err *err);
void mlp_training_destroy(struct mlp_training *training);

/* The sum of squares of w, read through at each call: to stand below
 * update_square. */
double mlp_weight_square(const struct mlp_layer *layer);

/* One step: forward, backward, update of all parameters.  gradient as in
 * mlp_backward(); without it none is kept, and the observer sees no dW. */
void mlp_train(struct mlp *mlp, struct mlp_batch *batch, struct mlp_training *training, float *gradient,
               struct pool *pool, const struct mlp_observer *observer);

#endif
