/* The plan of a pass: for which layers in which order the stages are computed.
 *
 * A stage by images lets a group of images run through several stages without
 * waiting for the other groups; the threads share the groups.  A stage of the
 * whole batch (a wide layer, batch normalization) waits for all groups, and the
 * pool shares its work in another way. */
#include "nn/mlp_stages.h"

/* ---- building ---- */

static void add(struct mlp_plan *plan, enum mlp_stage_kind kind, size_t layer, bool by_images)
{
	plan->stage[plan->stages++] = (struct mlp_stage){ kind, (uint32_t)layer, by_images };
}

static bool is_narrow(const struct mlp_layer *layer)
{
	return layer->normalization != MLP_BATCH_NORM && layer->fan_in * layer->fan_out <= MLP_NARROW;
}

/* z = norm(x W + b), a = f(z).  The mean that batch norm subtracts contains the
 * bias, so the bias is not even added there. */
static void add_forward(struct mlp_plan *plan, const struct mlp *mlp, size_t l, bool sparse)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	bool batch_norm = layer->normalization == MLP_BATCH_NORM;
	if (sparse) {
		add(plan, MLP_SPARSE_PRODUCT, l, false);
		add(plan, MLP_ADD_HALVES, l, true);
	} else
		add(plan, MLP_PRODUCT, l, is_narrow(layer));
	if (!batch_norm)
		add(plan, MLP_ADD_BIAS, l, true);
	if (mlp_normalizes_z(layer->normalization)) {
		add(plan, MLP_STANDARDIZE, l, !batch_norm);
		add(plan, MLP_GAIN_AND_SHIFT, l, true);
	}
	if (l + 1 < mlp->layers)
		add(plan, MLP_ACTIVATION, l, true);
	if (layer->normalization == MLP_SUM_NORM)
		add(plan, MLP_NORMALIZE_SUM, l, true);
}

/* From delta of layer l to du, and to delta of layer l - 1. */
static void add_backward(struct mlp_plan *plan, const struct mlp *mlp, size_t l)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	if (layer->normalization == MLP_BATCH_NORM)
		add(plan, MLP_NORM_MEANS, l, false);
	if (mlp_normalizes_z(layer->normalization))
		add(plan, MLP_NORM_BACKWARD, l, true);
	if (l == 0)
		return;
	add(plan, MLP_PRODUCT_BACKWARD, l, is_narrow(layer));
	if (mlp_branch_begins(mlp, l) || layer[-1].normalization == MLP_SUM_NORM)
		add(plan, MLP_SUM_BACKWARD, l - 1, true);
	add(plan, MLP_ACTIVATION_BACKWARD, l - 1, true);
}

void mlp_plan_fill(struct mlp_plan *plan, const struct mlp *mlp, bool sparse)
{
	plan->stages = 0;
	if (!sparse || !mlp_sparse_product_unpacks(mlp))
		add(plan, MLP_UNPACK, 0, true);
	size_t weights = 0; /* since the last meeting */
	for (size_t l = 0; l < mlp->layers; l++) {
		add_forward(plan, mlp, l, sparse && l == 0);
		weights += l ? mlp->layer[l].fan_in * mlp->layer[l].fan_out : 0;
		if (weights < MLP_CACHED)
			continue;
		add(plan, MLP_MEETING, l, false);
		weights = 0;
	}
	add(plan, MLP_SOFTMAX, mlp->layers - 1, true);
	plan->forward = plan->stages;
	add(plan, MLP_OUTPUT_DELTA, mlp->layers - 1, true);
	for (size_t l = mlp->layers; l-- > 0;) {
		add_backward(plan, mlp, l);
		if (mlp->layer[l].end_tile > mlp->layer[l].first_tile)
			add(plan, MLP_UPDATE, l, false);
	}
}

/* ---- groups of images ---- */

#define GROUP 32       /* images */
#define SMALL_GROUP 16 /* of a small batch, so that there is a group for every thread */

static size_t images_in_group(const struct mlp_batch *batch)
{
	size_t most = batch->rows < 4 * GROUP ? SMALL_GROUP : GROUP;
	return mlp_chunks(batch->rows, mlp_chunks(batch->rows, most)); /* groups of nearly equal size */
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

/* ---- execution ---- */

static void meet(const struct mlp_pass *pass, size_t l)
{
	(void)pass, (void)l;
}

static const struct {
	void (*images)(const struct mlp_pass *pass, size_t l, struct mlp_images images);
	void (*whole)(const struct mlp_pass *pass, size_t l);
} compute[MLP_STAGE_KINDS] = {
	[MLP_UNPACK] = { .images = mlp_unpack },
	[MLP_PRODUCT] = { .images = mlp_product_of_images, .whole = mlp_product_whole },
	[MLP_SPARSE_PRODUCT] = { .whole = mlp_sparse_product },
	[MLP_ADD_HALVES] = { .images = mlp_add_halves },
	[MLP_ADD_BIAS] = { .images = mlp_add_bias },
	[MLP_STANDARDIZE] = { .images = mlp_standardize_images, .whole = mlp_standardize_units },
	[MLP_GAIN_AND_SHIFT] = { .images = mlp_gain_and_shift },
	[MLP_ACTIVATION] = { .images = mlp_activation },
	[MLP_NORMALIZE_SUM] = { .images = mlp_normalize_sum },
	[MLP_SOFTMAX] = { .images = mlp_softmax },
	[MLP_OUTPUT_DELTA] = { .images = mlp_output_delta },
	[MLP_NORM_MEANS] = { .whole = mlp_norm_means },
	[MLP_NORM_BACKWARD] = { .images = mlp_norm_backward },
	[MLP_PRODUCT_BACKWARD] = { .images = mlp_product_backward_of_images, .whole = mlp_product_backward_whole },
	[MLP_SUM_BACKWARD] = { .images = mlp_sum_backward },
	[MLP_ACTIVATION_BACKWARD] = { .images = mlp_activation_backward },
	[MLP_MEETING] = { .whole = meet },
	[MLP_UPDATE] = { .whole = mlp_update_layers },
};

/* Stages that follow each other, all by images. */
struct run {
	const struct mlp_pass *pass;
	const struct mlp_stage *first, *end;
};

static void run_group(void *context, size_t group)
{
	const struct run *run = context;
	struct mlp_images images = mlp_image_group(run->pass->batch, group);
	for (const struct mlp_stage *stage = run->first; stage < run->end; stage++)
		compute[stage->kind].images(run->pass, stage->layer, images);
}

void mlp_plan_run(const struct mlp_pass *pass, size_t first, size_t end)
{
	const struct mlp_stage *stage = pass->mlp->plan[pass->batch->sparse].stage;
	for (size_t s = first; s < end;) {
		struct run run = { pass, &stage[s], &stage[s] };
		for (; s < end && stage[s].by_images; s++)
			run.end++;
		if (run.end > run.first)
			pool_run(pass->pool, run_group, &run, mlp_image_groups(pass->batch));
		for (; s < end && !stage[s].by_images; s++)
			compute[stage[s].kind].whole(pass, stage[s].layer);
	}
}
