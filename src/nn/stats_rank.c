/* Over how many directions the rows of a matrix are spread. */
#include "nn/stats.h"

#include <math.h>

/* In double: the square of a large float is no float any more. */
static double product(const float *x, const float *y, size_t n)
{
	double sum[4] = {0};
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		for (size_t k = 0; k < 4; k++)
			sum[k] += (double)x[i + k] * (double)y[i + k];
	for (; i < n; i++)
		sum[0] += (double)x[i] * (double)y[i];
	return sum[0] + sum[1] + (sum[2] + sum[3]);
}

/* By the products of all pairs of rows, whose matrix has the eigenvalues of M. */
double stats_effective_rank(const float *x, size_t rows, size_t columns)
{
	double trace = 0, squares = 0;
	for (size_t i = 0; i < rows; i++) {
		double own = product(x + i * columns, x + i * columns, columns);
		trace += own;
		squares += own * own;
		for (size_t k = 0; k < i; k++) {
			double pair = product(x + i * columns, x + k * columns, columns);
			squares += 2 * pair * pair;
		}
	}
	double rank = trace / squares * trace;
	return isfinite(rank) ? rank : NAN;
}
