/* Batch and layer normalization, of z or of a residual branch's sum: forward, and backward through the statistics
 * themselves.  Ioffe and Szegedy 2015, Ba, Kiros and Hinton 2016.
 *
 * uhat = (u - mean) / sd, where mean and sd are taken for each unit over the
 * batch, or for each image over its units.  With z = gain uhat + shift and
 * g = gain dL/dz:
 *
 *   dL/du = (g - mean(g) - uhat mean(g uhat)) / sd
 *
 * After the forward pass the tensor u holds uhat. */
#include <string.h>

#include "nn/kernel/vector_sum.h"
#include "nn/mlp_stages.h"

#define EPS 1e-5    /* added to the variance */
#define COLUMNS MLP_COLUMNS /* in a chunk */

/* One layer of a pass: what the chunks of a job need. */
struct norm {
	const struct mlp_layer *layer;
	const struct mlp_tensors *tensor;
	const struct mlp_batch *batch;
};

static struct norm norm_of(const struct mlp_pass *pass, size_t l)
{
	return (struct norm){ &pass->mlp->layer[l], &pass->batch->tensor[l], pass->batch };
}

/* ---- forward ---- */

static void standardize_columns(void *context, size_t chunk)
{
	const struct norm *norm = context;
	size_t columns = norm->layer->fan_out, rows = norm->batch->rows;
	size_t first = chunk * COLUMNS, n = mlp_chunk_length(first, columns, COLUMNS);
	float *u = norm->tensor->u + first, *inverse_sd = norm->tensor->inverse_sd + first;
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

void mlp_standardize_units(const struct mlp_pass *pass, size_t l)
{
	struct norm norm = norm_of(pass, l);
	pool_run(pass->pool, standardize_columns, &norm, mlp_chunks(norm.layer->fan_out, COLUMNS));
}

/* u (rows, n) of these images; inverse_sd (rows) is set for them. */
static void standardize_images(float *u, float *inverse_sds, size_t n, struct mlp_images images)
{
	u += images.first * n;
	for (size_t i = images.first; i < images.first + images.rows; i++, u += n) {
		double sum = 0;
		for (size_t j = 0; j < n; j++)
			sum += (double)u[j];
		float mean = (float)(sum / (double)n);
		VECTOR_EACH (j, n)
			u[j] -= mean;
		float inverse_sd = (float)(1 / sqrt(vector_dot(u, u, n) / (double)n + EPS));
		VECTOR_EACH (j, n)
			u[j] *= inverse_sd;
		inverse_sds[i] = inverse_sd;
	}
}

/* out = gain u + shift, both (rows, fan_out). */
static void gain_and_shift(float *out, const float *u, const struct mlp_layer *layer, struct mlp_images images)
{
	size_t n = layer->fan_out;
	out += images.first * n;
	u += images.first * n;
	for (size_t i = 0; i < images.rows; i++, out += n, u += n)
		VECTOR_EACH (j, n)
			out[j] = layer->gain[j] * u[j] + layer->shift[j];
}

void mlp_standardize_images(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	standardize_images(tensor->u, tensor->inverse_sd, pass->mlp->layer[l].fan_out, images);
}

void mlp_gain_and_shift(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	gain_and_shift(pass->batch->tensor[l].z, pass->batch->tensor[l].u, &pass->mlp->layer[l], images);
}

void mlp_normalize_sum(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	size_t at = images.first * layer->fan_out;
	memcpy(tensor->sum + at, tensor->a + at, images.rows * layer->fan_out * sizeof *tensor->a);
	standardize_images(tensor->sum, tensor->inverse_sd, layer->fan_out, images);
	gain_and_shift(tensor->a, tensor->sum, layer, images);
}

/* ---- backward ---- */

void mlp_column_means(float *out, const float *a, const float *b, size_t rows, size_t columns, size_t first, size_t n)
{
	float sum[COLUMNS] = {0}, scale = 1 / (float)rows;
	for (size_t i = 0; i < rows; i++) {
		size_t at = i * columns + first;
		if (b) {
			VECTOR_EACH (j, n)
				sum[j] += a[at + j] * b[at + j];
		} else {
			VECTOR_EACH (j, n)
				sum[j] += a[at + j];
		}
	}
	VECTOR_EACH (j, n)
		out[j] = sum[j] * scale;
}

static void means_of_columns(void *context, size_t chunk)
{
	const struct norm *norm = context;
	size_t rows = norm->batch->rows, columns = norm->layer->fan_out, first = chunk * COLUMNS;
	size_t n = mlp_chunk_length(first, columns, COLUMNS);
	float *mean = norm->batch->means + first;
	mlp_column_means(mean, norm->tensor->delta, NULL, rows, columns, first, n);
	mlp_column_means(mean + columns, norm->tensor->delta, norm->tensor->u, rows, columns, first, n);
}

void mlp_norm_means(const struct mlp_pass *pass, size_t l)
{
	struct norm norm = norm_of(pass, l);
	pool_run(pass->pool, means_of_columns, &norm, mlp_chunks(norm.layer->fan_out, COLUMNS));
}

/* batch->means already holds the means over the batch, of all units. */
static void units_backward(const struct norm *norm, size_t i)
{
	size_t n = norm->layer->fan_out;
	const float *delta = norm->tensor->delta + i * n, *u = norm->tensor->u + i * n;
	const float *inverse_sd = norm->tensor->inverse_sd, *gain = norm->layer->gain;
	const float *mean = norm->batch->means, *mean_u = mean + n;
	float *du = norm->tensor->du + i * n;
	VECTOR_EACH (j, n)
		du[j] = inverse_sd[j] * gain[j] * (delta[j] - mean[j] - u[j] * mean_u[j]);
}

/* du (n) from delta (n) of one image, whose standardized values are u (n). */
static void image_backward(float *du, const float *delta, const float *u, const float *gain, float inverse_sd, size_t n)
{
	double sum = 0;
	VECTOR_EACH (j, n)
		du[j] = gain[j] * delta[j];
	for (size_t j = 0; j < n; j++)
		sum += (double)du[j];
	float mean = (float)(sum / (double)n), mean_u = (float)(vector_dot(du, u, n) / (double)n);
	VECTOR_EACH (j, n)
		du[j] = inverse_sd * (du[j] - mean - u[j] * mean_u);
}

void mlp_norm_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	struct norm norm = norm_of(pass, l);
	size_t n = norm.layer->fan_out;
	for (size_t i = images.first; i < images.first + images.rows; i++) {
		if (norm.layer->normalization == MLP_BATCH_NORM)
			units_backward(&norm, i);
		else
			image_backward(norm.tensor->du + i * n, norm.tensor->delta + i * n, norm.tensor->u + i * n, norm.layer->gain,
			               norm.tensor->inverse_sd[i], n);
	}
}

void mlp_normalize_sum_backward(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_layer *layer = &pass->mlp->layer[l];
	const struct mlp_tensors *tensor = &pass->batch->tensor[l];
	size_t n = layer->fan_out, at = images.first * n;
	memcpy(tensor->da + at, tensor->delta + at, images.rows * n * sizeof *tensor->da);
	for (size_t i = images.first; i < images.first + images.rows; i++)
		image_backward(tensor->delta + i * n, tensor->da + i * n, tensor->sum + i * n, layer->gain, tensor->inverse_sd[i], n);
}
