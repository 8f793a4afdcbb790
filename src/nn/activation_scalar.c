/* Activations in double precision, each function followed by its derivative, in
 * forms that give the limit at infinity, and no NaN for a finite argument.  They
 * define what the float loops must compute. */
#include "nn/activation_kind.h"

#include <math.h>

#define FUNCTION(kind, value) \
	double activation_##kind##_f(double z, const double *p) \
	{ \
		(void)z, (void)p; \
		return value; \
	}
#define SLOPE(kind, value) \
	double activation_##kind##_df(double z, const double *p) \
	{ \
		(void)z, (void)p; \
		return value; \
	}

/* Replaces -infinity by a large number: z times a factor that is 0 there would be
 * NaN. */
static double above(double z, double low)
{
	return z < low ? low : z;
}

static double within(double z, double limit)
{
	return z < -limit ? -limit : z > limit ? limit : z;
}

static double logistic(double z)
{
	double e = exp(-fabs(z));
	return (z < 0 ? e : 1) / (1 + e);
}

static double logistic_slope(double z)
{
	double e = exp(-fabs(z));
	return e / ((1 + e) * (1 + e));
}

static double normal_cdf(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

static double normal_density(double z)
{
	return exp(-0.5 * z * z) * 0.39894228040143267794;
}

/* 1 - tanh^2, without cancellation. */
static double tanh_slope(double z)
{
	return 4 * logistic_slope(2 * z);
}

FUNCTION(linear, z)
SLOPE(linear, 1)

FUNCTION(sigmoid, logistic(z))
SLOPE(sigmoid, logistic_slope(z))

FUNCTION(hard_sigmoid, within(z, 3) / 6 + 0.5)
SLOPE(hard_sigmoid, z > -3 && z < 3 ? 1.0 / 6 : 0)

FUNCTION(tanh, tanh(z))
SLOPE(tanh, tanh_slope(z))

FUNCTION(hard_tanh, within(z, 1))
SLOPE(hard_tanh, z > -1 && z < 1 ? 1 : 0)

FUNCTION(lecun_tanh, LECUN_TANH_SCALE * tanh(z * 2 / 3))
SLOPE(lecun_tanh, LECUN_TANH_SCALE * 2 / 3 * tanh_slope(z * 2 / 3))

FUNCTION(erf, erf(z))
SLOPE(erf, M_2_SQRTPI * exp(-z * z))

FUNCTION(softsign, within(z, 1e300) / (1 + fabs(within(z, 1e300))))
SLOPE(softsign, 1 / ((1 + fabs(z)) * (1 + fabs(z))))

FUNCTION(relu, z < 0 ? 0 : z)
SLOPE(relu, z > 0 ? 1 : 0)

FUNCTION(relu6, z < 0 ? 0 : z > 6 ? 6 : z)
SLOPE(relu6, z > 0 && z < 6 ? 1 : 0)

/* p[0]: the slope of the negative half, also for prelu */
FUNCTION(leaky_relu, z > 0 ? z : p[0] * z)
SLOPE(leaky_relu, z > 0 ? 1 : p[0])

/* p[0]: alpha */
FUNCTION(elu, z > 0 ? z : p[0] * expm1(z))
SLOPE(elu, z > 0 ? 1 : p[0] * exp(z))

FUNCTION(celu, z > 0 ? z : p[0] * expm1(z / p[0]))
SLOPE(celu, z > 0 ? 1 : exp(z / p[0]))

FUNCTION(selu, z > 0 ? SELU_LAMBDA * z : SELU_LAMBDA * SELU_ALPHA * expm1(z))
SLOPE(selu, z > 0 ? SELU_LAMBDA : SELU_LAMBDA * SELU_ALPHA * exp(z))

FUNCTION(gelu, above(z, -100) * normal_cdf(z))
SLOPE(gelu, normal_cdf(z) + within(z, 100) * normal_density(within(z, 100)))

/* gelu_tanh = z sigmoid(2 u), u = sqrt(2/pi) (z + 0.044715 z^3) */
static double gelu_twice_u(double z)
{
	return 2 * 0.79788456080286535588 * z * (1 + 0.044715 * z * z);
}

static double gelu_tanh_slope(double z)
{
	double twice_u = gelu_twice_u(z), twice_du = 2 * 0.79788456080286535588 * (1 + 3 * 0.044715 * z * z);
	return logistic(twice_u) + z * twice_du * logistic_slope(twice_u);
}

FUNCTION(gelu_tanh, above(z, -100) * logistic(gelu_twice_u(z)))
SLOPE(gelu_tanh, gelu_tanh_slope(within(z, 100)))

FUNCTION(silu, above(z, -1000) * logistic(z))
SLOPE(silu, logistic(z) + within(z, 1000) * logistic_slope(z))

/* tanh(softplus(z)) = t / (t + 2), t = e^z (e^z + 2); 1 for large z */
static double tanh_softplus(double z)
{
	double e = exp(z < 40 ? z : 40), t = e * (e + 2);
	return t / (t + 2);
}

static double mish_slope(double z)
{
	double t = tanh_softplus(z), e = exp(z), rest = 2 / (e * (e + 2) + 2); /* 1 - t */
	return t + z * rest * (1 + t) * logistic(z);
}

FUNCTION(mish, above(z, -1000) * tanh_softplus(above(z, -1000)))
SLOPE(mish, mish_slope(within(z, 300)))

FUNCTION(softplus, above(z, 0) + log1p(exp(-fabs(z))))
SLOPE(softplus, logistic(z))

/* p[0]: b; written as b/2 / (root - z) on the left, where root + z cancels */
FUNCTION(squareplus, z < 0 ? 0.5 * p[0] / (hypot(z, sqrt(p[0])) - z) : 0.5 * (z + hypot(z, sqrt(p[0]))))
SLOPE(squareplus, 0.5 + 0.5 * within(z, 1e300) / hypot(within(z, 1e300), sqrt(p[0])))

FUNCTION(sin, sin(p[0] * z))
SLOPE(sin, p[0] * cos(p[0] * z))

FUNCTION(exponential, exp(z))
SLOPE(exponential, exp(z))

FUNCTION(tanh_shrink, z - tanh(z))
SLOPE(tanh_shrink, tanh(z) * tanh(z))
