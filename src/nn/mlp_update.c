/* Gradients and update: dW = x' du / rows, and the optimizer's step from it, tile
 * by tile, while a tile of the gradient is in the nearest cache.  The whole
 * gradient is stored only if the caller asks for it, or a layer has weight
 * normalization, whose update follows when dW is complete.  The tiles of some layers
 * are one job for the pool; a concurrent observer is called by the same job. */
#include <string.h>

#include "nn/kernel/vector_math.h"
#include "nn/mat.h"
#include "nn/mlp_stages.h"

#define SUMMED 4096 /* weights whose squared changes and gradients are summed in floats */
#define AHEAD 2     /* rows of a tile whose weights are fetched in advance */

struct job {
	const struct mlp_pass *pass;
	struct mlp_training *training; /* or NULL */
	float *gradient;               /* or NULL */
	const struct mlp_observer *observer; /* or NULL */
	size_t first_tile;
	bool sparse; /* dW of the first layer skips the zeros of x */
};

/* ---- update ---- */

enum { WEIGHTS, VECTORS, KINDS }; /* weights: w or v; vectors: b, gain, shift, alpha */

/* The scalars of this step, for each layer and kind.  They depend on the scale of
 * the learning rate only, so they are computed again only when that changes. */
static void prepare(struct mlp_training *training, const struct mlp *mlp)
{
	const struct optimizer *optimizer = optimizer_of(&training->optimizer);
	float computed_for = NAN;
	struct update_step computed;
	for (size_t i = 0; i < KINDS * mlp->layers; i++) {
		const struct mlp_layer *layer = &mlp->layer[i / KINDS];
		float scale = i % KINDS == WEIGHTS ? layer->lr_scale : layer->bias_lr_scale;
		if (!(scale == computed_for))
			optimizer->prepare(&computed, training->t, (double)scale, training->optimizer.value);
		computed_for = scale;
		training->step[i] = computed;
	}
}

void mlp_update_span(const struct mlp_pass *pass, struct mlp_training *training, struct update_sums *sums, size_t at,
                     const float *g, size_t n, size_t l, bool weights)
{
	float *slot0 = training->slot[0], *slot1 = training->slot[1];
	const struct update_step *step = &training->step[KINDS * l + (weights ? WEIGHTS : VECTORS)];
	optimizer_of(&training->optimizer)->update(sums, pass->mlp->parameter + at, slot0 ? slot0 + at : NULL,
	                                           slot1 ? slot1 + at : NULL, g, n, step);
}

/* ---- a tile of w ---- */

/* The gradient of a tile, if the caller does not ask for the gradient. */
static _Thread_local float scratch[MLP_TILE_WEIGHTS];

/* Columns [first, end) of a tile's gradient: dW = x' du / rows. */
static void product(const struct job *job, float *g, size_t stride, const struct mlp_tile *tile, size_t first, size_t end)
{
	const struct mlp_batch *batch = job->pass->batch;
	const struct mlp_layer *layer = &job->pass->mlp->layer[tile->layer];
	const float *du = batch->tensor[tile->layer].du;
	size_t column = tile->column + first;
	float scale = 1 / (float)batch->rows;
	if (tile->layer == 0 && job->sparse) {
		struct sparse x = mlp_sparse_input(batch);
		sparse_transposed_multiply(g + first, stride, &x, du, layer->fan_out, tile->row / MLP_TILE_ROWS, column, end - first,
		                           scale);
	} else
		mat_transposed_tile(g + first, stride, mlp_input(job->pass, tile->layer), du, layer->fan_in, layer->fan_out,
		                    batch->rows, tile->row, tile->rows, column, end - first, scale);
}

/* Weights and slots that are updated a little later, n from `at` on.  (Inlined: a function that only
 * fetches is taken for one without effect, and its calls are removed.) */
VECTOR_INLINE void fetch_span(const struct job *job, size_t at, size_t n)
{
	const struct mlp_training *training = job->training;
	const float *arrays[] = { job->pass->mlp->parameter, training->slot[0], training->slot[1] };
	for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
		for (size_t i = 0; arrays[a] && i < n; i += MLP_LINE)
			__builtin_prefetch(arrays[a] + at + i, 1);
}

static void update_tile(const struct job *job, struct update_totals *totals, size_t at, const float *g, size_t stride,
                        const struct mlp_tile *tile)
{
	size_t fan_out = job->pass->mlp->layer[tile->layer].fan_out, rows = tile->rows, columns = tile->columns;
	size_t rows_at_once = columns == fan_out ? SUMMED / columns : 1; /* rows that are contiguous in w */
	struct update_sums sums = {0};
	*totals = (struct update_totals){0};
	if (rows_at_once == 0)
		rows_at_once = 1;
	for (size_t i = 0, summed = 0; i < rows; i += rows_at_once) {
		size_t n = mlp_chunk_length(i, rows, rows_at_once) * columns;
		if (summed + n > SUMMED) {
			update_add_sums(totals, &sums);
			summed = 0;
		}
		if (rows_at_once == 1 && i + AHEAD < rows)
			fetch_span(job, at + (i + AHEAD) * fan_out, columns);
		mlp_update_span(job->pass, job->training, &sums, at + i * fan_out, g + i * stride, n, tile->layer, true);
		summed += n;
	}
	update_add_sums(totals, &sums);
}

