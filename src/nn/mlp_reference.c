/* The perceptron in double precision: forward, backward and step are each one
 * loop over the layers, with the letters of the papers. */
#include "nn/mlp_reference.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "nn/activation.h"

/* ---- one layer forward ---- */

/* u = x W + b */
static void affine(double *u, const double *x, const double *W, const double *b, size_t rows, size_t n_in, size_t n)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < n; j++) {
			u[i * n + j] = b[j];
			for (size_t k = 0; k < n_in; k++)
				u[i * n + j] += x[i * n_in + k] * W[k * n + j];
		}
}

/* a = f(z) */
static void activate(double *a, const double *z, const struct spec *f, size_t count)
{
	for (size_t i = 0; i < count; i++)
		a[i] = activation_of(f)->f(z[i], f->value);
}

/* a += lambda x */
static void add(double *a, double lambda, const double *x, size_t count)
{
	for (size_t i = 0; i < count; i++)
		a[i] += lambda * x[i];
}

/* a *= alpha */
static void scale(double *a, double alpha, size_t count)
{
	for (size_t i = 0; i < count; i++)
		a[i] *= alpha;
}

/* The factor of the branch that ends in this layer. */
static double alpha_of(const struct mlp_reference_layer *l)
{
	return l->alpha ? *l->alpha : (double)l->shape->branch_scale;
}

/* p = softmax(z); the mean of -ln p[label] */
static double softmax_cross_entropy(double *p, size_t *correct, const double *z, const uint8_t *label, size_t rows,
                                    size_t classes)
{
	double loss = 0;
	*correct = 0;
	for (size_t i = 0; i < rows; i++, z += classes, p += classes) {
		double sum = 0;
		size_t best = 0;
		for (size_t j = 0; j < classes; j++)
			best = z[j] > z[best] ? j : best;
		for (size_t j = 0; j < classes; j++)
			sum += exp(z[j] - z[best]);
		for (size_t j = 0; j < classes; j++)
			p[j] = exp(z[j] - z[best]) / sum;
		loss -= (z[label[i]] - z[best] - log(sum)) / (double)rows;
		*correct += best == label[i];
	}
	return loss;
}

/* ---- normalization: of `sets` sets with n members each ---- */

#define EPS 1e-5

struct sets {
	size_t sets, n, units;
	bool of_units; /* a set is one unit over the batch (batch norm), else one image over its units */
};

static struct sets sets_of(const struct mlp_layer *layer, size_t rows)
{
	if (layer->normalization == MLP_BATCH_NORM)
		return (struct sets){ layer->fan_out, rows, layer->fan_out, true };
	return (struct sets){ rows, layer->fan_out, layer->fan_out, false };
}

static size_t member(const struct sets *s, size_t set, size_t i)
{
	return s->of_units ? i * s->units + set : set * s->units + i;
}

static void mean_and_variance(double *mean, double *variance, const double *u, const struct sets *s, size_t set)
{
	*mean = *variance = 0;
	for (size_t i = 0; i < s->n; i++)
		*mean += u[member(s, set, i)] / (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		*variance += pow(u[member(s, set, i)] - *mean, 2) / (double)s->n;
}

/* out = gain (u - mean) / sqrt(variance + eps) + shift */
static void normalize(double *out, const double *u, const struct mlp_reference_layer *l, size_t rows)
{
	struct sets s = sets_of(l->shape, rows);
	for (size_t set = 0; set < s.sets; set++) {
		double mean, variance;
		mean_and_variance(&mean, &variance, u, &s, set);
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), j = at % s.units;
			out[at] = l->gain[j] * (u[at] - mean) / sqrt(variance + EPS) + l->shift[j];
		}
	}
}

/* du, dgain and dshift from dout, first through the variance, then through the
 * mean, as in Ioffe and Szegedy 2015, section 3. */
