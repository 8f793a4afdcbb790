/* Products of dense matrices by our own loops, for CPUs with AVX2 and FMA.  Each
 * element of C is one chain of multiply-adds for every slice of terms, so its bits
 * depend neither on the tile nor on the matrices beside it. */
#ifndef INITVIZ_NN_KERNEL_GEMM_H
#define INITVIZ_NN_KERNEL_GEMM_H

#include "base/platform.h"
#include "nn/kernel/dense.h"

/* Which vector extension OpenBLAS's kernels use; until this is called, that of this CPU. */
void gemm_compare_with(enum platform_vectors vectors);

/* Whether this CPU has the instructions, and our loops are faster than OpenBLAS for a
 * product of this size. */
bool gemm_is_faster(const struct dense_product *product);

/* The vector extension that our loops use on this CPU, or NULL: OpenBLAS computes all
 * products. */
const char *gemm_extension(void);

/* Computes one tile, in the calling thread; strip and slice of the product are not
 * used. */
void gemm_multiply_tile(const struct dense_product *product, const struct dense_tile *tile);

#endif
