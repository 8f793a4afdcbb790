/* The singular values of a matrix: all of them, by LAPACK or by plain rotations; or
 * an estimate of their distribution from products with vectors alone. */
#ifndef INITVIZ_NN_SINGULAR_H
#define INITVIZ_NN_SINGULAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SINGULAR_EXACT 512 /* the largest smaller side of a matrix whose singular values are all computed with LAPACK ... */
#define SINGULAR_EXACT_PLAIN 128 /* ... and without */
#define SINGULAR_KEPT 128  /* values kept of a spectrum */

/* What is kept of a matrix's singular values s. */
struct spectrum {
	uint64_t count;     /* values in all; 0: not measured */
	uint64_t estimated; /* 1: from random vectors; 0: all values were computed */
	double mean_square; /* mean of s^2 */
	double variance;    /* of s^2 */
	double smallest, largest; /* smallest: 0 where it is below rounding (count eps largest) */
	double condition;   /* largest / smallest; infinite where smallest is 0 */
	double zero;        /* share of values that are 0 or below rounding */
	uint64_t kept;      /* min(count, SINGULAR_KEPT) */
	double value[SINGULAR_KEPT]; /* [kept] ascending: all values, or their quantiles at (i + 1/2)/kept */
};

/* Nothing measured: all numbers NaN, counts 0. */
void spectrum_clear(struct spectrum *spectrum);

/* Of values[count] in descending order.  NaN or Inf among them makes all numbers NaN. */
void spectrum_of_values(struct spectrum *spectrum, const double *values, size_t count);

/* The value at share p (0..1) of the values in ascending order, between neighbours by
 * interpolation; NaN where nothing was measured. */
double spectrum_quantile(const struct spectrum *spectrum, double p);

/* ---- all values ---- */

/* Doubles of scratch for singular_values(). */
size_t singular_scratch(size_t rows, size_t columns);

/* values[min(rows, columns)], descending, of a (rows, columns), row-major, which is
 * destroyed.  By LAPACK's dgesdd, or where the program was built without LAPACK or uses
 * the naive products, by singular_values_plain().  All NaN if a has NaN or Inf. */
void singular_values(double *values, double *a, size_t rows, size_t columns, double *scratch);

/* The same by one-sided Jacobi rotations (Hestenes 1958), which are slow and exact:
 * relative error 1e-14 of the largest value, better for graded matrices. */
void singular_values_plain(double *values, double *a, size_t rows, size_t columns, double *scratch);

/* Rotates the rows of vector (count, length) until they are at right angles: U' times it.
 * companion[count], unless NULL, becomes U' companion.  The squares of no row may overflow. */
void singular_rotate(double *vector, double *companion, size_t count, size_t length);

/* SINGULAR_EXACT or SINGULAR_EXACT_PLAIN: of this program with the present engine of products. */
size_t singular_exact_side(void);

/* What computes exact singular values, for --version. */
const char *singular_library(void);

/* ---- an estimate ---- */

#define SINGULAR_PROBES 2 /* random vectors */
#define SINGULAR_STEPS 24 /* of Lanczos' method with each, at most */

/* A matrix A that is known by its products. */
struct singular_operator {
	size_t rows, columns;
	void (*apply)(void *context, double *y, const double *x);            /* y (rows) = A x (columns) */
	void (*apply_transposed)(void *context, double *x, const double *y); /* x (columns) = A' y (rows) */
	bool (*go_on)(void *context); /* false: give up; NULL: never */
	void *context;
};

/* Doubles of scratch for singular_estimate(). */
size_t singular_estimate_scratch(size_t rows, size_t columns);

/* The distribution by stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017): Golub
 * and Kahan's bidiagonalization from random vectors, with full orthogonalization;
 * mean_square within some 2 sqrt(2 / (SINGULAR_PROBES count)) of its value; largest from below
 * and smallest from above, so condition is a lower bound.  count: values that can differ
 * from 0, at most min(rows, columns).  The same bits at every call.  False, with the
 * spectrum cleared, if go_on() said so. */
bool singular_estimate(struct spectrum *spectrum, const struct singular_operator *a, size_t count, double *scratch);

#endif
