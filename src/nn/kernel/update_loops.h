/* The loops of the optimizers, for vectors of 8 floats (AVX2, and all others) and of
 * 16 floats (AVX-512).  The width of the vectors does not change the bits. */
#ifndef INITVIZ_NN_KERNEL_UPDATE_LOOPS_H
#define INITVIZ_NN_KERNEL_UPDATE_LOOPS_H

#include "nn/kernel/update.h"

struct update_loops {
	update_rule *sgd, *rmsprop, *adagrad, *adam;
};
extern const struct update_loops update_loops_8, update_loops_16;

#endif
