/* The double-precision twin of the perceptron.  Knows no speed. */
#include "reference.h"

#include <math.h>
#include <stdlib.h>

#include "nn/activation.h"

static double *doubles(size_t n)
{
	return calloc(n ? n : 1, sizeof(double));
}

struct reference *reference_create(const struct mlp *mlp, const struct mlp_batch *batch)
{
	struct reference *r = calloc(1, sizeof *r);
	size_t inputs = batch->rows * mlp->layer[0].fan_in;
	r->mlp = mlp;
	r->rows = batch->rows;
	r->label = batch->label;
	r->x = doubles(inputs);
	r->parameter = doubles(mlp->parameters);
	r->gradient = doubles(mlp->parameters);
	r->layer = calloc(mlp->layers, sizeof *r->layer);
	for (size_t i = 0; i < inputs; i++)
		r->x[i] = (double)batch->x[i];
	for (size_t i = 0; i < mlp->parameters; i++)
		r->parameter[i] = (double)mlp->parameter[i];
	for (size_t l = 0; l < mlp->layers; l++) {
		size_t n = r->rows * mlp->layer[l].fan_out;
		r->layer[l] = (struct reference_layer){
			doubles(n), doubles(n), doubles(n), doubles(n), doubles(n), doubles(n),
		};
	}
	return r;
}

void reference_destroy(struct reference *r)
{
	for (size_t l = 0; l < r->mlp->layers; l++) {
		double *all[] = { r->layer[l].u, r->layer[l].z, r->layer[l].a,
		                  r->layer[l].delta, r->layer[l].du, r->layer[l].da };
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			free(all[i]);
	}
	free(r->layer);
	free(r->x);
	free(r->parameter);
	free(r->gradient);
	free(r);
}

/* The counterpart of a float parameter, in `doubles` laid out alike. */
static double *counterpart(const struct reference *r, double *block, const float *parameter)
{
	return block + (parameter - r->mlp->parameter);
}

static const double *input_of(const struct reference *r, size_t l)
{
	return l ? r->layer[l - 1].a : r->x;
}

/* ---- normalization: `sets` sets of `n` members each ---- */

struct sets {
	size_t sets, n, columns;
	bool of_units; /* a set is a unit's batch, else an image's units */
};

static struct sets sets_of(const struct reference *r, const struct mlp_layer *layer)
{
	bool of_units = layer->normalization == MLP_BATCH_NORM;
	return (struct sets){ of_units ? layer->fan_out : r->rows, of_units ? r->rows : layer->fan_out, layer->fan_out,
	                      of_units };
}

static size_t member(const struct sets *s, size_t set, size_t i)
{
	return s->of_units ? i * s->columns + set : set * s->columns + i;
}

static void mean_and_variance(double *mean, double *variance, const double *u, const struct sets *s, size_t set)
{
	*mean = *variance = 0;
	for (size_t i = 0; i < s->n; i++)
		*mean += u[member(s, set, i)] / (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		*variance += pow(u[member(s, set, i)] - *mean, 2) / (double)s->n;
}

static void normalize(struct reference *r, size_t l)
{
	const struct mlp_layer *layer = &r->mlp->layer[l];
	const double *gain = counterpart(r, r->parameter, layer->gain), *shift = counterpart(r, r->parameter, layer->shift);
	struct sets s = sets_of(r, layer);
	for (size_t set = 0; set < s.sets; set++) {
		double mean, variance;
		mean_and_variance(&mean, &variance, r->layer[l].u, &s, set);
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), unit = at % s.columns;
			r->layer[l].z[at] = gain[unit] * (r->layer[l].u[at] - mean) / sqrt(variance + 1e-5) + shift[unit];
		}
	}
}

/* Through variance and mean one after the other, as Ioffe and Szegedy 2015
 * write it (section 3). */
static void normalize_backward(struct reference *r, size_t l)
{
	const struct mlp_layer *layer = &r->mlp->layer[l];
	const double *gain = counterpart(r, r->parameter, layer->gain);
	double *gain_gradient = counterpart(r, r->gradient, layer->gain);
	double *shift_gradient = counterpart(r, r->gradient, layer->shift);
	const double *u = r->layer[l].u, *delta = r->layer[l].delta;
	struct sets s = sets_of(r, layer);
	double n = (double)s.n;
	for (size_t set = 0; set < s.sets; set++) {
		double mean, variance, d_variance = 0, d_mean = 0;
		mean_and_variance(&mean, &variance, u, &s, set);
		double sd = sqrt(variance + 1e-5);
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), unit = at % s.columns;
			d_variance += delta[at] * gain[unit] * (u[at] - mean) * -0.5 * pow(sd, -3);
		}
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), unit = at % s.columns;
			d_mean += -delta[at] * gain[unit] / sd + d_variance * -2 * (u[at] - mean) / n;
		}
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), unit = at % s.columns;
			r->layer[l].du[at] = delta[at] * gain[unit] / sd + d_variance * 2 * (u[at] - mean) / n + d_mean / n;
			gain_gradient[unit] += delta[at] * (u[at] - mean) / sd / (double)r->rows;
			shift_gradient[unit] += delta[at] / (double)r->rows;
		}
	}
}

