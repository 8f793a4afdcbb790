/* Gaussian integrals by quadrature.  Gauss-Hermite fails when sqrt(q) is large
 * because the bend of the function then lies between two nodes, and equidistant
 * rules fail at kinks; graded panels handle both.  Independent of activations. */
#include "nn/theory_gauss.h"

#include <limits.h>
#include <math.h>

#include "base/whole.h"

#define REACH 9 /* standard deviations; beyond lie 2e-19 of the mass */

struct panels {
	const struct gauss_integral *integral;
	double sd;
	void (*visit)(void *context, double u, double weight);
	void *context;
};

/* Gauss-Legendre with ten nodes on [low, high], cut at kinks. */
static void panel(const struct panels *panels, double low, double high)
{
	static const struct {
		double x, weight;
	} node[5] = {
		{ 0.14887433898163122, 0.29552422471475287 }, { 0.43339539412924719, 0.26926671930999636 },
		{ 0.67940956829902441, 0.21908636251598204 }, { 0.86506336668898451, 0.14945134915058059 },
		{ 0.97390652851717172, 0.066671344308688138 },
	};
	for (int i = 0; i < panels->integral->kink_count; i++) {
		double kink = panels->integral->kinks[i];
		if (low < kink && kink < high) {
			panel(panels, low, kink);
			panel(panels, kink, high);
			return;
		}
	}
	double middle = 0.5 * (low + high), half = 0.5 * (high - low);
	for (int i = 0; i < 5; i++) {
		for (int side = -1; side <= 1; side += 2) {
			double u = middle + side * half * node[i].x, z = u / panels->sd;
			double density = exp(-0.5 * z * z) * 0.39894228040143267794 / panels->sd;
			panels->visit(panels->context, u, half * node[i].weight * density);
		}
	}
}

/* The panels on one side of the centre: no wider than a standard deviation. */
static void half_line(const struct panels *panels, double side)
{
	double sd = panels->sd, centre = panels->integral->centre;
	double start = fmax(0, -REACH * sd - side * centre), end = REACH * sd - side * centre; /* from the centre */
	for (double x = start, next; x < end; x = next) {
		next = fmin(fmin(fmax(2 * x, panels->integral->finest), x + sd), end);
		if (!(next > x))
			break; /* the step has become less than the spacing of doubles */
		double near = centre + side * x, far = centre + side * next;
		panel(panels, fmin(near, far), fmax(near, far));
	}
}

void gauss_visit(const struct gauss_integral *integral, void (*visit)(void *context, double u, double weight),
                 void *context)
{
	struct panels panels = { .integral = integral, .sd = sqrt(integral->q), .visit = visit, .context = context };
	half_line(&panels, -1);
	half_line(&panels, 1);
}

/* ---- softmax of Gaussian logits ----
 *
 * With X = sum e^z_i and 1/X^2 = integral of t e^(-tX) dt over t > 0, t = e^s:
 *
 *   E p_1^2 = integral ds  E[w^2 e^-w]  (E[e^-w])^(C-1),   w = e^(s+z), z ~ N(0, q). */

struct softmax_point {
	double s, none, square; /* E[e^-w], E[w^2 e^-w] */
};

static void softmax_visit(void *context, double z, double weight)
{
	struct softmax_point *point = context;
	double w = exp(fmin(point->s + z, 7)), e = exp(-w); /* e^-1096 is 0 */
	point->none += weight * e;
	point->square += weight * w * w * e;
}

/* The same by the trapezoid rule, which converges faster than powers of its step,
 * because w^2 e^-w is smooth over about 1 and the density over sd.  Five times
 * as quick as the panels where sd is small. */
#define SOFTMAX_STEP 0.25
#define SOFTMAX_STEP_SD 0.4
#define SOFTMAX_SD 2      /* up to this sd */
#define SOFTMAX_NODES 160 /* 2 REACH SOFTMAX_SD / SOFTMAX_STEP, and a few */

struct softmax_nodes {
	int count;
	double z[SOFTMAX_NODES], weight[SOFTMAX_NODES];
};

static void softmax_nodes(struct softmax_nodes *nodes, double sd)
{
	double step = fmin(SOFTMAX_STEP, SOFTMAX_STEP_SD * sd);
	int half = whole_int(REACH * sd / step, 0, SOFTMAX_NODES / 2 - 1);
	nodes->count = 2 * half + 1;
	for (int i = 0; i < nodes->count; i++) {
		double z = (i - half) * step, x = z / sd;
		nodes->z[i] = z;
		nodes->weight[i] = exp(-0.5 * x * x) * 0.39894228040143267794 * step / sd;
	}
}

static void softmax_at(struct softmax_point *point, const struct softmax_nodes *nodes, double q)
{
	if (nodes->count == 0) {
		struct gauss_integral integral = { .q = q, .centre = -point->s, .finest = 1 };
		gauss_visit(&integral, softmax_visit, point);
	}
	for (int i = 0; i < nodes->count; i++)
		softmax_visit(point, nodes->z[i], nodes->weight[i]);
}

double softmax_square_sum(double q, size_t classes)
{
	double count = (double)classes;
	if (!(q >= 0) || isinf(q) || classes == 0)
		return NAN;
	if (q == 0)
		return 1 / count;
	double sd = sqrt(q), step = 0.25 * fmax(1, sd), sum = 0;
	double low = -REACH * sd - 20, high = REACH * sd + 5; /* w^2 e^-w is below 1e-17 outside -20..5 */
	struct softmax_nodes nodes = { .count = 0 };
	if (sd <= SOFTMAX_SD)
		softmax_nodes(&nodes, sd);
	int points = whole_int(ceil((high - low) / step), 0, INT_MAX);
	for (int i = 0; i <= points; i++) {
		struct softmax_point point = { .s = low + (double)i * step };
		softmax_at(&point, &nodes, q);
		sum += point.square * pow(point.none, count - 1);
	}
	return count * sum * step;
}
