/* All singular values of a matrix, and what is kept of them. */
#include "nn/singular.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/whole.h"
#include "nn/kernel/dense.h"
#include "nn/kernel/vector_math.h"
#include "nn/lapack.h"

#define SWEEPS 60 /* at most; ten are enough for most */

/* ---- a spectrum ---- */

void spectrum_clear(struct spectrum *spectrum)
{
	*spectrum = (struct spectrum){ .mean_square = NAN, .variance = NAN, .smallest = NAN, .largest = NAN,
	                               .condition = NAN, .zero = NAN };
}

/* Quantile (i + 1/2)/kept of the values, which are descending. */
static double kept_value(const double *values, size_t count, size_t kept, size_t i)
{
	double at = ((double)i + 0.5) / (double)kept * (double)count - 0.5; /* place in ascending order */
	size_t below = count == 1 ? 0 : (size_t)whole_int(floor(at), 0, (int)count - 2);
	double part = fmin(fmax(at - (double)below, 0), 1), low = values[count - 1 - below];
	return count == 1 ? low : low + part * (values[count - 2 - below] - low);
}

void spectrum_of_values(struct spectrum *spectrum, const double *values, size_t count)
{
	double sum = 0, spread = 0, zeros = 0, n = (double)count;
	spectrum_clear(spectrum);
	if (count == 0)
		return;
	spectrum->count = count;
	for (size_t i = 0; i < count; i++)
		sum += values[i] * values[i];
	if (!isfinite(sum))
		return;
	spectrum->mean_square = sum / n;
	double least = n * DBL_EPSILON * values[0];
	for (size_t i = 0; i < count; i++) {
		double away = values[i] * values[i] - spectrum->mean_square;
		spread += away * away;
		zeros += !(values[i] > least);
	}
	spectrum->variance = spread / n;
	spectrum->zero = zeros / n;
	spectrum->largest = values[0];
	spectrum->smallest = zeros > 0 ? 0 : values[count - 1];
	spectrum->condition = spectrum->largest / spectrum->smallest; /* NaN of a matrix of zeros */
	spectrum->kept = count < SINGULAR_KEPT ? count : SINGULAR_KEPT;
	for (size_t i = 0; i < spectrum->kept; i++) {
		double value = kept_value(values, count, spectrum->kept, i);
		spectrum->value[i] = value > least ? value : 0;
	}
}

double spectrum_quantile(const struct spectrum *spectrum, double p)
{
	if (spectrum->kept == 0)
		return NAN;
	if (p <= 0)
		return spectrum->smallest;
	if (p >= 1)
		return spectrum->largest;
	double at = fmin(fmax(p * (double)spectrum->kept - 0.5, 0), (double)spectrum->kept - 1);
	size_t below = (size_t)whole_int(at, 0, SINGULAR_KEPT - 1), above = below + 1 < spectrum->kept ? below + 1 : below;
	return spectrum->value[below] + (at - (double)below) * (spectrum->value[above] - spectrum->value[below]);
}

/* ---- all values ---- */

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

size_t singular_scratch(size_t rows, size_t columns)
{
	return larger(rows * columns, lapack_scratch(rows, columns));
}

size_t singular_exact_side(void)
{
	return lapack_is_there() && !dense_is_naive() ? SINGULAR_EXACT : SINGULAR_EXACT_PLAIN;
}

const char *singular_library(void)
{
	return lapack_is_there() ? "LAPACK in OpenBLAS" : "plain rotations (built without LAPACK)";
}

static int descending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x < y) - (x > y);
}

