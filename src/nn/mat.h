/* Matrix products by OpenBLAS or our own loops, or by their naive twin.
 *
 * All matrices are dense row-major floats.  OpenBLAS runs single-threaded; the
 * pool shares tiles of a product, whose sizes do not depend on the number of
 * threads, so results do not either. */
#ifndef INITVIZ_NN_MAT_H
#define INITVIZ_NN_MAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/platform.h"
#include "nn/pool.h"

enum mat_engine {
	MAT_FASTEST,  /* our own loops where they are faster than OpenBLAS, see nn/kernel/gemm.h; else OpenBLAS */
	MAT_OPENBLAS, /* OpenBLAS alone */
	MAT_NAIVE, /* three loops in plain C: reference, and the same bits on every machine */
};

/* Call once before the first product: ends OpenBLAS's own threads and checks
 * that it will get its working memory (it would spin for ever otherwise, see
 * OpenMathLib/OpenBLAS#5289).  ERR_RESOURCE if not; the process must then
 * leave with _exit(), because OpenBLAS's own shutdown would hang. */
bool mat_prepare(struct err *err);

/* How many of `threads` can get working memory (after mat_prepare(); at least 1),
 * if `bytes` are allocated besides. */
int mat_threads(int threads, size_t bytes);

/* Chooses the engine for all later products of the process; at first it is MAT_FASTEST. */
void mat_use(enum mat_engine engine);

/* C (m, n) = A (m, k) B (k, n) + (add ? C : 0) */
void mat_multiply(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k, bool add);

/* C (m, n) = A (m, k) B' with B (n, k) */
void mat_multiply_transposed(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k);

/* The same two in the calling thread, for a caller that itself shares its work
 * among threads. */
void mat_multiply_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k);
void mat_multiply_transposed_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k);

/* A tile of scale * A' B, which is (m, n), with A (k, m), B (k, n): rows [row, row
 * + rows), columns [column, column + columns).  c receives it row after row,
 * c_stride floats apart.  In the calling thread. */
void mat_transposed_tile(float *c, size_t c_stride, const float *a, const float *b, size_t m, size_t n, size_t k,
                         size_t row, size_t rows, size_t column, size_t columns, float scale);

/* For --version and diagnostics: OpenBLAS's version. */
const char *mat_library(void);

/* For --version: the vector extension of our own loops, "AVX2", or NULL: there are none for
 * this CPU. */
const char *mat_own_loops(void);

/* ---- which of its kernels OpenBLAS uses: mat_core.c ---- */

/* The core (kind of CPU) whose kernels OpenBLAS uses, by OpenBLAS's name; and why
 * these, in one sentence. */
const char *mat_core(void);
const char *mat_core_reason(void);

/* The vector extension that these kernels need. */
enum platform_vectors mat_core_vectors(void);

#define MAT_CORE_AUTO "auto"       /* the best kernels for this CPU, unless OPENBLAS_CORETYPE is set */
#define MAT_CORE_LIBRARY "library" /* what OpenBLAS chooses */

/* Call once after mat_prepare().  core: one of the two above, or a name of
 * OpenBLAS's.  If OpenBLAS uses others, the program starts again with argv, and
 * this does not return; kernels that were chosen automatically must compute a
 * product as the naive engine does, or the program goes on with OpenBLAS's own
 * choice and prints a warning.  ERR_USAGE if this CPU or this OpenBLAS cannot
 * have the core. */
bool mat_choose_core(char *argv[], const char *core, struct err *err);

/* Whether this process was started by mat_choose_core(). */
bool mat_core_is_chosen(void);

/* For a program that starts again for another reason: sets the environment as
 * mat_choose_core() with MAT_CORE_AUTO does. */
void mat_core_into_environment(void);

#endif
