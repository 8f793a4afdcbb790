/* The effective rank of the outputs of each hidden layer on the probe. */
#include <math.h>

#include "nn/stats.h"
#include "lab/session_parts.h"

struct ranks {
	const struct session *session;
	struct snapshot *snapshot;
};

static void measure_layer(void *context, size_t l)
{
	const struct ranks *ranks = context;
	const struct mlp_batch *probe = ranks->session->probe;
	size_t images = probe->rows < SNAPSHOT_RANK_IMAGES ? probe->rows : SNAPSHOT_RANK_IMAGES;
	ranks->snapshot->layer[l].effective_rank =
		stats_effective_rank(probe->tensor[l].a, images, ranks->session->mlp->layer[l].fan_out);
}

void session_observe_rank(const struct session *session, struct snapshot *snapshot)
{
	struct ranks ranks = { session, snapshot };
	pool_run(session->pool, measure_layer, &ranks, snapshot->layers - 1);
	snapshot->layer[snapshot->layers - 1].effective_rank = NAN;
}

void session_skip_rank(struct snapshot *snapshot)
{
	for (size_t l = 0; l < snapshot->layers; l++)
		snapshot->layer[l].effective_rank = NAN;
}
