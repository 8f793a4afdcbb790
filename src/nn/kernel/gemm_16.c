/* Our own products with vectors of 16 floats, for AVX-512. */
#include "nn/kernel/vector_math.h"

#if VECTOR_HAS_AVX512
#include <immintrin.h>
#define MULTIPLY_ADD(x, y, sum) (lanes)_mm512_fmadd_ps((__m512)(x), (__m512)(y), (__m512)(sum))
#else
#define MULTIPLY_ADD(x, y, sum) ((sum) + (x) * (y))
#endif
#define VECTORS 4
#define LANES 16
#define TARGET VECTOR_AVX512
#define NAME gemm_loops_16
#include "nn/kernel/gemm_loops.h"
