/* Weights that are read from a file. */
#include "data/weights.h"
#include "lab/session_parts.h"

double session_significant_mean(const struct moments *m)
{
	return m->mean * m->mean * (double)m->n > 9 * m->variance ? m->mean : 0;
}

bool session_warn_of_weights(struct session *session, const struct weights *file, struct err *err)
{
	bool unused = false;
	for (size_t l = 0; l < file->layers; l++)
		unused |= file->layer[l].gain && !mlp_has_shift(session->mlp->layer[l].normalization);
	return warnings_add_all(&session->warnings, file->warnings, err) &&
	       (!unused || warnings_add(&session->warnings, err, "%s: gain and shift of a normalization in it are not used: add "
	                                "--normalization batch, layer or post", file->file.name));
}

void session_read_weights(struct session *session, const struct weights *file, size_t l)
{
	struct mlp_layer *layer = &session->mlp->layer[l];
	const struct weights_layer *from = &file->layer[l];
	weights_matrix(layer->w, file, l);
	if (from->b)
		weights_vector(layer->b, from->b);
	if (from->gain && mlp_has_shift(layer->normalization)) {
		weights_vector(layer->gain, from->gain);
		weights_vector(layer->shift, from->shift);
	}
}
