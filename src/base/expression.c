/* Formulas: a recursive descent into a program for a stack machine, which is
 * run on numbers, on pairs of value and slope, or on blocks of them. */
#include "base/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define MAX_STEPS 96     /* of a program */
#define MAX_STACK 16     /* values on the stack at a time */
#define MAX_NESTING 24   /* parentheses and signs */
#define MAX_FORMULAS 4096
#define BLOCK 32         /* floats at a time */
#define NAME_SIZE 24

/* A value and its derivative by the first variable. */
struct dual {
	double value, slope;
};

enum kind { NUMBER, VARIABLE, UNARY, BINARY };

struct function {
	const char *name;
	enum kind kind; /* UNARY or BINARY */
	double (*f)(double x);
	double (*df)(double x, double y); /* of x, with y = f(x) */
	struct dual (*apply)(struct dual a, struct dual b); /* BINARY */
	bool kinked; /* at 0, or where both arguments are equal */
};

struct step {
	enum kind kind;
	double number;               /* NUMBER */
	size_t variable;             /* VARIABLE */
	const struct function *call; /* UNARY, BINARY */
};

struct expression {
	uint32_t number;
	const char *const *variables;
	char text[EXPRESSION_TEXT_SIZE];
	size_t steps;
	struct step step[MAX_STEPS];
	struct expression_shape shape; /* where there is one variable */
	const struct expression *older; /* the formula compiled before this one */
};

/* ---- functions and their derivatives ---- */

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

static struct dual add(struct dual a, struct dual b)
{
	return (struct dual){ a.value + b.value, a.slope + b.slope };
}

static struct dual subtract(struct dual a, struct dual b)
{
	return (struct dual){ a.value - b.value, a.slope - b.slope };
}

/* A factor that does not depend on the variable must not bring Inf * 0 in. */
static double scaled(double slope, double by)
{
	return slope == 0 ? 0 : slope * by;
}

static struct dual multiply(struct dual a, struct dual b)
{
	return (struct dual){ a.value * b.value, scaled(a.slope, b.value) + scaled(b.slope, a.value) };
}

static struct dual divide(struct dual a, struct dual b)
{
	double ratio = a.value / b.value;
	return (struct dual){ ratio, scaled(a.slope, 1 / b.value) - scaled(b.slope, ratio / b.value) };
}

static struct dual power(struct dual a, struct dual b)
{
	double y = pow(a.value, b.value);
	double slope = a.slope == 0 ? 0 : a.slope * b.value * pow(a.value, b.value - 1);
	return (struct dual){ y, slope + (b.slope == 0 ? 0 : b.slope * y * log(a.value)) };
}

static struct dual minimum(struct dual a, struct dual b)
{
	return a.value <= b.value || isnan(a.value) ? a : b;
}

static struct dual maximum(struct dual a, struct dual b)
{
	return a.value >= b.value || isnan(a.value) ? a : b;
}

static const struct function negation = { .name = "-", .kind = UNARY, .f = negative, .df = minus_one };
static const struct function plus = { .name = "+", .kind = UNARY, .f = identity, .df = one };
static const struct function addition = { .name = "+", .kind = BINARY, .apply = add };
static const struct function subtraction = { .name = "-", .kind = BINARY, .apply = subtract };
static const struct function multiplication = { .name = "*", .kind = BINARY, .apply = multiply };
static const struct function division = { .name = "/", .kind = BINARY, .apply = divide };
static const struct function powering = { .name = "^", .kind = BINARY, .apply = power };

static const struct function functions[] = {
	{ .name = "abs", .kind = UNARY, .f = fabs, .df = d_abs, .kinked = true },
	{ .name = "atan", .kind = UNARY, .f = atan, .df = d_atan },
	{ .name = "cos", .kind = UNARY, .f = cos, .df = d_cos },
	{ .name = "cosh", .kind = UNARY, .f = cosh, .df = d_cosh },
	{ .name = "erf", .kind = UNARY, .f = erf, .df = d_erf },
	{ .name = "exp", .kind = UNARY, .f = exp, .df = d_exp },
	{ .name = "expm1", .kind = UNARY, .f = expm1, .df = d_expm1 },
	{ .name = "log", .kind = UNARY, .f = log, .df = d_log },
	{ .name = "log1p", .kind = UNARY, .f = log1p, .df = d_log1p },
	{ .name = "max", .kind = BINARY, .apply = maximum, .kinked = true },
	{ .name = "min", .kind = BINARY, .apply = minimum, .kinked = true },
	{ .name = "pow", .kind = BINARY, .apply = power },
	{ .name = "relu", .kind = UNARY, .f = relu, .df = d_relu, .kinked = true },
	{ .name = "sigmoid", .kind = UNARY, .f = sigmoid, .df = d_sigmoid },
	{ .name = "sign", .kind = UNARY, .f = sign, .df = zero, .kinked = true },
	{ .name = "sin", .kind = UNARY, .f = sin, .df = d_sin },
	{ .name = "sinh", .kind = UNARY, .f = sinh, .df = d_sinh },
	{ .name = "softplus", .kind = UNARY, .f = softplus, .df = d_softplus },
	{ .name = "sqrt", .kind = UNARY, .f = sqrt, .df = d_sqrt },
	{ .name = "step", .kind = UNARY, .f = step, .df = zero, .kinked = true },
	{ .name = "tan", .kind = UNARY, .f = tan, .df = d_tan },
	{ .name = "tanh", .kind = UNARY, .f = tanh, .df = d_tanh },
};

