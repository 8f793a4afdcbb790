/* Spectra of the Jacobians, layer after layer.  The Jacobian from the input is kept as a matrix
 * as long as its smaller side allows; one that is wider than high is first turned into a
 * square one with the same singular values. */
#include "nn/isometry.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/* ---- the net's shape ---- */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* The layer in which the branch that begins in layer l ends; the number of layers if none begins. */
static size_t branch_from(const struct mlp *mlp, size_t l)
{
	for (size_t length = 1; length <= MLP_MAX_BRANCH && l + length <= mlp->layers; length++)
		if (mlp->layer[l + length - 1].residual == length)
			return l + length - 1;
	return mlp->layers;
}

/* The first layer of the own Jacobian of layer l. */
static size_t first_of(const struct mlp *mlp, size_t l)
{
	return mlp->layer[l].residual ? l + 1 - mlp->layer[l].residual : l;
}

/* counts[layers + 1]: singular values of the Jacobian from the input that can differ from 0.
 * What a branch goes round does not limit them. */
static void count_values(size_t *counts, const struct mlp *mlp)
{
	counts[0] = mlp->layer[0].fan_in;
	for (size_t l = 0; l < mlp->layers; l++) {
		const struct mlp_layer *layer = &mlp->layer[l];
		counts[l + 1] = layer->residual ? counts[l + 1 - layer->residual] : smaller(counts[l], layer->fan_out);
	}
}

/* ---- products with vectors, for the estimate ---- */

struct chain {
	const struct jacobian *at;
	size_t first, last; /* layers */
	double *buffer[3];  /* [widest] each: two that take turns, and the way round a branch */
	bool (*go_on)(void *context);
	void *context;
};

static bool chain_go_on(void *context)
{
	const struct chain *c = context;
	return c->go_on == NULL || c->go_on(c->context);
}

static void chain_apply(void *context, double *y, const double *x)
{
	const struct chain *c = context;
	const struct mlp *mlp = c->at->mlp;
	const double *from = x;
	for (size_t l = c->first; l <= c->last; l++) {
		const struct mlp_layer *layer = &mlp->layer[l];
		if (branch_from(mlp, l) <= c->last)
			memcpy(c->buffer[2], from, layer->fan_in * sizeof *from);
		double *to = l == c->last ? y : c->buffer[l % 2];
		jacobian_apply(to, from, 1, c->at, l);
		if (layer->residual && l + 1 >= c->first + layer->residual)
			jacobian_end_branch(to, c->buffer[2], 1, c->at, l);
		from = to;
	}
}

static void chain_apply_transposed(void *context, double *x, const double *y)
{
	const struct chain *c = context;
	const struct mlp *mlp = c->at->mlp;
	double *from = c->buffer[c->last % 2];
	memcpy(from, y, mlp->layer[c->last].fan_out * sizeof *y);
	for (size_t l = c->last + 1; l-- > c->first;) {
		const struct mlp_layer *layer = &mlp->layer[l];
		double *to = l == c->first ? x : c->buffer[(l + 1) % 2];
		if (layer->residual && l + 1 >= c->first + layer->residual)
			jacobian_begin_back(from, c->buffer[2], c->at, l);
		jacobian_apply_transposed(to, from, c->at, l);
		for (size_t i = 0; branch_from(mlp, l) <= c->last && i < layer->fan_in; i++)
			to[i] += c->buffer[2][i];
		from = to;
	}
}

/* ---- the measurement ---- */

struct measurement {
	struct isometry *out;
	const struct jacobian *at;
	bool (*go_on)(void *context);
	void *context;
	size_t widest, exact_side;
	size_t counts[MLP_MAX_LAYERS + 1];
	bool dense;         /* the Jacobian from the input is kept */
	double *turn[MLP_MAX_BRANCH + 1]; /* (fan_out, columns) of the last layers, in turn; times an orthogonal matrix */
	size_t columns;     /* of them */
	size_t l;           /* the present layer */
	double *own, *copy; /* the present layer's own Jacobian; what the decomposition of the other destroys */
	double *inner;      /* the own Jacobian of the first layer of a branch of two */
	struct work {
		double *values, *scratch;
		struct chain chain;
	} work[2];          /* of the two that are decomposed at a time */
	double *block;
};

static bool is_exact(const struct measurement *m, size_t rows, size_t columns)
{
	return smaller(rows, columns) <= m->exact_side;
}

static void decompose(struct measurement *m, struct work *work, struct spectrum *spectrum, double *a, size_t rows, size_t columns,
                      size_t count)
{
	if (m->go_on && !m->go_on(m->context))
		return;
	singular_values(work->values, a, rows, columns, work->scratch);
	spectrum_of_values(spectrum, work->values, smaller(count, smaller(rows, columns)));
}

