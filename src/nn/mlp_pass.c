/* The way of a batch through the net and back, in phases: images unpacked, each
 * layer's product and what follows it, softmax, the last delta, the backward
 * pass of each layer.
 *
 * Where the weights are few, a group of images goes through one phase after the
 * other without waiting for the rest; groups are shared among the threads.  A
 * wide layer, and one that normalizes over the batch, is a phase for all images
 * together.  Knows no arithmetic. */
#include "nn/mlp_layers.h"

/* ---- groups of images ---- */

static size_t images_in_group(const struct mlp_batch *batch)
{
	size_t most = batch->rows < 4 * MLP_IMAGES ? MLP_FEW_IMAGES : MLP_IMAGES;
	return mlp_chunks(batch->rows, mlp_chunks(batch->rows, most)); /* all groups about equal */
}

size_t mlp_image_groups(const struct mlp_batch *batch)
{
	return mlp_chunks(batch->rows, images_in_group(batch));
}

struct mlp_images mlp_image_group(const struct mlp_batch *batch, size_t group)
{
	size_t rows = images_in_group(batch), first = group * rows;
	return (struct mlp_images){ first, mlp_chunk_length(first, batch->rows, rows) };
}

void mlp_each_group(const struct mlp_pass *pass, void (*work)(void *context, size_t group), void *context)
{
	pool_run(pass->pool, work, context, mlp_image_groups(pass->batch));
}

/* ---- phases ---- */

enum { UNPACK, FIRST_PRODUCT }; /* then two phases for each layer */

static size_t softmax_phase(const struct mlp_pass *pass)
{
	return FIRST_PRODUCT + 2 * pass->mlp->layers;
}

static size_t delta_phase(const struct mlp_pass *pass)
{
	return softmax_phase(pass) + 1; /* of the output; then one for each layer, from the last */
}

static size_t last_phase(const struct mlp_pass *pass)
{
	return delta_phase(pass) + pass->mlp->layers;
}

/* A phase of the forward pass: of which layer, and which of its two. */
static size_t forward_layer(size_t phase)
{
	return (phase - FIRST_PRODUCT) / 2;
}

static bool is_product(size_t phase)
{
	return (phase - FIRST_PRODUCT) % 2 == 0;
}

static size_t backward_layer(const struct mlp_pass *pass, size_t phase)
{
	return last_phase(pass) - phase;
}

static bool is_by_images(const struct mlp_pass *pass, size_t phase)
{
	if (phase >= FIRST_PRODUCT && phase < softmax_phase(pass))
		return !is_product(phase) || mlp_product_is_by_images(pass, forward_layer(phase));
	return phase <= delta_phase(pass) || mlp_backward_is_by_images(pass, backward_layer(pass, phase));
}

static void do_images(const struct mlp_pass *pass, size_t phase, struct mlp_images images)
{
	if (phase == UNPACK)
		mlp_unpack_images(pass, images);
	else if (phase == softmax_phase(pass))
		mlp_softmax_images(pass, images);
	else if (phase == delta_phase(pass))
		mlp_output_delta_images(pass, images);
	else if (phase > delta_phase(pass))
		mlp_backward_images(pass, backward_layer(pass, phase), images);
	else if (is_product(phase))
		mlp_product_images(pass, forward_layer(phase), images);
	else
		mlp_finish_images(pass, forward_layer(phase), images);
}

static void do_whole(const struct mlp_pass *pass, size_t phase)
{
	if (phase < softmax_phase(pass))
		mlp_product_whole(pass, forward_layer(phase));
	else
		mlp_backward_whole(pass, backward_layer(pass, phase));
}

struct phases {
	const struct mlp_pass *pass;
	size_t first, end;
};

static void do_group(void *context, size_t group)
{
	const struct phases *phases = context;
	for (size_t phase = phases->first; phase < phases->end; phase++)
		do_images(phases->pass, phase, mlp_image_group(phases->pass->batch, group));
}

