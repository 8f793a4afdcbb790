/* Small nets with a batch each, for the tests of the perceptron. */
#ifndef INITVIZ_TESTS_MLP_FIXTURE_H
#define INITVIZ_TESTS_MLP_FIXTURE_H

#include "nn/mlp.h"

struct fixture {
	struct mlp *mlp;
	struct mlp_batch *batch;
	struct mlp_training *training; /* or NULL */
};

/* The spec; fails the test that asks for a wrong one. */
struct spec spec(const struct table *table, const char *word);

/* Random weights small enough for the exponential activation too, every other
 * parameter off its initial value, random images and labels; the same at every
 * call.  optimizer: a spec, or NULL for no training. */
struct fixture fixture(const struct mlp_shape *shape, size_t rows, const char *optimizer);
void fixture_end(struct fixture *fixture);

/* Whether parameter i is one of those that are trained: not a w that follows from v and g. */
bool is_trained(const struct mlp *mlp, size_t i);

#endif
