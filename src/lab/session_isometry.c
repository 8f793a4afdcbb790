/* Singular values of the net's Jacobians at one image of the probe: the one whose ||x||^2
 * is nearest the mean of all, for which theory speaks. */
#include <math.h>

#include "base/alloc.h"
#include "nn/initializer.h"
#include "nn/isometry.h"
#include "lab/session_parts.h"

void session_measure(struct session *session, bool (*go_on)(void *context), void *context)
{
	session->isometry.wanted = true;
	session->isometry.go_on = go_on;
	session->isometry.context = context;
}

void session_predict_isometry(struct session *session)
{
	bool orthogonal[MLP_MAX_LAYERS];
	for (size_t l = 0; l < session->mlp->layers; l++)
		orthogonal[l] = initializer_is_orthogonal(&session->start[l].init);
	theory_isometry(session->isometry.theory, session->theory, orthogonal, session->mlp->layers);
}

static double length_square(const float *x, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * (double)x[i];
	return sum;
}

static size_t typical_image(const struct session *session)
{
	const struct mlp_batch *probe = session->probe;
	double mean = session->input.mean_square * (double)probe->inputs, nearest = INFINITY;
	size_t found = 0;
	for (size_t row = 0; row < probe->rows; row++) {
		double away = fabs(length_square(probe->x + row * probe->inputs, probe->inputs) - mean);
		if (away < nearest) {
			nearest = away;
			found = row;
		}
	}
	return found;
}

static bool measure(struct session *session, bool (*go_on)(void *context), struct snapshot *snapshot, struct err *err)
{
	size_t layers = snapshot->layers;
	struct jacobian at = { session->mlp, session->probe, typical_image(session) };
	struct isometry *seen = alloc_array(layers, sizeof *seen, err);
	bool done = seen && isometry_measure(seen, &at, session->pool, go_on, session->isometry.context, err);
	for (size_t l = 0; done && l < layers; l++) {
		snapshot->layer[l].singular = seen[l].layer;
		snapshot->layer[l].input_singular = seen[l].input;
	}
	alloc_free(seen);
	snapshot->measured = done && (go_on == NULL || go_on(session->isometry.context));
	return done;
}

bool session_observe_isometry(struct session *session, enum session_purpose purpose, struct snapshot *snapshot, struct err *err)
{
	bool due = purpose >= SESSION_SCHEDULED && settings_measure(&session->settings, session->steps);
	bool last = purpose == SESSION_LAST && session->settings.isometry, wanted = session->isometry.wanted;
	for (size_t l = 0; l < snapshot->layers; l++) {
		struct layer_observation *layer = &snapshot->layer[l];
		const struct theory_isometry *theory = &session->isometry.theory[l];
		spectrum_clear(&layer->singular);
		spectrum_clear(&layer->input_singular);
		layer->theory.singular_mean_square = theory->layer.mean;
		layer->theory.singular_variance = theory->layer.variance;
		layer->theory.input_singular_mean_square = theory->input.mean;
		layer->theory.input_singular_variance = theory->input.variance;
	}
	session->isometry.wanted = false;
	if (due || last)
		return measure(session, NULL, snapshot, err);
	return !wanted || measure(session, session->isometry.go_on, snapshot, err);
}
