/* The input of a batch: images unpacked from bytes, and the product of the first
 * layer if skipping their zeros is faster. */
#include <string.h>

#include "nn/kernel/vector_math.h"
#include "nn/mlp_stages.h"

/* ---- images ---- */

void mlp_batch_set_row(struct mlp_batch *batch, size_t row, const struct mlp_image *image, float scale, float shift)
{
	batch->image[row] = *image;
	batch->scale = scale;
	batch->shift = shift;
	batch->zeros_known = shift == 0;
	batch->packed = true;
}

float *mlp_batch_write_row(struct mlp_batch *batch, size_t row)
{
	batch->packed = batch->zeros_known = false;
	return batch->x + row * batch->inputs;
}

/* Words [word, word + words) of a row of x and of its bits. */
VECTOR_CLONES
static void unpack_row(float *x, uint64_t *nonzero, const struct mlp_image *image, size_t word, size_t words,
                       size_t inputs, float scale, float shift)
{
	const uint8_t *value = image->value;
	size_t first = word * 64, end = (word + words) * 64 < inputs ? (word + words) * 64 : inputs;
	for (size_t w = 0; w < word; w++)
		value += __builtin_popcountll(image->nonzero[w]);
	for (size_t i = first; i < end; i++)
		x[i] = shift;
	for (size_t w = word; w < word + words; w++) {
		nonzero[w] = image->nonzero[w];
		for (uint64_t bits = nonzero[w]; bits; bits &= bits - 1)
			x[w * 64 + (size_t)__builtin_ctzll(bits)] = scale * (float)*value++ + shift;
	}
}

static void unpack_words(const struct mlp_batch *batch, struct mlp_images images, size_t word, size_t words)
{
	size_t of_row = sparse_words(batch->inputs);
	for (size_t i = images.first; i < images.first + images.rows; i++)
		unpack_row(batch->x + i * batch->inputs, batch->nonzero + i * of_row, &batch->image[i], word, words,
		           batch->inputs, batch->scale, batch->shift);
}

void mlp_unpack(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	(void)l;
	if (pass->batch->packed)
		unpack_words(pass->batch, images, 0, sparse_words(pass->batch->inputs));
}

void mlp_batch_unpack(struct mlp_batch *batch)
{
	if (batch->packed)
		unpack_words(batch, (struct mlp_images){ 0, batch->rows }, 0, sparse_words(batch->inputs));
	batch->packed = false;
}

bool mlp_batch_is_sparse(const struct mlp_batch *batch)
{
	size_t words = sparse_words(batch->inputs), nonzero = 0;
	if (!batch->zeros_known)
		return false;
	for (size_t i = 0; i < batch->rows; i++)
		nonzero += sparse_count(batch->packed ? batch->image[i].nonzero : batch->nonzero + i * words, words);
	return sparse_pays(nonzero, batch->rows * batch->inputs);
}

/* ---- the product that skips zeros ----
 *
 * Its chunks come in two halves: the upper half of the pixels, then the lower
 * half, so that each of two threads reads those weights that it will update.  A
 * half is cut by images; if the layer is wide, by columns of W, which then stay
 * in the cache for all images. */

static size_t chunks_of_half(const struct mlp_pass *pass)
{
	size_t columns = mlp_chunks(pass->mlp->layer[0].fan_out, SPARSE_TILE_COLUMNS);
	return columns > 1 ? columns : mlp_image_groups(pass->batch);
}

static void multiply_chunk(void *context, size_t chunk)
{
	const struct mlp_pass *pass = context;
	const struct mlp_batch *batch = pass->batch;
	const struct mlp_layer *layer = &pass->mlp->layer[0];
	size_t of_half = chunks_of_half(pass), piece = chunk % of_half, n = layer->fan_out;
	size_t words = sparse_words(layer->fan_in), middle = words / 2;
	bool upper = chunk < of_half;
	struct sparse_part part = { .rows = batch->rows, .columns = n, .word = upper ? 0 : middle,
	                            .words = upper ? middle : words - middle };
	if (!mlp_sparse_product_unpacks(pass->mlp)) {
		part.column = mlp_piece(n, of_half, piece);
		part.columns = mlp_piece(n, of_half, piece + 1) - part.column;
	} else {
		struct mlp_images images = mlp_image_group(batch, piece);
		part.row = images.first;
		part.rows = images.rows;
		if (batch->packed)
			unpack_words(batch, images, part.word, part.words);
	}
	struct sparse x = mlp_sparse_input(batch);
	sparse_multiply(upper ? mlp_product(pass, 0) : batch->half, &x, layer->w, n, &part);
}

void mlp_sparse_product(const struct mlp_pass *pass, size_t l)
{
	struct mlp_pass context = *pass;
	(void)l;
	pool_run(pass->pool, multiply_chunk, &context, 2 * chunks_of_half(pass));
}

void mlp_add_halves(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	size_t n = pass->mlp->layer[l].fan_out, at = images.first * n;
	float *u = mlp_product(pass, l) + at;
	const float *half = pass->batch->half + at;
	VECTOR_EACH (i, images.rows * n)
		u[i] += half[i];
}
