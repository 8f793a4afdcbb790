/* Sparse products with vectors of 8 floats: AVX2 has 16 such registers, enough for
 * one row. */
#include "nn/kernel/vector_math.h"

#define LANES 8
#define ROWS 1
#define TARGET VECTOR_CLONES
#define NAME sparse_panel_8
#include "nn/kernel/sparse_panel_loops.h"
