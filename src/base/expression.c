/* Formulas: the list of those that were compiled, and their evaluation on numbers
 * and on blocks of floats. */
#include "base/expression.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/expression_parts.h"

#define MAX_FORMULAS 4096
#define BLOCK 32 /* floats at a time */

/* ---- evaluation ---- */

static struct expression_dual apply(const struct expression_function *function, struct expression_dual a,
                                    struct expression_dual b)
{
	if (function->kind == EXPRESSION_BINARY)
		return function->apply(a, b);
	double y = function->f(a.value);
	return (struct expression_dual){ y, expression_scaled(a.slope, function->df(a.value, y)) };
}

struct expression_dual expression_evaluate(const struct expression *e, const double *value, double *switches)
{
	struct expression_dual stack[EXPRESSION_MAX_STACK] = {0};
	size_t top = 0; /* values on the stack */
	for (const struct expression_step *s = e->step; s < e->step + e->steps; s++) {
		if (s->kind == EXPRESSION_NUMBER) {
			stack[top++] = (struct expression_dual){ s->number, 0 };
		} else if (s->kind == EXPRESSION_VARIABLE) {
			stack[top++] = (struct expression_dual){ value[s->variable], s->variable == 0 };
		} else {
			struct expression_dual b = { 0, 0 };
			if (s->kind == EXPRESSION_BINARY)
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
	return expression_evaluate(expression, value, NULL).value;
}

double expression_slope(const struct expression *expression, const double *value)
{
	return expression_evaluate(expression, value, NULL).slope;
}

/* A block of values through the program, a step at a time. */
static void evaluate_block(const struct expression *e, struct expression_dual stack[EXPRESSION_MAX_STACK][BLOCK],
                           const float *z, size_t n)
{
	size_t top = 0;
	for (const struct expression_step *s = e->step; s < e->step + e->steps; s++) {
		size_t operands = s->kind == EXPRESSION_UNARY ? 1 : s->kind == EXPRESSION_BINARY ? 2 : 0;
		struct expression_dual *a = stack[top - operands], *b = stack[top - (operands > 0)];
		for (size_t i = 0; i < n; i++)
			a[i] = s->kind == EXPRESSION_NUMBER     ? (struct expression_dual){ s->number, 0 }
			       : s->kind == EXPRESSION_VARIABLE ? (struct expression_dual){ (double)z[i], 1 }
			                             : apply(s->call, a[i], b[i]);
		top += 1 - operands;
	}
}

void expression_forward(const struct expression *expression, float *a, const float *z, size_t n)
{
	struct expression_dual stack[EXPRESSION_MAX_STACK][BLOCK];
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t count = n - at < BLOCK ? n - at : BLOCK;
		evaluate_block(expression, stack, z + at, count);
		for (size_t i = 0; i < count; i++)
			a[at + i] = (float)stack[0][i].value;
	}
}

void expression_backward(const struct expression *expression, float *delta, const float *z, size_t n)
{
	struct expression_dual stack[EXPRESSION_MAX_STACK][BLOCK];
	for (size_t at = 0; at < n; at += BLOCK) {
		size_t count = n - at < BLOCK ? n - at : BLOCK;
		evaluate_block(expression, stack, z + at, count);
		for (size_t i = 0; i < count; i++)
			delta[at + i] = stack[0][i].slope == 0 ? 0 : delta[at + i] * (float)stack[0][i].slope;
	}
}

/* ---- the list of compiled formulas ---- */

static const struct expression first_variable = {
	.number = 0, .text = "z", .steps = 1, .step = { { .kind = EXPRESSION_VARIABLE } },
	.shape = { .low = -INFINITY, .high = INFINITY, .max_slope = 1 },
};
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
	if (!expression_read(e, err) || !expression_find_shape(e, err)) {
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