void expression_list_functions(struct text *text)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		text_addf(text, "%s%s", i ? ", " : "", functions[i].name);
}

/* ---- reading a formula ---- */

struct reader {
	struct expression *to;
	const char *at;
	size_t waiting; /* values on the stack after the steps so far */
	int nesting;
	struct err *err;
};

static bool read_sum(struct reader *r);

static bool wrong(struct reader *r, const char *what)
{
	char formula[64], rest[32];
	text_escape(formula, sizeof formula, r->to->text);
	text_escape(rest, sizeof rest, r->at);
	if (*r->at)
		return err_set(r->err, ERR_USAGE, "formula '%s': %s at '%s'", formula, what, rest);
	return err_set(r->err, ERR_USAGE, "formula '%s': %s at its end", formula, what);
}

static bool emit(struct reader *r, struct step step)
{
	size_t taken = step.kind == UNARY ? 1 : step.kind == BINARY ? 2 : 0;
	r->waiting = r->waiting - taken + 1;
	if (r->to->steps == MAX_STEPS || r->waiting > MAX_STACK)
		return wrong(r, "too long");
	r->to->step[r->to->steps++] = step;
	return true;
}

static bool accept(struct reader *r, char c)
{
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

static const struct function *function_named(const char *name)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}

static bool read_call(struct reader *r, const struct function *function)
{
	if (!accept(r, '('))
		return wrong(r, "a function's argument is missing its '('");
	if (!read_sum(r))
		return false;
	if (function->kind == BINARY && !accept(r, ','))
		return wrong(r, "this function takes two arguments");
	if (function->kind == BINARY && !read_sum(r))
		return false;
	if (!accept(r, ')'))
		return wrong(r, *r->at == ',' ? "this function takes one argument" : "')' is missing");
	return emit(r, (struct step){ .kind = function->kind, .call = function });
}

static bool read_name(struct reader *r)
{
	char name[NAME_SIZE];
	const char *start = r->at;
	size_t length = strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
	snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : 0, start);
	r->at += length;
	for (size_t i = 0; r->to->variables[i]; i++)
		if (strcmp(name, r->to->variables[i]) == 0)
			return emit(r, (struct step){ .kind = VARIABLE, .variable = i });
	if (strcmp(name, "pi") == 0)
		return emit(r, (struct step){ .kind = NUMBER, .number = M_PI });
	if (strcmp(name, "e") == 0)
		return emit(r, (struct step){ .kind = NUMBER, .number = M_E });
	const struct function *function = function_named(name);
	if (function)
		return read_call(r, function);
	struct text list = {0};
	for (size_t i = 0; r->to->variables[i]; i++)
		text_addf(&list, "%s, ", r->to->variables[i]);
	char formula[64], safe[NAME_SIZE];
	snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), start);
	text_add(&list, "pi, e and the functions ");
	expression_list_functions(&list);
	err_set(r->err, ERR_USAGE, "formula '%s': '%s' is not known: choose from %s",
	        text_escape(formula, sizeof formula, r->to->text), text_escape(safe, sizeof safe, name), text_string(&list));
	text_free(&list);
	return false;
}

static bool read_number(struct reader *r)
{
	char digits[64];
	size_t length = strspn(r->at, "0123456789.");
	if (r->at[length] == 'e' || r->at[length] == 'E') { /* an exponent, not the constant e */
		size_t sign = r->at[length + 1] == '-' || r->at[length + 1] == '+';
		size_t exponent = strspn(r->at + length + 1 + sign, "0123456789");
		length += exponent ? 1 + sign + exponent : 0;
	}
	double number;
	snprintf(digits, sizeof digits, "%.*s", length < sizeof digits ? (int)length : 0, r->at);
	if (!text_real(digits, &number))
		return wrong(r, "no number can be read");
	r->at += length;
	return emit(r, (struct step){ .kind = NUMBER, .number = number });
}

