/* Products of matrices by OpenBLAS or by plain loops, cut into tiles for the
 * pool.  Knows nothing of layers.
 *
 * OpenBLAS may give other bits when the same rows or columns are computed in
 * another grouping, so the tiles follow from the shape alone. */
#include "nn/mat.h"

#include <assert.h>
#include <cblas.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"
#include "nn/vector_math.h"

/* C (m, n) = alpha * op(A) op(B) + beta * C; every product is one of these. */
struct product {
	float *c;
	const float *a, *b;
	size_t m, n, k; /* of op(A) (m, k) and op(B) (k, n) */
	size_t step;    /* from row to row of C */
	bool a_transposed, b_transposed;
	float alpha, beta;

	size_t rows, columns, slice; /* of a tile: of C, and terms added at a time; fewer in the last ones */
};

/* Of a product the elements [row, row + rows) x [column, column + columns),
 * the terms [term, term + terms) of their sums. */
struct tile {
	size_t row, rows, column, columns, term, terms;
};

static enum mat_engine engine = MAT_OPENBLAS;

void mat_use(enum mat_engine chosen)
{
	engine = chosen;
}

/* ---- the two engines ---- */

static void openblas_tile(const struct product *p, const struct tile *t)
{
	const float *a = p->a_transposed ? p->a + t->term * p->m + t->row : p->a + t->row * p->k + t->term;
	const float *b = p->b_transposed ? p->b + t->column * p->k + t->term : p->b + t->term * p->n + t->column;
	cblas_sgemm(CblasRowMajor, p->a_transposed ? CblasTrans : CblasNoTrans,
	            p->b_transposed ? CblasTrans : CblasNoTrans, (blasint)t->rows, (blasint)t->columns, (blasint)t->terms,
	            p->alpha, a, (blasint)(p->a_transposed ? p->m : p->k), b, (blasint)(p->b_transposed ? p->k : p->n),
	            t->term ? 1 : p->beta, p->c + t->row * p->step + t->column, (blasint)p->step);
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

/* ---- the cut ---- */

/* The figures are from measurements of OpenBLAS 0.3.21 on AVX-512; elsewhere
 * they cost or win a few per cent of speed and nothing else. */
#define WORTH_SHARING 128000 /* multiply-adds; less is done before another thread has begun */
#define SMALL_PRODUCT 1000000 /* up to here OpenBLAS multiplies without packing, much faster for thin matrices */
#define LEAST_LENGTH 32
#define LENGTH_STEP 16 /* a vector of floats */

/* Wide products whose B stays in the second cache are quickest in small
 * products of this size, those with B' apart. */
#define WIDE 256
#define CACHED ((size_t)1 << 19) /* floats */
#define TILE_ROWS 128
#define TILE_COLUMNS 32
#define TILE_TERMS 128

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

/* How many terms a small product of `elements` adds at a time, of k. */
static size_t small_slice(size_t elements, size_t k)
{
	size_t most = SMALL_PRODUCT / elements;
	return k <= most ? (k ? k : 1) : pieces(k, pieces(k, most ? most : 1));
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
	p->rows = p->m;
	p->columns = p->n;
	p->slice = p->k ? p->k : 1;
	if (!p->b_transposed && p->n >= WIDE && p->n * p->k < CACHED && p->m * p->n * p->k > SMALL_PRODUCT) {
		p->rows = smaller(p->m, TILE_ROWS);
		p->columns = TILE_COLUMNS;
		p->slice = pieces(p->slice, pieces(p->slice, TILE_TERMS));
	} else if (p->m >= 4 * p->n) { /* quicker in columns, unless that side is much the shorter */
		p->rows = tile_length(p->m, p->n * p->k);
	} else {
		p->columns = tile_length(p->n, p->m * p->k);
	}
}

/* All terms of the elements of one tile, slice after slice. */
static void add_terms(const struct product *p, struct tile *t)
{
	do {
		t->terms = smaller(p->slice, p->k - t->term);
		if (engine == MAT_NAIVE)
			naive_tile(p, t);
		else
			openblas_tile(p, t);
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

/* A square of 4 x 4: rows of `in` become columns of `out`. */
VECTOR_INLINE void turn_square(float *out, const float *in, size_t out_step, size_t in_step)
{
#if defined __has_builtin && __has_builtin(__builtin_shufflevector)
	typedef float four __attribute__((vector_size(4 * sizeof(float)), aligned(sizeof(float)), may_alias));
	four a = *(const four *)in, b = *(const four *)(in + in_step);
	four c = *(const four *)(in + 2 * in_step), d = *(const four *)(in + 3 * in_step);
	four ab_left = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_right = __builtin_shufflevector(a, b, 2, 6, 3, 7);
	four cd_left = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_right = __builtin_shufflevector(c, d, 2, 6, 3, 7);
	*(four *)out = __builtin_shufflevector(ab_left, cd_left, 0, 1, 4, 5);
	*(four *)(out + out_step) = __builtin_shufflevector(ab_left, cd_left, 2, 3, 6, 7);
	*(four *)(out + 2 * out_step) = __builtin_shufflevector(ab_right, cd_right, 0, 1, 4, 5);
	*(four *)(out + 3 * out_step) = __builtin_shufflevector(ab_right, cd_right, 2, 3, 6, 7);
#else
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			out[j * out_step + i] = in[i * in_step + j];
#endif
}

/* out (columns, rows) = in' */
static void turn(float *out, const float *in, size_t rows, size_t columns)
{
	size_t squares_down = rows / 4 * 4, squares_across = columns / 4 * 4;
	for (size_t i = 0; i < squares_down; i += 4)
		for (size_t j = 0; j < squares_across; j += 4)
			turn_square(out + j * rows + i, in + i * columns + j, rows, columns);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = i < squares_down ? squares_across : 0; j < columns; j++)
			out[j * rows + i] = in[i * columns + j];
}

/* All of it by the calling thread, in small products as long as they can be. */
static void multiply_here(struct product *p, size_t rows, size_t columns)
{
	p->slice = small_slice(rows * columns, p->k);
	add_terms(p, &(struct tile){ .rows = rows, .columns = columns });
}

void mat_multiply_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	struct product product = { .c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .step = n, .alpha = 1 };
	multiply_here(&product, m, n);
}

/* A product with B' packs all of B, however few the rows of A: a small one is
 * turned by ourselves, for the kernels that multiply without packing. */
#define TURNED 16384 /* floats */

static _Thread_local float turned[TURNED];

void mat_multiply_transposed_here(float *c, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	struct product product = {
		.c = c, .a = a, .b = b, .m = m, .n = n, .k = k, .step = n, .b_transposed = true, .alpha = 1,
	};
	if (n * k <= TURNED) {
		turn(turned, b, n, k);
		product.b = turned;
		product.b_transposed = false;
	}
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

/* ---- OpenBLAS itself ---- */

#define WORKING_MEMORY ((size_t)160 << 20) /* address space for each thread that multiplies */

/* OpenBLAS does not fail where it is refused memory, it asks for ever. */
static bool is_room(size_t bytes)
{
	void *probe = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return probe != MAP_FAILED && munmap(probe, bytes) == 0;
}

/* A product too large to be done without working memory, which OpenBLAS keeps
 * from then on. */
static void take_working_memory(void)
{
	enum { SIDE = 128 };
	static const float a[SIDE * SIDE], b[SIDE * SIDE];
	static float c[SIDE * SIDE];
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1, a, SIDE, b, SIDE, 0, c, SIDE);
}

bool mat_prepare(struct err *err)
{
	openblas_set_num_threads(1);
	if (!is_room(WORKING_MEMORY))
		return err_set(err, ERR_RESOURCE,
		               "OpenBLAS: %zu MiB of address space for its working memory are refused: "
		               "raise the limit (ulimit -v)",
		               WORKING_MEMORY >> 20);
	take_working_memory();
	return true;
}

int mat_threads(int threads, size_t bytes)
{
	size_t more = threads > 1 ? (size_t)(threads - 1) * WORKING_MEMORY : 0;
	while (threads > 1 && !is_room(more + bytes)) {
		more -= WORKING_MEMORY;
		threads--;
	}
	return threads;
}

const char *mat_library(void)
{
	/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": name and version */
	static char name[64];
	const char *config = openblas_get_config();
	size_t length = strcspn(config, " ");
	length += strspn(config + length, " ");
	length += strcspn(config + length, " ");
	snprintf(name, sizeof name, "%.*s", (int)length, config);
	return name;
}

const char *mat_core(void)
{
	return openblas_get_corename();
}

/* Vector extensions, of the CPU or of a core's kernels. */
enum level { LEVEL_BASE, LEVEL_AVX2, LEVEL_AVX512 };

static enum level level_of_cpu(void)
{
#ifdef __x86_64__
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
		return LEVEL_AVX512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return LEVEL_AVX2;
#endif
	return LEVEL_BASE;
}

static enum level level_of_core(const char *core)
{
	static const struct {
		const char *name;
		enum level level;
	} cores[] = {
		{ "SkylakeX", LEVEL_AVX512 }, { "Cooperlake", LEVEL_AVX512 }, { "SapphireRapids", LEVEL_AVX512 },
		{ "Haswell", LEVEL_AVX2 },    { "Zen", LEVEL_AVX2 },          { "Excavator", LEVEL_AVX2 },
	};
	for (size_t i = 0; i < sizeof cores / sizeof cores[0]; i++)
		if (text_same_name(cores[i].name, core))
			return cores[i].level;
	return LEVEL_BASE;
}

const char *mat_core_complaint(void)
{
	static char complaint[256];
	enum level able = level_of_cpu();
	if (level_of_core(mat_core()) >= able)
		return NULL;
	char core[32], value[64];
	int length = snprintf(complaint, sizeof complaint, "OpenBLAS uses %s kernels although the CPU has %s",
	                      text_escape(core, sizeof core, mat_core()), able == LEVEL_AVX512 ? "AVX-512" : "AVX2");
	const char *variable = getenv("OPENBLAS_CORETYPE");
	if (variable && variable[0])
		snprintf(complaint + length, sizeof complaint - (size_t)length, "; OPENBLAS_CORETYPE=%s is set",
		         text_escape(value, sizeof value, variable));
	return complaint;
}
