/* Weight normalization, Salimans and Kingma 2016: the weights of each unit are
 * w = g v/||v||, and v and g are trained.  With dL/dw as of any layer:
 *
 *   dL/dg = dL/dw . v/||v||
 *   dL/dv = g/||v|| (dL/dw - dL/dg v/||v||)
 *
 * The passes use w alone, so only the update differs from that of a plain layer.
 * A unit is a column of w and v; a chunk of units is one piece of work. */
#include "nn/kernel/vector_math.h"
#include "nn/mlp_stages.h"

#define COLUMNS MLP_COLUMNS /* in a chunk */

/* Units [first, first + n) of a layer. */
struct units {
	const struct mlp_layer *layer;
	size_t first, n;
};

static struct units units_of(const struct mlp_layer *layer, size_t chunk)
{
	size_t first = chunk * COLUMNS;
	return (struct units){ layer, first, mlp_chunk_length(first, layer->fan_out, COLUMNS) };
}

static size_t chunks_of(const struct mlp_layer *layer)
{
	return mlp_chunks(layer->fan_out, COLUMNS);
}

size_t mlp_unit_chunks(const struct mlp *mlp)
{
	size_t most = 0;
	for (size_t l = 0; l < mlp->layers; l++)
		if (mlp->layer[l].v && chunks_of(&mlp->layer[l]) > most)
			most = chunks_of(&mlp->layer[l]);
	return most;
}

/* out[j] = the sum over the inputs of a b, both (fan_in, fan_out). */
static void add_products(double out[COLUMNS], const float *a, const float *b, const struct units *units)
{
	for (size_t j = 0; j < units->n; j++)
		out[j] = 0;
	for (size_t k = 0; k < units->layer->fan_in; k++) {
		size_t at = k * units->layer->fan_out + units->first;
		VECTOR_EACH (j, units->n)
			out[j] += (double)a[at + j] * (double)b[at + j];
	}
}

/* 1/||v||; 0 where v = 0. */
static void inverse_norms(double out[COLUMNS], const struct units *units)
{
	add_products(out, units->layer->v, units->layer->v, units);
	for (size_t j = 0; j < units->n; j++)
		out[j] = out[j] == 0 ? 0 : 1 / sqrt(out[j]);
}

void mlp_split_weights(struct mlp_layer *layer)
{
	if (layer->v == NULL)
		return;
	for (size_t i = 0; i < layer->fan_in * layer->fan_out; i++)
		layer->v[i] = layer->w[i];
	for (size_t chunk = 0; chunk < chunks_of(layer); chunk++) {
		struct units units = units_of(layer, chunk);
		double square[COLUMNS];
		add_products(square, layer->v, layer->v, &units);
		for (size_t j = 0; j < units.n; j++)
			layer->gain[units.first + j] = (float)sqrt(square[j]);
	}
}

/* w = g v/||v||; returns the sum of squared changes of w. */
static double compose(const struct units *units)
{
	const struct mlp_layer *layer = units->layer;
	double factor[COLUMNS], change_square[COLUMNS] = {0}, sum = 0;
	inverse_norms(factor, units);
	for (size_t j = 0; j < units->n; j++)
		factor[j] *= (double)layer->gain[units->first + j];
	for (size_t k = 0; k < layer->fan_in; k++) {
		size_t at = k * layer->fan_out + units->first;
		float *w = layer->w + at;
		const float *v = layer->v + at;
		VECTOR_EACH (j, units->n) {
			float before = w[j];
			w[j] = (float)(factor[j] * (double)v[j]);
			double change = (double)w[j] - (double)before;
			change_square[j] += change * change;
		}
	}
	for (size_t j = 0; j < units->n; j++)
		sum += change_square[j];
	return sum;
}

void mlp_compose_weights(struct mlp_layer *layer)
{
	for (size_t chunk = 0; layer->v && chunk < chunks_of(layer); chunk++) {
		struct units units = units_of(layer, chunk);
		compose(&units);
	}
}

/* ---- after the backward pass ---- */

struct job {
	const struct mlp_pass *pass;
	struct mlp_training *training; /* or NULL */
	float *gradient;
	size_t l;
};

/* The part of the gradient that belongs to these parameters of the layer. */
static float *gradient_of(const struct job *job, const float *parameter)
{
	return job->gradient + (parameter - job->pass->mlp->parameter);
}

static void compute_gradients(const struct job *job, const struct units *units)
{
	const struct mlp_layer *layer = units->layer;
	const float *dw = gradient_of(job, layer->w);
	float *dv = gradient_of(job, layer->v), *dg = gradient_of(job, layer->gain) + units->first;
	double inverse[COLUMNS], along[COLUMNS];
	inverse_norms(inverse, units);
	add_products(along, dw, layer->v, units);
	for (size_t j = 0; j < units->n; j++) {
		along[j] *= inverse[j];
		dg[j] = (float)along[j];
		along[j] *= inverse[j];
		inverse[j] *= (double)layer->gain[units->first + j];
	}
	for (size_t k = 0; k < layer->fan_in; k++) {
		size_t at = k * layer->fan_out + units->first;
		VECTOR_EACH (j, units->n)
			dv[at + j] = (float)(inverse[j] * ((double)dw[at + j] - along[j] * (double)layer->v[at + j]));
	}
}

static void update_units(const struct job *job, const struct units *units)
{
	const struct mlp_layer *layer = units->layer;
	const float *parameter = job->pass->mlp->parameter;
	struct update_sums unused = {0}; /* the sums are of w, not of v */
	for (size_t k = 0; k < layer->fan_in; k++) {
		const float *v = layer->v + k * layer->fan_out + units->first;
		mlp_update_span(job->pass, job->training, &unused, (size_t)(v - parameter), gradient_of(job, v), units->n, job->l,
		                true);
	}
	const float *g = layer->gain + units->first;
	mlp_update_span(job->pass, job->training, &unused, (size_t)(g - parameter), gradient_of(job, g), units->n, job->l,
	                false);
}

static void sum_gradient(const struct job *job, const struct units *units, struct update_totals *totals)
{
	for (size_t k = 0; k < units->layer->fan_in; k++) {
		const float *dw = gradient_of(job, units->layer->w) + k * units->layer->fan_out + units->first;
		for (size_t j = 0; j < units->n; j++) {
			totals->gradient += (double)dw[j];
			totals->gradient_square += (double)dw[j] * (double)dw[j];
		}
	}
}

static void compute_chunk(void *context, size_t chunk)
{
	const struct job *job = context;
	struct units units = units_of(&job->pass->mlp->layer[job->l], chunk);
	compute_gradients(job, &units);
	if (job->training == NULL)
		return;
	struct update_totals *totals = &job->training->unit_partial[chunk];
	*totals = (struct update_totals){0};
	sum_gradient(job, &units, totals);
	update_units(job, &units);
	totals->change_square = compose(&units);
}

void mlp_weight_norm_update(const struct mlp_pass *pass, struct mlp_training *training, float *gradient, size_t l)
{
	struct job job = { pass, training, gradient, l };
	size_t chunks = chunks_of(&pass->mlp->layer[l]);
	pool_run(pass->pool, compute_chunk, &job, chunks);
	if (training == NULL)
		return;
	training->update_square[l] = training->gradient_sum[l] = training->gradient_square[l] = 0;
	for (size_t chunk = 0; chunk < chunks; chunk++) {
		training->update_square[l] += training->unit_partial[chunk].change_square;
		training->gradient_sum[l] += training->unit_partial[chunk].gradient;
		training->gradient_square[l] += training->unit_partial[chunk].gradient_square;
	}
}
