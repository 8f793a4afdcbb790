/* Products of matrices by OpenBLAS or by plain loops, cut into tiles for the
 * pool.  Knows nothing of layers.
 *
 * OpenBLAS may give other bits when the same rows or columns are computed in
 * another grouping, so the tiles follow from the shape alone. */
#include "nn/mat.h"

#include <assert.h>
#include CBLAS_HEADER
#include <limits.h>
#include <string.h>

#include "nn/vector_math.h"

/* C (m, n) = alpha * op(A) op(B) + beta * C; every product is one of these. */
struct product {
	float *c;
	const float *a, *b;
	size_t m, n, k; /* of op(A) (m, k) and op(B) (k, n) */
	size_t step;    /* from row to row of C */
	bool a_transposed, b_transposed;
	float alpha, beta;

	size_t rows, columns; /* of a tile of C: what one thread does; fewer in the last ones */
	size_t strip, slice;  /* rows of it, and terms of their sums, that OpenBLAS is given at a time */
};

/* Of a product the elements [row, row + rows) x [column, column + columns),
 * the terms [term, term + terms) of their sums. */
struct tile {
	size_t row, rows, column, columns, term, terms;
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static enum mat_engine engine = MAT_OPENBLAS;

void mat_use(enum mat_engine chosen)
{
	engine = chosen;
}

/* ---- the two engines ---- */

/* A matrix as it lies in memory, from the first element that counts. */
struct operand {
	const float *at;
	size_t step; /* from row to row */
	bool transposed;
};

static void openblas_tile(const struct product *p, const struct tile *t, const struct operand *b)
{
	const float *a = p->a_transposed ? p->a + t->term * p->m + t->row : p->a + t->row * p->k + t->term;
	cblas_sgemm(CblasRowMajor, p->a_transposed ? CblasTrans : CblasNoTrans, b->transposed ? CblasTrans : CblasNoTrans,
	            (blasint)t->rows, (blasint)t->columns, (blasint)t->terms, p->alpha, a,
	            (blasint)(p->a_transposed ? p->m : p->k), b->at, (blasint)b->step, t->term ? 1 : p->beta,
	            p->c + t->row * p->step + t->column, (blasint)p->step);
}

/* One row of C.  Every element adds its k products in the order of k, so the
 * grouping does not show, and the same bits come from every machine. */
static void naive_row(const struct product *p, const struct tile *t, size_t i)
{
	float *c = p->c + i * p->step + t->column;
	const float *a = p->a_transposed ? p->a + i : p->a + i * p->k;
	size_t a_step = p->a_transposed ? p->m : 1, end = t->term + t->terms;
	if (p->beta == 0 && t->term == 0)
		memset(c, 0, t->columns * sizeof *c);
	if (p->b_transposed) {
		for (size_t j = 0; j < t->columns; j++) {
			const float *b = p->b + (t->column + j) * p->k;
			float sum = c[j];
			for (size_t q = t->term; q < end; q++)
				sum += p->alpha * a[q * a_step] * b[q];
			c[j] = sum;
		}
		return;
	}
	for (size_t q = t->term; q < end; q++) {
		const float *b = p->b + q * p->n + t->column;
		float factor = p->alpha * a[q * a_step];
		for (size_t j = 0; j < t->columns; j++)
			c[j] += factor * b[j];
	}
}

static void naive_tile(const struct product *p, const struct tile *t)
{
	for (size_t i = 0; i < t->rows; i++)
		naive_row(p, t, t->row + i);
}

/* ---- B turned ----
 *
 * OpenBLAS packs all of B' for every product with it, however few the rows of
 * A: a small piece is turned by ourselves, for the kernels that multiply without
 * packing. */

#define TURNED 16384 /* floats */

static _Thread_local float turned[TURNED];

/* A square of 4 x 4: rows of `in` become columns of `out`. */
#ifdef HAVE_SHUFFLEVECTOR

VECTOR_INLINE void turn_square(float *out, const float *in, size_t out_step, size_t in_step)
{
	typedef float four __attribute__((vector_size(4 * sizeof(float)), aligned(sizeof(float)), may_alias));
	four a = *(const four *)in, b = *(const four *)(in + in_step);
	four c = *(const four *)(in + 2 * in_step), d = *(const four *)(in + 3 * in_step);
	four ab_left = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_right = __builtin_shufflevector(a, b, 2, 6, 3, 7);
	four cd_left = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_right = __builtin_shufflevector(c, d, 2, 6, 3, 7);
	*(four *)out = __builtin_shufflevector(ab_left, cd_left, 0, 1, 4, 5);
	*(four *)(out + out_step) = __builtin_shufflevector(ab_left, cd_left, 2, 3, 6, 7);
	*(four *)(out + 2 * out_step) = __builtin_shufflevector(ab_right, cd_right, 0, 1, 4, 5);
	*(four *)(out + 3 * out_step) = __builtin_shufflevector(ab_right, cd_right, 2, 3, 6, 7);
}

#else

VECTOR_INLINE void turn_square(float *out, const float *in, size_t out_step, size_t in_step)
{
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			out[j * out_step + i] = in[i * in_step + j];
}

#endif

/* out (columns, rows) = in' with in (rows, columns), whose rows are `step`
 * apart; by blocks whose rows are cache lines here and there. */
static void turn(float *out, const float *in, size_t rows, size_t columns, size_t step)
{
	enum { BLOCK = 16 };
	size_t down = rows / 4 * 4, across = columns / 4 * 4;
	for (size_t top = 0; top < down; top += BLOCK)
		for (size_t left = 0; left < across; left += BLOCK)
			for (size_t i = top; i < smaller(top + BLOCK, down); i += 4)
				for (size_t j = left; j < smaller(left + BLOCK, across); j += 4)
					turn_square(out + j * rows + i, in + i * step + j, rows, step);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = i < down ? across : 0; j < columns; j++)
			out[j * rows + i] = in[i * step + j];
}

