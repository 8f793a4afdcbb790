/* Initializers whose entries depend on each other: the functions for the table in
 * initializer.c. */
#ifndef INITVIZ_NN_INITIALIZER_SPECIAL_H
#define INITVIZ_NN_INITIALIZER_SPECIAL_H

#include "nn/initializer.h"

/* p: gain */
double identity_mean(const struct fans *fans);
double identity_variance(const struct fans *fans);
bool identity_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* p: tau.  The identity, repeated side by side where the layer widens and cut where it
 * narrows. */
double padded_identity_mean(const struct fans *fans);
double padded_identity_variance(const struct fans *fans);
bool padded_identity_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* p: eps.  Output j is eps (x_j - x_k), indices modulo in and k = j + 1; where the layer
 * narrows k is one of the inputs past the outputs: out + j modulo (in - out).  A single
 * input has no second one: weights 0. */
double zero_preserving_variance(const struct fans *fans);
bool zero_preserving_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* ZerO: the identity's first columns and rows or, where the layer widens, a
 * Hadamard matrix's, scaled.  No parameters, nothing random. */
double hadamard_mean(const struct fans *fans);
double hadamard_variance(const struct fans *fans);
bool hadamard_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* p: gain.  Scratch of in x out doubles. */
double orthogonal_variance(const struct fans *fans);
bool orthogonal_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* NaN: orthogonal, to be scaled on data. */
double lsuv_variance(const struct fans *fans);

/* p: sparsity, sd */
double sparse_variance(const struct fans *fans);
bool sparse_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* Sparse as torch has it: zeros are counted over the columns of its (out, in)
 * matrix, which are the weights from one input.  p: share of zeros, sd */
double torch_sparse_variance(const struct fans *fans);
bool torch_sparse_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

/* No parameters. */
double nguyen_widrow_variance(const struct fans *fans);
bool nguyen_widrow_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err);

#endif
