/* How weights begin: one stream per layer, so that changing one layer's
 * initializer leaves the other layers' draws alone; and what initializers
 * that look at the data (LSUV) do afterwards. */
#include <math.h>
#include <string.h>

#include "lab/session_parts.h"
#include "nn/initializer.h"
#include "nn/rng.h"
#include "nn/stats.h"

#define LSUV_TOLERANCE 0.1 /* Mishkin and Matas 2016 */
#define LSUV_ROUNDS 10

static bool fill_layer(struct session *session, size_t l, struct err *err)
{
	const struct settings *settings = &session->settings;
	struct mlp_layer *layer = &session->mlp->layer[l];
	struct rng weights = rng_stream(settings_weight_seed(settings), RNG_WEIGHTS, l + 1);
	struct rng biases = rng_stream(settings_weight_seed(settings), RNG_BIASES, l + 1);
	const struct spec *init = settings_layer_init(settings, l + 1);
	/* biases have the law of a weight of this layer (torch draws them by fan_in): the first row of
	 * a matrix of the same fans, made in a buffer that is free now */
	float *matrix = session->gradient;
	session->weight_scale[l] = 1;
	if (!initializer_fill(layer->w, layer->fan_in, layer->fan_out, init, &weights, err) ||
	    !initializer_fill(matrix, layer->fan_in, layer->fan_out, &settings->bias_init, &biases, err))
		return false;
	memcpy(layer->b, matrix, layer->fan_out * sizeof *matrix);
	return true;
}

/* Scales the layer's weights until its z has unit variance on the probe. */
static void normalize_variance(struct session *session, size_t l)
{
	struct mlp_layer *layer = &session->mlp->layer[l];
	for (int round = 0; round < LSUV_ROUNDS; round++) {
		struct moments z;
		mlp_forward(session->mlp, session->probe, session->pool, NULL);
		stats_moments(&z, session->probe->tensor[l].z, session->probe->rows * layer->fan_out);
		double sd = sqrt(z.variance);
		if (!(sd > 0) || !isfinite(sd) || fabs(sd - 1) <= LSUV_TOLERANCE)
			return;
		for (size_t i = 0; i < layer->fan_in * layer->fan_out; i++)
			layer->w[i] = (float)(layer->w[i] / sd);
	}
}

bool session_initialize(struct session *session, struct err *err)
{
	for (size_t l = 0; l < session->mlp->layers; l++)
		if (!fill_layer(session, l, err))
			return false;
	for (size_t l = 0; l < session->mlp->layers; l++)
		if (initializer_of(settings_layer_init(&session->settings, l + 1))->data_driven)
			normalize_variance(session, l);
	return true;
}