/* ---- forward ---- */

static void softmax_loss(struct reference *r)
{
	size_t last = r->mlp->layers - 1, classes = r->mlp->layer[last].fan_out;
	r->loss = 0;
	r->correct = 0;
	for (size_t i = 0; i < r->rows; i++) {
		const double *z = r->layer[last].z + i * classes;
		double *p = r->layer[last].a + i * classes, sum = 0;
		size_t best = 0;
		for (size_t j = 0; j < classes; j++)
			if (z[j] > z[best])
				best = j;
		for (size_t j = 0; j < classes; j++)
			sum += exp(z[j] - z[best]);
		for (size_t j = 0; j < classes; j++)
			p[j] = exp(z[j] - z[best]) / sum;
		r->loss -= (z[r->label[i]] - z[best] - log(sum)) / (double)r->rows;
		r->correct += best == r->label[i];
	}
}

void reference_forward(struct reference *r)
{
	for (size_t l = 0; l < r->mlp->layers; l++) {
		const struct mlp_layer *layer = &r->mlp->layer[l];
		const double *x = input_of(r, l), *w = counterpart(r, r->parameter, layer->w);
		const double *b = counterpart(r, r->parameter, layer->b);
		struct reference_layer *t = &r->layer[l];
		for (size_t i = 0; i < r->rows; i++)
			for (size_t j = 0; j < layer->fan_out; j++) {
				double u = b[j];
				for (size_t k = 0; k < layer->fan_in; k++)
					u += x[i * layer->fan_in + k] * w[k * layer->fan_out + j];
				t->u[i * layer->fan_out + j] = t->z[i * layer->fan_out + j] = u;
			}
		if (layer->normalization != MLP_PLAIN)
			normalize(r, l);
		const struct spec *f = &layer->activation;
		for (size_t i = 0; f->entry && i < r->rows * layer->fan_out; i++)
			t->a[i] = activation_of(f)->f(t->z[i], f->value) + (layer->residual ? x[i] : 0);
	}
	softmax_loss(r);
}

/* ---- backward ---- */

static void delta_of_layer(struct reference *r, size_t l)
{
	const struct mlp_layer *layer = &r->mlp->layer[l];
	struct reference_layer *t = &r->layer[l];
	for (size_t i = 0; i < r->rows; i++)
		for (size_t j = 0; j < layer->fan_out; j++) {
			size_t at = i * layer->fan_out + j;
			if (layer->activation.entry)
				t->delta[at] = t->da[at] * activation_of(&layer->activation)->df(t->z[at], layer->activation.value);
			else
				t->delta[at] = t->a[at] - (j == r->label[i]);
			t->du[at] = t->delta[at];
		}
}

static void parameter_gradients(struct reference *r, size_t l)
{
	const struct mlp_layer *layer = &r->mlp->layer[l];
	const double *x = input_of(r, l), *du = r->layer[l].du;
	double *w = counterpart(r, r->gradient, layer->w), *b = counterpart(r, r->gradient, layer->b);
	for (size_t i = 0; i < r->rows; i++)
		for (size_t j = 0; j < layer->fan_out; j++) {
			double d = du[i * layer->fan_out + j] / (double)r->rows;
			b[j] += d;
			for (size_t k = 0; k < layer->fan_in; k++)
				w[k * layer->fan_out + j] += x[i * layer->fan_in + k] * d;
		}
}

/* dL/da of the layer below. */
static void input_gradient(struct reference *r, size_t l)
{
	const struct mlp_layer *layer = &r->mlp->layer[l];
	const double *w = counterpart(r, r->parameter, layer->w), *du = r->layer[l].du;
	for (size_t i = 0; i < r->rows; i++)
		for (size_t k = 0; k < layer->fan_in; k++) {
			double sum = layer->residual ? r->layer[l].da[i * layer->fan_out + k] : 0;
			for (size_t j = 0; j < layer->fan_out; j++)
				sum += du[i * layer->fan_out + j] * w[k * layer->fan_out + j];
			r->layer[l - 1].da[i * layer->fan_in + k] = sum;
		}
}

void reference_backward(struct reference *r)
{
	for (size_t i = 0; i < r->mlp->parameters; i++)
		r->gradient[i] = 0;
	for (size_t l = r->mlp->layers; l-- > 0;) {
		delta_of_layer(r, l);
		if (r->mlp->layer[l].normalization != MLP_PLAIN)
			normalize_backward(r, l);
		parameter_gradients(r, l);
		if (l > 0)
			input_gradient(r, l);
	}
}
