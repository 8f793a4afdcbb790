/* Copying the state of training out of a net and into another of the same
 * shape.  One function visits every piece, so that both directions agree. */
#include "nn/mlp_state.h"

#include <string.h>

struct cursor {
	char *at;   /* in the block; NULL while bytes are only counted */
	bool load;  /* from the block into the net */
	size_t bytes;
};

static void visit(struct cursor *cursor, void *piece, size_t bytes)
{
	if (cursor->at && cursor->load)
		memcpy(piece, cursor->at + cursor->bytes, bytes);
	else if (cursor->at)
		memcpy(cursor->at + cursor->bytes, piece, bytes);
	cursor->bytes += bytes;
}

/* The layers' learning rates and the optimizer's entry are not among them:
 * they follow from the settings. */
static void visit_all(struct cursor *cursor, struct mlp *mlp, struct mlp_training *training)
{
	size_t per_layer = mlp->layers * sizeof(double);
	visit(cursor, &training->t, sizeof training->t);
	visit(cursor, training->update_square, per_layer);
	visit(cursor, training->gradient_sum, per_layer);
	visit(cursor, training->gradient_square, per_layer);
	visit(cursor, mlp->parameter, mlp->parameters * sizeof *mlp->parameter);
	for (int i = 0; i < OPTIMIZER_MAX_SLOTS; i++)
		if (training->slot[i])
			visit(cursor, training->slot[i], mlp->parameters * sizeof *training->slot[i]);
}

size_t mlp_state_bytes(const struct mlp *mlp, const struct mlp_training *training)
{
	struct cursor cursor = {0};
	visit_all(&cursor, (struct mlp *)mlp, (struct mlp_training *)training);
	return cursor.bytes;
}

void mlp_state_save(void *block, const struct mlp *mlp, const struct mlp_training *training)
{
	struct cursor cursor = { .at = block };
	visit_all(&cursor, (struct mlp *)mlp, (struct mlp_training *)training);
}

void mlp_state_load(struct mlp *mlp, struct mlp_training *training, const void *block)
{
	struct cursor cursor = { .at = (char *)block, .load = true };
	visit_all(&cursor, mlp, training);
}
