/* The activation that a user types as a formula of z; p[0] is the formula's
 * number. */
#include <limits.h>

#include "base/expression.h"
#include "base/whole.h"
#include "nn/activation.h"
#include "nn/activation_kind.h"

static const struct expression *formula(const double *p)
{
	return expression_at((uint32_t)whole_int(p[0], 0, INT_MAX));
}

double activation_expr_f(double z, const double *p)
{
	return expression_value(formula(p), &z);
}

double activation_expr_df(double z, const double *p)
{
	return expression_slope(formula(p), &z);
}

void activation_expr_forward(float *a, const float *z, size_t n, const double *p)
{
	expression_forward(formula(p), a, z, n);
}

void activation_expr_backward(float *delta, const float *z, const float *a, size_t n, const double *p)
{
	(void)a;
	expression_backward(formula(p), delta, z, n);
}

double activation_expr_max_slope(const double *p)
{
	return expression_shape(formula(p))->max_slope;
}

int activation_expr_kinks(double *at, const double *p)
{
	_Static_assert(EXPRESSION_MAX_KINKS <= ACTIVATION_MAX_POINTS, "at[] has room for them");
	const struct expression_shape *shape = expression_shape(formula(p));
	for (int i = 0; i < shape->kinks; i++)
		at[i] = shape->kink[i];
	return shape->kinks;
}

void activation_expr_range(double *low, double *high, const double *p)
{
	*low = expression_shape(formula(p))->low;
	*high = expression_shape(formula(p))->high;
}
