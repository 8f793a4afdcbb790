/* Forward, backward, training step: the perceptron's calls, which execute its
 * plan and show the tensors to the observer. */
#include "nn/mlp_stages.h"

/* Multiply-adds of a pass below which waking other threads takes longer than
 * the work. */
#define WORTH_SHARING 200000

static struct mlp_pass begin(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool)
{
	return (struct mlp_pass){ mlp, batch, mlp->parameters * batch->rows < WORTH_SHARING ? NULL : pool, NULL };
}

static const struct mlp_plan *plan_of(const struct mlp_pass *pass)
{
	return &pass->mlp->plan[pass->batch->sparse];
}

/* ---- the observer ---- */

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

/* ---- the calls ---- */

void mlp_forward(const struct mlp *mlp, struct mlp_batch *batch, struct pool *pool,
                 const struct mlp_observer *observer)
{
	struct mlp_pass pass = begin(mlp, batch, pool);
	batch->sparse = mlp_batch_is_sparse(batch);
	mlp_plan_run(&pass, 0, plan_of(&pass)->forward);
	batch->packed = false;
	mlp_sum_loss(batch);
	show_forward(&pass, observer);
}

void mlp_backward(const struct mlp *mlp, struct mlp_batch *batch, float *gradient, struct pool *pool,
                  const struct mlp_observer *observer)
{
	struct mlp_pass pass = begin(mlp, batch, pool);
	struct mlp_update update = { .gradient = gradient };
	pass.update = gradient ? &update : NULL;
	mlp_plan_run(&pass, plan_of(&pass)->forward, plan_of(&pass)->stages);
	show_deltas(&pass, observer);
	if (gradient) {
		mlp_update_end(&pass);
		show_gradient(mlp, gradient, observer);
	}
}

void mlp_train(struct mlp *mlp, struct mlp_batch *batch, struct mlp_training *training, float *gradient,
               struct pool *pool, const struct mlp_observer *observer)
{
	struct mlp_pass pass = begin(mlp, batch, pool);
	bool concurrent = observer && observer->concurrent;
	struct mlp_update update = { training, gradient, concurrent ? observer : NULL };
	pass.update = &update;
	batch->sparse = mlp_batch_is_sparse(batch);
	mlp_update_begin(mlp, &update);
	mlp_plan_run(&pass, 0, plan_of(&pass)->stages);
	mlp_update_end(&pass);
	batch->packed = false;
	mlp_sum_loss(batch);
	if (!concurrent) {
		show_forward(&pass, observer);
		show_deltas(&pass, observer);
	}
	if (gradient)
		show_gradient(mlp, gradient, observer);
}