static void compute_tile(const struct job *job, size_t index)
{
	const struct mlp *mlp = job->pass->mlp;
	const struct mlp_tile *tile = &mlp->tile[index];
	const struct mlp_layer *layer = &mlp->layer[tile->layer];
	size_t at = (size_t)(layer->w - mlp->parameter) + tile->row * layer->fan_out + tile->column;
	float *g = job->gradient ? job->gradient + at : scratch;
	size_t stride = job->gradient ? layer->fan_out : tile->columns;
	bool sparse = tile->layer == 0 && job->sparse;
	size_t pieces = sparse ? mlp_chunks(tile->columns, SPARSE_TILE_COLUMNS) : 1;
	for (size_t p = 0; p < pieces; p++)
		product(job, g, stride, tile, mlp_piece(tile->columns, pieces, p), mlp_piece(tile->columns, pieces, p + 1));
	if (job->training && layer->v == NULL)
		update_tile(job, &job->training->partial[index], at, g, stride, tile);
}

/* ---- biases, gains, shifts and branch scales ---- */

/* One vector (n) of layer l.  Its gradient is the column means of a, or of a b if b
 * is not NULL; 0 if a is NULL. */
static void compute_vector(const struct job *job, size_t l, const float *vector, size_t n, const float *a,
                           const float *b)
{
	const struct mlp *mlp = job->pass->mlp;
	size_t at = (size_t)(vector - mlp->parameter);
	for (size_t first = 0; first < n; first += MLP_COLUMNS) {
		size_t count = mlp_chunk_length(first, n, MLP_COLUMNS);
		float own[MLP_COLUMNS] = {0}, *g = job->gradient ? job->gradient + at + first : own;
		struct update_sums sums = {0};
		if (a)
			mlp_column_means(g, a, b, job->pass->batch->rows, n, first, count);
		else
			memset(g, 0, count * sizeof *g);
		if (job->training)
			mlp_update_span(job->pass, job->training, &sums, at + first, g, count, l, false);
	}
}

static void compute_vectors(const struct job *job, size_t l)
{
	const struct mlp_layer *layer = &job->pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &job->pass->batch->tensor[l];
	/* the mean that batch norm subtracts contains the bias: no gradient */
	size_t n = layer->fan_out;
	compute_vector(job, l, layer->b, n, layer->normalization == MLP_BATCH_NORM ? NULL : tensor->du, NULL);
	if (mlp_has_shift(layer->normalization)) {
		bool of_sum = layer->normalization == MLP_SUM_NORM;
		compute_vector(job, l, layer->gain, n, of_sum ? tensor->da : tensor->delta, of_sum ? tensor->sum : tensor->u);
		compute_vector(job, l, layer->shift, n, of_sum ? tensor->da : tensor->delta, NULL);
	}
	if (layer->alpha)
		compute_vector(job, l, layer->alpha, 1, tensor->dalpha, NULL);
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

/* The chunk with a layer's first tile also updates its vectors and calls the
 * observer: the tensors shown are those that its tiles multiply next. */
static void compute_chunk(void *context, size_t chunk)
{
	const struct job *job = context;
	size_t index = job->first_tile + chunk;
	const struct mlp_tile *tile = &job->pass->mlp->tile[index];
	if (tile->row == 0 && tile->column == 0) {
		show_layer(job, tile->layer);
		compute_vectors(job, tile->layer);
	}
	compute_tile(job, index);
}

static void sum_tiles(struct mlp_training *training, const struct mlp *mlp)
{
	double *change = training->update_square, *square = training->gradient_square, *sum = training->gradient_sum;
	for (size_t l = 0; l < mlp->layers; l++)
		change[l] = square[l] = sum[l] = 0;
	for (size_t i = 0; i < mlp->tiles; i++) {
		const struct update_totals *of_tile = &training->partial[i];
		change[mlp->tile[i].layer] += of_tile->change_square;
		square[mlp->tile[i].layer] += of_tile->gradient_square;
		sum[mlp->tile[i].layer] += of_tile->gradient;
	}
}

/* The whole gradient, if it is stored. */
static float *stored_gradient(const struct mlp_update *update)
{
	return update->gradient == NULL && update->training ? update->training->gradient : update->gradient;
}

void mlp_update_begin(const struct mlp *mlp, const struct mlp_update *update)
{
	if (update->training == NULL)
		return;
	update->training->t++;
	prepare(update->training, mlp);
}

void mlp_update_layers(const struct mlp_pass *pass, size_t l)
{
	const struct mlp_update *update = pass->update;
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	if (update == NULL)
		return;
	struct job job = { pass, update->training, stored_gradient(update), update->observer, layer->first_tile, false };
	/* 0 times an infinity or a NaN is a NaN and must not be skipped: as in every other program it reaches all weights */
	if (l == 0 && pass->batch->sparse)
		job.sparse = vector_all_finite(pass->batch->tensor[0].du, pass->batch->rows * layer->fan_out);
	pool_run(pass->pool, compute_chunk, &job, layer->end_tile - layer->first_tile);
}

void mlp_update_end(const struct mlp_pass *pass)
{
	const struct mlp_update *update = pass->update;
	if (update->training)
		sum_tiles(update->training, pass->mlp);
	for (size_t l = 0; l < pass->mlp->layers; l++)
		if (pass->mlp->layer[l].v)
			mlp_weight_norm_update(pass, update->training, stored_gradient(update), l);
}
