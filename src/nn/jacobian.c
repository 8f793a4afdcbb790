#include "nn/jacobian.h"

#include <math.h>

#include "nn/activation.h"
#include "nn/kernel/vector_math.h"

bool jacobian_exists(const struct mlp *mlp)
{
	for (size_t l = 0; l < mlp->layers; l++)
		if (mlp->layer[l].normalization == MLP_BATCH_NORM)
			return false;
	return true;
}

/* ---- the parts ---- */

/* f'(z) of unit i, NaN where z is, even if f' compares z and finds a slope; the output
 * layer's is 1: its Jacobian is that of the logits. */
static double slope(const struct jacobian *at, size_t l, size_t i)
{
	const struct mlp_layer *layer = &at->mlp->layer[l];
	if (layer->activation.entry == NULL)
		return 1;
	double z = (double)at->batch->tensor[l].z[at->row * layer->fan_out + i];
	return isnan(z) ? NAN : activation_of(&layer->activation)->df(z, layer->activation.value);
}

/* t (n, columns) becomes the derivative of standardizing (u - mean) / sd over the n
 * units times t: (t - mean(t) - uhat mean(uhat t)) / sd.  It is symmetric. */
static VECTOR_CLONES void standardize(double *t, const float *uhat, double inverse_sd, size_t n, size_t columns)
{
	enum { BLOCK = 64 };
	for (size_t first = 0; first < columns; first += BLOCK) {
		size_t width = columns - first < BLOCK ? columns - first : BLOCK;
		double mean[BLOCK] = {0}, along[BLOCK] = {0};
		for (size_t i = 0; i < n; i++)
			VECTOR_EACH (j, width) {
				mean[j] += t[i * columns + first + j] / (double)n;
				along[j] += (double)uhat[i] * t[i * columns + first + j] / (double)n;
			}
		for (size_t i = 0; i < n; i++)
			VECTOR_EACH (j, width)
				t[i * columns + first + j] = inverse_sd * (t[i * columns + first + j] - mean[j] - (double)uhat[i] * along[j]);
	}
}

static VECTOR_CLONES void multiply_row(double *row, double factor, size_t columns)
{
	VECTOR_EACH (j, columns)
		row[j] *= factor;
}

static void multiply_by_gain(double *t, const struct mlp_layer *layer, size_t columns)
{
	for (size_t i = 0; i < layer->fan_out; i++)
		multiply_row(t + i * columns, (double)layer->gain[i], columns);
}

/* ---- a layer ---- */

/* y (fan_out, columns) = W' x, a few rows of y at a time while they are in the cache. */
static VECTOR_CLONES void multiply(double *y, const double *x, const struct mlp_layer *layer, size_t columns)
{
	size_t out = layer->fan_out, in = layer->fan_in;
	for (size_t i = 0; i < out * columns; i++)
		y[i] = 0;
	for (size_t k = 0; k < in; k++)
		for (size_t i = 0; i < out; i++) {
			double w = (double)layer->w[k * out + i], *to = y + i * columns;
			const double *from = x + k * columns;
			VECTOR_EACH (j, columns)
				to[j] += w * from[j];
		}
}

/* The same for one column: y goes over the columns of w. */
static VECTOR_CLONES void multiply_vector(double *y, const double *x, const struct mlp_layer *layer)
{
	size_t out = layer->fan_out, in = layer->fan_in;
	for (size_t i = 0; i < out; i++)
		y[i] = 0;
	for (size_t k = 0; k < in; k++) {
		const float *row = layer->w + k * out;
		double factor = x[k];
		VECTOR_EACH (i, out)
			y[i] += factor * (double)row[i];
	}
}

static VECTOR_CLONES void multiply_vector_back(double *x, const double *y, const struct mlp_layer *layer)
{
	enum { LANES = 8 };
	size_t out = layer->fan_out, whole = out - out % LANES;
	for (size_t k = 0; k < layer->fan_in; k++) {
		const float *row = layer->w + k * out;
		double lanes[LANES] = {0}, sum = 0;
		for (size_t i = 0; i < whole; i += LANES)
			VECTOR_EACH (j, LANES)
				lanes[j] += (double)row[i + j] * y[i + j];
		for (size_t i = whole; i < out; i++)
			sum += (double)row[i] * y[i];
		for (int j = 0; j < LANES; j++)
			sum += lanes[j];
		x[k] = sum;
	}
}

void jacobian_apply(double *y, const double *x, size_t columns, const struct jacobian *at, size_t l)
{
	const struct mlp_layer *layer = &at->mlp->layer[l];
	const struct mlp_tensors *tensor = &at->batch->tensor[l];
	size_t out = layer->fan_out;
	if (x && columns == 1)
		multiply_vector(y, x, layer);
	else if (x)
		multiply(y, x, layer, columns);
	for (size_t i = 0; x == NULL && i < out; i++)
		for (size_t k = 0; k < columns; k++)
			y[i * columns + k] = (double)layer->w[k * out + i];
	if (layer->normalization == MLP_LAYER_NORM) {
		standardize(y, tensor->u + at->row * out, (double)tensor->inverse_sd[at->row], out, columns);
		multiply_by_gain(y, layer, columns);
	}
	for (size_t i = 0; i < out; i++)
		multiply_row(y + i * columns, slope(at, l, i), columns);
}

void jacobian_apply_transposed(double *x, double *y, const struct jacobian *at, size_t l)
{
	const struct mlp_layer *layer = &at->mlp->layer[l];
	const struct mlp_tensors *tensor = &at->batch->tensor[l];
	size_t out = layer->fan_out;
	for (size_t i = 0; i < out; i++)
		y[i] *= slope(at, l, i);
	if (layer->normalization == MLP_LAYER_NORM) {
		multiply_by_gain(y, layer, 1);
		standardize(y, tensor->u + at->row * out, (double)tensor->inverse_sd[at->row], out, 1);
	}
	multiply_vector_back(x, y, layer);
}

/* ---- the end of a branch ---- */

void jacobian_end_branch(double *t, const double *skip, size_t columns, const struct jacobian *at, size_t l)
{
	const struct mlp_layer *layer = &at->mlp->layer[l];
	const struct mlp_tensors *tensor = &at->batch->tensor[l];
	double alpha = (double)mlp_alpha_of(layer), lambda = (double)layer->skip_scale;
	size_t n = layer->fan_out;
	for (size_t i = 0; i < n * columns; i++)
		t[i] *= alpha;
	for (size_t i = 0; skip && i < n * columns; i++)
		t[i] += lambda * skip[i];
	for (size_t i = 0; skip == NULL && i < n; i++)
		t[i * columns + i] += lambda;
	if (layer->normalization != MLP_SUM_NORM)
		return;
	standardize(t, tensor->sum + at->row * n, (double)tensor->inverse_sd[at->row], n, columns);
	multiply_by_gain(t, layer, columns);
}

void jacobian_begin_back(double *y, double *skip, const struct jacobian *at, size_t l)
{
	const struct mlp_layer *layer = &at->mlp->layer[l];
	const struct mlp_tensors *tensor = &at->batch->tensor[l];
	double alpha = (double)mlp_alpha_of(layer), lambda = (double)layer->skip_scale;
	size_t n = layer->fan_out;
	if (layer->normalization == MLP_SUM_NORM) {
		multiply_by_gain(y, layer, 1);
		standardize(y, tensor->sum + at->row * n, (double)tensor->inverse_sd[at->row], n, 1);
	}
	for (size_t i = 0; i < n; i++) {
		skip[i] = lambda * y[i];
		y[i] *= alpha;
	}
}