/* B of a tile: in its place, or turned. */
static struct operand operand_b(const struct product *p, const struct tile *t)
{
	if (!p->b_transposed)
		return (struct operand){ p->b + t->term * p->n + t->column, p->n, false };
	const float *at = p->b + t->column * p->k + t->term;
	if (t->columns * t->terms > TURNED)
		return (struct operand){ at, p->k, true };
	turn(turned, at, t->columns, t->terms, p->k);
	return (struct operand){ turned, t->columns, false };
}

/* ---- the cut ---- */

/* The figures are from measurements of OpenBLAS 0.3.21 on AVX-512; elsewhere
 * they cost or win a few per cent of speed and nothing else. */
#define WORTH_SHARING 128000 /* multiply-adds; less is done before another thread has begun */
#define SMALL_PRODUCT 1000000 /* up to here OpenBLAS multiplies without packing, much faster for thin matrices */
#define LEAST_LENGTH 32
#define LENGTH_STEP 16 /* a vector of floats */

/* Wide products are quickest in small ones of this size, column by column of
 * them, for which TURNED has room. */
#define WIDE 256
#define WIDE_COLUMNS 64
#define WIDE_STRIP 32
#define WIDE_SLICE 256

static size_t pieces(size_t side, size_t length)
{
	return (side + length - 1) / length;
}

static size_t round_up(size_t x, size_t step)
{
	return pieces(x, step) * step;
}

/* k terms in equal slices of `most` at most. */
static size_t equal_slice(size_t k, size_t most)
{
	return k <= most || most == 0 ? (k ? k : 1) : pieces(k, pieces(k, most));
}

/* How long the tiles of a side of `side` rows or columns are, when one row or
 * column takes `work` multiply-adds: four tiles or more, each a small product
 * if that is not too thin, else long enough to pay for its packing. */
