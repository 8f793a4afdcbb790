/* The table of activations: names, parameters and properties of each function.
 * The functions are in activation_scalar.c and activation_vector.c. */
#include "nn/activation.h"

#include <math.h>

#include "nn/activation_kind.h"
#include "nn/theory.h"

/* ---- largest slopes ---- */

static double slope_1(const double *p)
{
	(void)p;
	return 1;
}

static double slope_quarter(const double *p)
{
	(void)p;
	return 0.25;
}

static double slope_sixth(const double *p)
{
	(void)p;
	return 1.0 / 6;
}

static double slope_lecun(const double *p)
{
	(void)p;
	return LECUN_TANH_SCALE * 2 / 3;
}

static double slope_erf(const double *p)
{
	(void)p;
	return M_2_SQRTPI;
}

static double slope_is_parameter(const double *p)
{
	return p[0];
}

static double slope_of_parameter(const double *p)
{
	return fmax(1, p[0]);
}

static double slope_selu(const double *p)
{
	(void)p;
	return SELU_LAMBDA * SELU_ALPHA;
}

/* Maxima of the slope, computed numerically: gelu's is at sqrt 2, gelu_tanh's
 * at 1.4185, silu's at 2.3994, mish's at 1.4906. */
static double slope_gelu(const double *p)
{
	(void)p;
	return 1.12890414518515;
}

static double slope_gelu_tanh(const double *p)
{
	(void)p;
	return 1.12899306865877;
}

static double slope_silu(const double *p)
{
	(void)p;
	return 1.09983932012887;
}

static double slope_mish(const double *p)
{
	(void)p;
	return 1.08849816125173;
}

static double slope_unbounded(const double *p)
{
	(void)p;
	return NAN;
}

/* ---- kinks and atoms ---- */

static int at_0(double *at, const double *p)
{
	(void)p;
	at[0] = 0;
	return 1;
}

static int two(double *at, double first, double second)
{
	at[0] = first;
	at[1] = second;
	return 2;
}

static int at_0_and_1(double *at, const double *p)
{
	(void)p;
	return two(at, 0, 1);
}

static int at_0_and_6(double *at, const double *p)
{
	(void)p;
	return two(at, 0, 6);
}

static int at_ends_of_3(double *at, const double *p)
{
	(void)p;
	return two(at, -3, 3);
}

static int at_ends_of_1(double *at, const double *p)
{
	(void)p;
	return two(at, -1, 1);
}

/* The ends of the range, as the floats that the loops give. */
static int at_ends_of_lecun(double *at, const double *p)
{
	(void)p;
	return two(at, -(double)(float)LECUN_TANH_SCALE, (double)(float)LECUN_TANH_SCALE);
}

static int at_minus_parameter(double *at, const double *p)
{
	at[0] = -(double)(float)p[0];
	return 1;
}

static int at_selu_end(double *at, const double *p)
{
	(void)p;
	at[0] = -(double)(float)(SELU_LAMBDA * SELU_ALPHA);
	return 1;
}

/* ---- ranges ---- */

#define RANGE(name, low_, high_) \
	static void name(double *low, double *high, const double *p) \
	{ \
		(void)p; \
		*low = low_; \
		*high = high_; \
	}

RANGE(range_all, -INFINITY, INFINITY)
RANGE(range_positive, 0, INFINITY)
RANGE(range_0_1, 0, 1)
RANGE(range_0_6, 0, 6)
RANGE(range_1, -1, 1)
RANGE(range_lecun, -(double)(float)LECUN_TANH_SCALE, (double)(float)LECUN_TANH_SCALE)
RANGE(range_elu, -(double)(float)p[0], INFINITY)
RANGE(range_selu, -(double)(float)(SELU_LAMBDA * SELU_ALPHA), INFINITY)
RANGE(range_gelu, -0.169972, INFINITY) /* the minima, computed numerically and rounded outwards */
RANGE(range_gelu_tanh, -0.170041, INFINITY)
RANGE(range_silu, -0.278465, INFINITY)
RANGE(range_mish, -0.308844, INFINITY)

static void range_leaky(double *low, double *high, const double *p)
{
	*low = p[0] == 0 ? 0 : -INFINITY;
	*high = INFINITY;
}

/* ---- the list ---- */

#define FUNCTIONS(kind) \
	.f = kind##_f, .df = kind##_df, .forward = kind##_forward, .backward = kind##_backward