static void normalize_backward(double *du, const double *dout, const double *u, struct mlp_reference_layer *l, size_t rows)
{
	struct sets s = sets_of(l->shape, rows);
	double n = (double)s.n;
	for (size_t set = 0; set < s.sets; set++) {
		double mean, variance, d_variance = 0, d_mean = 0;
		mean_and_variance(&mean, &variance, u, &s, set);
		double sd = sqrt(variance + EPS);
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), j = at % s.units;
			d_variance += dout[at] * l->gain[j] * (u[at] - mean) * -0.5 * pow(sd, -3);
		}
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), j = at % s.units;
			d_mean += -dout[at] * l->gain[j] / sd + d_variance * -2 * (u[at] - mean) / n;
		}
		for (size_t i = 0; i < s.n; i++) {
			size_t at = member(&s, set, i), j = at % s.units;
			du[at] = dout[at] * l->gain[j] / sd + d_variance * 2 * (u[at] - mean) / n + d_mean / n;
			l->dgain[j] += dout[at] * (u[at] - mean) / sd / (double)rows;
			l->dshift[j] += dout[at] / (double)rows;
		}
	}
}

/* ---- weight normalization ---- */

/* ||v|| of unit j */
static double norm_of_unit(const struct mlp_reference_layer *l, size_t j)
{
	double square = 0;
	for (size_t k = 0; k < l->shape->fan_in; k++)
		square += pow(l->v[k * l->shape->fan_out + j], 2);
	return sqrt(square);
}

/* w = g v/||v||, Salimans and Kingma 2016, equation 2; 0 where v = 0 */
static void weights_of_directions(struct mlp_reference_layer *l)
{
	size_t n = l->shape->fan_out;
	for (size_t j = 0; j < n; j++) {
		double norm = norm_of_unit(l, j);
		for (size_t k = 0; k < l->shape->fan_in; k++)
			l->W[k * n + j] = norm == 0 ? 0 : l->gain[j] * l->v[k * n + j] / norm;
	}
}

/* Their equation 3: dg = dW . v/||v||, dv = g/||v|| dW - g dg/||v||^2 v; 0 where v = 0 */
static void directions_backward(struct mlp_reference_layer *l)
{
	size_t n = l->shape->fan_out;
	for (size_t j = 0; j < n; j++) {
		double norm = norm_of_unit(l, j), g = l->gain[j];
		for (size_t k = 0; norm != 0 && k < l->shape->fan_in; k++)
			l->dgain[j] += l->dW[k * n + j] * l->v[k * n + j] / norm;
		for (size_t k = 0; norm != 0 && k < l->shape->fan_in; k++)
			l->dv[k * n + j] = g / norm * l->dW[k * n + j] - g * l->dgain[j] / (norm * norm) * l->v[k * n + j];
	}
}

/* ---- one layer backward ---- */

/* delta = p - y */
static void output_delta(double *delta, const double *p, const uint8_t *label, size_t rows, size_t classes)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < classes; j++)
			delta[i * classes + j] = p[i * classes + j] - (j == label[i]);
}

/* delta = da f'(z) */
static void activate_backward(double *delta, const double *da, const double *z, const struct spec *f, size_t count)
{
	for (size_t i = 0; i < count; i++)
		delta[i] = da[i] * activation_of(f)->df(z[i], f->value);
}

/* dalpha = mean over images of the sum of da f(z) */
static double alpha_gradient(const double *da, const double *z, const struct spec *f, size_t count, size_t rows)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += da[i] * activation_of(f)->f(z[i], f->value);
	return sum / (double)rows;
}

/* dW = x' du / rows, db = mean of du */
static void weight_gradient(double *dW, double *db, const double *x, const double *du, size_t rows, size_t n_in, size_t n)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < n; j++) {
			db[j] += du[i * n + j] / (double)rows;
			for (size_t k = 0; k < n_in; k++)
				dW[k * n + j] += x[i * n_in + k] * du[i * n + j] / (double)rows;
		}
}

/* dx = du W' */
static void input_gradient(double *dx, const double *du, const double *W, size_t rows, size_t n_in, size_t n)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < n_in; k++) {
			dx[i * n_in + k] = 0;
			for (size_t j = 0; j < n; j++)
				dx[i * n_in + k] += du[i * n + j] * W[k * n + j];
		}
}

/* What passes the branch that ends in this layer: lambda times dL/d(sum). */
static void add_skipped(double *da, const struct mlp_reference_layer *end, size_t count)
{
	add(da, (double)end->shape->skip_scale, end->shape->normalization == MLP_SUM_NORM ? end->dsum : end->da, count);
}

