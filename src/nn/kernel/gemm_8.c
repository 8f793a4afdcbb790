/* Our own products with vectors of 8 floats, for AVX2 with FMA. */
#include "nn/kernel/vector_math.h"

#if defined __x86_64__
#include <immintrin.h>
#define TARGET __attribute__((target("avx2,fma")))
#define MULTIPLY_ADD(x, y, sum) (lanes)_mm256_fmadd_ps((__m256)(x), (__m256)(y), (__m256)(sum))
#else
#define TARGET
#define MULTIPLY_ADD(x, y, sum) ((sum) + (x) * (y))
#endif
#define VECTORS 2
#define LANES 8
#define NAME gemm_loops_8
#include "nn/kernel/gemm_loops.h"
