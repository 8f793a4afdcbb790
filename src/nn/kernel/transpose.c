/* Transposing a matrix, in squares of 4 x 4. */
#include "nn/kernel/transpose.h"

#include "nn/kernel/vector_math.h"

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A square of 4 x 4: rows of `in` become columns of `out`. */
#ifdef HAVE_SHUFFLEVECTOR

VECTOR_INLINE void transpose_square(float *out, const float *in, size_t out_stride, size_t in_stride)
{
	typedef float four __attribute__((vector_size(4 * sizeof(float)), aligned(sizeof(float)), may_alias));
	four a = *(const four *)in, b = *(const four *)(in + in_stride);
	four c = *(const four *)(in + 2 * in_stride), d = *(const four *)(in + 3 * in_stride);
	four ab_left = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_right = __builtin_shufflevector(a, b, 2, 6, 3, 7);
	four cd_left = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_right = __builtin_shufflevector(c, d, 2, 6, 3, 7);
	*(four *)out = __builtin_shufflevector(ab_left, cd_left, 0, 1, 4, 5);
	*(four *)(out + out_stride) = __builtin_shufflevector(ab_left, cd_left, 2, 3, 6, 7);
	*(four *)(out + 2 * out_stride) = __builtin_shufflevector(ab_right, cd_right, 0, 1, 4, 5);
	*(four *)(out + 3 * out_stride) = __builtin_shufflevector(ab_right, cd_right, 2, 3, 6, 7);
}

#else

VECTOR_INLINE void transpose_square(float *out, const float *in, size_t out_stride, size_t in_stride)
{
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			out[j * out_stride + i] = in[i * in_stride + j];
}

#endif

#define BLOCK 16 /* rows and columns of a block are cache lines on both sides */

VECTOR_CLONES void transpose(float *out, size_t out_stride, const float *in, size_t in_stride, size_t rows, size_t columns)
{
	size_t down = rows / 4 * 4, across = columns / 4 * 4;
	for (size_t top = 0; top < down; top += BLOCK)
		for (size_t left = 0; left < across; left += BLOCK)
			for (size_t i = top; i < smaller(top + BLOCK, down); i += 4)
				for (size_t j = left; j < smaller(left + BLOCK, across); j += 4)
					transpose_square(out + j * out_stride + i, in + i * in_stride + j, out_stride, in_stride);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = i < down ? across : 0; j < columns; j++)
			out[j * out_stride + i] = in[i * in_stride + j];
}
