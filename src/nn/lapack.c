/* LAPACK's singular values, which OpenBLAS carries. */
#include CBLAS_HEADER
#include <limits.h>
#include <math.h>
#include <string.h>

#include "nn/lapack.h"

#define BLOCK 64 /* columns that LAPACK reduces at a time */

/* Fortran passes everything by address, and the length of a string at the end. */
extern void dgesdd_(const char *job, const blasint *m, const blasint *n, double *a, const blasint *lda, double *s, double *u,
                    const blasint *ldu, double *vt, const blasint *ldvt, double *work, const blasint *lwork, blasint *iwork,
                    blasint *info, size_t job_length);

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Of dgesdd's work without vectors: at least 3 least + max(most, 7 least). */
static size_t work_size(size_t rows, size_t columns)
{
	return 10 * smaller(rows, columns) + BLOCK * (rows + columns) + 1;
}

static size_t integers(size_t rows, size_t columns)
{
	return 8 * smaller(rows, columns) + 1;
}

bool lapack_is_there(void)
{
	return true;
}

size_t lapack_scratch(size_t rows, size_t columns)
{
	return work_size(rows, columns) + integers(rows, columns); /* a double is at least as large as an integer */
}

bool lapack_singular_values(double *values, double *a, size_t rows, size_t columns, double *scratch)
{
	size_t work = work_size(rows, columns);
	if (rows > INT_MAX || columns > INT_MAX || work > INT_MAX)
		return false;
	/* Row-major (rows, columns) is column-major (columns, rows), which has the same singular values. */
	blasint m = (blasint)columns, n = (blasint)rows, lwork = (blasint)work, one = 1, info = 0;
	double none = 0;
	dgesdd_("N", &m, &n, a, &m, values, &none, &one, &none, &one, scratch, &lwork, (blasint *)(void *)(scratch + work), &info, 1);
	for (blasint i = 0; info != 0 && i < (m < n ? m : n); i++)
		values[i] = NAN;
	return true;
}