static void estimate(struct measurement *m, struct work *work, struct spectrum *spectrum, size_t first, size_t count)
{
	const struct mlp *mlp = m->at->mlp;
	work->chain.at = m->at;
	work->chain.first = first;
	work->chain.last = m->l;
	work->chain.go_on = m->go_on;
	work->chain.context = m->context;
	struct singular_operator a = {
		.rows = mlp->layer[m->l].fan_out, .columns = mlp->layer[first].fan_in, .apply = chain_apply,
		.apply_transposed = chain_apply_transposed, .go_on = chain_go_on, .context = &work->chain,
	};
	singular_estimate(spectrum, &a, count, work->scratch);
}

/* Whether the Jacobian from the input is estimated in this layer: in the last hidden one, in the
 * output layer, and evenly between. */
static bool is_chosen(const struct measurement *m)
{
	size_t layers = m->at->mlp->layers, between = ISOMETRY_ESTIMATES - 2, l = m->l;
	if (l + 2 >= layers || layers <= ISOMETRY_ESTIMATES)
		return true;
	return l == 0 || (l * between) / (layers - 2) != ((l - 1) * between) / (layers - 2);
}

/* The own Jacobian of the layer as a matrix: of the whole branch where one ends. */
static void fill_own(struct measurement *m)
{
	const struct mlp *mlp = m->at->mlp;
	const struct mlp_layer *layer = &mlp->layer[m->l];
	size_t first = first_of(mlp, m->l), columns = mlp->layer[first].fan_in;
	if (first == m->l)
		jacobian_apply(m->own, NULL, columns, m->at, m->l);
	else {
		jacobian_apply(m->inner, NULL, columns, m->at, first);
		jacobian_apply(m->own, m->inner, columns, m->at, m->l);
	}
	if (layer->residual)
		jacobian_end_branch(m->own, NULL, columns, m->at, m->l);
}

static void measure_own(struct measurement *m)
{
	const struct mlp *mlp = m->at->mlp;
	size_t first = first_of(mlp, m->l), rows = mlp->layer[m->l].fan_out, columns = mlp->layer[first].fan_in;
	struct spectrum *spectrum = &m->out[m->l].layer;
	if (is_exact(m, rows, columns)) {
		fill_own(m);
		decompose(m, &m->work[0], spectrum, m->own, rows, columns, columns);
	} else
		estimate(m, &m->work[0], spectrum, first, smaller(rows, columns));
}

static void measure_from_input(struct measurement *m)
{
	size_t rows = m->at->mlp->layer[m->l].fan_out, count = m->counts[m->l + 1];
	struct spectrum *spectrum = &m->out[m->l].input;
	if (m->dense) {
		memcpy(m->copy, m->turn[m->l % (MLP_MAX_BRANCH + 1)], rows * m->columns * sizeof *m->copy);
		decompose(m, &m->work[1], spectrum, m->copy, rows, m->columns, count);
	} else if (is_chosen(m))
		estimate(m, &m->work[1], spectrum, 0, count);
}

static void measure_one(void *context, size_t which)
{
	if (which == 0)
		measure_own(context);
	else
		measure_from_input(context);
}

/* t (rows, columns), rows < columns, becomes L (rows, rows) of t = L Q with orthonormal rows
 * of Q: Gram and Schmidt's method, twice for rounding. */
static void to_square(double *t, double *lower, size_t rows, size_t columns)
{
	for (size_t i = 0; i < rows; i++) {
		double *row = t + i * columns, before = 0, after = 0;
		for (size_t k = 0; k < columns; k++)
			before += row[k] * row[k];
		for (size_t j = 0; j < rows; j++)
			lower[i * rows + j] = 0;
		for (int again = 0; again < 2; again++)
			for (size_t j = 0; j < i; j++) {
				const double *q = t + j * columns;
				double part = 0;
				for (size_t k = 0; k < columns; k++)
					part += row[k] * q[k];
				for (size_t k = 0; k < columns; k++)
					row[k] -= part * q[k];
				lower[i * rows + j] += part;
			}
		for (size_t k = 0; k < columns; k++)
			after += row[k] * row[k];
		double length = after > 1e-28 * before ? sqrt(after) : 0; /* else the row is a sum of those before */
		lower[i * rows + i] = length;
		for (size_t k = 0; k < columns; k++)
			row[k] = length > 0 ? row[k] / length : 0;
	}
	memcpy(t, lower, rows * rows * sizeof *t);
}