/* ---- the three loops ---- */

void mlp_reference_forward(struct mlp_reference *r)
{
	for (size_t l = 0; l < r->layers; l++) {
		struct mlp_reference_layer *t = &r->layer[l];
		size_t n_in = t->shape->fan_in, n = t->shape->fan_out, count = r->rows * n;
		if (t->v)
			weights_of_directions(t);
		affine(t->u, t->x, t->W, t->b, r->rows, n_in, n);
		if (!mlp_normalizes_z(t->shape->normalization))
			memcpy(t->z, t->u, count * sizeof *t->z);
		else
			normalize(t->z, t->u, t, r->rows);
		if (l + 1 == r->layers)
			r->loss = softmax_cross_entropy(t->a, &r->correct, t->z, r->label, r->rows, n);
		else
			activate(t->a, t->z, &t->shape->activation, count);
		if (t->shape->residual) {
			scale(t->a, alpha_of(t), count);
			add(t->a, (double)t->shape->skip_scale, t[1 - (int)t->shape->residual].x, count);
		}
		if (t->shape->normalization == MLP_SUM_NORM) {
			memcpy(t->sum, t->a, count * sizeof *t->a);
			normalize(t->a, t->sum, t, r->rows);
		}
	}
}

void mlp_reference_backward(struct mlp_reference *r)
{
	memset(r->gradient, 0, r->parameters * sizeof *r->gradient);
	for (size_t l = r->layers; l-- > 0;) {
		struct mlp_reference_layer *t = &r->layer[l];
		size_t n_in = t->shape->fan_in, n = t->shape->fan_out, count = r->rows * n;
		const double *dsum = t->shape->normalization == MLP_SUM_NORM ? t->dsum : t->da;
		if (t->shape->normalization == MLP_SUM_NORM)
			normalize_backward(t->dsum, t->da, t->sum, t, r->rows);
		if (l + 1 == r->layers)
			output_delta(t->delta, t->a, r->label, r->rows, n);
		else
			activate_backward(t->delta, dsum, t->z, &t->shape->activation, count);
		if (t->shape->residual)
			scale(t->delta, alpha_of(t), count);
		if (t->alpha)
			*t->dalpha = alpha_gradient(dsum, t->z, &t->shape->activation, count, r->rows);
		if (!mlp_normalizes_z(t->shape->normalization))
			memcpy(t->du, t->delta, count * sizeof *t->du);
		else
			normalize_backward(t->du, t->delta, t->u, t, r->rows);
		weight_gradient(t->dW, t->db, t->x, t->du, r->rows, n_in, n);
		if (t->v)
			directions_backward(t);
		if (l > 0)
			input_gradient(t[-1].da, t->du, t->W, r->rows, n_in, n);
		for (size_t end = l; l > 0 && end < l + MLP_MAX_BRANCH && end < r->layers; end++)
			if (r->layer[end].shape->residual == end - l + 1)
				add_skipped(t[-1].da, &r->layer[end], r->rows * n_in);
	}
}

/* Parameters [first, end) by the optimizer's published rule, with lr * scale. */
static void step(struct mlp_reference *r, size_t first, size_t end, const struct spec *optimizer, double scale)
{
	struct spec scaled = *optimizer;
	scaled.value[0] *= scale;
	for (size_t i = 0; i < entry_parameter_count(optimizer->entry); i++) {
		if (!strcmp(optimizer->entry->parameters[i].name, "weight_decay"))
			scaled.value[i] /= scale; /* as in the package mup */
	}
	for (size_t i = first; i < end; i++)
		optimizer_of(optimizer)->published(&r->parameter[i], r->slot[i], r->gradient[i], r->t, scaled.value);
}

void mlp_reference_step(struct mlp_reference *r, const struct spec *optimizer)
{
	r->t++;
	for (size_t l = 0; l < r->layers; l++) {
		const struct mlp_reference_layer *t = &r->layer[l];
		size_t w = (size_t)(t->W - r->parameter), b = (size_t)(t->b - r->parameter);
		size_t end = l + 1 < r->layers ? (size_t)(t[1].W - r->parameter) : r->parameters;
		size_t v = t->v ? (size_t)(t->v - r->parameter) : w, after = v + t->shape->fan_in * t->shape->fan_out;
		step(r, v, after, optimizer, (double)t->shape->lr_scale);
		step(r, b, t->v ? v : end, optimizer, (double)t->shape->bias_lr_scale);
		step(r, t->v ? after : end, end, optimizer, (double)t->shape->bias_lr_scale);
		if (t->v)
			weights_of_directions(&r->layer[l]);
	}
}

