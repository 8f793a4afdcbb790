/* From deltas to new weights, tile by tile: a tile of the gradient is summed up
 * and used while it is in the nearest cache, and the whole of it exists only
 * where somebody asks.  Tiles of all layers are one job for the pool, and what
 * an observer does is part of it.  Knows no order of layers. */
#include "nn/mat.h"
#include "nn/mlp_layers.h"
#include "nn/vector_math.h"

struct job {
	const struct mlp_pass *pass;
	struct mlp_training *training; /* or NULL */
	float *gradient;               /* or NULL */
	const struct mlp_observer *observer; /* or NULL */
	bool sparse; /* dW of the first layer leaves zeros out */
};

/* ---- update ---- */

enum { OF_W, OF_ALL_ELSE, KINDS };

/* The scalars of this step, where they are the same as before not made again. */
static void prepare(struct mlp_training *training, const struct mlp *mlp)
{
	const struct optimizer *optimizer = optimizer_of(&training->optimizer);
	float made_for = NAN;
	struct optimizer_step made;
	for (size_t i = 0; i < KINDS * mlp->layers; i++) {
		const struct mlp_layer *layer = &mlp->layer[i / KINDS];
		float scale = i % KINDS == OF_W ? layer->lr_scale : layer->bias_lr_scale;
		if (!(scale == made_for))
			optimizer->prepare(&made, training->t, (double)scale, training->optimizer.value);
		made_for = scale;
		training->step[i] = made;
	}
}

/* parameter[at .. at + n) by their gradient g[n]. */
static void update(const struct job *job, struct optimizer_sums *sums, size_t at, const float *g, size_t n, size_t layer,
                   int kind)
{
	struct mlp_training *training = job->training;
	float *slot0 = training->slot[0], *slot1 = training->slot[1];
	optimizer_of(&training->optimizer)->update(sums, job->pass->mlp->parameter + at, slot0 ? slot0 + at : NULL,
	                                           slot1 ? slot1 + at : NULL, g, n, &training->step[KINDS * layer + (size_t)kind]);
}

/* ---- a tile of w ---- */

/* What a tile's gradient is summed up in where nobody wants to keep it. */
static _Thread_local float scratch[MLP_TILE_ROWS * MLP_TILE_COLUMNS];

/* Columns [first, end) of a tile, as narrow as its rows are quickest in. */
static void product(const struct job *job, float *g, size_t step, const struct mlp_tile *tile, size_t first, size_t end)
{
	const struct mlp_batch *batch = job->pass->batch;
	const struct mlp_layer *layer = &job->pass->mlp->layer[tile->layer];
	const float *du = batch->tensor[tile->layer].du;
	size_t column = tile->column + first;
	float scale = 1 / (float)batch->rows;
	if (tile->layer == 0 && job->sparse) {
		struct sparse x = mlp_sparse_input(batch);
		sparse_transposed_multiply(g + first, step, &x, du, layer->fan_out, tile->row / MLP_TILE_ROWS, column, end - first,
		                           scale);
	} else
		mat_transposed_tile(g + first, step, mlp_input(job->pass, tile->layer), du, layer->fan_in, layer->fan_out,
		                    batch->rows, tile->row, tile->rows, column, end - first, scale);
}

static void update_tile(const struct job *job, struct optimizer_totals *totals, size_t at, const float *g, size_t step,
                        const struct mlp_tile *tile)
{
	size_t fan_out = job->pass->mlp->layer[tile->layer].fan_out, rows = tile->rows, columns = tile->columns;
	size_t at_once = columns == fan_out ? MLP_SUMMED / columns : 1; /* rows that follow each other */
	struct optimizer_sums sums = {0};
	*totals = (struct optimizer_totals){0};
	if (at_once == 0)
		at_once = 1;
	for (size_t i = 0, summed = 0; i < rows; i += at_once) {
		size_t n = mlp_chunk_length(i, rows, at_once) * columns;
		if (summed + n > MLP_SUMMED) {
			optimizer_total(totals, &sums);
			summed = 0;
		}
		update(job, &sums, at + i * fan_out, g + i * step, n, tile->layer, OF_W);
		summed += n;
	}
	optimizer_total(totals, &sums);
}

