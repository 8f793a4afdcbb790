/* The state of training: the optimizer's slots and the sums of the last step. */
#include "base/alloc.h"
#include "nn/kernel/vector_sum.h"
#include "nn/mlp_stages.h"

struct mlp_training *mlp_training_create(const struct mlp *mlp, const struct spec *optimizer, struct err *err)
{
	struct mlp_training *training = alloc_array(1, sizeof *training, err);
	if (training == NULL)
		return NULL;
	training->optimizer = *optimizer;
	int slots = optimizer_of(optimizer)->slots;
	bool complete = (training->update_square = alloc_array(mlp->layers, sizeof(double), err)) &&
	                (training->gradient_sum = alloc_array(mlp->layers, sizeof(double), err)) &&
	                (training->gradient_square = alloc_array(mlp->layers, sizeof(double), err)) &&
	                (training->partial = alloc_array(mlp->tiles, sizeof *training->partial, err)) &&
	                (training->step = alloc_array(2 * mlp->layers, sizeof *training->step, err));
	size_t unit_chunks = mlp_unit_chunks(mlp);
	if (complete && unit_chunks > 0)
		complete = (training->gradient = alloc_aligned(mlp->parameters, sizeof(float), err)) &&
		           (training->unit_partial = alloc_array(unit_chunks, sizeof *training->unit_partial, err));
	for (int i = 0; complete && i < slots; i++)
		complete = (training->slot[i] = alloc_aligned(mlp->parameters, sizeof(float), err));
	if (!complete) {
		mlp_training_destroy(training);
		return NULL;
	}
	return training;
}

void mlp_training_destroy(struct mlp_training *training)
{
	if (training == NULL)
		return;
	for (int i = 0; i < OPTIMIZER_MAX_SLOTS; i++)
		alloc_aligned_free(training->slot[i]);
	alloc_free(training->update_square);
	alloc_free(training->gradient_sum);
	alloc_free(training->gradient_square);
	alloc_free(training->partial);
	alloc_aligned_free(training->gradient);
	alloc_free(training->unit_partial);
	alloc_free(training->step);
	alloc_free(training);
}

#define BLOCK 2048 /* weights whose squares are summed in floats */

double mlp_weight_square(const struct mlp_layer *layer)
{
	size_t n = layer->fan_in * layer->fan_out;
	double sum = 0;
	for (size_t first = 0; first < n; first += BLOCK) {
		const float *w = layer->w + first;
		sum += vector_dot(w, w, mlp_chunk_length(first, n, BLOCK));
	}
	return sum;
}