static void do_phases(const struct mlp_pass *pass, size_t first, size_t end)
{
	while (first < end) {
		struct phases phases = { pass, first, first };
		while (phases.end < end && is_by_images(pass, phases.end))
			phases.end++;
		if (phases.end > first)
			mlp_each_group(pass, do_group, &phases);
		else
			do_whole(pass, phases.end++);
		first = phases.end;
	}
}

/* The pool if the net is large enough for it. */
static struct pool *worth_sharing(const struct mlp *mlp, const struct mlp_batch *batch, struct pool *pool)
{
	return mlp->parameters * batch->rows < MLP_WORTH_SHARING ? NULL : pool;
}

static struct mlp_pass begin(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool)
{
	return (struct mlp_pass){ mlp, batch, worth_sharing(mlp, batch, pool) };
}

/* From the images to the end of phase `last`. */
static void do_forward(const struct mlp_pass *pass, size_t last)
{
	struct mlp_batch *batch = pass->batch;
	batch->sparse = mlp_batch_is_sparse(batch);
	if (batch->packed && !mlp_product_unpacks(pass)) {
		do_phases(pass, UNPACK, FIRST_PRODUCT);
		batch->packed = false;
	}
	do_phases(pass, FIRST_PRODUCT, last + 1);
	batch->packed = false;
	mlp_sum_loss(batch);
}

/* ---- from outside ---- */

static void show(const struct mlp_pass *pass, enum mlp_tensor tensor, size_t l, const float *values,
                 const struct mlp_observer *observer)
{
	mlp_show(observer, tensor, l, values, pass->batch->rows * pass->mlp->layer[l].fan_out);
}

static void show_forward(const struct mlp_pass *pass, const struct mlp_observer *observer)
{
	for (size_t l = 0; l < pass->mlp->layers; l++) {
		show(pass, MLP_Z, l, pass->batch->tensor[l].z, observer);
		show(pass, MLP_A, l, pass->batch->tensor[l].a, observer);
	}
}

static void show_deltas(const struct mlp_pass *pass, const struct mlp_observer *observer)
{
	for (size_t l = pass->mlp->layers; l-- > 0;)
		show(pass, MLP_DELTA, l, pass->batch->tensor[l].delta, observer);
}

static void show_gradient(const struct mlp *mlp, const float *gradient, const struct mlp_observer *observer)
{
	for (size_t l = mlp->layers; l-- > 0;) {
		const struct mlp_layer *layer = &mlp->layer[l];
		mlp_show(observer, MLP_DW, l, gradient + (layer->w - mlp->parameter), layer->fan_in * layer->fan_out);
	}
}

void mlp_forward(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool,
                 const struct mlp_observer *observer)
{
	struct mlp_pass pass = begin(mlp, batch, pool);
	do_forward(&pass, softmax_phase(&pass));
	show_forward(&pass, observer);
}

void mlp_backward(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, struct pool *pool,
                  const struct mlp_observer *observer)
{
	struct mlp_pass pass = begin(mlp, batch, pool);
	do_phases(&pass, delta_phase(&pass), last_phase(&pass) + 1);
	show_deltas(&pass, observer);
	if (gradient) {
		mlp_weights(&pass, NULL, gradient, NULL);
		show_gradient(mlp, gradient, observer);
	}
}

void mlp_train(struct mlp *mlp, struct mlp_batch *batch, struct mlp_training *training, float *gradient,
               struct pool *pool, const struct mlp_observer *observer)
{
	struct mlp_pass pass = begin(mlp, batch, pool);
	bool at_once = observer && observer->at_once;
	do_forward(&pass, last_phase(&pass));
	if (!at_once) {
		show_forward(&pass, observer);
		show_deltas(&pass, observer);
	}
	mlp_weights(&pass, training, gradient, at_once ? observer : NULL);
	if (gradient)
		show_gradient(mlp, gradient, observer);
}
