/* Sums and bins with vectors of 8 doubles. */
#include "nn/kernel/vector_math.h"

#define LANES 8
#define TARGET VECTOR_AVX512
#define NAME block_loops_8
#include "nn/kernel/block_loops_body.h"
