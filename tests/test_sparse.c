/* Sparse products against the naive ones, bit for bit, and what is not finite. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "nn/mat.h"
#include "nn/rng.h"
#include "nn/kernel/sparse.h"

#define SCALE 0.125f

struct matrices {
	struct sparse x;
	float *values;
	uint64_t *nonzero;
	float *b, *d; /* (columns, n), (rows, n) */
	float *c, *expected;
	size_t n;
};

/* X with about `share` of its elements not 0. */
static struct matrices make(size_t rows, size_t columns, size_t n, double share)
{
	size_t words = sparse_words(columns), most = rows > columns ? rows : columns;
	struct matrices m = {
		.values = alloc_array(rows * columns, sizeof(float), NULL), .nonzero = alloc_array(rows * words, sizeof(uint64_t), NULL),
		.b = alloc_array(columns * n, sizeof(float), NULL), .d = alloc_array(rows * n, sizeof(float), NULL),
		.c = alloc_array(most * n, sizeof(float), NULL), .expected = alloc_array(most * n, sizeof(float), NULL), .n = n,
	};
	assert_true(m.values && m.nonzero && m.b && m.d && m.c && m.expected);
	struct rng rng = rng_stream(rows * 1000 + columns, RNG_TEST, n);
	rng_fill_normal(&rng, m.values, rows * columns);
	rng_fill_normal(&rng, m.b, columns * n);
	rng_fill_normal(&rng, m.d, rows * n);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++) {
			if (rng_below(&rng, 1000) < (uint32_t)(1000 * share))
				m.nonzero[i * words + j / 64] |= (uint64_t)1 << j % 64;
			else
				m.values[i * columns + j] = 0;
		}
	m.x = (struct sparse){ m.values, m.nonzero, rows, columns };
	return m;
}

static void unmake(struct matrices *m)
{
	alloc_free(m->values);
	alloc_free(m->nonzero);
	alloc_free(m->b);
	alloc_free(m->d);
	alloc_free(m->c);
	alloc_free(m->expected);
}

/* X' D by tiles, n columns in pieces of `width`. */
static void transposed_by_tiles(struct matrices *m, size_t width)
{
	for (size_t tile = 0; tile * SPARSE_TILE_ROWS < m->x.columns; tile++)
		for (size_t column = 0; column < m->n; column += width)
			sparse_transposed_multiply(m->c + tile * SPARSE_TILE_ROWS * m->n + column, m->n, &m->x, m->d, m->n, tile, column,
			                           m->n - column < width ? m->n - column : width, SCALE);
}

static void check(size_t rows, size_t columns, size_t n, double share)
{
	struct matrices m = make(rows, columns, n, share);
	mat_use(MAT_NAIVE);
	mat_multiply_here(m.expected, m.x.x, m.b, rows, n, columns);
	size_t first = rows / 3;
	memset(m.c, 0xff, rows * n * sizeof(float));
	size_t words = sparse_words(columns);
	struct sparse_part part = { .rows = first, .columns = n, .words = words };
	sparse_multiply(m.c, &m.x, m.b, n, &part);
	part.row = first;
	part.rows = rows - first;
	sparse_multiply(m.c, &m.x, m.b, n, &part);
	assert_memory_equal(m.c, m.expected, rows * n * sizeof(float));
	memset(m.c, 0xff, rows * n * sizeof(float));
	part = (struct sparse_part){ .rows = rows, .columns = n / 2, .words = words };
	sparse_multiply(m.c, &m.x, m.b, n, &part);
	part.column = n / 2;
	part.columns = n - n / 2;
	sparse_multiply(m.c, &m.x, m.b, n, &part);
	assert_memory_equal(m.c, m.expected, rows * n * sizeof(float));
	if (words > 1) { /* the terms of the last word alone */
		for (size_t i = 0; i < rows; i++)
			memset(m.values + i * columns, 0, (words - 1) * 64 * sizeof(float));
		mat_multiply_here(m.expected, m.x.x, m.b, rows, n, columns);
		part = (struct sparse_part){ .rows = rows, .columns = n, .word = words - 1, .words = 1 };
		sparse_multiply(m.c, &m.x, m.b, n, &part);
		assert_memory_equal(m.c, m.expected, rows * n * sizeof(float));
	}
	mat_transposed_tile(m.expected, n, m.x.x, m.d, columns, n, rows, 0, columns, 0, n, SCALE);
	memset(m.c, 0xff, columns * n * sizeof(float));
	transposed_by_tiles(&m, n < SPARSE_TILE_COLUMNS ? n : SPARSE_TILE_COLUMNS);
	assert_memory_equal(m.c, m.expected, columns * n * sizeof(float));
	transposed_by_tiles(&m, 16);
	assert_memory_equal(m.c, m.expected, columns * n * sizeof(float));
	mat_use(MAT_FASTEST);
	unmake(&m);
}

static void test_same_bits_as_the_naive_products(void **state)
{
	(void)state;
	struct rng rng = rng_stream(3, RNG_TEST, 2);
	for (int round = 0; round < 150; round++)
		check(rng_below(&rng, 70) + 1, rng_below(&rng, 200) + 1, rng_below(&rng, 130) + 1, 0.2);
	check(128, 784, 100, 0.2);
	check(33, 65, 300, 0.5);
	check(64, 64, 112, 1);
	check(30, 784, 100, 0);
}

/* Whatever a zero meets, alone or beside a row that is not 0 there. */
static void test_zero_adds_nothing(void **state)
{
	(void)state;
	static const float values[] = { INFINITY, -INFINITY, NAN };
	for (size_t v = 0; v < 3; v++) {
		struct matrices m = make(4, 70, 40, 0);
		m.values[1 * 70 + 66] = 2;
		m.nonzero[1 * 2 + 1] = 1 << 2;
		m.b[66 * 40 + 3] = values[v];
		m.b[5 * 40 + 7] = values[v]; /* no row is on there */
		sparse_multiply(m.c, &m.x, m.b, 40, &(struct sparse_part){ .rows = 4, .columns = 40, .words = 2 });
		for (size_t i = 0; i < 4; i++)
			for (size_t j = 0; j < 40; j++) {
				float expected = i == 1 ? 2 * m.b[66 * 40 + j] : 0, c = m.c[i * 40 + j];
				assert_true(isnan(expected) ? isnan(c) : c == expected);
			}
		unmake(&m);
	}
}

static void test_count_and_pays_below_one_half(void **state)
{
	(void)state;
	static const double share[] = { 0, 0.2, 0.45, 0.55, 1 };
	for (size_t i = 0; i < 5; i++) {
		struct matrices m = make(1, 10000, 1, share[i]);
		size_t on = 0, count = sparse_count(m.nonzero, sparse_words(10000));
		for (size_t j = 0; j < 10000; j++)
			on += m.values[j] != 0;
		assert_int_equal(count, on);
		assert_int_equal(sparse_pays(count, 10000), share[i] < 0.5);
		unmake(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bits_as_the_naive_products),
		cmocka_unit_test(test_zero_adds_nothing),
		cmocka_unit_test(test_count_and_pays_below_one_half),
	};
	struct err err = {0};
	if (!mat_prepare(&err))
		return 1;
	return cmocka_run_group_tests_name("sparse", tests, NULL, NULL);
}
