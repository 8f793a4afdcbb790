/* The door to LAPACK.  lapack.c where OpenBLAS has LAPACK, else lapack_none.c. */
#ifndef INITVIZ_NN_LAPACK_H
#define INITVIZ_NN_LAPACK_H

#include <stdbool.h>
#include <stddef.h>

bool lapack_is_there(void);

/* Doubles of scratch for lapack_singular_values(). */
size_t lapack_scratch(size_t rows, size_t columns);

/* values[min(rows, columns)], descending, of a (rows, columns), which is destroyed.  All
 * elements must be finite.  False, with a as it was, if there is no LAPACK or the matrix is
 * too large for its integers.  NaN if the iteration does not converge, of which no case is
 * known. */
bool lapack_singular_values(double *values, double *a, size_t rows, size_t columns, double *scratch);

#endif
