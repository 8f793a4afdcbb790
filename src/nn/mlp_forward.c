/* The forward pass, layer by layer, from the images to the loss.  Knows no
 * gradient. */
#include <assert.h>

#include "nn/activation.h"
#include "nn/mat.h"
#include "nn/mlp_layers.h"
#include "nn/vector_math.h"

/* ---- images ---- */

void mlp_batch_set_row(struct mlp_batch *batch, size_t row, const struct mlp_image *image, float scale, float shift)
{
	batch->image[row] = *image;
	batch->scale = scale;
	batch->shift = shift;
	batch->zeros_known = shift == 0;
	batch->packed = true;
}

/* Words [word, word + words) of a row of x and their bits. */
VECTOR_CLONES
static void unpack(float *x, uint64_t *on, const struct mlp_image *image, size_t word, size_t words, size_t inputs,
                   float scale, float shift)
{
	const uint8_t *value = image->value;
	size_t first = word * 64, end = (word + words) * 64 < inputs ? (word + words) * 64 : inputs;
	for (size_t w = 0; w < word; w++)
		value += __builtin_popcountll(image->on[w]);
	for (size_t i = first; i < end; i++)
		x[i] = shift;
	for (size_t w = word; w < word + words; w++) {
		on[w] = image->on[w];
		for (uint64_t bits = on[w]; bits; bits &= bits - 1)
			x[w * 64 + (size_t)__builtin_ctzll(bits)] = scale * (float)*value++ + shift;
	}
}

static void unpack_words(const struct mlp_batch *batch, struct mlp_images images, size_t word, size_t words)
{
	size_t of_row = sparse_words(batch->inputs);
	for (size_t i = images.first; i < images.first + images.rows; i++)
		unpack(batch->x + i * batch->inputs, batch->on + i * of_row, &batch->image[i], word, words, batch->inputs,
		       batch->scale, batch->shift);
}

void mlp_unpack_images(const struct mlp_pass *pass, struct mlp_images images)
{
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
	size_t words = sparse_words(batch->inputs), on = 0;
	if (!batch->zeros_known)
		return false;
	for (size_t i = 0; i < batch->rows; i++)
		on += sparse_count(batch->packed ? batch->image[i].on : batch->on + i * words, words);
	return sparse_pays(on, batch->rows * batch->inputs);
}

/* ---- the product ---- */

static float *product_of(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	return tensor->u ? tensor->u : tensor->z;
}

static bool is_sparse(const struct mlp_pass *pass, size_t l)
{
	return l == 0 && pass->batch->sparse;
}

bool mlp_product_is_by_images(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	return layer->normalization != MLP_BATCH_NORM && !is_sparse(pass, l) && layer->fan_in * layer->fan_out <= MLP_NARROW;
}

void mlp_product_images(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	mat_multiply_here(product_of(pass, l) + images.first * layer->fan_out,
	                  mlp_input(pass, l) + images.first * layer->fan_in, layer->w, images.rows, layer->fan_out,
	                  layer->fan_in);
}

/* Chunks come in two halves: the upper half of the pixels, then the lower, so
 * that each thread reads those weights that it will update.  A half is cut by
 * images; with wide weights by columns, which stay in the cache for all images. */
static size_t sparse_chunks_of_half(const struct mlp_pass *pass)
{
	size_t columns = mlp_chunks(pass->mlp->layer[0].fan_out, SPARSE_TILE_COLUMNS);
	return columns > 1 ? columns : mlp_image_groups(pass->batch);
}

/* What is unpacked for a chunk is read by the same thread, here and for the
 * gradient. */
bool mlp_product_unpacks(const struct mlp_pass *pass)
{
	return pass->batch->sparse && pass->mlp->layer[0].fan_out <= SPARSE_TILE_COLUMNS;
}

