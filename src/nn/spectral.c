/* W q = p and W' p = q in turn give a bidiagonal matrix, whose largest singular value
 * nears that of W from below. */
#include "nn/spectral.h"

#include <math.h>
#include <stdbool.h>

#include "nn/kernel/vector_sum.h"
#include "nn/rng.h"

#define CHECKED 4         /* steps between looks at the result */
#define SETTLED 1e-5      /* relative growth over these that ends the search */
#define LEAST 1e-36f      /* weights all below it count as 0: their products are denormal */
#define START_SEED 1965

/* The bidiagonal matrix so far: alpha on the diagonal, beta above it. */
struct bidiagonal {
	double alpha[SPECTRAL_STEPS], beta[SPECTRAL_STEPS];
	int steps;
};

static float largest(const float *w, size_t n)
{
	float most = 0;
	for (size_t i = 0; i < n; i++) {
		float size = fabsf(w[i]);
		if (!isfinite(size))
			return NAN;
		most = size > most ? size : most;
	}
	return most;
}

/* Whether B'B has an eigenvalue above x: whether a pivot of x - B'B is negative. */
static bool has_above(const struct bidiagonal *b, double x)
{
	double pivot = 1;
	for (int j = 0; j < b->steps; j++) {
		double diagonal = b->alpha[j] * b->alpha[j] + (j ? b->beta[j - 1] * b->beta[j - 1] : 0);
		double beside = j ? b->alpha[j - 1] * b->beta[j - 1] : 0;
		pivot = x - diagonal - (j ? beside * beside / pivot : 0);
		if (pivot <= 0)
			return true;
	}
	return false;
}

static double largest_singular_value(const struct bidiagonal *b)
{
	double low = 0, high = 0;
	for (int j = 0; j < b->steps; j++) /* at most the root of the largest column sum times the largest row sum */
		high = fmax(high, b->alpha[j] + (j ? b->beta[j - 1] : 0) + (j + 1 < b->steps ? b->beta[j] : 0));
	high *= high;
	for (int i = 0; i < 60; i++) {
		double middle = 0.5 * (low + high);
		if (has_above(b, middle))
			low = middle;
		else
			high = middle;
	}
	return sqrt(high);
}

/* x is divided by its length, which is returned; 0 leaves it alone. */
static double to_unit_length(float *x, size_t n)
{
	double length = sqrt(vector_dot(x, x, n));
	float inverse = length > 0 ? (float)(1 / length) : 0;
	VECTOR_EACH (i, n)
		x[i] *= inverse;
	return length;
}

/* p = W q - beta p, not yet of length 1, and sum = W' p / size while each row is in the
 * cache; W times 1/size. */
static VECTOR_CLONES void multiply(float *p, float *sum, const float *w, const float *q, double beta, float size, size_t rows,
                                   size_t columns)
{
	VECTOR_EACH (j, columns)
		sum[j] = 0;
	for (size_t i = 0; i < rows; i++) {
		const float *row = w + i * columns;
		p[i] = (float)(vector_dot(row, q, columns) / (double)size - beta * (double)p[i]);
		float factor = p[i] / size;
		VECTOR_EACH (j, columns)
			sum[j] += factor * row[j];
	}
}

double spectral_norm(const float *w, size_t rows, size_t columns, float *scratch)
{
	float size = largest(w, rows * columns), *p = scratch, *q = p + rows, *sum = q + columns;
	struct bidiagonal b = { .steps = 0 };
	struct rng rng = rng_stream(START_SEED, RNG_SPECTRAL, 0);
	double result = 0, beta = 0;
	if (!(size > LEAST))
		return size > 0 ? 0 : (double)size;
	rng_fill_normal(&rng, q, columns);
	to_unit_length(q, columns);
	for (size_t i = 0; i < rows; i++)
		p[i] = 0;
	while (b.steps < SPECTRAL_STEPS) {
		multiply(p, sum, w, q, beta, size, rows, columns);
		double alpha = to_unit_length(p, rows);
		float inverse = alpha > 0 ? (float)(1 / alpha) : 0, back = (float)alpha;
		VECTOR_EACH (j, columns) /* q = W' p / alpha - alpha q, of a p of length 1 */
			q[j] = sum[j] * inverse - back * q[j];
		beta = to_unit_length(q, columns);
		b.alpha[b.steps] = alpha;
		b.beta[b.steps++] = beta;
		bool done = !(alpha > 0) || !(beta > 0);
		if (done || b.steps % CHECKED == 0) {
			double before = result;
			result = largest_singular_value(&b);
			if (done || result - before < SETTLED * result)
				break;
		}
	}
	return result * (double)size;
}
