/* The loops of the optimizers with vectors of 16 floats. */
#include "nn/kernel/vector_math.h"

#define LANES 16
#define TARGET VECTOR_AVX512
#define NAME update_loops_16
#include "nn/kernel/update_loops_body.h"