/* ---- memory ---- */

/* The counterpart of a float parameter in a block in the order of mlp->parameter. */
static double *counterpart(double *block, const struct mlp *mlp, const float *parameter)
{
	return parameter ? block + (parameter - mlp->parameter) : NULL;
}

static double *place(double **end, size_t count)
{
	double *at = *end;
	*end += count;
	return at;
}

static void layout_layer(struct mlp_reference *r, size_t l, const struct mlp *mlp, double **end)
{
	const struct mlp_layer *layer = &mlp->layer[l];
	size_t count = r->rows * layer->fan_out;
	r->layer[l] = (struct mlp_reference_layer){
		.shape = layer, .x = l ? r->layer[l - 1].a : r->x,
		.W = counterpart(r->parameter, mlp, layer->w), .dW = counterpart(r->gradient, mlp, layer->w),
		.b = counterpart(r->parameter, mlp, layer->b), .db = counterpart(r->gradient, mlp, layer->b),
		.gain = counterpart(r->parameter, mlp, layer->gain), .dgain = counterpart(r->gradient, mlp, layer->gain),
		.shift = counterpart(r->parameter, mlp, layer->shift), .dshift = counterpart(r->gradient, mlp, layer->shift),
		.v = counterpart(r->parameter, mlp, layer->v), .dv = counterpart(r->gradient, mlp, layer->v),
		.alpha = counterpart(r->parameter, mlp, layer->alpha), .dalpha = counterpart(r->gradient, mlp, layer->alpha),
		.u = place(end, count), .z = place(end, count), .a = place(end, count),
		.du = place(end, count), .delta = place(end, count), .da = place(end, count),
		.sum = place(end, count), .dsum = place(end, count),
	};
}

static size_t doubles_of(const struct mlp *mlp, size_t rows)
{
	size_t doubles = (2 + OPTIMIZER_MAX_SLOTS) * mlp->parameters + rows * mlp->layer[0].fan_in;
	for (size_t l = 0; l < mlp->layers; l++)
		doubles += 8 * rows * mlp->layer[l].fan_out;
	return doubles;
}

struct mlp_reference *mlp_reference_create(const struct mlp *mlp, const struct mlp_batch *batch, struct err *err)
{
	struct mlp_reference *r = alloc_array(1, sizeof *r, err);
	if (r == NULL)
		return NULL;
	*r = (struct mlp_reference){ .layers = mlp->layers, .rows = batch->rows, .parameters = mlp->parameters,
	                             .label = batch->label };
	r->layer = alloc_array(mlp->layers, sizeof *r->layer, err);
	r->block = r->layer ? alloc_array(doubles_of(mlp, r->rows), sizeof(double), err) : NULL;
	if (r->block == NULL) {
		mlp_reference_destroy(r);
		return NULL;
	}
	size_t inputs = r->rows * mlp->layer[0].fan_in;
	double *end = r->block;
	r->parameter = place(&end, mlp->parameters);
	r->gradient = place(&end, mlp->parameters);
	r->slot = (double (*)[OPTIMIZER_MAX_SLOTS])(void *)place(&end, OPTIMIZER_MAX_SLOTS * mlp->parameters);
	r->x = place(&end, inputs);
	for (size_t i = 0; i < inputs; i++)
		r->x[i] = (double)batch->x[i];
	for (size_t i = 0; i < mlp->parameters; i++)
		r->parameter[i] = (double)mlp->parameter[i];
	for (size_t l = 0; l < mlp->layers; l++)
		layout_layer(r, l, mlp, &end);
	return r;
}

void mlp_reference_destroy(struct mlp_reference *r)
{
	if (r == NULL)
		return;
	alloc_free(r->layer);
	alloc_free(r->block);
	alloc_free(r);
}
