/* Products of matrices, cut into tiles that the pool shares. */
#include "nn/mat.h"

#include <assert.h>
#include <limits.h>

#include "nn/kernel/dense.h"
#include "nn/kernel/gemm.h"

void mat_use(enum mat_engine engine)
{
	static const enum dense_engine engines[] = {
		[MAT_FASTEST] = DENSE_FASTEST, [MAT_OPENBLAS] = DENSE_OPENBLAS, [MAT_NAIVE] = DENSE_NAIVE,
	};
	dense_use(engines[engine]);
}

const char *mat_own_loops(void)
{
	return gemm_extension();
}

/* ---- the cut ----
 *
 * The numbers come from measurements of OpenBLAS 0.3.21 with Haswell, Zen and
 * SkylakeX kernels; on another CPU they cost or gain a few per cent of speed. */

#define WORTH_SHARING 128000 /* multiply-adds; a smaller product is done before another thread has begun */
#define LENGTH_STEP 16       /* floats in a vector */

/* Wide products are cut into columns only: all of A is copied for each tile,
 * which costs little if the tile has enough columns. */
#define WIDE 256
#define WIDE_LEAST_COLUMNS 128
#define WIDE_MOST_COLUMNS 512

struct cut {
	struct dense_product product;
	size_t rows, columns; /* of a tile, which one thread computes; the last tiles may be smaller */
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t pieces(size_t side, size_t length)
{
	return (side + length - 1) / length;
}

static size_t round_up(size_t x, size_t step)
{
	return pieces(x, step) * step;
}

/* A quarter of a side, so that four threads have work, within these limits. */
static size_t quarter(size_t side, size_t least, size_t most)
{
	size_t length = round_up((side + 3) / 4, LENGTH_STEP);
	return length < least ? least : smaller(length, most);
}

/* How long the tiles are along a side of `side` rows or columns, if one row or
 * column takes `work` multiply-adds: four tiles or more, each a small product
 * unless that is too thin, else long enough to be worth packing. */
static size_t tile_length(size_t side, size_t work)
{
	if (side * work < WORTH_SHARING)
		return side;
	size_t small = DENSE_SMALL / work / LENGTH_STEP * LENGTH_STEP;
	if (small >= DENSE_LEAST_LENGTH)
		return smaller(small, quarter(side, DENSE_LEAST_LENGTH, side));
	return side >= 1024 ? 256 : side >= 256 ? 128 : 48;
}

static struct cut cut(const struct dense_product *product)
{
	struct cut cut = { *product, product->m, product->n };
	struct dense_product *p = &cut.product;
	p->strip = p->m;
	p->slice = dense_equal_slice(p->k, 0);
	if (p->n >= WIDE && p->m * p->n * p->k > DENSE_SMALL) {
		cut.columns = quarter(p->n, WIDE_LEAST_COLUMNS, WIDE_MOST_COLUMNS);
	} else if (p->m >= 4 * p->n) { /* tiles of columns are faster, unless that side is much the shorter */
		cut.rows = p->strip = tile_length(p->m, p->n * p->k);
	} else {
		cut.columns = tile_length(p->n, p->m * p->k);
	}
	return cut;
}

/* ---- products shared by the pool ---- */

static void multiply_tile(void *context, size_t chunk)
{
	const struct cut *cut = context;
	const struct dense_product *p = &cut->product;
	size_t down = pieces(p->m, cut->rows);
	struct dense_tile tile = { .row = chunk % down * cut->rows, .column = chunk / down * cut->columns };
	tile.rows = smaller(cut->rows, p->m - tile.row);
	tile.columns = smaller(cut->columns, p->n - tile.column);
	dense_multiply_tile(p, &tile);
}

static void multiply(struct pool *pool, const struct dense_product *p)
{
	assert(p->m <= INT_MAX && p->n <= INT_MAX && p->k <= INT_MAX);
	if (p->m == 0 || p->n == 0)
		return;
	struct cut tiles = cut(p);
	pool_run(pool, multiply_tile, &tiles, pieces(p->m, tiles.rows) * pieces(p->n, tiles.columns));
}

void mat_multiply(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k, bool add)
{
	multiply(pool, &(struct dense_product){
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .c_stride = n, .alpha = 1, .beta = add ? 1 : 0,
	});
}

void mat_multiply_transposed(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	multiply(pool, &(struct dense_product){
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .c_stride = n, .b_transposed = true, .alpha = 1,
	});
}

/* ---- products of the calling thread ---- */

static void multiply_here(struct dense_product *p, size_t rows, size_t columns)
{
	dense_cut_for_one_thread(p, rows, columns);
	dense_multiply_tile(p, &(struct dense_tile){ .rows = rows, .columns = columns });
}

void mat_multiply_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	multiply_here(&(struct dense_product){
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .c_stride = n, .alpha = 1,
	}, m, n);
}

void mat_multiply_transposed_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	multiply_here(&(struct dense_product){
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .c_stride = n, .b_transposed = true, .alpha = 1,
	}, m, n);
}

void mat_transposed_tile(float *c, size_t c_stride, const float *a, const float *b, size_t m, size_t n, size_t k,
                         size_t row, size_t rows, size_t column, size_t columns, float scale)
{
	multiply_here(&(struct dense_product){
		.c = c, .a = a + row, .b = b + column, .m = m, .n = n, .k = k, .c_stride = c_stride, .a_transposed = true,
		.alpha = scale,
	}, rows, columns);
}