static bool read_atom(struct reader *r)
{
	if (accept(r, '('))
		return read_sum(r) && (accept(r, ')') || wrong(r, "')' is missing"));
	if (isdigit((unsigned char)*r->at) || *r->at == '.')
		return read_number(r);
	if (isalpha((unsigned char)*r->at) || *r->at == '_')
		return read_name(r);
	return wrong(r, "a number, a name or '(' is missing");
}

static bool read_sign(struct reader *r)
{
	if (++r->nesting > MAX_NESTING)
		return wrong(r, "nested too deep");
	bool done;
	if (*r->at == '-' || *r->at == '+') {
		const struct function *function = *r->at++ == '-' ? &negation : &plus;
		done = read_sign(r) && emit(r, (struct step){ .kind = UNARY, .call = function });
	} else {
		done = read_atom(r);
		if (done && accept(r, '^'))
			done = read_sign(r) && emit(r, (struct step){ .kind = BINARY, .call = &powering });
	}
	r->nesting--;
	return done;
}

static bool read_product(struct reader *r)
{
	if (!read_sign(r))
		return false;
	while (*r->at == '*' || *r->at == '/') {
		const struct function *function = *r->at++ == '*' ? &multiplication : &division;
		if (!read_sign(r) || !emit(r, (struct step){ .kind = BINARY, .call = function }))
			return false;
	}
	return true;
}

static bool read_sum(struct reader *r)
{
	if (!read_product(r))
		return false;
	while (*r->at == '+' || *r->at == '-') {
		const struct function *function = *r->at++ == '+' ? &addition : &subtraction;
		if (!read_product(r) || !emit(r, (struct step){ .kind = BINARY, .call = function }))
			return false;
	}
	return true;
}

static bool compile(struct expression *e, struct err *err)
{
	struct reader reader = { .to = e, .at = e->text, .err = err };
	return read_sum(&reader) && (*reader.at == '\0' || wrong(&reader, "an operator is missing"));
}

/* ---- evaluation ---- */

static struct dual apply(const struct function *function, struct dual a, struct dual b)
{
	if (function->kind == BINARY)
		return function->apply(a, b);
	double y = function->f(a.value);
	return (struct dual){ y, scaled(a.slope, function->df(a.value, y)) };
}

/* The value and slope; switches[] (or NULL) receives what each function with a
 * kink compares with 0, in the order of the steps. */
static struct dual evaluate(const struct expression *e, const double *value, double *switches)
{
	struct dual stack[MAX_STACK] = {0};
	size_t top = 0; /* values on the stack */
	for (const struct step *s = e->step; s < e->step + e->steps; s++) {
		if (s->kind == NUMBER) {
			stack[top++] = (struct dual){ s->number, 0 };
		} else if (s->kind == VARIABLE) {
			stack[top++] = (struct dual){ value[s->variable], s->variable == 0 };
		} else {
			struct dual b = { 0, 0 };
			if (s->kind == BINARY)
				b = stack[--top];
			if (switches && s->call->kinked)
				*switches++ = stack[top - 1].value - b.value;
			stack[top - 1] = apply(s->call, stack[top - 1], b);
		}
	}
	return stack[0];
}

double expression_value(const struct expression *expression, const double *value)
{
	return evaluate(expression, value, NULL).value;
}

double expression_slope(const struct expression *expression, const double *value)
{
	return evaluate(expression, value, NULL).slope;
}

/* A block of values through the program, a step at a time. */
static void evaluate_block(const struct expression *e, struct dual stack[MAX_STACK][BLOCK], const float *z, size_t n)
{
	size_t top = 0;
	for (const struct step *s = e->step; s < e->step + e->steps; s++) {
		size_t operands = s->kind == UNARY ? 1 : s->kind == BINARY ? 2 : 0;
		struct dual *a = stack[top - operands], *b = stack[top - (operands > 0)];
		for (size_t i = 0; i < n; i++)
			a[i] = s->kind == NUMBER     ? (struct dual){ s->number, 0 }
			       : s->kind == VARIABLE ? (struct dual){ (double)z[i], 1 }
			                             : apply(s->call, a[i], b[i]);
		top += 1 - operands;
	}
}

