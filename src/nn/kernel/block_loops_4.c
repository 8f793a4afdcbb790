/* Sums and bins with vectors of 4 doubles. */
#include "nn/kernel/vector_math.h"

#define LANES 4
#define TARGET VECTOR_CLONES
#define NAME block_loops_4
#include "nn/kernel/block_loops_body.h"
