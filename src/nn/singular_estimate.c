/* The distribution of singular values from products with vectors: stochastic Lanczos
 * quadrature.  Each random vector gives a bidiagonal matrix B, whose singular values are
 * nodes; the squared first components of its left singular vectors are their weights. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "nn/kernel/vector_math.h"
#include "nn/rng.h"
#include "nn/singular.h"

#define NODES (SINGULAR_PROBES * SINGULAR_STEPS)
#define START_SEED 1965

struct node {
	double s, weight; /* a singular value; the weights of all add up to 1 */
};

struct nodes {
	struct node node[NODES];
	size_t count;
};

/* The operator with its smaller side first: the vectors u have `side` elements. */
struct oriented {
	const struct singular_operator *a;
	bool flipped; /* columns < rows: u is on the side of x */
	size_t side, other;
};

size_t singular_estimate_scratch(size_t rows, size_t columns)
{
	return (SINGULAR_STEPS + 1) * (rows + columns);
}

/* ---- vectors ---- */

static VECTOR_CLONES double dot(const double *x, const double *y, size_t n)
{
	enum { LANES = 8 };
	double lanes[LANES] = {0}, sum = 0;
	size_t whole = n - n % LANES;
	for (size_t i = 0; i < whole; i += LANES)
		VECTOR_EACH (j, LANES)
			lanes[j] += x[i + j] * y[i + j];
	for (size_t i = whole; i < n; i++)
		sum += x[i] * y[i];
	for (int j = 0; j < LANES; j++)
		sum += lanes[j];
	return sum;
}

static VECTOR_CLONES void add(double *x, double factor, const double *y, size_t n)
{
	VECTOR_EACH (i, n)
		x[i] += factor * y[i];
}

static double to_unit_length(double *x, size_t n)
{
	double length = sqrt(dot(x, x, n));
	for (size_t i = 0; i < n && length > 0; i++)
		x[i] /= length;
	return length;
}

/* Removes the parts of x along the `count` vectors before it, twice for rounding. */
static void make_orthogonal(double *x, const double *vectors, size_t count, size_t n)
{
	for (int again = 0; again < 2; again++)
		for (size_t i = 0; i < count; i++)
			add(x, -dot(x, vectors + i * n, n), vectors + i * n, n);
}

/* ---- one random vector ---- */

/* The bidiagonal matrix so far, row-major: p = A'u - beta p gives its diagonal alpha,
 * u = A p - alpha u the beta below it. */
struct bidiagonal {
	double row[SINGULAR_STEPS][SINGULAR_STEPS];
	size_t steps;
};

static void towards(const struct oriented *o, double *p, const double *u)
{
	if (o->flipped)
		o->a->apply(o->a->context, p, u);
	else
		o->a->apply_transposed(o->a->context, p, u);
}

static void back(const struct oriented *o, double *u, const double *p)
{
	if (o->flipped)
		o->a->apply_transposed(o->a->context, u, p);
	else
		o->a->apply(o->a->context, u, p);
}

/* u (steps, side), the first one set, and p (steps, other): scratch. */
static void bidiagonalize(struct bidiagonal *b, const struct oriented *o, double *u, double *p)
{
	*b = (struct bidiagonal){ .steps = 0 };
	size_t most = o->side < SINGULAR_STEPS ? o->side : SINGULAR_STEPS;
	double largest = 0;
	for (size_t k = 0; k < most; k++) {
		double *here = p + k * o->other, *next = u + (k + 1) * o->side;
		towards(o, here, u + k * o->side);
		make_orthogonal(here, p, k, o->other);
		double alpha = to_unit_length(here, o->other);
		b->row[k][k] = alpha;
		b->steps++;
		back(o, next, here);
		make_orthogonal(next, u, k + 1, o->side);
		double beta = to_unit_length(next, o->side);
		largest = fmax(largest, fmax(alpha, beta));
		if (!(beta > DBL_EPSILON * (double)o->side * largest) || !(alpha > 0) || k + 1 == most)
			break;
		b->row[k + 1][k] = beta;
	}
}

/* Of B = U S V', rotations of the rows give S V', and U' e for the first unit vector e. */
static void add_nodes(struct nodes *nodes, const struct bidiagonal *b)
{
	double row[SINGULAR_STEPS * SINGULAR_STEPS], first[SINGULAR_STEPS] = { 1 }, scale = 0;
	for (size_t i = 0; i < b->steps; i++)
		for (size_t j = 0; j < b->steps; j++) {
			row[i * b->steps + j] = b->row[i][j];
			scale = fmax(scale, b->row[i][j]);
		}
	for (size_t i = 0; i < b->steps * b->steps && scale > 0; i++)
		row[i] /= scale;
	singular_rotate(row, first, b->steps, b->steps);
	for (size_t i = 0; i < b->steps; i++) {
		double length = to_unit_length(row + i * b->steps, b->steps);
		nodes->node[nodes->count++] = (struct node){ scale * length, first[i] * first[i] / SINGULAR_PROBES };
	}
}