static void do_tile(const struct job *job, size_t index)
{
	const struct mlp *mlp = job->pass->mlp;
	const struct mlp_tile *tile = &mlp->tile[index];
	const struct mlp_layer *layer = &mlp->layer[tile->layer];
	size_t at = (size_t)(layer->w - mlp->parameter) + tile->row * layer->fan_out + tile->column;
	float *g = job->gradient ? job->gradient + at : scratch;
	size_t step = job->gradient ? layer->fan_out : tile->columns;
	size_t pieces = mlp_chunks(tile->columns, SPARSE_TILE_COLUMNS);
	for (size_t p = 0; p < pieces; p++)
		product(job, g, step, tile, mlp_piece(tile->columns, pieces, p), mlp_piece(tile->columns, pieces, p + 1));
	if (job->training)
		update_tile(job, &job->training->partial[index], at, g, step, tile);
}

/* ---- biases, gains and shifts ---- */

/* Of one vector, whose gradient are the means of a's columns, or of a's
 * products with b; a NULL: it has none. */
static void do_vector(const struct job *job, size_t l, const float *vector, const float *a, const float *b)
{
	const struct mlp *mlp = job->pass->mlp;
	size_t n = mlp->layer[l].fan_out, at = (size_t)(vector - mlp->parameter);
	for (size_t first = 0; first < n; first += MLP_COLUMNS) {
		size_t count = mlp_chunk_length(first, n, MLP_COLUMNS);
		float own[MLP_COLUMNS] = {0}, *g = job->gradient ? job->gradient + at + first : own;
		struct optimizer_sums sums = {0};
		if (a)
			mlp_column_means(g, a, b, job->pass->batch->rows, n, first, count);
		else
			memset(g, 0, count * sizeof *g);
		if (job->training)
			update(job, &sums, at + first, g, count, l, OF_ALL_ELSE);
	}
}

static void do_vectors(const struct job *job, size_t l)
{
	const struct mlp_layer *layer = &job->pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &job->pass->batch->tensor[l];
	/* the mean that batch norm takes out contains the bias */
	do_vector(job, l, layer->b, layer->normalization == MLP_BATCH_NORM ? NULL : tensor->du, NULL);
	if (layer->normalization != MLP_PLAIN) {
		do_vector(job, l, layer->gain, tensor->delta, tensor->u);
		do_vector(job, l, layer->shift, tensor->delta, NULL);
	}
}

/* ---- all of it ---- */

static void show_layer(const struct job *job, size_t l)
{
	const struct mlp_tensors *tensor = &job->pass->batch->tensor[l];
	size_t count = job->pass->batch->rows * job->pass->mlp->layer[l].fan_out;
	mlp_show(job->observer, MLP_Z, l, tensor->z, count);
	mlp_show(job->observer, MLP_A, l, tensor->a, count);
	mlp_show(job->observer, MLP_DELTA, l, tensor->delta, count);
}

/* Beside its first tile all else of a layer is done: what is looked at is about
 * to be multiplied, too. */
static void do_chunk(void *context, size_t index)
{
	const struct job *job = context;
	const struct mlp_tile *tile = &job->pass->mlp->tile[index];
	if (tile->row == 0 && tile->column == 0) {
		show_layer(job, tile->layer);
		do_vectors(job, tile->layer);
	}
	do_tile(job, index);
}

static void add_up(struct mlp_training *training, const struct mlp *mlp)
{
	double *change = training->update_square, *square = training->gradient_square, *sum = training->gradient_sum;
	for (size_t l = 0; l < mlp->layers; l++)
		change[l] = square[l] = sum[l] = 0;
	for (size_t i = 0; i < mlp->tiles; i++) {
		const struct optimizer_totals *of_tile = &training->partial[i];
		change[mlp->tile[i].layer] += of_tile->change_square;
		square[mlp->tile[i].layer] += of_tile->gradient_square;
		sum[mlp->tile[i].layer] += of_tile->gradient;
	}
}

void mlp_weights(const struct mlp_pass *pass, struct mlp_training *training, float *gradient,
                 const struct mlp_observer *observer)
{
	const struct mlp *mlp = pass->mlp;
	const struct mlp_batch *batch = pass->batch;
	struct job job = { pass, training, gradient, observer, batch->sparse };
	/* a zero times an infinity or a NaN is not left out: it is what spoils all weights in any other program */
	job.sparse = job.sparse && vector_all_finite(batch->tensor[0].du, batch->rows * mlp->layer[0].fan_out);
	if (training) {
		training->t++;
		prepare(training, mlp);
	}
	pool_run(pass->pool, do_chunk, &job, mlp->tiles);
	if (training)
		add_up(training, mlp);
}
