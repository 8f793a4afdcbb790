/* Formulas that a user types: values, exact slopes, kinks, shapes, messages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/expression.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/theory.h"
#include "check.h"

static const char *const z_only[] = { "z", NULL };

static const struct expression *of(const char *text)
{
	struct err err = {0};
	uint32_t number = expression_compile(text, z_only, &err);
	if (number == 0)
		fail_msg("'%s' is refused: %s", text, err.message);
	return expression_at(number);
}

/* Values by hand or by the C library. */
static void test_values(void **state)
{
	(void)state;
	const struct {
		const char *text;
		double z, value;
	} cases[] = {
		{ "1+2*3", 0, 7 }, { "(1+2)*3", 0, 9 }, { "2^3^2", 0, 512 }, { "-2^2", 0, -4 }, { "2^-1", 0, 0.5 },
		{ "8/4/2", 0, 1 }, { "5-3-1", 0, 1 }, { "--3", 0, 3 }, { "+z", 7, 7 }, { " 1 e3 ", 0, 1000 }, { "1e-3", 0, 0.001 },
		{ "2*e", 0, 2 * M_E }, { "pi", 0, M_PI }, { "z*z-z", 3, 6 }, { "sqrt(z)", 16, 4 }, { "log(e)", 0, 1 },
		{ "abs(z)", -2.5, 2.5 }, { "max(z,0.1*z)", -2, -0.2 }, { "min(max(z,0),6)", 9, 6 }, { "pow(z,3)", -2, -8 },
		{ "sigmoid(z)", 0, 0.5 }, { "sigmoid(z)", -800, 0 }, { "softplus(z)", 800, 800 }, { "softplus(0)", 0, M_LN2 },
		{ "relu(z)", -1, 0 }, { "step(z)", 0, 0 }, { "step(z)", 1e-300, 1 }, { "sign(z)", -7, -1 }, { "tanh(z)", 1, 0.76159415595576489 },
		{ "erf(z)", 1, 0.84270079294971487 }, { "exp(1)", 0, M_E }, { "atan(1)*4", 0, M_PI }, { "sin(pi/6)", 0, 0.5 },
		{ "cos(0)", 0, 1 }, { "cosh(0)+sinh(0)", 0, 1 }, { "tan(pi/4)", 0, 1 }, { "expm1(0)+log1p(0)", 0, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_near_at(expression_value(of(cases[i].text), &cases[i].z), cases[i].value, 1e-14 * fmax(1, fabs(cases[i].value)),
		              cases[i].text, __FILE__, __LINE__);
	double zero = 0;
	assert_true(isinf(expression_value(of("1/z"), &zero)));
	assert_true(isnan(expression_value(of("log(z-1)"), &zero)));
}

/* Every function, nested and in products: against central differences. */
static void test_slopes(void **state)
{
	(void)state;
	const char *const texts[] = {
		"abs(z)", "atan(z)", "cos(z)", "cosh(z)", "erf(z)", "exp(z)", "expm1(z)", "log(z+3)", "log1p(z+2)", "max(z,z^2)",
		"min(tanh(z),0.2)", "pow(z+3,2.5)", "pow(2,z)", "relu(z)", "sigmoid(z)", "sign(z)", "sin(z)", "sinh(z)", "softplus(z)",
		"sqrt(z+3)", "step(z)", "tan(z/2)", "tanh(z)", "z*sigmoid(1.702*z)", "z/(1+abs(z))", "(z+3)^z", "-z^3+2*z-1",
		"z*tanh(softplus(z))", "exp(-z^2)/(1+z^2)", "1.0507*max(z,1.67326*expm1(min(z,0)))",
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const struct expression *e = of(texts[i]);
		for (double z = -1.93; z < 2; z += 0.251) {
			double h = 1e-5, up = z + h, down = z - h;
			double difference = (expression_value(e, &up) - expression_value(e, &down)) / (2 * h);
			check_near_at(expression_slope(e, &z), difference, 1e-8 * fmax(1, fabs(difference)), texts[i], __FILE__, __LINE__);
		}
	}
	double zero = 0;
	check_near(expression_slope(of("relu(z)"), &zero), 0, 0);
	check_near(expression_slope(of("abs(z)"), &zero), 0, 0);
	check_near(expression_slope(of("z^2"), &zero), 0, 0);
}

static void test_numbers_and_text(void **state)
{
	(void)state;
	uint32_t number = expression_compile("2 * z", z_only, NULL);
	assert_int_equal(number, expression_compile("2*z", z_only, NULL));
	assert_int_not_equal(number, expression_compile("z*2", z_only, NULL));
	assert_string_equal(expression_text(expression_at(number)), "2*z");
	assert_string_equal(expression_text(expression_at(0)), "z");
	double value = 5;
	check_near(expression_value(expression_at(0), &value), 5, 0);
}

static void refuses(const char *text, const char *reason)
{
	struct err err = {0};
	assert_int_equal(expression_compile(text, z_only, &err), 0);
	assert_int_equal(err.code, ERR_USAGE);
	if (strstr(err.message, reason) == NULL)
		fail_msg("'%s' is refused with '%s', not with '%s'", text, err.message, reason);
}

/* The manual names every function. */
static void test_list_of_functions(void **state)
{
	(void)state;
	struct text list = {0};
	expression_list_functions(&list);
	assert_string_equal(text_string(&list), "abs, atan, cos, cosh, erf, exp, expm1, log, log1p, max, min, pow, relu, "
	                    "sigmoid, sign, sin, sinh, softplus, sqrt, step, tan, tanh");
	text_free(&list);
}

static void test_refusals(void **state)
{
	(void)state;
	refuses("", "at its end");
	refuses("1+", "at its end");
	refuses("(z", "')' is missing");
	refuses("z)", "an operator is missing at ')'");
	refuses("2z", "an operator is missing at 'z'");
	refuses("x", "'x' is not known: choose from z, pi, e and the functions abs, ");
	refuses("sin+z", "its '('");
	refuses("max(z)", "two arguments");
	refuses("sin(z,1)", "one argument");
	refuses("1..2", "no number can be read");
	refuses("z\x1b[2J", "\\x1b");
	refuses("abs(sin(z))", "kinks");
	char deep[150];
	memset(deep, '(', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	refuses(deep, "nested too deep");
	memset(deep, '-', sizeof deep - 1);
	refuses(deep, "nested too deep");
	char longest[400];
	memset(longest, '1', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	refuses(longest, "at most");
	refuses("1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+(1+z)))))))))))))))))", "too long");
}

static void test_kinks_and_shape(void **state)
{
	(void)state;
	const struct {
		const char *text;
		int kinks;
		double kink[2], low, high, max_slope;
	} cases[] = {
		{ "relu(z)", 1, { 0 }, 0, INFINITY, 1 },
		{ "min(max(z,0),6)", 2, { 0, 6 }, 0, 6, 1 },
		{ "abs(z-0.3)", 1, { 0.3 }, 0, INFINITY, 1 },
		{ "max(z,z^2)", 2, { 0, 1 }, 0, INFINITY, NAN },
		{ "sin(z)", 0, { 0 }, -1, 1, 1 },
		{ "sigmoid(z)", 0, { 0 }, 0, 1, 0.25 },
		{ "1.5*tanh(z/1.5)", 0, { 0 }, -1.5, 1.5, 1 },
		{ "z", 0, { 0 }, -INFINITY, INFINITY, 1 },
		{ "exp(z)", 0, { 0 }, 0, INFINITY, NAN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct expression_shape *shape = expression_shape(of(cases[i].text));
		if (shape->kinks != cases[i].kinks)
			fail_msg("%s has %d kinks, not %d", cases[i].text, shape->kinks, cases[i].kinks);
		for (int k = 0; k < shape->kinks; k++)
			check_near_at(shape->kink[k], cases[i].kink[k], 1e-9, cases[i].text, __FILE__, __LINE__);
		if (shape->low != cases[i].low || shape->high != cases[i].high)
			fail_msg("%s: its range is %g..%g", cases[i].text, shape->low, shape->high);
		assert_true(isnan(shape->max_slope) == isnan(cases[i].max_slope));
		if (!isnan(shape->max_slope))
			check_near_at(shape->max_slope, cases[i].max_slope, 1e-4, cases[i].text, __FILE__, __LINE__);
	}
}

static void test_arrays_are_the_scalars(void **state)
{
	(void)state;
	float z[101], a[101], delta[101];
	const struct expression *e = of("max(0.1*z,z)*sigmoid(z)");
	for (int i = 0; i < 101; i++) {
		z[i] = (float)(0.07 * (i - 50));
		delta[i] = (float)(i - 30);
	}
	z[100] = NAN;
	expression_forward(e, a, z, 101);
	expression_backward(e, delta, z, 101);
	for (int i = 0; i < 100; i++) {
		double at = (double)z[i];
		assert_true(a[i] == (float)expression_value(e, &at));
		assert_true(delta[i] == (float)(i - 30) * (float)expression_slope(e, &at));
	}
	assert_true(isnan(a[100]) && isnan(delta[100]));
	delta[0] = INFINITY;
	z[0] = -1;
	expression_backward(of("relu(z)"), delta, z, 1);
	assert_true(delta[0] == 0);
}

/* A formula that writes a known activation has that one's moments. */
static void test_theory_of_formulas(void **state)
{
	(void)state;
	const struct {
		const char *formula, *name;
	} twins[] = {
		{ "expr(relu(z))", "relu" }, { "expr(tanh(z))", "tanh" }, { "expr(z*sigmoid(z))", "silu" },
		{ "expr(z*(1+erf(z/sqrt(2)))/2)", "gelu" }, { "expr(max(z,0.2*z))", "leaky_relu(0.2)" },
		{ "expr(min(max(z,-1),1))", "hard_tanh" }, { "expr(max(z,expm1(min(z,0))))", "elu" }, { "expr(z/(1+abs(z)))", "softsign" },
		{ "expr", "linear" },
	};
	for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++) {
		struct err err = {0};
		struct spec formula, known;
		if (!spec_parse(&formula, &activations, twins[i].formula, &err))
			fail_msg("%s", err.message);
		assert_true(spec_parse(&known, &activations, twins[i].name, &err));
		for (double q = 0.01; q < 200; q *= 9) {
			struct theory_moments a, b;
			theory_moments(&a, &formula, q);
			theory_moments(&b, &known, q);
			check_near_at(a.mean_square, b.mean_square, 1e-7 * b.mean_square, twins[i].formula, __FILE__, __LINE__);
			check_near_at(a.slope_square, b.slope_square, 1e-6 * b.slope_square, twins[i].formula, __FILE__, __LINE__);
		}
		if (strcmp(twins[i].name, "linear") != 0 && strcmp(twins[i].name, "leaky_relu(0.2)") != 0)
			check_near_at(activation_of(&formula)->max_slope(formula.value), activation_of(&known)->max_slope(known.value), 1e-4,
			              twins[i].formula, __FILE__, __LINE__);
	}
}

static void test_initializers_by_formula(void **state)
{
	(void)state;
	struct err err = {0};
	struct spec spec, again;
	assert_true(spec_parse(&spec, &initializers, "normal(0, sqrt(2/fan_in))", &err));
	assert_true(isnan(spec.value[1]));
	struct text text = {0};
	spec_format(&spec, &text);
	assert_string_equal(text_string(&text), "normal(sd=sqrt(2/fan_in))");
	assert_true(spec_parse(&again, &initializers, text_string(&text), &err));
	assert_true(spec_equal(&spec, &again));
	assert_true(initializer_evaluate(&spec, &(struct initializer_place){ 784, 100, 1, 3, 1, 1 }, &err));
	check_near(initializer_variance(&spec, 784, 100), 2.0 / 784, 1e-15);
	assert_true(spec_parse(&spec, &initializers, "uniform(low=-max(1/fan_in,0.1*layer),high=depth/fan_out)", &err));
	assert_true(initializer_evaluate(&spec, &(struct initializer_place){ 784, 100, 2, 20, 1, 1 }, &err));
	check_near(spec.value[0], -0.2, 1e-15);
	check_near(spec.value[1], 0.2, 1e-15);
	assert_true(spec_parse(&spec, &initializers, "normal(0,1-layer)", &err));
	assert_false(initializer_evaluate(&spec, &(struct initializer_place){ 784, 100, 2, 3, 1, 1 }, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.message, "normal: sd is 1-layer = -1: give a number"));
	assert_false(spec_parse(&spec, &initializers, "normal(0,sqrt(2/fanin))", &err));
	assert_non_null(strstr(err.message, "'fanin' is not known: choose from fan_in, fan_out, layer, depth, branch, branches, pi"));
	assert_false(spec_parse(&spec, &activations, "leaky_relu(z)", &err));
	text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_slopes),
		cmocka_unit_test(test_numbers_and_text),
		cmocka_unit_test(test_list_of_functions),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_kinks_and_shape),
		cmocka_unit_test(test_arrays_are_the_scalars),
		cmocka_unit_test(test_theory_of_formulas),
		cmocka_unit_test(test_initializers_by_formula),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
