/* The largest singular value against a whole singular value decomposition by
 * one-sided Jacobi rotations, and in closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/rng.h"
#include "nn/spectral.h"

#define MOST 64

/* Hestenes 1958: pairs of columns are rotated until all are at right angles; their
 * lengths are the singular values. */
static double jacobi_norm(const float *w, size_t rows, size_t columns)
{
	static double a[MOST][MOST];
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			a[i][j] = (double)w[i * columns + j];
	for (int sweep = 0; sweep < 60; sweep++)
		for (size_t j = 0; j < columns; j++)
			for (size_t k = j + 1; k < columns; k++) {
				double jj = 0, kk = 0, jk = 0;
				for (size_t i = 0; i < rows; i++) {
					jj += a[i][j] * a[i][j];
					kk += a[i][k] * a[i][k];
					jk += a[i][j] * a[i][k];
				}
				if (jk == 0)
					continue;
				double zeta = (kk - jj) / (2 * jk), t = copysign(1, zeta) / (fabs(zeta) + sqrt(1 + zeta * zeta));
				double c = 1 / sqrt(1 + t * t), s = c * t;
				for (size_t i = 0; i < rows; i++) {
					double x = a[i][j];
					a[i][j] = c * x - s * a[i][k];
					a[i][k] = s * x + c * a[i][k];
				}
			}
	double most = 0;
	for (size_t j = 0; j < columns; j++) {
		double square = 0;
		for (size_t i = 0; i < rows; i++)
			square += a[i][j] * a[i][j];
		most = fmax(most, square);
	}
	return sqrt(most);
}

static void check(double seen, double expected, double tolerance, const char *what)
{
	if (!(fabs(seen - expected) <= tolerance * expected))
		fail_msg("%s: %.9g, expected %.9g", what, seen, expected);
}

static void test_against_jacobi(void **state)
{
	(void)state;
	static const size_t shapes[][2] = { { 1, 1 }, { 1, 40 }, { 40, 1 }, { 2, 2 }, { 7, 5 }, { 5, 7 }, { 64, 64 }, { 64, 10 }, { 20, 60 } };
	static float w[MOST * MOST], scratch[3 * MOST];
	struct rng rng = rng_stream(3, RNG_TEST, 0);
	for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
		for (int kind = 0; kind < 4; kind++) {
			size_t rows = shapes[s][0], columns = shapes[s][1];
			rng_fill_normal(&rng, w, rows * columns);
			for (size_t i = 0; i < rows * columns; i++)
				w[i] = kind == 1 ? w[i] * 1e-20f              /* squares that are denormal */
				       : kind == 2 ? w[i] * 1e18f + 1e17f     /* squares beyond floats; a common part */
				       : kind == 3 ? w[i] * powf(0.5f, (float)(i % columns)) : w[i]; /* singular values far apart */
			check(spectral_norm(w, rows, columns, scratch), jacobi_norm(w, rows, columns), 1e-3, "random");
		}
}

/* Two equal largest values, rank 1, a diagonal, orthogonal rows. */
static void test_closed_forms(void **state)
{
	(void)state;
	static float w[MOST * MOST], scratch[3 * MOST];
	const float diagonal[9] = { 3, 0, 0, 0, -3, 0, 0, 0, 1 };
	check(spectral_norm(diagonal, 3, 3, scratch), 3, 1e-6, "diagonal");
	for (size_t i = 0; i < 20 * 30; i++)
		w[i] = 0.5f;
	check(spectral_norm(w, 20, 30, scratch), 0.5 * sqrt(20 * 30), 1e-6, "constant");
	for (size_t i = 0; i < MOST * MOST; i++) /* Hadamard's matrix: all singular values are 8 */
		w[i] = __builtin_parityll(i / MOST & i % MOST) ? -1 : 1;
	check(spectral_norm(w, MOST, MOST, scratch), 8, 1e-6, "Hadamard");
}

/* Singular values of a random matrix fill an interval up to sd (sqrt(m) + sqrt(n)),
 * Marchenko and Pastur 1967: the hardest case, since many are near the largest.
 * The largest of 300 x 100 varies by 1 %. */
static void test_wide_random_matrix(void **state)
{
	(void)state;
	static float w[300 * 100], scratch[500];
	struct rng rng = rng_stream(5, RNG_TEST, 0);
	rng_fill_normal(&rng, w, 300 * 100);
	check(spectral_norm(w, 300, 100, scratch), sqrt(300) + sqrt(100), 0.03, "300 x 100");
}

static void test_extremes(void **state)
{
	(void)state;
	float w[4] = { 0, 0, 0, 0 }, scratch[6];
	assert_true(spectral_norm(w, 2, 2, scratch) == 0);
	w[2] = NAN;
	assert_true(isnan(spectral_norm(w, 2, 2, scratch)));
	w[2] = INFINITY;
	assert_true(isnan(spectral_norm(w, 2, 2, scratch)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_jacobi),
		cmocka_unit_test(test_closed_forms),
		cmocka_unit_test(test_wide_random_matrix),
		cmocka_unit_test(test_extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
