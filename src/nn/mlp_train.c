/* A training step: each layer is updated as soon as its gradient is there,
 * while both are in the cache. */
#include "base/alloc.h"
#include "nn/mlp_layers.h"
#include "nn/vector_sum.h"

struct mlp_training *mlp_training_create(const struct mlp *mlp, const struct spec *optimizer, struct err *err)
{
	struct mlp_training *training = alloc_array(1, sizeof *training, err);
	if (training == NULL)
		return NULL;
	training->optimizer = *optimizer;
	size_t most = 0;
	for (size_t l = 0; l < mlp->layers; l++) {
		size_t chunks = mlp_chunks(mlp->layer[l].fan_in * mlp->layer[l].fan_out, MLP_UPDATE_CHUNK);
		if (chunks > most)
			most = chunks;
	}
	int slots = optimizer_of(optimizer)->slots;
	bool complete = (training->gradient = alloc_aligned(mlp->parameters, sizeof(float), err)) &&
	                (training->update_square = alloc_array(mlp->layers, sizeof(double), err)) &&
	                (training->partial = alloc_array(most, sizeof(double), err));
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
		alloc_free(training->slot[i]);
	alloc_free(training->gradient);
	alloc_free(training->update_square);
	alloc_free(training->partial);
	alloc_free(training);
}

/* ---- update ---- */

struct update {
	struct mlp *mlp;
	struct mlp_training *training;
	struct optimizer_step step;
	size_t first, n; /* the parameters of the layer's w */
	size_t layer;
	const struct mlp_observer *observer;
};

/* parameter[at..at+n); returns the sum of the squared changes. */
static double update_range(const struct update *update, size_t at, size_t n)
{
	const struct mlp_training *training = update->training;
	float *slot0 = training->slot[0], *slot1 = training->slot[1];
	const struct optimizer *optimizer = optimizer_of(&training->optimizer);
	return optimizer->update(update->mlp->parameter + at, slot0 ? slot0 + at : NULL, slot1 ? slot1 + at : NULL,
	                         training->gradient + at, n, &update->step);
}

static void update_chunk(void *context, size_t chunk)
{
	const struct update *update = context;
	size_t first = chunk * MLP_UPDATE_CHUNK, n = mlp_chunk_length(first, update->n, MLP_UPDATE_CHUNK);
	update->training->partial[chunk] = update_range(update, update->first + first, n);
}

/* The gradient is looked at by one thread while others go on. */
static void show_or_update(void *context, size_t chunk)
{
	struct update *update = context;
	if (chunk == 0)
		mlp_show_gradient(update->mlp, update->training->gradient, update->layer, update->observer);
	else
		update_chunk(context, chunk - 1);
}

static void update_layer(struct mlp *mlp, struct mlp_training *training, size_t l, struct pool *pool,
                         const struct mlp_observer *observer)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	struct update update = {
		.mlp = mlp, .training = training,
		.first = (size_t)(layer->w - mlp->parameter), .n = layer->fan_in * layer->fan_out,
		.layer = l, .observer = observer,
	};
	const struct spec *spec = &training->optimizer;
	optimizer_of(spec)->prepare(&update.step, training->t, (double)layer->lr_scale, spec->value);

	size_t chunks = mlp_chunks(update.n, MLP_UPDATE_CHUNK), behind = mlp_layer_parameters(layer) - update.n;
	if (observer && !observer->at_once)
		mlp_show_gradient(mlp, training->gradient, l, observer);
	if (observer && observer->at_once)
		pool_run(mlp_pool_for(pool, update.n), show_or_update, &update, chunks + 1);
	else
		pool_run(mlp_pool_for(pool, update.n), update_chunk, &update, chunks);
	optimizer_of(spec)->prepare(&update.step, training->t, (double)layer->bias_lr_scale, spec->value);
	update_range(&update, update.first + update.n, behind);

	training->update_square[l] = 0;
	for (size_t i = 0; i < chunks; i++)
		training->update_square[l] += training->partial[i];
}

double mlp_weight_square(const struct mlp_layer *layer)
{
	size_t n = layer->fan_in * layer->fan_out;
	double sum = 0;
	for (size_t first = 0; first < n; first += MLP_CHUNK) {
		const float *w = layer->w + first;
		sum += vector_dot(w, w, mlp_chunk_length(first, n, MLP_CHUNK));
	}
	return sum;
}

void mlp_train(struct mlp *mlp, struct mlp_batch *batch, struct mlp_training *training, struct pool *pool,
               const struct mlp_observer *observer)
{
	mlp_forward(mlp, batch, pool, observer);
	training->t++;
	mlp_backward_output(mlp, batch, observer);
	for (size_t l = mlp->layers; l-- > 0;) {
		mlp_backward_layer(mlp, batch, training->gradient, l, pool, observer);
		update_layer(mlp, training, l, pool, observer);
	}
}
