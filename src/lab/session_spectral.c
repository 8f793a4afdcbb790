/* Spectral norms of the weights and of their last change, which Yang, Simon and
 * Bernstein 2023 (A spectral condition for feature learning) want in proportion to
 * sqrt(fan_out / fan_in). */
#include <math.h>
#include <string.h>

#include "lab/session_parts.h"
#include "nn/spectral.h"

struct norms {
	const struct mlp *mlp;
	const float *parameter; /* of the net, or their changes */
	float *scratch;
	double *norm; /* [layers] */
};

static size_t scratch_until(const struct mlp *mlp, size_t layer)
{
	size_t floats = 0;
	for (size_t l = 0; l < layer; l++)
		floats += spectral_scratch(mlp->layer[l].fan_in, mlp->layer[l].fan_out);
	return floats;
}

size_t session_norm_scratch(const struct mlp *mlp)
{
	return scratch_until(mlp, mlp->layers);
}

static void measure_layer(void *context, size_t l)
{
	const struct norms *norms = context;
	const struct mlp_layer *layer = &norms->mlp->layer[l];
	const float *w = norms->parameter + (layer->w - norms->mlp->parameter);
	norms->norm[l] = spectral_norm(w, layer->fan_in, layer->fan_out, norms->scratch + scratch_until(norms->mlp, l));
}

static void measure(const struct session *session, const float *parameter, double *norm)
{
	struct norms norms = { session->mlp, parameter, session->norm_scratch, norm };
	pool_run(session->pool, measure_layer, &norms, session->mlp->layers);
}

void session_watch_change(struct session *session)
{
	session->watched = true;
}

void session_keep_weights(struct session *session)
{
	if (session->watched) /* the observation's scratch is free between observations */
		memcpy(session->gradient, session->mlp->parameter, session->mlp->parameters * sizeof *session->gradient);
}

void session_measure_change(struct session *session)
{
	const struct mlp *mlp = session->mlp;
	if (session->watched) {
		for (size_t i = 0; i < mlp->parameters; i++)
			session->gradient[i] = mlp->parameter[i] - session->gradient[i];
		measure(session, session->gradient, session->change_norm);
	} else {
		for (size_t l = 0; l < mlp->layers; l++)
			session->change_norm[l] = NAN;
	}
	session->watched = false;
}

void session_observe_norms(const struct session *session, struct snapshot *snapshot)
{
	double norm[MLP_MAX_LAYERS];
	measure(session, session->mlp->parameter, norm);
	for (size_t l = 0; l < snapshot->layers; l++) {
		snapshot->layer[l].weight_norm = norm[l];
		snapshot->layer[l].change_norm = session->steps ? session->change_norm[l] : NAN;
	}
}

void session_skip_norms(struct snapshot *snapshot)
{
	for (size_t l = 0; l < snapshot->layers; l++)
		snapshot->layer[l].weight_norm = snapshot->layer[l].change_norm = NAN;
}
