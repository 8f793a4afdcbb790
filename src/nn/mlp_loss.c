/* Softmax cross-entropy: p = softmax(z), loss = -ln p[label], delta = p - y. */
#include <assert.h>
#include <string.h>

#include "nn/kernel/vector_math.h"
#include "nn/mlp_stages.h"

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

/* p = exp(z - max) / sum, loss = ln(sum) - (z[label] - max): shifted by the
 * largest, so that finite logits never overflow. */
void mlp_softmax(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	struct mlp_batch *batch = pass->batch;
	const struct mlp_tensors *last = &batch->tensor[l];
	size_t classes = pass->mlp->layer[l].fan_out, end = images.first + images.rows;
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

void mlp_output_delta(const struct mlp_pass *pass, size_t l, struct mlp_images images)
{
	const struct mlp_batch *batch = pass->batch;
	const struct mlp_tensors *tensor = &batch->tensor[l];
	size_t classes = pass->mlp->layer[l].fan_out, at = images.first * classes;
	memcpy(tensor->delta + at, tensor->a + at, images.rows * classes * sizeof *tensor->delta);
	for (size_t i = images.first; i < images.first + images.rows; i++)
		tensor->delta[i * classes + batch->label[i]] -= 1;
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