static const char *const formula_variables[] = { "z", NULL };

static const struct activation list[] = {
	{
		.entry = { .name = "linear", .aliases = "identity", .summary = "no activation", .formula = "z" },
		FUNCTIONS(activation_linear),
		.max_slope = slope_1, .range = range_all, .saturation = SATURATION_FLAT, .torch = "Identity()",
	},
	{
		.entry = { .name = "sigmoid", .aliases = "logistic", .summary = "squashes to (0, 1)",
		           .formula = "1/(1+e^-z)" },
		FUNCTIONS(activation_sigmoid),
		.max_slope = slope_quarter, .atoms = at_0_and_1, .rounded = true, .range = range_0_1, .saturation = SATURATION_SATURATED, .torch = "Sigmoid()",
	},
	{
		.entry = { .name = "hard_sigmoid", .aliases = "hardsigmoid",
		           .summary = "sigmoid of three straight pieces", .formula = "min(max(z/6+1/2,0),1)" },
		FUNCTIONS(activation_hard_sigmoid),
		.max_slope = slope_sixth, .kinks = at_ends_of_3, .atoms = at_0_and_1, .range = range_0_1,
		.saturation = SATURATION_SATURATED, .torch = "Hardsigmoid()",
	},
	{
		.entry = { .name = "tanh", .summary = "squashes to (-1, 1)", .formula = "tanh(z)" },
		FUNCTIONS(activation_tanh),
		.max_slope = slope_1, .atoms = at_ends_of_1, .rounded = true, .range = range_1, .saturation = SATURATION_SATURATED, .torch = "Tanh()",
	},
	{
		.entry = { .name = "hard_tanh", .aliases = "hardtanh", .summary = "tanh of three straight pieces",
		           .formula = "min(max(z,-1),1)" },
		FUNCTIONS(activation_hard_tanh),
		.max_slope = slope_1, .kinks = at_ends_of_1, .atoms = at_ends_of_1, .range = range_1,
		.saturation = SATURATION_SATURATED, .torch = "Hardtanh()",
	},
	{
		.entry = { .name = "lecun_tanh", .summary = "tanh scaled so that f(1) = 1",
		           .formula = "1.7159 tanh(2z/3)", .reference = "LeCun et al. 1998, Efficient BackProp" },
		FUNCTIONS(activation_lecun_tanh),
		.max_slope = slope_lecun, .atoms = at_ends_of_lecun, .rounded = true, .range = range_lecun, .saturation = SATURATION_SATURATED,
	},
	{
		.entry = { .name = "erf", .summary = "error function; theory has closed forms for it",
		           .formula = "erf(z)",
		           .reference = "Williams 1996, Computing with infinite networks" },
		FUNCTIONS(activation_erf),
		.max_slope = slope_erf, .atoms = at_ends_of_1, .rounded = true, .range = range_1, .saturation = SATURATION_SATURATED,
	},
	{
		.entry = { .name = "softsign", .summary = "squashes to (-1, 1), slowly", .formula = "z/(1+|z|)",
		           .reference = "Glorot and Bengio 2010" },
		FUNCTIONS(activation_softsign),
		.max_slope = slope_1, .kinks = at_0, .range = range_1, .saturation = SATURATION_SATURATED, .torch = "Softsign()",
	},
	{
		.entry = { .name = "relu", .summary = "rectifier: passes the positive half", .formula = "max(z,0)",
		           .reference = "Nair and Hinton 2010; Glorot, Bordes and Bengio 2011" },
		FUNCTIONS(activation_relu),
		.max_slope = slope_1, .kinks = at_0, .atoms = at_0, .range = range_positive, .saturation = SATURATION_INACTIVE, .torch = "ReLU()",
	},
	{
		.entry = { .name = "relu6", .summary = "rectifier cut at 6", .formula = "min(max(z,0),6)",
		           .reference = "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10" },
		FUNCTIONS(activation_relu6),
		.max_slope = slope_1, .kinks = at_0_and_6, .atoms = at_0_and_6, .range = range_0_6,
		.saturation = SATURATION_INACTIVE, .torch = "ReLU6()",
	},
	{
		.entry = { .name = "leaky_relu", .aliases = "torch:leaky_relu",
		           .summary = "rectifier with a small slope below 0",
		           .formula = "z > 0 ? z : slope z", .reference = "Maas, Hannun and Ng 2013",
		           .parameters = { { .name = "slope", .initial = 0.01, .low = 0, .high = 1, .summary = "slope of the negative half (Keras: 0.2)" } } },
		FUNCTIONS(activation_leaky_relu),
		.max_slope = slope_1, .kinks = at_0, .range = range_leaky, .saturation = SATURATION_INACTIVE, .torch = "LeakyReLU($0)",
	},
	{
		.entry = { .name = "keras:leaky_relu", .summary = "leaky_relu with the slope of Keras",
		           .formula = "z > 0 ? z : slope z", .reference = "Keras, activations.leaky_relu",
		           .parameters = { { .name = "slope", .initial = 0.2, .low = 0, .high = 1, .summary = "slope of the negative half" } } },
		FUNCTIONS(activation_leaky_relu),
		.max_slope = slope_1, .kinks = at_0, .range = range_leaky, .saturation = SATURATION_INACTIVE, .torch = "LeakyReLU($0)",
	},
	{
		.entry = { .name = "prelu", .summary = "leaky_relu with PReLU's first slope, not learned",
		           .formula = "z > 0 ? z : slope z", .reference = "He et al. 2015",
		           .parameters = { { .name = "slope", .initial = 0.25, .low = 0, .high = 1, .summary = "slope of the negative half" } } },
		FUNCTIONS(activation_leaky_relu),
		.max_slope = slope_1, .kinks = at_0, .range = range_leaky, .saturation = SATURATION_INACTIVE, .torch = "LeakyReLU($0)",
	},
	{
		.entry = { .name = "elu", .summary = "exponential linear unit", .formula = "z > 0 ? z : alpha (e^z-1)",
		           .reference = "Clevert, Unterthiner and Hochreiter 2016",
		           .parameters = { { .name = "alpha", .initial = 1, .low = 0.001, .high = 100, .summary = "minus the limit on the left" } } },
		FUNCTIONS(activation_elu),
		.max_slope = slope_of_parameter, .kinks = at_0, .atoms = at_minus_parameter, .rounded = true, .range = range_elu,
		.saturation = SATURATION_SATURATED, .torch = "ELU($0)",
	},
	{
		.entry = { .name = "celu", .summary = "elu with a continuous slope for every alpha",
		           .formula = "z > 0 ? z : alpha (e^(z/alpha)-1)", .reference = "Barron 2017",
		           .parameters = { { .name = "alpha", .initial = 1, .low = 0.001, .high = 100, .summary = "minus the limit on the left" } } },
		FUNCTIONS(activation_celu),
		.max_slope = slope_1, .kinks = at_0, .atoms = at_minus_parameter, .rounded = true, .range = range_elu,
		.saturation = SATURATION_SATURATED, .torch = "CELU($0)",
	},
	{
		.entry = { .name = "selu", .summary = "elu scaled so that mean 0, variance 1 is a fixed point",
		           .formula = "1.0507 (z > 0 ? z : 1.67326 (e^z-1))", .reference = "Klambauer et al. 2017" },
		FUNCTIONS(activation_selu),
		.max_slope = slope_selu, .kinks = at_0, .atoms = at_selu_end, .rounded = true, .range = range_selu,
		.saturation = SATURATION_SATURATED, .torch = "SELU()",
	},
	{
		.entry = { .name = "gelu", .summary = "z times the normal distribution function",
		           .formula = "z (1+erf(z/sqrt 2))/2", .reference = "Hendrycks and Gimpel 2016" },
		FUNCTIONS(activation_gelu),
		.max_slope = slope_gelu, .range = range_gelu, .saturation = SATURATION_INACTIVE, .torch = "GELU()",
	},
	{
		.entry = { .name = "gelu_tanh", .summary = "gelu approximated by tanh",
		           .formula = "z (1+tanh(0.79788 (z+0.044715 z^3)))/2",
		           .reference = "Hendrycks and Gimpel 2016" },
		FUNCTIONS(activation_gelu_tanh),
		.max_slope = slope_gelu_tanh, .range = range_gelu_tanh, .saturation = SATURATION_INACTIVE, .torch = "GELU(approximate='tanh')",
	},
	{
		.entry = { .name = "silu", .aliases = "swish", .summary = "z times its sigmoid",
		           .formula = "z/(1+e^-z)",
		           .reference = "Elfwing, Uchibe and Doya 2018; Ramachandran, Zoph and Le 2017" },
		FUNCTIONS(activation_silu),
		.max_slope = slope_silu, .range = range_silu, .saturation = SATURATION_INACTIVE, .torch = "SiLU()",
	},
	{
		.entry = { .name = "mish", .summary = "z times tanh of its softplus", .formula = "z tanh(ln(1+e^z))",
		           .reference = "Misra 2020" },
		FUNCTIONS(activation_mish),
		.max_slope = slope_mish, .range = range_mish, .saturation = SATURATION_INACTIVE, .torch = "Mish()",
	},
	{
		.entry = { .name = "softplus", .summary = "smooth rectifier; its slope is the sigmoid",
		           .formula = "ln(1+e^z)", .reference = "Dugas et al. 2001" },
		FUNCTIONS(activation_softplus),
		.max_slope = slope_1, .range = range_positive, .saturation = SATURATION_INACTIVE, .torch = "Softplus()",
	},
	{
		.entry = { .name = "squareplus", .summary = "smooth rectifier without exponentials",
		           .formula = "(z+sqrt(z^2+b))/2", .reference = "Barron 2021",
		           .parameters = { { .name = "b", .initial = 4, .low = 0.0001, .high = 10000, .summary = "width of the bend, squared" } } },
		FUNCTIONS(activation_squareplus),
		.max_slope = slope_1, .range = range_positive, .saturation = SATURATION_INACTIVE,
	},
	{
		.entry = { .name = "sin", .aliases = "sine", .summary = "periodic", .formula = "sin(w0 z)",
		           .reference = "Sitzmann et al. 2020, Implicit neural representations with periodic activation functions",
		           .parameters = { { .name = "w0", .initial = 1, .low = 0.001, .high = 1000, .summary = "frequency; 30 in SIREN" } } },
		FUNCTIONS(activation_sin),
		.max_slope = slope_is_parameter, .range = range_1, .saturation = SATURATION_FLAT,
	},
	{
		.entry = { .name = "exponential", .aliases = "exp", .summary = "explodes; for demonstration",
		           .formula = "e^z" },
		FUNCTIONS(activation_exponential),
		.max_slope = slope_unbounded, .range = range_positive, .saturation = SATURATION_FLAT,
	},
	{
		.entry = { .name = "tanh_shrink", .aliases = "tanhshrink", .summary = "what tanh takes away",
		           .formula = "z-tanh(z)" },
		FUNCTIONS(activation_tanh_shrink),
		.max_slope = slope_1, .range = range_all, .saturation = SATURATION_INACTIVE, .torch = "Tanhshrink()",
	},
	{
		.entry = { .name = "expr", .aliases = "formula", .summary = "a formula of z: expr(z*sigmoid(1.702*z))",
		           .formula = "as typed", .reference = "its slope is differentiated exactly, kinks are found",
		           .parameters = { { .name = "f", .variables = formula_variables, .summary = "formula of z; z alone when left out" } } },
		FUNCTIONS(activation_expr),
		.max_slope = activation_expr_max_slope, .kinks = activation_expr_kinks, .range = activation_expr_range,
		.saturation = SATURATION_FLAT,
	},
};

const struct table activations = TABLE_OF(list, "activation", "activations");

const struct spec activation_none = { .entry = &list[0].entry };

const char *activation_saturation_word(const struct spec *activation)
{
	static const char *const words[] = {
		[SATURATION_FLAT] = "flat", [SATURATION_SATURATED] = "saturated", [SATURATION_INACTIVE] = "inactive",
	};
	return words[activation_of(activation)->saturation];
}

/* ---- gains ---- */

double activation_gain(const struct spec *activation)
{
	double (*f)(double, const double *) = activation_of(activation)->f;
	double slope = activation->value[0];
	if (f == activation_linear_f || f == activation_sigmoid_f)
		return 1;
	if (f == activation_tanh_f)
		return 5.0 / 3;
	if (f == activation_selu_f)
		return 0.75;
	if (f == activation_relu_f)
		return sqrt(2);
	if (f == activation_leaky_relu_f)
		return sqrt(2 / (1 + slope * slope));
	struct theory_moments moments;
	theory_moments(&moments, activation, 1);
	return 1 / sqrt(moments.mean_square);
}
