/* The functions and operators of formulas, with their derivatives. */
#include "base/expression_parts.h"

#include <math.h>
#include <string.h>

static double identity(double x) { return x; }
static double one(double x, double y) { (void)x, (void)y; return 1; }
static double negative(double x) { return -x; }
static double minus_one(double x, double y) { (void)x, (void)y; return -1; }
static double d_exp(double x, double y) { (void)x; return y; }
static double d_expm1(double x, double y) { (void)x; return y + 1; }
static double d_log(double x, double y) { (void)y; return 1 / x; }
static double d_log1p(double x, double y) { (void)y; return 1 / (1 + x); }
static double d_sqrt(double x, double y) { (void)x; return 0.5 / y; }
static double d_sin(double x, double y) { (void)y; return cos(x); }
static double d_cos(double x, double y) { (void)y; return -sin(x); }
static double d_tan(double x, double y) { (void)x; return 1 + y * y; }
static double d_atan(double x, double y) { (void)y; return 1 / (1 + x * x); }
static double d_sinh(double x, double y) { (void)y; return cosh(x); }
static double d_cosh(double x, double y) { (void)y; return sinh(x); }
static double d_tanh(double x, double y) { (void)x; return 1 - y * y; }
static double d_erf(double x, double y) { (void)y; return M_2_SQRTPI * exp(-x * x); }
static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double d_sigmoid(double x, double y) { (void)x; return y * (1 - y); }
static double softplus(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }
static double d_softplus(double x, double y) { (void)y; return sigmoid(x); }
static double relu(double x) { return x > 0 ? x : isnan(x) ? x : 0; }
static double d_relu(double x, double y) { (void)y; return x > 0; }
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static double d_abs(double x, double y) { (void)y; return sign(x); }
static double step(double x) { return x > 0 ? 1 : isnan(x) ? x : 0; }
static double zero(double x, double y) { (void)x, (void)y; return 0; }

static struct expression_dual add(struct expression_dual a, struct expression_dual b)
{
	return (struct expression_dual){ a.value + b.value, a.slope + b.slope };
}

static struct expression_dual subtract(struct expression_dual a, struct expression_dual b)
{
	return (struct expression_dual){ a.value - b.value, a.slope - b.slope };
}

double expression_scaled(double slope, double by)
{
	return slope == 0 ? 0 : slope * by;
}

static struct expression_dual multiply(struct expression_dual a, struct expression_dual b)
{
	return (struct expression_dual){ a.value * b.value,
	                                 expression_scaled(a.slope, b.value) + expression_scaled(b.slope, a.value) };
}

static struct expression_dual divide(struct expression_dual a, struct expression_dual b)
{
	double ratio = a.value / b.value;
	return (struct expression_dual){ ratio, expression_scaled(a.slope, 1 / b.value) -
	                                            expression_scaled(b.slope, ratio / b.value) };
}

static struct expression_dual power(struct expression_dual a, struct expression_dual b)
{
	double y = pow(a.value, b.value);
	double slope = a.slope == 0 ? 0 : a.slope * b.value * pow(a.value, b.value - 1);
	return (struct expression_dual){ y, slope + (b.slope == 0 ? 0 : b.slope * y * log(a.value)) };
}

static struct expression_dual minimum(struct expression_dual a, struct expression_dual b)
{
	return a.value <= b.value || isnan(a.value) ? a : b;
}

static struct expression_dual maximum(struct expression_dual a, struct expression_dual b)
{
	return a.value >= b.value || isnan(a.value) ? a : b;
}

const struct expression_function expression_negation = {
	.name = "-", .kind = EXPRESSION_UNARY, .f = negative, .df = minus_one,
};
const struct expression_function expression_plus = { .name = "+", .kind = EXPRESSION_UNARY, .f = identity, .df = one };
const struct expression_function expression_addition = { .name = "+", .kind = EXPRESSION_BINARY, .apply = add };
const struct expression_function expression_subtraction = { .name = "-", .kind = EXPRESSION_BINARY, .apply = subtract };
const struct expression_function expression_multiplication = {
	.name = "*", .kind = EXPRESSION_BINARY, .apply = multiply,
};
const struct expression_function expression_division = { .name = "/", .kind = EXPRESSION_BINARY, .apply = divide };
const struct expression_function expression_powering = { .name = "^", .kind = EXPRESSION_BINARY, .apply = power };

static const struct expression_function functions[] = {
	{ .name = "abs", .kind = EXPRESSION_UNARY, .f = fabs, .df = d_abs, .kinked = true },
	{ .name = "atan", .kind = EXPRESSION_UNARY, .f = atan, .df = d_atan },
	{ .name = "cos", .kind = EXPRESSION_UNARY, .f = cos, .df = d_cos },
	{ .name = "cosh", .kind = EXPRESSION_UNARY, .f = cosh, .df = d_cosh },
	{ .name = "erf", .kind = EXPRESSION_UNARY, .f = erf, .df = d_erf },
	{ .name = "exp", .kind = EXPRESSION_UNARY, .f = exp, .df = d_exp },
	{ .name = "expm1", .kind = EXPRESSION_UNARY, .f = expm1, .df = d_expm1 },
	{ .name = "log", .kind = EXPRESSION_UNARY, .f = log, .df = d_log },
	{ .name = "log1p", .kind = EXPRESSION_UNARY, .f = log1p, .df = d_log1p },
	{ .name = "max", .kind = EXPRESSION_BINARY, .apply = maximum, .kinked = true },
	{ .name = "min", .kind = EXPRESSION_BINARY, .apply = minimum, .kinked = true },
	{ .name = "pow", .kind = EXPRESSION_BINARY, .apply = power },
	{ .name = "relu", .kind = EXPRESSION_UNARY, .f = relu, .df = d_relu, .kinked = true },
	{ .name = "sigmoid", .kind = EXPRESSION_UNARY, .f = sigmoid, .df = d_sigmoid },
	{ .name = "sign", .kind = EXPRESSION_UNARY, .f = sign, .df = zero, .kinked = true },
	{ .name = "sin", .kind = EXPRESSION_UNARY, .f = sin, .df = d_sin },
	{ .name = "sinh", .kind = EXPRESSION_UNARY, .f = sinh, .df = d_sinh },
	{ .name = "softplus", .kind = EXPRESSION_UNARY, .f = softplus, .df = d_softplus },
	{ .name = "sqrt", .kind = EXPRESSION_UNARY, .f = sqrt, .df = d_sqrt },
	{ .name = "step", .kind = EXPRESSION_UNARY, .f = step, .df = zero, .kinked = true },
	{ .name = "tan", .kind = EXPRESSION_UNARY, .f = tan, .df = d_tan },
	{ .name = "tanh", .kind = EXPRESSION_UNARY, .f = tanh, .df = d_tanh },
};

void expression_list_functions(struct text *text)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		text_addf(text, "%s%s", i ? ", " : "", functions[i].name);
}

const struct expression_function *expression_function_named(const char *name)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}