/* ---- all of them ---- */

static int ascending(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	return (x->s > y->s) - (x->s < y->s);
}

/* Takes the share of values that are 0 because the matrix has a lower rank off the
 * smallest nodes. */
static void leave_out(struct nodes *nodes, double share)
{
	size_t first = 0;
	double left = share;
	while (first + 1 < nodes->count && nodes->node[first].weight <= left)
		left -= nodes->node[first++].weight;
	nodes->node[first].weight -= left;
	nodes->count -= first;
	for (size_t i = 0; i < nodes->count; i++) {
		nodes->node[i] = nodes->node[first + i];
		nodes->node[i].weight /= 1 - share;
	}
}

/* The node values at these shares of the weight; each node is at the middle of its own. */
static void fill_quantiles(struct spectrum *spectrum, const struct nodes *nodes)
{
	double before = 0, place_before = 0;
	size_t k = 0;
	for (size_t i = 0; i < spectrum->kept; i++) {
		double share = ((double)i + 0.5) / (double)spectrum->kept;
		while (k + 1 < nodes->count && before + 0.5 * nodes->node[k].weight < share) {
			place_before = before + 0.5 * nodes->node[k].weight;
			before += nodes->node[k++].weight;
		}
		double place = before + 0.5 * nodes->node[k].weight, low = nodes->node[k ? k - 1 : 0].s;
		double part = place > place_before ? fmin(fmax((share - place_before) / (place - place_before), 0), 1) : 1;
		spectrum->value[i] = k ? low + part * (nodes->node[k].s - low) : nodes->node[0].s;
	}
}

static void fill(struct spectrum *spectrum, struct nodes *nodes, size_t count, size_t side)
{
	double square = 0, fourth = 0;
	qsort(nodes->node, nodes->count, sizeof nodes->node[0], ascending);
	spectrum->count = count;
	spectrum->estimated = 1;
	if (!isfinite(nodes->node[nodes->count - 1].s)) /* NaN is sorted anywhere, but then all are */
		return;
	leave_out(nodes, 1 - (double)count / (double)side);
	spectrum->largest = nodes->node[nodes->count - 1].s;
	double least = (double)count * DBL_EPSILON * spectrum->largest;
	spectrum->zero = 0;
	for (size_t i = 0; i < nodes->count; i++) {
		struct node *node = &nodes->node[i];
		node->s = node->s > least ? node->s : 0;
		square += node->weight * node->s * node->s;
		fourth += node->weight * node->s * node->s * node->s * node->s;
		spectrum->zero += node->s > 0 ? 0 : node->weight;
	}
	spectrum->mean_square = square;
	spectrum->variance = fmax(0, fourth - square * square);
	spectrum->smallest = nodes->node[0].s;
	spectrum->condition = spectrum->largest / spectrum->smallest;
	spectrum->kept = count < SINGULAR_KEPT ? count : SINGULAR_KEPT;
	fill_quantiles(spectrum, nodes);
}

bool singular_estimate(struct spectrum *spectrum, const struct singular_operator *a, size_t count, double *scratch)
{
	struct oriented o = { .a = a, .flipped = a->columns < a->rows };
	o.side = o.flipped ? a->columns : a->rows;
	o.other = o.flipped ? a->rows : a->columns;
	double *u = scratch, *p = scratch + (SINGULAR_STEPS + 1) * o.side;
	struct nodes nodes = { .count = 0 };
	spectrum_clear(spectrum);
	for (size_t probe = 0; probe < SINGULAR_PROBES; probe++) {
		struct bidiagonal b;
		struct rng rng = rng_stream(START_SEED, RNG_SPECTRAL, probe + 1);
		if (a->go_on && !a->go_on(a->context))
			return false;
		float *random = (float *)(void *)p;
		rng_fill_normal(&rng, random, o.side);
		for (size_t i = 0; i < o.side; i++)
			u[i] = (double)random[i];
		to_unit_length(u, o.side);
		bidiagonalize(&b, &o, u, p);
		add_nodes(&nodes, &b);
	}
	fill(spectrum, &nodes, count, o.side);
	return true;
}
