/* Matrix products: the one gateway to OpenBLAS, with its naive twin.
 *
 * All matrices are dense row-major floats.  OpenBLAS runs single-threaded;
 * products are cut into fixed chunks of rows that the pool shares, so results
 * do not depend on the number of threads. */
#ifndef INITVIZ_NN_MAT_H
#define INITVIZ_NN_MAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "nn/pool.h"

enum mat_engine {
	MAT_OPENBLAS,
	MAT_NAIVE, /* three loops in plain C: reference, and the same bits on every machine */
};

/* Call once before the first product: sets OpenBLAS to one thread and checks
 * that it will get its working memory (it would spin for ever otherwise, see
 * OpenMathLib/OpenBLAS#5289).  ERR_RESOURCE if not; the process must then
 * leave with _exit(), because OpenBLAS's own shutdown would hang. */
bool mat_prepare(struct err *err);

/* How many of `threads` (after mat_prepare(), at least 1) find address space to
 * multiply in, beside `bytes` that will be asked for in the meantime. */
int mat_threads(int threads, size_t bytes);

/* Chooses the engine for all later products of the process. */
void mat_use(enum mat_engine engine);

/* C (m, n) = A (m, k) B (k, n) + (add ? C : 0) */
void mat_multiply(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k, bool add);

/* C (m, n) = A (m, k) B' with B (n, k) */
void mat_multiply_transposed(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k);

/* The same two, by the calling thread alone: for few rows, of a caller who
 * shares out the rest himself. */
void mat_multiply_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k);
void mat_multiply_transposed_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k);

/* Of scale * A' B with A (k, m), B (k, n), which is (m, n): rows [row, row +
 * rows), columns [column, column + columns), row after row into c, `step`
 * floats apart.  By the calling thread. */
void mat_transposed_tile(float *c, size_t step, const float *a, const float *b, size_t m, size_t n, size_t k,
                         size_t row, size_t rows, size_t column, size_t columns, float scale);

/* For --version and diagnostics: OpenBLAS's version and the name of the core
 * whose kernels it uses; and a sentence when that is below what the CPU can
 * do (with the reason when OPENBLAS_CORETYPE is set), else NULL. */
const char *mat_library(void);
const char *mat_core(void);
const char *mat_core_complaint(void);

#endif
