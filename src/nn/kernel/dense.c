/* Dense products by our own loops, OpenBLAS or plain loops.  OpenBLAS may compute other bits
 * for the same row or column when it computes it together with others; so the
 * pieces follow from the shape alone. */
#include "nn/kernel/dense.h"

#include CBLAS_HEADER
#include <string.h>

#include "nn/kernel/gemm.h"
#include "nn/kernel/transpose.h"

/* Elements of C as in a tile, and terms [term, term + terms) of their sums. */
struct piece {
	size_t row, rows, column, columns, term, terms;
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static enum dense_engine used = DENSE_FASTEST;

void dense_use(enum dense_engine engine)
{
	used = engine;
}

bool dense_is_naive(void)
{
	return used == DENSE_NAIVE;
}

/* ---- the two engines ---- */

/* A matrix in memory, from the first element that is used. */
struct operand {
	const float *first;
	size_t stride; /* from row to row */
	bool transposed;
};

static void openblas_piece(const struct dense_product *p, const struct piece *t, const struct operand *b)
{
	const float *a = p->a_transposed ? p->a + t->term * p->m + t->row : p->a + t->row * p->k + t->term;
	cblas_sgemm(CblasRowMajor, p->a_transposed ? CblasTrans : CblasNoTrans, b->transposed ? CblasTrans : CblasNoTrans,
	            (blasint)t->rows, (blasint)t->columns, (blasint)t->terms, p->alpha, a,
	            (blasint)(p->a_transposed ? p->m : p->k), b->first, (blasint)b->stride, t->term ? 1 : p->beta,
	            p->c + t->row * p->c_stride + t->column, (blasint)p->c_stride);
}

/* One row of C.  Every element adds its k terms in order, whatever the pieces
 * are: the same bits on every machine. */
static void naive_row(const struct dense_product *p, const struct piece *t, size_t i)
{
	float *c = p->c + i * p->c_stride + t->column;
	const float *a = p->a_transposed ? p->a + i : p->a + i * p->k;
	size_t a_stride = p->a_transposed ? p->m : 1, end = t->term + t->terms;
	if (p->beta == 0 && t->term == 0)
		memset(c, 0, t->columns * sizeof *c);
	if (p->b_transposed) {
		for (size_t j = 0; j < t->columns; j++) {
			const float *b = p->b + (t->column + j) * p->k;
			float sum = c[j];
			for (size_t q = t->term; q < end; q++)
				sum += p->alpha * a[q * a_stride] * b[q];
			c[j] = sum;
		}
		return;
	}
	for (size_t q = t->term; q < end; q++) {
		const float *b = p->b + q * p->n + t->column;
		float factor = p->alpha * a[q * a_stride];
		for (size_t j = 0; j < t->columns; j++)
			c[j] += factor * b[j];
	}
}

static void naive_piece(const struct dense_product *p, const struct piece *t)
{
	for (size_t i = 0; i < t->rows; i++)
		naive_row(p, t, t->row + i);
}

#define LEAST_SLICE 128 /* terms; for fewer at a time packing is faster */

/* ---- B transposed ----
 *
 * For a product with B' OpenBLAS packs all of B', however few rows A has.  If
 * the piece of B is small, we transpose it ourselves, and OpenBLAS multiplies
 * without packing. */

#define TRANSPOSED 16384 /* floats */

static _Thread_local float transposed[TRANSPOSED];

/* B of a piece: where it is, or transposed. */
static struct operand operand_b(const struct dense_product *p, const struct piece *t)
{
	if (!p->b_transposed)
		return (struct operand){ p->b + t->term * p->n + t->column, p->n, false };
	const float *first = p->b + t->column * p->k + t->term;
	if (t->columns * t->terms > TRANSPOSED)
		return (struct operand){ first, p->k, true };
	transpose(transposed, t->columns, first, p->k, t->columns, t->terms);
	return (struct operand){ transposed, t->columns, false };
}

/* ---- a tile ---- */

static void add_slice(const struct dense_product *p, const struct piece *t)
{
	if (used == DENSE_NAIVE) {
		naive_piece(p, t);
		return;
	}
	struct operand b = operand_b(p, t);
	for (size_t done = 0; done < t->rows; done += p->strip) {
		struct piece strip = *t;
		strip.row += done;
		strip.rows = smaller(p->strip, t->rows - done);
		openblas_piece(p, &strip, &b);
	}
}

void dense_multiply_tile(const struct dense_product *p, const struct dense_tile *tile)
{
	if (used == DENSE_FASTEST && gemm_is_faster(p)) {
		gemm_multiply_tile(p, tile);
		return;
	}
	struct piece piece = { tile->row, tile->rows, tile->column, tile->columns, 0, 0 };
	do {
		piece.terms = smaller(p->slice, p->k - piece.term);
		add_slice(p, &piece);
		piece.term += p->slice;
	} while (piece.term < p->k);
}

size_t dense_equal_slice(size_t k, size_t most)
{
	if (k <= most || most == 0)
		return k ? k : 1;
	size_t slices = (k + most - 1) / most;
	return (k + slices - 1) / slices;
}

void dense_cut_for_one_thread(struct dense_product *p, size_t rows, size_t columns)
{
	size_t small = DENSE_SMALL / (rows * columns), transposable = TRANSPOSED / columns;
	if (p->b_transposed && transposable >= DENSE_LEAST_LENGTH)
		small = smaller(small, transposable);
	else if (p->a_transposed && small < LEAST_SLICE)
		small = p->k;
	p->strip = rows;
	p->slice = dense_equal_slice(p->k, small);
}