static size_t tile_length(size_t side, size_t work)
{
	if (side * work < WORTH_SHARING)
		return side;
	size_t small = SMALL_PRODUCT / work / LENGTH_STEP * LENGTH_STEP;
	if (small >= LEAST_LENGTH) {
		size_t quarter = round_up((side + 3) / 4, LENGTH_STEP);
		return smaller(small, quarter < LEAST_LENGTH ? LEAST_LENGTH : quarter);
	}
	return side >= 1024 ? 256 : side >= 256 ? 128 : 48;
}

static void cut(struct product *p)
{
	p->rows = p->strip = p->m;
	p->columns = p->n;
	p->slice = equal_slice(p->k, SIZE_MAX);
	if (p->n >= WIDE && p->m * p->n * p->k > SMALL_PRODUCT) {
		p->columns = WIDE_COLUMNS;
		p->strip = WIDE_STRIP;
		p->slice = equal_slice(p->k, WIDE_SLICE);
	} else if (p->m >= 4 * p->n) { /* quicker in columns, unless that side is much the shorter */
		p->rows = p->strip = tile_length(p->m, p->n * p->k);
	} else {
		p->columns = tile_length(p->n, p->m * p->k);
	}
}

static void add_slice(const struct product *p, const struct tile *t)
{
	if (engine == MAT_NAIVE) {
		naive_tile(p, t);
		return;
	}
	struct operand b = operand_b(p, t);
	for (size_t done = 0; done < t->rows; done += p->strip) {
		struct tile strip = *t;
		strip.row += done;
		strip.rows = smaller(p->strip, t->rows - done);
		openblas_tile(p, &strip, &b);
	}
}

/* All terms of the elements of one tile, slice after slice. */
static void add_terms(const struct product *p, struct tile *t)
{
	do {
		t->terms = smaller(p->slice, p->k - t->term);
		add_slice(p, t);
		t->term += p->slice;
	} while (t->term < p->k);
}

static void multiply_tile(void *context, size_t chunk)
{
	const struct product *p = context;
	size_t down = pieces(p->m, p->rows);
	struct tile tile = { .row = chunk % down * p->rows, .column = chunk / down * p->columns };
	tile.rows = smaller(p->rows, p->m - tile.row);
	tile.columns = smaller(p->columns, p->n - tile.column);
	add_terms(p, &tile);
}

static void multiply(struct pool *pool, struct product *p)
{
	assert(p->m <= INT_MAX && p->n <= INT_MAX && p->k <= INT_MAX);
	if (p->m == 0 || p->n == 0)
		return;
	cut(p);
	size_t tiles = pieces(p->m, p->rows) * pieces(p->n, p->columns);
	pool_run(pool, multiply_tile, p, tiles);
}

void mat_multiply(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k, bool add)
{
	struct product product = {
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .step = n, .alpha = 1, .beta = add ? 1 : 0,
	};
	multiply(pool, &product);
}

void mat_multiply_transposed(struct pool *pool, float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	struct product product = {
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .step = n, .b_transposed = true, .alpha = 1,
	};
	multiply(pool, &product);
}

/* All of it by the calling thread, in small products as long as they can be. */
static void multiply_here(struct product *p, size_t rows, size_t columns)
{
	size_t small = SMALL_PRODUCT / (rows * columns), turnable = TURNED / columns;
	p->strip = rows;
	p->slice = equal_slice(p->k, p->b_transposed && turnable >= LEAST_LENGTH ? smaller(small, turnable) : small);
	add_terms(p, &(struct tile){ .rows = rows, .columns = columns });
}

void mat_multiply_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	struct product product = { .c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .step = n, .alpha = 1 };
	multiply_here(&product, m, n);
}

void mat_multiply_transposed_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	struct product product = {
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .step = n, .b_transposed = true, .alpha = 1,
	};
	multiply_here(&product, m, n);
}

void mat_transposed_tile(float *c, size_t step, const float *a, const float *b, size_t m, size_t n, size_t k,
                         size_t row, size_t rows, size_t column, size_t columns, float scale)
{
	struct product product = {
		.c = c, .a = a + row, .b = b + column, .m = m, .n = n, .k = k, .step = step, .a_transposed = true, .alpha = scale,
	};
	multiply_here(&product, rows, columns);
}
