/* Batch and layer normalization: forward, and backward through the statistics
 * themselves.  Ioffe and Szegedy 2015, Ba, Kiros and Hinton 2016.
 *
 * With uhat = (u - mean) / sd over the set of a statistic (a unit's batch, an
 * image's units), z = gain uhat + shift and g = gain dL/dz:
 *
 *   dL/du = (g - mean(g) - uhat mean(g uhat)) / sd
 *
 * The tensor called u holds uhat once the forward pass is done with it. */
#include "nn/mlp_layers.h"
#include "nn/vector_sum.h"

#define EPS 1e-5    /* added to the variance */
#define COLUMNS 128 /* columns of a chunk */

/* ---- forward ---- */

static void standardize_columns(void *context, size_t chunk)
{
	const struct mlp_pass *pass = context;
	size_t columns = pass->layer->fan_out, rows = pass->batch->rows;
	size_t first = chunk * COLUMNS, n = mlp_chunk_length(first, columns, COLUMNS);
	float *u = pass->tensor->u + first, *inverse_sd = pass->tensor->statistic + first;
	double mean[COLUMNS] = {0}, square[COLUMNS] = {0};
	for (size_t i = 0; i < rows; i++)
		VECTOR_EACH (j, n)
			mean[j] += (double)u[i * columns + j];
	VECTOR_EACH (j, n)
		mean[j] /= (double)rows;
	for (size_t i = 0; i < rows; i++)
		VECTOR_EACH (j, n) {
			double d = (double)u[i * columns + j] - mean[j];
			square[j] += d * d;
		}
	VECTOR_EACH (j, n)
		square[j] = 1 / sqrt(square[j] / (double)rows + EPS);
	for (size_t i = 0; i < rows; i++)
		VECTOR_EACH (j, n)
			u[i * columns + j] = (float)(((double)u[i * columns + j] - mean[j]) * square[j]);
	VECTOR_EACH (j, n)
		inverse_sd[j] = (float)square[j];
}

void mlp_standardize_units(const struct mlp_pass *pass, struct pool *pool)
{
	size_t columns = pass->layer->fan_out;
	struct mlp_pass context = *pass;
	pool_run(mlp_pool_for(pool, pass->batch->rows * columns), standardize_columns, &context,
	         mlp_chunks(columns, COLUMNS));
}

void mlp_standardize_images(const struct mlp_pass *pass, size_t first, size_t rows)
{
	size_t n = pass->layer->fan_out;
	for (size_t i = first; i < first + rows; i++) {
		float *u = pass->tensor->u + i * n;
		double sum = 0;
		for (size_t j = 0; j < n; j++)
			sum += (double)u[j];
		float mean = (float)(sum / (double)n);
		VECTOR_EACH (j, n)
			u[j] -= mean;
		float inverse_sd = (float)(1 / sqrt(vector_dot(u, u, n) / (double)n + EPS));
		VECTOR_EACH (j, n)
			u[j] *= inverse_sd;
		pass->tensor->statistic[i] = inverse_sd;
	}
}

void mlp_gain_and_shift(const struct mlp_pass *pass, size_t first, size_t rows)
{
	size_t n = pass->layer->fan_out;
	const float *gain = pass->layer->gain, *shift = pass->layer->shift;
	for (size_t i = first; i < first + rows; i++) {
		float *z = pass->tensor->z + i * n;
		const float *u = pass->tensor->u + i * n;
		VECTOR_EACH (j, n)
			z[j] = gain[j] * u[j] + shift[j];
	}
}

/* ---- backward ---- */

struct column_means {
	float *out;
	const float *a, *b;
	size_t rows, columns;
};

static void means_of_columns(void *context, size_t chunk)
{
	const struct column_means *work = context;
	size_t first = chunk * COLUMNS, n = mlp_chunk_length(first, work->columns, COLUMNS);
	float sum[COLUMNS] = {0}, scale = 1 / (float)work->rows;
	for (size_t i = 0; i < work->rows; i++) {
		size_t at = i * work->columns + first;
		const float *a = work->a + at;
		if (work->b) {
			const float *b = work->b + at;
			VECTOR_EACH (j, n)
				sum[j] += a[j] * b[j];
		} else {
			VECTOR_EACH (j, n)
				sum[j] += a[j];
		}
	}
	VECTOR_EACH (j, n)
		work->out[first + j] = sum[j] * scale;
}

void mlp_column_means(float *out, const float *a, const float *b, size_t rows, size_t columns, struct pool *pool)
{
	struct column_means work = { out, a, b, rows, columns };
	pool_run(mlp_pool_for(pool, rows * columns), means_of_columns, &work, mlp_chunks(columns, COLUMNS));
}

/* The means over the batch were taken for all units before. */
static void units_backward(const struct mlp_pass *pass, size_t i)
{
	size_t n = pass->layer->fan_out;
	const float *delta = pass->tensor->delta + i * n, *u = pass->tensor->u + i * n;
	const float *inverse_sd = pass->tensor->statistic, *gain = pass->layer->gain;
	const float *mean = pass->batch->means, *mean_u = mean + n;
	float *du = pass->batch->du + i * n;
	VECTOR_EACH (j, n)
		du[j] = inverse_sd[j] * gain[j] * (delta[j] - mean[j] - u[j] * mean_u[j]);
}

static void image_backward(const struct mlp_pass *pass, size_t i)
{
	size_t n = pass->layer->fan_out;
	const float *delta = pass->tensor->delta + i * n, *u = pass->tensor->u + i * n;
	const float *gain = pass->layer->gain;
	float inverse_sd = pass->tensor->statistic[i], *du = pass->batch->du + i * n;
	double sum = 0;
	VECTOR_EACH (j, n)
		du[j] = gain[j] * delta[j];
	for (size_t j = 0; j < n; j++)
		sum += (double)du[j];
	float mean = (float)(sum / (double)n), mean_u = (float)(vector_dot(du, u, n) / (double)n);
	VECTOR_EACH (j, n)
		du[j] = inverse_sd * (du[j] - mean - u[j] * mean_u);
}

static void rows_backward(void *context, size_t chunk)
{
	const struct mlp_pass *pass = context;
	size_t per_chunk = mlp_rows_per_chunk(pass->layer->fan_out), first = chunk * per_chunk;
	size_t end = first + mlp_chunk_length(first, pass->batch->rows, per_chunk);
	for (size_t i = first; i < end; i++) {
		if (pass->layer->normalization == MLP_BATCH_NORM)
			units_backward(pass, i);
		else
			image_backward(pass, i);
	}
}

void mlp_norm_backward(const struct mlp_pass *pass, float *gain_gradient, float *shift_gradient, struct pool *pool)
{
	const struct mlp_tensors *tensor = pass->tensor;
	size_t rows = pass->batch->rows, columns = pass->layer->fan_out;
	float *mean = pass->batch->means, *mean_u = mean + columns;
	if (gain_gradient || pass->layer->normalization == MLP_BATCH_NORM) {
		mlp_column_means(mean, tensor->delta, NULL, rows, columns, pool);
		mlp_column_means(mean_u, tensor->delta, tensor->u, rows, columns, pool);
	}
	if (gain_gradient) {
		memcpy(shift_gradient, mean, columns * sizeof *mean);
		memcpy(gain_gradient, mean_u, columns * sizeof *mean_u);
	}
	struct mlp_pass context = *pass;
	pool_run(mlp_pool_for(pool, rows * columns), rows_backward, &context,
	         mlp_chunks(rows, mlp_rows_per_chunk(columns)));
}
