/* Without LAPACK: callers take the plain rotations, or an estimate. */
#include "nn/lapack.h"

bool lapack_is_there(void)
{
	return false;
}

size_t lapack_scratch(size_t rows, size_t columns)
{
	(void)rows, (void)columns;
	return 0;
}

bool lapack_singular_values(double *values, double *a, size_t rows, size_t columns, double *scratch)
{
	(void)values, (void)a, (void)rows, (void)columns, (void)scratch;
	return false;
}
