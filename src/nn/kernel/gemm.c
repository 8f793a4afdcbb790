/* Our own products: which rows, columns and terms the inner loops compute together,
 * and which parts of the operands are copied first, so that they lie close together. */
#include "nn/kernel/gemm.h"

#include <string.h>

#include "base/platform.h"
#include "nn/kernel/gemm_parts.h"
#include "nn/kernel/transpose.h"
#include "nn/kernel/vector_math.h"

#define TERMS 256             /* of a slice at most: a panel of B and a strip of A fit into the first cache */
#define COLUMNS 256           /* of a block at most: its copy takes half of the second cache */
#define ROWS (16 * GEMM_ROWS) /* of A that are copied at once, at most */
#define NARROWEST 8           /* floats in a vector, at least */
#define PANELS (COLUMNS / (2 * NARROWEST))
#define FAR 256               /* floats from row to row, from which rows are copied */
#define VERY_FAR 1024         /* the same for A: a strip's rows would share sets of the first cache */
#define WORTH_COPYING 12      /* rows of A from which a copy of B is paid for */
#define CHUNK 16              /* terms that are copied of all columns before the next, for a page of each is needed */
#define FEW 4096              /* elements of A that stay in the first cache beside a panel of B */

static _Thread_local float copy_of_a[TERMS * ROWS], copy_of_b[TERMS * COLUMNS];

/* Terms [term, term + terms) of all sums of a tile. */
struct slice {
	const struct dense_product *p;
	const struct gemm_loops *loops;
	size_t term, terms;
	bool add; /* to what C has */
};

/* Rows [row, row + height) of C and of A; number: 0, 1, ... */
struct strip {
	size_t number, row, height;
};

