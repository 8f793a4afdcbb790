/* The loops of the optimizers with vectors of 8 floats. */
#include "nn/kernel/vector_math.h"

#define LANES 8
#define TARGET VECTOR_CLONES
#define NAME update_loops_8
#include "nn/kernel/update_loops_body.h"