static void sparse_chunk(void *context, size_t chunk)
{
	const struct mlp_pass *pass = context;
	const struct mlp_batch *batch = pass->batch;
	const struct mlp_layer *layer = &pass->mlp->layer[0];
	size_t of_half = sparse_chunks_of_half(pass), piece = chunk % of_half, n = layer->fan_out;
	size_t words = sparse_words(layer->fan_in), middle = words / 2;
	bool upper = chunk < of_half;
	struct sparse_part part = { .rows = batch->rows, .columns = n, .word = upper ? 0 : middle,
	                            .words = upper ? middle : words - middle };
	if (n > SPARSE_TILE_COLUMNS) {
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
	sparse_multiply(upper ? product_of(pass, 0) : batch->half, &x, layer->w, n, &part);
}

static void add_half(const struct mlp_pass *pass, struct mlp_images images)
{
	size_t n = pass->mlp->layer[0].fan_out, at = images.first * n;
	float *u = product_of(pass, 0) + at;
	const float *half = pass->batch->half + at;
	VECTOR_EACH (i, images.rows * n)
		u[i] += half[i];
}

static void add_half_group(void *context, size_t group)
{
	const struct mlp_pass *pass = context;
	add_half(pass, mlp_image_group(pass->batch, group));
}

void mlp_product_whole(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	if (is_sparse(pass, l)) {
		struct mlp_pass context = *pass;
		pool_run(pass->pool, sparse_chunk, &context, 2 * sparse_chunks_of_half(pass));
		if (layer->normalization == MLP_BATCH_NORM)
			mlp_each_group(pass, add_half_group, &context);
	} else
		mat_multiply(pass->pool, product_of(pass, l), mlp_input(pass, l), layer->w, pass->batch->rows, layer->fan_out,
		             layer->fan_in, false);
	/* the mean that batch norm takes out contains the bias: it is not even added */
	if (layer->normalization == MLP_BATCH_NORM)
		mlp_standardize_units(pass, l);
}

/* ---- from the product to the output ---- */

static void add_bias(float *u, const float *b, size_t rows, size_t columns)
{
	for (size_t i = 0; i < rows; i++)
		VECTOR_EACH (j, columns)
			u[i * columns + j] += b[j];
}

void mlp_finish_images(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	size_t at = images.first * layer->fan_out, n = images.rows * layer->fan_out;
	float *z = tensor->z + at, *a = tensor->a + at;
	if (is_sparse(pass, l) && layer->normalization != MLP_BATCH_NORM)
		add_half(pass, images);
	switch (layer->normalization) {
	case MLP_PLAIN:
		add_bias(z, layer->b, images.rows, layer->fan_out);
		break;
	case MLP_LAYER_NORM:
		add_bias(tensor->u + at, layer->b, images.rows, layer->fan_out);
		mlp_standardize_images(pass, l, images);
		mlp_gain_and_shift(pass, l, images);
		break;
	case MLP_BATCH_NORM:
		mlp_gain_and_shift(pass, l, images);
		break;
	}
	if (layer->activation.entry == NULL)
		return;
	activation_of(&layer->activation)->forward(a, z, n, layer->activation.value);
	if (layer->residual) {
		const float *x = mlp_input(pass, l) + at;
		VECTOR_EACH (i, n)
			a[i] += x[i];
	}
}

/* ---- softmax cross-entropy ---- */

/* The index of the largest of z[n]; n if all are NaN. */
static size_t largest(const float *z, size_t n)
{
	size_t best = n;
	float max = -INFINITY;
	for (size_t j = 0; j < n; j++) {
		if (z[j] > max || (best == n && z[j] == max)) {
			max = z[j];
			best = j;
		}
	}
	return best;
}

VECTOR_CLONES
static void exponentials(float *p, size_t n)
{
	VECTOR_EACH (i, n)
		p[i] = vector_exp(p[i]);
}

/* p = exp(z - max) / sum, loss = log(sum) - (z[label] - max): shifted by the
 * largest, finite logits never overflow. */
void mlp_softmax_images(const struct mlp_pass *pass, struct mlp_images images)
{
	struct mlp_batch *batch = pass->batch;
	const struct mlp_tensors *last = &batch->tensor[batch->layers - 1];
	size_t classes = pass->mlp->layer[batch->layers - 1].fan_out, end = images.first + images.rows;
	for (size_t i = images.first; i < end; i++) {
		const float *z = last->z + i * classes;
		float *p = last->a + i * classes;
		size_t best = largest(z, classes), label = batch->label[i];
		float max = best < classes ? z[best] : NAN;
		assert(label < classes);
		batch->image_loss[i] = (double)max - (double)z[label];
		VECTOR_EACH (j, classes)
			p[j] = z[j] - max;
	}
	exponentials(last->a + images.first * classes, images.rows * classes);
	for (size_t i = images.first; i < end; i++) {
		float *p = last->a + i * classes;
		double sum = 0;
		for (size_t j = 0; j < classes; j++)
			sum += (double)p[j];
		batch->image_loss[i] += log(sum);
		float scale = (float)(1 / sum);
		VECTOR_EACH (j, classes)
			p[j] *= scale;
		batch->image_correct[i] = largest(p, classes) == batch->label[i];
	}
}

void mlp_sum_loss(struct mlp_batch *batch)
{
	double loss = 0;
	batch->correct = 0;
	for (size_t i = 0; i < batch->rows; i++) {
		loss += batch->image_loss[i];
		batch->correct += batch->image_correct[i];
	}
	batch->loss = loss / (double)batch->rows;
}