void expression_forward(const struct expression *expression, float *a, const float *z, size_t n)
{
	struct dual stack[MAX_STACK][BLOCK];
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t count = n - at < BLOCK ? n - at : BLOCK;
		evaluate_block(expression, stack, z + at, count);
		for (size_t i = 0; i < count; i++)
			a[at + i] = (float)stack[0][i].value;
	}
}

void expression_backward(const struct expression *expression, float *delta, const float *z, size_t n)
{
	struct dual stack[MAX_STACK][BLOCK];
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t count = n - at < BLOCK ? n - at : BLOCK;
		evaluate_block(expression, stack, z + at, count);
		for (size_t i = 0; i < count; i++)
			delta[at + i] = stack[0][i].slope == 0 ? 0 : delta[at + i] * (float)stack[0][i].slope;
	}
}

/* ---- the shape of a formula of one variable ---- */

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
	double switches[MAX_STEPS];
	evaluate(e, &low, switches);
	bool positive = switches[which] > 0;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = low + (high - low) / 2;
		evaluate(e, &middle, switches);
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
		switches += e->step[i].kind >= UNARY && e->step[i].call->kinked;
	double before[MAX_STEPS] = {0}, after[MAX_STEPS] = {0}, low = sample(0);
	evaluate(e, &low, before);
	for (int i = 1; i <= SAMPLES && switches; i++) {
		double high = sample(i);
		evaluate(e, &high, after);
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
		struct dual f = evaluate(e, &z, NULL);
		low = fmin(low, f.value);
		high = fmax(high, f.value);
		slope = fmax(slope, fabs(f.slope));
	}
	low = floor(low * GRID) / GRID;
	high = ceil(high * GRID) / GRID;
	bool grows = false;
	for (int side = -1; side <= 1; side += 2) {
		double z = 10 * REACH * side;
		struct dual f = evaluate(e, &z, NULL);
		low = f.value >= low ? low : -INFINITY;
		high = f.value <= high ? high : INFINITY;
		grows |= !(fabs(f.slope) <= 1.01 * slope);
	}
	shape->low = isfinite(low) ? low : -INFINITY;
	shape->high = isfinite(high) ? high : INFINITY;
	shape->max_slope = grows || isinf(slope) ? NAN : slope;
}

static bool find_shape(struct expression *e, struct err *err)
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

/* ---- the list of compiled formulas ---- */

static const struct expression first_variable = { .number = 0, .text = "z", .steps = 1, .step = { { .kind = VARIABLE } },
                                                  .shape = { .low = -INFINITY, .high = INFINITY, .max_slope = 1 } };
static const struct expression *newest = &first_variable;

const struct expression *expression_at(uint32_t number)
{
	const struct expression *e = __atomic_load_n(&newest, __ATOMIC_ACQUIRE);
	while (e->number != number && e->older)
		e = e->older;
	return e;
}

/* Adds a formula to the list unless it is in it; returns its number, 0 when the list is full. */
static uint32_t enlist(struct expression *e)
{
	const struct expression *head = __atomic_load_n(&newest, __ATOMIC_ACQUIRE);
	for (;;) {
		for (const struct expression *known = head; known; known = known->older)
			if (known->variables == e->variables && strcmp(known->text, e->text) == 0) {
				alloc_free(e);
				return known->number;
			}
		e->older = head;
		e->number = head->number + 1;
		if (e->number > MAX_FORMULAS) {
			alloc_free(e);
			return 0;
		}
		if (__atomic_compare_exchange_n(&newest, &head, e, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			return e->number;
	}
}

uint32_t expression_compile(const char *text, const char *const *variables, struct err *err)
{
	struct expression *e = alloc_array(1, sizeof *e, err);
	if (e == NULL)
		return 0;
	e->variables = variables;
	size_t used = 0;
	for (const char *p = text; *p; p++) {
		if (*p == ' ')
			continue;
		if (used + 1 == sizeof e->text) {
			err_set(err, ERR_USAGE, "a formula has at most %zu characters", sizeof e->text - 1);
			alloc_free(e);
			return 0;
		}
		e->text[used++] = *p;
	}
	if (!compile(e, err) || !find_shape(e, err)) {
		alloc_free(e);
		return 0;
	}
	uint32_t number = enlist(e);
	if (number == 0)
		err_set(err, ERR_RESOURCE, "%d different formulas are in use: start initviz again", MAX_FORMULAS);
	return number;
}

const char *expression_text(const struct expression *expression)
{
	return expression->text;
}
