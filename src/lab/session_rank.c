/* Over how many directions the outputs of a layer are spread: with M the matrix of their second
 * moments over images, (tr M)^2 / tr M^2, which is 1 if all images give the same direction, and n
 * if they fill n directions alike.  Daneshmand et al. 2020 (Batch normalization provably avoids
 * rank collapse), section 3: a lower bound on the rank that does not depend on a threshold. */
#include <math.h>

#include "lab/session_parts.h"

#define MOST_IMAGES 100 /* the first of the probe: time goes with their square */

static double product(const float *a, const float *b, size_t n)
{
	double sum[4] = {0};
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		for (size_t k = 0; k < 4; k++)
			sum[k] += (double)a[i + k] * (double)b[i + k];
	for (; i < n; i++)
		sum[0] += (double)a[i] * (double)b[i];
	return sum[0] + sum[1] + (sum[2] + sum[3]);
}

/* By the products of all pairs of images, which have the eigenvalues of M; NaN if all a are 0, or
 * one is not finite. */
static double rank_of(const float *a, size_t images, size_t units)
{
	double trace = 0, squares = 0;
	for (size_t i = 0; i < images; i++) {
		double own = product(a + i * units, a + i * units, units);
		trace += own;
		squares += own * own;
		for (size_t k = 0; k < i; k++) {
			double pair = product(a + i * units, a + k * units, units);
			squares += 2 * pair * pair;
		}
	}
	double rank = trace / squares * trace;
	return isfinite(rank) ? rank : NAN;
}

struct ranks {
	const struct session *session;
	struct snapshot *snapshot;
};

static void measure_layer(void *context, size_t l)
{
	const struct ranks *ranks = context;
	const struct mlp_batch *probe = ranks->session->probe;
	size_t images = probe->rows < MOST_IMAGES ? probe->rows : MOST_IMAGES;
	ranks->snapshot->layer[l].effective_rank = rank_of(probe->tensor[l].a, images, ranks->session->mlp->layer[l].fan_out);
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
