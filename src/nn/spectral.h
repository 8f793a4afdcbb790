/* The largest singular value of a matrix, by Golub-Kahan-Lanczos bidiagonalization
 * (Golub and Kahan 1965): the power method that keeps all its steps, which needs
 * their square root.  Starts from the same vector at every call, so the result
 * depends on the matrix alone. */
#ifndef INITVIZ_NN_SPECTRAL_H
#define INITVIZ_NN_SPECTRAL_H

#include <stddef.h>

#define SPECTRAL_STEPS 40 /* at most; each reads the matrix once */

/* Floats of scratch. */
static inline size_t spectral_scratch(size_t rows, size_t columns)
{
	return rows + 2 * columns;
}

/* ||W|| of w (rows, columns), row-major.  Never above the true value but by rounding
 * (1e-6 of it); below it by less than 1 %, for random matrices by less than 0.01 %.
 * 0 for weights below 1e-36; NaN if one is NaN or infinite.  scratch: floats. */
double spectral_norm(const float *w, size_t rows, size_t columns, float *scratch);

#endif
