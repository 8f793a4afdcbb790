/* Arrays copied out of a session: parameters, and what the net computes of the probe.  Names and
 * shapes are those of torch.nn.Sequential (sequential.h). */
#include <string.h>

#include "base/flush_zero.h"
#include "lab/sequential.h"
#include "lab/session_parts.h"

/* from (rows, columns) to to (columns, rows): torch has w as (fan_out, fan_in). */
static void transpose(float *to, const float *from, size_t rows, size_t columns)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			to[j * rows + i] = from[i * columns + j];
}

/* NUMBER.NAME with SUFFIX added. */
static bool add_copy(struct tensors *tensors, const float *values, size_t rows, size_t columns, size_t number,
                     const char *name, const char *suffix, struct err *err)
{
	float *copy = tensors_add(tensors, TENSOR_F32, rows, columns, err, "%zu.%s%s", number, name, suffix);
	if (copy)
		memcpy(copy, values, rows * (columns ? columns : 1) * sizeof *copy);
	return copy != NULL;
}

/* ---- parameters ---- */

/* Parameters of a layer, or their gradients: `block` is mlp->parameter or an array of the same layout,
 * `suffix` is added to all names. */
static bool add_parameters(struct tensors *tensors, const struct session *session, size_t l, const float *block,
                           const char *suffix, struct err *err)
{
	const struct mlp_layer *layer = &session->mlp->layer[l];
	const float *first = session->mlp->parameter;
	size_t units = layer->fan_out, linear = sequential_linear(&session->settings, l);
	size_t norm = sequential_normalization(&session->settings, l);
	float *w = tensors_add(tensors, TENSOR_F32, units, layer->fan_in, err, "%zu.weight%s", linear, suffix);
	if (w == NULL || !add_copy(tensors, block + (layer->b - first), units, 0, linear, "bias", suffix, err))
		return false;
	transpose(w, block + (layer->w - first), layer->fan_in, units);
	if (mlp_has_shift(layer->normalization) &&
	    (!add_copy(tensors, block + (layer->gain - first), units, 0, norm, "weight", suffix, err) ||
	     !add_copy(tensors, block + (layer->shift - first), units, 0, norm, "bias", suffix, err)))
		return false;
	return layer->alpha == NULL || add_copy(tensors, block + (layer->alpha - first), 1, 0, linear, "alpha", suffix, err);
}

/* ---- the probe ---- */

static bool add_input(struct tensors *tensors, const struct mlp_batch *probe, struct err *err)
{
	float *x = tensors_add(tensors, TENSOR_F32, probe->rows, probe->inputs, err, "x");
	int64_t *label = x ? tensors_add(tensors, TENSOR_I64, probe->rows, 0, err, "label") : NULL;
	double *loss = label ? tensors_add(tensors, TENSOR_F64, 0, 0, err, "loss") : NULL;
	if (loss == NULL)
		return false;
	memcpy(x, probe->x, probe->rows * probe->inputs * sizeof *x);
	for (size_t row = 0; row < probe->rows; row++)
		label[row] = probe->label[row];
	*loss = probe->loss;
	return true;
}

static bool add_probe(struct tensors *tensors, struct session *session, struct err *err)
{
	struct mlp_batch *probe = session->probe;
	struct flush_zero mode = flush_zero_begin(); /* as in training and in observations */
	mlp_batch_unpack(probe);
	mlp_forward(session->mlp, probe, session->pool, NULL);
	mlp_backward(session->mlp, probe, session->gradient, session->pool, NULL);
	flush_zero_end(mode);
	bool done = add_input(tensors, probe, err);
	for (size_t l = 0; done && l < session->mlp->layers; l++) {
		const struct mlp_tensors *tensor = &probe->tensor[l];
		size_t out = session->mlp->layer[l].fan_out, number = sequential_linear(&session->settings, l);
		done = add_copy(tensors, tensor->z, probe->rows, out, number, "z", "", err) &&
		       add_copy(tensors, tensor->a, probe->rows, out, number, "a", "", err) &&
		       add_copy(tensors, tensor->delta, probe->rows, out, number, "delta", "", err) &&
		       add_parameters(tensors, session, l, session->gradient, ".grad", err);
	}
	return done;
}

/* ---- the whole ---- */

struct tensors *session_tensors(struct session *session, enum tensors_kind kind, struct err *err)
{
	struct tensors *tensors = tensors_create(kind, err);
	bool done = tensors != NULL;
	if (done) {
		tensors->settings = session->settings;
		tensors->step = session->steps;
	}
	if (kind == TENSORS_PROBE)
		done = done && add_probe(tensors, session, err);
	else
		for (size_t l = 0; done && l < session->mlp->layers; l++)
			done = add_parameters(tensors, session, l, session->mlp->parameter, "", err);
	if (done)
		return tensors;
	tensors_destroy(tensors);
	return NULL;
}
