/* Counts of magnitudes: on a logarithmic axis, and of small ones in each column. */
#include "nn/stats.h"

#include <math.h>
#include <string.h>

#include "nn/kernel/vector_math.h"

#define EXPONENTS 256 /* of floats, without the sign */

/* edge[i] is where bin i begins, as the bits of a float: these are in the order
 * of the floats.  first[e] is the bin that the least float with exponent e lies
 * in, counted from 1 (0: below the axis). */
struct scale {
	uint32_t edge[MAGNITUDE_BINS + 2];
	uint8_t first[EXPONENTS];
};

double stats_magnitude_edge(int i)
{
	static const double decade[] = {
		1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4,
	};
	static const double quarter[] = { 1, 1.7782794100389228, 3.1622776601683795, 5.623413251903491 };
	return decade[i / MAGNITUDE_BINS_PER_DECADE] * quarter[i % MAGNITUDE_BINS_PER_DECADE];
}

static void fill_scale(struct scale *scale)
{
	for (int i = 0; i <= MAGNITUDE_BINS; i++)
		scale->edge[i] = vector_bits((float)stats_magnitude_edge(i));
	scale->edge[MAGNITUDE_BINS + 1] = vector_bits(INFINITY) + 1; /* beyond all but NaN */
	uint8_t bin = 0;
	for (uint32_t e = 0; e < EXPONENTS; e++) {
		while (bin <= MAGNITUDE_BINS && scale->edge[bin] <= e << 23)
			bin++;
		scale->first[e] = bin;
	}
}

void stats_magnitudes(struct magnitudes *magnitudes, const float *x, size_t n)
{
	/* By bin from 1; below the axis, and from its end on. */
	uint32_t count[MAGNITUDE_BINS + 2] = {0}, zeros = 0;
	struct scale scale;
	fill_scale(&scale);
	*magnitudes = (struct magnitudes){ .n = n };
	const uint32_t infinity = vector_bits(INFINITY);
	for (size_t i = 0; i < n; i++) {
		uint32_t bits = vector_bits(x[i]) & 0x7fffffff;
		if (bits >= infinity) {
			magnitudes->inf += bits == infinity;
			magnitudes->nan += bits > infinity;
			continue;
		}
		zeros += bits == 0; /* frequent and at random: no branch */
		/* An octave has two edges at most: a quarter of a decade is longer than half an octave. */
		uint32_t bin = scale.first[bits >> 23];
		bin += bits >= scale.edge[bin];
		bin += bits >= scale.edge[bin];
		count[bin]++;
	}
	magnitudes->zeros = zeros;
	magnitudes->below = count[0] - zeros;
	magnitudes->above = count[MAGNITUDE_BINS + 1];
	memcpy(magnitudes->counts, count + 1, sizeof magnitudes->counts);
}

VECTOR_CLONES void stats_count_small(double *restrict count, const float *restrict x, size_t rows, size_t columns, float limit)
{
	for (size_t row = 0; row < rows; row++)
		for (size_t j = 0; j < columns; j++)
			count[j] += vector_abs(x[row * columns + j]) < limit ? 1.0 : 0.0;
}
