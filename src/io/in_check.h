/* Relations between the numbers of an observation that was read from a file:
 * values that no run of initviz can produce are rejected before anything is computed
 * or drawn from them.  All return false with ERR_INPUT. */
#ifndef INITVIZ_IO_IN_CHECK_H
#define INITVIZ_IO_IN_CHECK_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/snapshot.h"

/* Moments with each other, with percentiles, histogram and magnitudes.  The
 * counts of histogram and magnitudes add up to n already. */
bool in_check_tensor(const struct tensor_observation *tensor, struct err *err);

/* The numbers of values against the fans, the parts of z's variance against
 * their sum, lists of singular values against the smallest and the largest. */
bool in_check_layer(const struct layer_observation *layer, struct err *err);

bool in_check_input(const struct input_observation *input, struct err *err);

/* A trace must cover exactly `step` steps. */
bool in_check_trace(const struct trace *trace, uint64_t step, struct err *err);

#endif
