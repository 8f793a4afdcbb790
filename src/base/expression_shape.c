/* The shape of a formula of one variable, found by evaluating it at many points. */
#include <math.h>
#include <string.h>

#include "base/expression_parts.h"
#include "base/text.h"

#define REACH 1000.0
#define SAMPLES 4000
#define HALVINGS 200
#define GRID 1e4 /* ends of ranges are multiples of its inverse */

static double sample(int i)
{
	return sinh(asinh(REACH) * (2.0 * i / SAMPLES - 1));
}

/* Where switch number `which` changes sign between low and high. */
static double bisect(const struct expression *e, size_t which, double low, double high)
{
	double switches[EXPRESSION_MAX_STEPS];
	expression_evaluate(e, &low, switches);
	bool positive = switches[which] > 0;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = low + (high - low) / 2;
		expression_evaluate(e, &middle, switches);
		if ((switches[which] > 0) == positive)
			low = middle;
		else
			high = middle;
	}
	double near = round(high * 1e9) / 1e9; /* 0.3 and not 0.30000000000000004 */
	return fabs(near - high) <= 1e-12 * fmax(1, fabs(high)) ? near : high;
}

static void insert_kink(struct expression_shape *shape, double kink)
{
	int at = 0;
	while (at < shape->kinks && at < EXPRESSION_MAX_KINKS && shape->kink[at] < kink)
		at++;
	if (at < shape->kinks && at < EXPRESSION_MAX_KINKS && shape->kink[at] == kink)
		return;
	for (int i = EXPRESSION_MAX_KINKS - 1; i > at; i--)
		shape->kink[i] = shape->kink[i - 1];
	if (at < EXPRESSION_MAX_KINKS)
		shape->kink[at] = kink;
	shape->kinks++;
}

static void find_kinks(const struct expression *e, struct expression_shape *shape)
{
	size_t switches = 0;
	for (size_t i = 0; i < e->steps; i++)
		switches += e->step[i].kind >= EXPRESSION_UNARY && e->step[i].call->kinked;
	double before[EXPRESSION_MAX_STEPS] = {0}, after[EXPRESSION_MAX_STEPS] = {0}, low = sample(0);
	expression_evaluate(e, &low, before);
	for (int i = 1; i <= SAMPLES && switches; i++) {
		double high = sample(i);
		expression_evaluate(e, &high, after);
		for (size_t k = 0; k < switches; k++)
			if (!isnan(before[k]) && !isnan(after[k]) && (before[k] > 0) != (after[k] > 0))
				insert_kink(shape, bisect(e, k, low, high));
		memcpy(before, after, sizeof before);
		low = high;
	}
}

/* The extremes within the sampled range hold everywhere unless the function exceeds
 * them farther out. */
static void find_extremes(const struct expression *e, struct expression_shape *shape)
{
	double low = INFINITY, high = -INFINITY, slope = 0;
	for (int i = -shape->kinks; i <= SAMPLES; i++) {
		double z = i < 0 ? shape->kink[-i - 1] : sample(i);
		struct expression_dual f = expression_evaluate(e, &z, NULL);
		low = fmin(low, f.value);
		high = fmax(high, f.value);
		slope = fmax(slope, fabs(f.slope));
	}
	low = floor(low * GRID) / GRID;
	high = ceil(high * GRID) / GRID;
	bool grows = false;
	for (int side = -1; side <= 1; side += 2) {
		double z = 10 * REACH * side;
		struct expression_dual f = expression_evaluate(e, &z, NULL);
		low = f.value >= low ? low : -INFINITY;
		high = f.value <= high ? high : INFINITY;
		grows |= !(fabs(f.slope) <= 1.01 * slope);
	}
	shape->low = isfinite(low) ? low : -INFINITY;
	shape->high = isfinite(high) ? high : INFINITY;
	shape->max_slope = grows || isinf(slope) ? NAN : slope;
}

bool expression_find_shape(struct expression *e, struct err *err)
{
	if (e->variables[0] == NULL || e->variables[1])
		return true;
	find_kinks(e, &e->shape);
	char formula[64];
	if (e->shape.kinks > EXPRESSION_MAX_KINKS)
		return err_set(err, ERR_USAGE, "formula '%s': it has %d kinks: at most %d can be integrated over",
		               text_escape(formula, sizeof formula, e->text), e->shape.kinks, EXPRESSION_MAX_KINKS);
	find_extremes(e, &e->shape);
	return true;
}

const struct expression_shape *expression_shape(const struct expression *expression)
{
	return &expression->shape;
}