/* Eight partial sums, added in a fixed order: the same bits on every machine. */
static VECTOR_CLONES void products(double sums[3], const double *x, const double *y, size_t n)
{
	enum { LANES = 8 };
	double xx[LANES] = {0}, yy[LANES] = {0}, xy[LANES] = {0};
	size_t whole = n - n % LANES;
	for (size_t i = 0; i < whole; i += LANES)
		VECTOR_EACH (j, LANES) {
			xx[j] += x[i + j] * x[i + j];
			yy[j] += y[i + j] * y[i + j];
			xy[j] += x[i + j] * y[i + j];
		}
	sums[0] = sums[1] = sums[2] = 0;
	for (size_t i = whole; i < n; i++) {
		sums[0] += x[i] * x[i];
		sums[1] += y[i] * y[i];
		sums[2] += x[i] * y[i];
	}
	for (int j = 0; j < LANES; j++) {
		sums[0] += xx[j];
		sums[1] += yy[j];
		sums[2] += xy[j];
	}
}

static VECTOR_CLONES void rotate(double *x, double *y, double c, double s, size_t n)
{
	VECTOR_EACH (i, n) {
		double before = x[i];
		x[i] = c * before - s * y[i];
		y[i] = s * before + c * y[i];
	}
}

/* Sine and cosine of the rotation that makes the two vectors orthogonal; false if they are
 * already. */
static bool find_rotation(double *c, double *s, const double *x, const double *y, size_t n)
{
	double sums[3];
	products(sums, x, y, n);
	if (!(fabs(sums[2]) > DBL_EPSILON * sqrt(sums[0]) * sqrt(sums[1])))
		return false;
	double zeta = (sums[1] - sums[0]) / (2 * sums[2]);
	double t = copysign(1, zeta) / (fabs(zeta) + hypot(1, zeta));
	*c = 1 / sqrt(1 + t * t);
	*s = *c * t;
	return true;
}

void singular_rotate(double *vector, double *companion, size_t count, size_t length)
{
	bool turned = true;
	double c, s;
	for (int sweep = 0; turned && sweep < SWEEPS; sweep++) {
		turned = false;
		for (size_t i = 0; i < count; i++)
			for (size_t j = i + 1; j < count; j++) {
				if (!find_rotation(&c, &s, vector + i * length, vector + j * length, length))
					continue;
				turned = true;
				rotate(vector + i * length, vector + j * length, c, s, length);
				if (companion)
					rotate(companion + i, companion + j, c, s, 1);
			}
	}
}

static double largest_element(const double *a, size_t n)
{
	double most = 0;
	for (size_t i = 0; i < n; i++) {
		double size = fabs(a[i]);
		if (!isfinite(size))
			return NAN;
		most = fmax(most, size);
	}
	return most;
}

void singular_values_plain(double *values, double *a, size_t rows, size_t columns, double *scratch)
{
	size_t count = rows < columns ? rows : columns, length = larger(rows, columns);
	double *vector = a, scale = largest_element(a, rows * columns);
	if (rows > columns) { /* the vectors are the columns */
		vector = scratch;
		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < columns; j++)
				vector[j * rows + i] = a[i * columns + j];
	}
	for (size_t i = 0; i < rows * columns && scale > 0; i++) /* squares neither overflow nor underflow */
		vector[i] /= scale;
	if (scale > 0)
		singular_rotate(vector, NULL, count, length);
	for (size_t i = 0; i < count; i++) {
		double sums[3] = { 0 };
		if (scale > 0)
			products(sums, vector + i * length, vector + i * length, length);
		values[i] = isnan(scale) ? NAN : scale * sqrt(sums[0]);
	}
	qsort(values, count, sizeof *values, descending);
}

void singular_values(double *values, double *a, size_t rows, size_t columns, double *scratch)
{
	size_t count = rows < columns ? rows : columns, n = rows * columns;
	double scale = largest_element(a, n);
	if (!(scale > 0) || dense_is_naive()) {
		singular_values_plain(values, a, rows, columns, scratch);
		return;
	}
	VECTOR_EACH (i, n) /* LAPACK scales too, but not beyond the square root of the largest double */
		a[i] /= scale;
	if (!lapack_singular_values(values, a, rows, columns, scratch))
		singular_values_plain(values, a, rows, columns, scratch);
	for (size_t i = 0; i < count; i++)
		values[i] *= scale;
}
