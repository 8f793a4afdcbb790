/* Transposing a matrix from memory to memory. */
#ifndef INITVIZ_NN_KERNEL_TRANSPOSE_H
#define INITVIZ_NN_KERNEL_TRANSPOSE_H

#include <stddef.h>

/* out (columns, rows) = in' with in (rows, columns); the rows of each are so many
 * floats apart. */
void transpose(float *out, size_t out_stride, const float *in, size_t in_stride, size_t rows, size_t columns);

#endif
