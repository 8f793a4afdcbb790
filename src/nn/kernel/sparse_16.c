/* Sparse products with vectors of 16 floats: AVX-512 has 32 such registers, enough
 * for two rows. */
#include "nn/kernel/vector_math.h"

#define LANES 16
#define ROWS 2
#define TARGET VECTOR_AVX512
#define NAME sparse_panel_16
#include "nn/kernel/sparse_panel_loops.h"