/* Columns [column, column + width) of C and of B, which `vectors` vectors cover. */
struct panel {
	size_t column, width, vectors;
	const float *b;
	float *copy;  /* of B, or NULL */
	size_t b_row; /* from term to term */
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static const struct gemm_loops *chosen;

void gemm_use(const struct gemm_loops *loops)
{
	chosen = loops;
}

static const struct gemm_loops *loops(void)
{
	if (chosen)
		return chosen;
	return platform_vectors() == PLATFORM_VECTORS_AVX512 ? &gemm_loops_16 : &gemm_loops_8;
}

/* ---- columns ---- */

/* So many rows of `width` floats; a vector or two is copied without a call. */
VECTOR_CLONES static void copy_rows(float *out, size_t out_row, const float *in, size_t in_row, size_t width, size_t rows)
{
	if (width == 8)
		for (size_t q = 0; q < rows; q++)
			memcpy(out + q * out_row, in + q * in_row, 8 * sizeof *out);
	else if (width == GEMM_ROWS)
		for (size_t q = 0; q < rows; q++)
			memcpy(out + q * out_row, in + q * in_row, GEMM_ROWS * sizeof *out);
	else if (width == 16)
		for (size_t q = 0; q < rows; q++)
			memcpy(out + q * out_row, in + q * in_row, 16 * sizeof *out);
	else if (width > 16)
		for (size_t q = 0; q < rows; q++)
			memcpy(out + q * out_row, in + q * in_row, width * sizeof *out);
	else
		for (size_t q = 0; q < rows; q++)
			for (size_t j = 0; j < width; j++)
				out[q * out_row + j] = in[q * in_row + j];
}

/* Terms [first, first + terms) of the slice, of a panel of B. */
static void copy_panel(const struct panel *panel, const struct slice *s, size_t first, size_t terms)
{
	const struct dense_product *p = s->p;
	float *out = panel->copy + first * panel->b_row;
	size_t term = s->term + first;
	if (p->b_transposed)
		transpose(out, panel->b_row, p->b + panel->column * p->k + term, p->k, panel->width, terms);
	else
		copy_rows(out, panel->b_row, p->b + term * p->n + panel->column, p->n, panel->width, terms);
}

/* The next panel, of `left` columns at most.  Where the last vector would go beyond the
 * tile, the panel is moved back, and some columns are computed twice; but not where
 * they would be added twice. */
static struct panel next_panel(const struct slice *s, size_t left, size_t column, size_t tile_column)
{
	size_t lanes = s->loops->lanes, width = smaller(s->loops->vectors * lanes, left), vectors = (width + lanes - 1) / lanes;
	size_t beyond = vectors * lanes - width;
	if (beyond > 0 && !s->add && column - tile_column >= beyond) {
		column -= beyond;
		width += beyond;
	}
	return (struct panel){
		.column = column, .width = width, .vectors = vectors, .b = s->p->b + s->term * s->p->n + column, .b_row = s->p->n,
	};
}

/* Rows of B that are used where they are, in the order of memory, which the panels do not
 * follow. */
static void fetch_rows(const struct slice *s, size_t first, size_t columns)
{
	const float *b = s->p->b + s->term * s->p->n + first;
	for (size_t q = 0; q < s->terms; q++, b += s->p->n)
		for (size_t j = 0; j < columns; j += 16)
			__builtin_prefetch(b + j);
}

/* The panels of a block of columns; returns how many.  Columns of 0 fill the last
 * vector of a copy. */
static size_t find_panels(struct panel panel[PANELS], const struct slice *s, const struct dense_tile *tile, size_t first,
                          size_t columns)
{
	size_t lanes = s->loops->lanes, widest = s->loops->vectors * lanes, n = 0;
	bool copy = s->p->b_transposed || (s->p->n >= FAR && tile->rows >= WORTH_COPYING);
	for (size_t done = 0; done < columns; done += widest, n++) {
		panel[n] = next_panel(s, columns - done, first + done, tile->column);
		if (copy || panel[n].width % lanes) {
			panel[n].b = panel[n].copy = copy_of_b + done * s->terms;
			panel[n].b_row = panel[n].vectors * lanes;
			if (panel[n].width % lanes)
				memset(panel[n].copy, 0, s->terms * panel[n].b_row * sizeof *panel[n].copy);
		}
	}
	if (!copy)
		fetch_rows(s, first, columns);
	size_t chunk = s->p->b_transposed || !copy ? s->terms : CHUNK;
	for (size_t q = 0; q < s->terms; q += chunk)
		for (size_t i = 0; i < n; i++)
			if (panel[i].copy)
				copy_panel(&panel[i], s, q, smaller(chunk, s->terms - q));
	return n;
}

/* ---- rows ---- */

/* Rows [row, row + rows) of a tile, cut into strips of nearly equal height. */
struct rows {
	size_t row, rows, strips;
	bool copied;
};

static struct strip first_strip(const struct rows *rows)
{
	return (struct strip){ .row = rows->row, .height = rows->rows / rows->strips + (0 < rows->rows % rows->strips) };
}

static void go_to_next_strip(struct strip *strip, const struct rows *rows)
{
	strip->number++;
	strip->row += strip->height;
	strip->height = rows->rows / rows->strips + (strip->number < rows->rows % rows->strips);
}

/* A strip of A' lies term by term in its copy, one of A row by row. */
static void copy_strip(const struct slice *s, const struct strip *strip, size_t first, size_t terms)
{
	const struct dense_product *p = s->p;
	float *copy = copy_of_a + strip->number * GEMM_ROWS * s->terms;
	size_t term = s->term + first;
	if (p->a_transposed)
		copy_rows(copy + first * GEMM_ROWS, GEMM_ROWS, p->a + term * p->m + strip->row, p->m, strip->height, terms);
	else
		copy_rows(copy + first, s->terms, p->a + strip->row * p->k + term, p->k, terms, strip->height);
}

/* Where the strip of A is.  (These numbers are written one by one, because the inner
 * loops read them one by one: a wider access would wait for the writes.) */
static void find_strip(struct gemm_sums *sums, const struct slice *s, const struct rows *rows, const struct strip *strip)
{
	const struct dense_product *p = s->p;
	const float *copy = copy_of_a + strip->number * GEMM_ROWS * s->terms;
	if (p->a_transposed) {
		sums->a = rows->copied ? copy : p->a + s->term * p->m + strip->row;
		sums->a_row = 1;
		sums->a_term = rows->copied ? GEMM_ROWS : p->m;
	} else {
		sums->a = rows->copied ? copy : p->a + strip->row * p->k + s->term;
		sums->a_row = rows->copied ? s->terms : p->k;
		sums->a_term = 1;
	}
}

/* ---- a strip times a panel ---- */

static void multiply(struct gemm_sums *sums, const struct slice *s, const struct strip *strip, const struct panel *panel)
{
	const struct dense_product *p = s->p;
	float *c = p->c + strip->row * p->c_stride + panel->column, whole[GEMM_ROWS * GEMM_VECTORS * 16] VECTOR_UNFILLED;
	size_t padded = panel->vectors * s->loops->lanes;
	bool part = panel->width < padded;
	sums->b = panel->b;
	sums->b_row = panel->b_row;
	sums->c = part ? whole : c;
	sums->c_row = part ? padded : p->c_stride;
	sums->add = s->add && !part;
	s->loops->sum[panel->vectors - 1][strip->height - 1](sums);
	if (!part)
		return;
	for (size_t i = 0; i < strip->height; i++)
		for (size_t j = 0; j < panel->width; j++)
			c[i * p->c_stride + j] = whole[i * padded + j] + (s->add ? c[i * p->c_stride + j] : 0);
}

/* Few elements of A stay in the first cache while the panels pass; else a strip of A
 * stays there, and the panels come from the second cache. */
static void multiply_rows(const struct slice *s, const struct rows *rows, const struct panel *panel, size_t panels)
{
	struct gemm_sums sums = { .terms = s->terms, .alpha = s->p->alpha };
	struct strip strip = first_strip(rows);
	if (rows->copied)
		for (size_t q = 0, terms = s->p->a_transposed ? CHUNK : s->terms; q < s->terms; q += terms)
			for (strip = first_strip(rows); strip.number < rows->strips; go_to_next_strip(&strip, rows))
				copy_strip(s, &strip, q, smaller(terms, s->terms - q));
	if (rows->rows * s->terms <= FEW) {
		for (size_t j = 0; j < panels; j++)
			for (strip = first_strip(rows); strip.number < rows->strips; go_to_next_strip(&strip, rows)) {
				find_strip(&sums, s, rows, &strip);
				multiply(&sums, s, &strip, &panel[j]);
			}
		return;
	}
	for (strip = first_strip(rows); strip.number < rows->strips; go_to_next_strip(&strip, rows)) {
		find_strip(&sums, s, rows, &strip);
		for (size_t j = 0; j < panels; j++)
			multiply(&sums, s, &strip, &panel[j]);
	}
}

static void multiply_block(const struct slice *s, const struct dense_tile *tile, size_t column, size_t columns)
{
	struct panel panel[PANELS] VECTOR_UNFILLED;
	size_t panels = find_panels(panel, s, tile, column, columns), most = dense_equal_slice(tile->rows, ROWS);
	bool far = s->p->a_transposed ? s->p->m >= FAR : s->p->k >= VERY_FAR;
	bool copied = far && tile->rows * s->terms > FEW && columns > s->loops->vectors * s->loops->lanes;
	most = (most + GEMM_ROWS - 1) / GEMM_ROWS * GEMM_ROWS;
	for (size_t done = 0; done < tile->rows; done += most) {
		size_t n = smaller(most, tile->rows - done);
		struct rows rows = { tile->row + done, n, (n + GEMM_ROWS - 1) / GEMM_ROWS, copied };
		multiply_rows(s, &rows, panel, panels);
	}
}

/* ---- a tile ---- */

/* How many multiply-adds a whole product must have, and may have, for our loops to be faster than
 * OpenBLAS's kernels for the same extension.  Their time was, with AVX-512 (Zen 5, SkylakeX
 * kernels), 1.1 to 1.2 of that for 32 x 100 x 100, 0.9 for 128 x 256 x 256, 0.8 to 0.9 for 128 x 512 x
 * 512, 0.95 to 1 for 256 x 2048 x 2048, and 1 to 1.1 where A is transposed; with AVX2 (Zen 3, Zen
 * and Haswell kernels) 0.8 to 1 for 32 x 100 x 100, 0.9 to 1.1 for 128 x 512 x 512, more for
 * larger ones.  Kernels for an older extension take two to five times as long. */
#define LEAST_AVX512 4e6
#define MOST_AVX2 6.7e7

static enum platform_vectors library = PLATFORM_VECTORS_AVX512;

void gemm_compare_with(enum platform_vectors vectors)
{
	library = vectors;
}

bool gemm_is_faster(const struct dense_product *p)
{
	double work = (double)p->m * (double)p->n * (double)p->k;
	if (chosen || (platform_vectors() >= PLATFORM_VECTORS_AVX2 && library < platform_vectors()))
		return true;
	return platform_vectors() == PLATFORM_VECTORS_AVX512 ? work >= LEAST_AVX512 && !p->a_transposed
	     : platform_vectors() == PLATFORM_VECTORS_AVX2   ? work <= MOST_AVX2
	                                                     : false;
}

const char *gemm_extension(void)
{
	static const char *const names[] = { [PLATFORM_VECTORS_AVX2] = "AVX2", [PLATFORM_VECTORS_AVX512] = "AVX-512" };
	return names[platform_vectors()];
}

void gemm_multiply_tile(const struct dense_product *p, const struct dense_tile *tile)
{
	size_t slice = dense_equal_slice(p->k, TERMS), block = dense_equal_slice(tile->columns, COLUMNS);
	struct slice s = { .p = p, .loops = loops() };
	block = (block + 15) / 16 * 16;
	do {
		s.terms = smaller(slice, p->k - s.term);
		s.add = s.term || p->beta != 0;
		for (size_t done = 0; done < tile->columns; done += block)
			multiply_block(&s, tile, tile->column + done, smaller(block, tile->columns - done));
		s.term += slice;
	} while (s.term < p->k);
}
