/* Limits and kinds of a multi-layer perceptron, for settings and snapshots, which
 * need them without the net. */
#ifndef INITVIZ_NN_MLP_KINDS_H
#define INITVIZ_NN_MLP_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MLP_MAX_LAYERS 256
#define MLP_MAX_BRANCH 2 /* layers in a residual branch */

enum mlp_normalization {
	MLP_PLAIN,
	MLP_BATCH_NORM, /* per unit over the batch; always the batch's own statistics, eps 1e-5 */
	MLP_LAYER_NORM, /* per image over the units; eps 1e-5 */
	MLP_WEIGHT_NORM, /* of the weights of each unit, not of z: w = g v/||v|| */
	MLP_SUM_NORM, /* per image over the units of the sum where a residual branch ends; eps 1e-5 */
	MLP_NORMALIZATIONS
};

/* Whether z itself is normalized: to mean 0 and variance 1, before gain and shift. */
static inline bool mlp_normalizes_z(enum mlp_normalization normalization)
{
	return normalization == MLP_BATCH_NORM || normalization == MLP_LAYER_NORM;
}

/* Whether it has a gain and a shift for each unit. */
static inline bool mlp_has_shift(enum mlp_normalization normalization)
{
	return mlp_normalizes_z(normalization) || normalization == MLP_SUM_NORM;
}

/* Layers in the residual branch that ends in layer l, counted from 0; 0: none
 * ends there.  widths[layers + 1]; residual: layers in each branch, 0: there are no
 * branches.  From the first layer on, each run of so many hidden layers whose input
 * and output are equally wide is a branch. */
unsigned mlp_branch_end(const uint32_t *widths, size_t layers, unsigned residual, size_t l);

/* The tensors of a layer. */
enum mlp_tensor { MLP_Z, MLP_A, MLP_W, MLP_DELTA, MLP_DW, MLP_TENSORS };

#endif
