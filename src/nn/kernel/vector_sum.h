/* Fast sums of a few thousand floats with the same bits on every machine: sixteen
 * partial sums, whatever the width of the machine's vectors, added in a fixed
 * order at the end. */
#ifndef INITVIZ_NN_KERNEL_VECTOR_SUM_H
#define INITVIZ_NN_KERNEL_VECTOR_SUM_H

#include "nn/kernel/vector_math.h"

#define VECTOR_SUM_LANES 16

/* Adds x[i] y[i] to lane i of sixteen. */
VECTOR_INLINE void vector_add_products(float *restrict lanes, const float *x, const float *y)
{
	VECTOR_EACH (i, VECTOR_SUM_LANES)
		lanes[i] += x[i] * y[i];
}

/* x . y; the sum of squares of x as x . x */
VECTOR_INLINE double vector_dot(const float *x, const float *y, size_t n)
{
	float lanes[VECTOR_SUM_LANES] = {0}, last_x[VECTOR_SUM_LANES] = {0}, last_y[VECTOR_SUM_LANES] = {0};
	size_t whole = n - n % VECTOR_SUM_LANES;
	for (size_t i = 0; i < whole; i += VECTOR_SUM_LANES)
		vector_add_products(lanes, x + i, y + i);
	memcpy(last_x, x + whole, (n - whole) * sizeof *x);
	memcpy(last_y, y + whole, (n - whole) * sizeof *y);
	vector_add_products(lanes, last_x, last_y);
	double total = 0;
	for (int i = 0; i < VECTOR_SUM_LANES; i++)
		total += (double)lanes[i];
	return total;
}

#endif
