/* Changes of a session during a run, for settings that need no new weights.  A
 * change that fails leaves the session as it was. */
#include <string.h>

#include "base/alloc.h"
#include "nn/activation.h"
#include "nn/optimizer.h"
#include "lab/session_parts.h"

/* Another optimizer starts with empty slots; the same one with other parameters
 * keeps its slots. */
static bool change_optimizer(struct session *session, struct err *err)
{
	const struct spec *optimizer = &session->settings.optimizer;
	struct mlp_training *before = session->training, *training;
	if (before->optimizer.entry == optimizer->entry) {
		before->optimizer = *optimizer;
		return true;
	}
	training = mlp_training_create(session->mlp, optimizer, err);
	if (training == NULL)
		return false;
	/* the effect of the last step is still observed */
	memcpy(training->update_square, before->update_square, session->mlp->layers * sizeof *training->update_square);
	mlp_training_destroy(before);
	session->training = training;
	for (size_t l = 0; l < session->mlp->layers; l++)
		session_scale_rates(session, l);
	return true;
}

/* Room for f'(z) of `rows` images. */
static float *create_slope(const struct session *session, size_t rows, struct err *err)
{
	size_t widest = 0;
	for (size_t l = 0; l < session->mlp->layers; l++)
		if (session->mlp->layer[l].fan_out > widest)
			widest = session->mlp->layer[l].fan_out;
	return alloc_aligned(rows * widest, sizeof(float), err);
}

static bool change_batch(struct session *session, struct err *err)
{
	struct settings *settings = &session->settings;
	bool is_probe = session->probe == session->batch;
	if (settings->batch > session->train_count)
		settings->batch = session->train_count;
	size_t rows = (size_t)settings->batch;
	struct mlp_batch *batch = mlp_batch_create(session->mlp, rows, err);
	float *slope = batch && is_probe ? create_slope(session, rows, err) : NULL;
	if (batch == NULL || (is_probe && slope == NULL)) {
		mlp_batch_destroy(batch);
		return false;
	}
	session_return_batch(session);
	mlp_batch_destroy(session->batch);
	session->batch = batch;
	if (!is_probe)
		return true;
	alloc_aligned_free(session->slope);
	session->slope = slope;
	session->probe = batch;
	return session_draw_batch(session, err);
}

static void change_activation(struct session *session)
{
	for (size_t l = 0; l + 1 < session->mlp->layers; l++)
		session->mlp->layer[l].activation = *settings_layer_activation(&session->settings, l + 1);
	session->theory_known = false;
}

bool session_edit(struct session *session, const char *name, const char *value, struct err *err)
{
	const struct setting *setting = settings_named(name, NULL, err);
	if (setting == NULL)
		return false;
	if (!setting->live)
		return err_set(err, ERR_USAGE, "%s cannot be changed while a run goes on: it needs a restart", setting->entry.name);
	struct settings before = session->settings;
	bool done = settings_set(&session->settings, name, value, err);
	if (done && !spec_equal(&session->settings.optimizer, &before.optimizer))
		done = change_optimizer(session, err);
	if (done && session->settings.batch != before.batch)
		done = change_batch(session, err);
	if (done)
		done = settings_fit(&session->settings, session->settings.width[0], session->settings.width[session->settings.layers], err);
	if (done && setting->choices == &activations)
		change_activation(session);
	if (!done)
		session->settings = before;
	return done;
}

bool session_scale_weights(struct session *session, size_t layer, double factor, struct err *err)
{
	if (layer < 1 || layer > session->mlp->layers)
		return err_set(err, ERR_USAGE, "scale: there is no layer %zu: choose 1 to %zu", layer, session->mlp->layers);
	struct mlp_layer *l = &session->mlp->layer[layer - 1];
	for (size_t i = 0; i < l->fan_in * l->fan_out; i++)
		l->w[i] *= (float)factor;
	for (size_t j = 0; l->v && j < l->fan_out; j++) /* w = g v/||v|| */
		l->gain[j] *= (float)factor;
	session->moments[layer - 1].weight_variance *= factor * factor;
	session->moments[layer - 1].weight_mean *= factor;
	session->theory_known = false;
	return true;
}