/* The Jacobian from the input of this layer, from that of the layer before. */
static void go_on_from_input(struct measurement *m)
{
	const struct mlp *mlp = m->at->mlp;
	const struct mlp_layer *layer = &mlp->layer[m->l];
	double *t = m->turn[m->l % (MLP_MAX_BRANCH + 1)];
	const double *before = m->l ? m->turn[(m->l - 1) % (MLP_MAX_BRANCH + 1)] : NULL;
	jacobian_apply(t, before, m->columns, m->at, m->l);
	if (layer->residual) {
		const double *skip = m->l >= layer->residual ? m->turn[(m->l - layer->residual) % (MLP_MAX_BRANCH + 1)] : NULL;
		jacobian_end_branch(t, skip, m->columns, m->at, m->l);
	}
	/* A branch that begins at the input needs all columns. */
	if (m->l == 0 && layer->fan_out < m->columns && branch_from(mlp, 0) == mlp->layers) {
		to_square(t, m->copy, layer->fan_out, m->columns);
		m->columns = layer->fan_out;
	}
}

/* ---- memory ---- */

/* Columns of the Jacobian from the input once it is kept. */
static size_t final_columns(const struct mlp *mlp)
{
	size_t inputs = mlp->layer[0].fan_in, units = mlp->layer[0].fan_out;
	return branch_from(mlp, 0) == mlp->layers ? smaller(inputs, units) : inputs;
}

/* The doubles that each array needs; with a block, also where it begins. */
static size_t lay_out(struct measurement *m, double *block)
{
	const struct mlp *mlp = m->at->mlp;
	size_t own = 0, scratch = 1, from_input = 0, next = 0;
	for (size_t l = 0; l < mlp->layers; l++) {
		size_t rows = mlp->layer[l].fan_out, columns = mlp->layer[first_of(mlp, l)].fan_in;
		m->widest = larger(m->widest, larger(rows, mlp->layer[l].fan_in));
		if (is_exact(m, rows, columns)) {
			own = larger(own, larger(rows, mlp->layer[l].fan_in) * columns);
			scratch = larger(scratch, singular_scratch(rows, columns));
		} else
			scratch = larger(scratch, singular_estimate_scratch(rows, columns));
		if (m->dense) {
			size_t width = l ? final_columns(mlp) : mlp->layer[0].fan_in;
			from_input = larger(from_input, rows * width);
			scratch = larger(scratch, singular_scratch(rows, width));
		} else
			scratch = larger(scratch, singular_estimate_scratch(rows, mlp->layer[0].fan_in));
	}
	struct { double **at; size_t size; } arrays[] = {
		{ &m->own, own }, { &m->inner, own }, { &m->copy, from_input }, { &m->turn[0], from_input }, { &m->turn[1], from_input },
		{ &m->turn[2], from_input }, { &m->work[0].values, m->widest }, { &m->work[1].values, m->widest },
		{ &m->work[0].scratch, scratch }, { &m->work[1].scratch, scratch }, { &m->work[0].chain.buffer[0], m->widest },
		{ &m->work[0].chain.buffer[1], m->widest }, { &m->work[0].chain.buffer[2], m->widest },
		{ &m->work[1].chain.buffer[0], m->widest }, { &m->work[1].chain.buffer[1], m->widest },
		{ &m->work[1].chain.buffer[2], m->widest },
	};
	for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
		if (block)
			*arrays[i].at = block + next;
		next += arrays[i].size;
	}
	return next;
}

bool isometry_measure(struct isometry *out, const struct jacobian *at, struct pool *pool, bool (*go_on)(void *context),
                      void *context, struct err *err)
{
	const struct mlp *mlp = at->mlp;
	struct measurement m = { .out = out, .at = at, .go_on = go_on, .context = context, .exact_side = singular_exact_side() };
	for (size_t l = 0; l < mlp->layers; l++) {
		spectrum_clear(&out[l].layer);
		spectrum_clear(&out[l].input);
	}
	if (!jacobian_exists(mlp))
		return true;
	count_values(m.counts, mlp);
	m.columns = mlp->layer[0].fan_in;
	m.dense = final_columns(mlp) <= m.exact_side;
	m.block = alloc_array(lay_out(&m, NULL), sizeof *m.block, err);
	if (m.block == NULL)
		return false;
	lay_out(&m, m.block);
	for (m.l = 0; m.l < mlp->layers && (go_on == NULL || go_on(context)); m.l++) {
		if (m.dense)
			go_on_from_input(&m);
		pool_run(pool, measure_one, &m, 2);
	}
	alloc_free(m.block);
	return true;
}
