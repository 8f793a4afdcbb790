/* What the files expression*.c share: a formula as a program for a stack
 * machine, and the functions it may call. */
#ifndef INITVIZ_BASE_EXPRESSION_PARTS_H
#define INITVIZ_BASE_EXPRESSION_PARTS_H

#include "base/expression.h"

#define EXPRESSION_MAX_STEPS 96     /* of a program */
#define EXPRESSION_MAX_STACK 16     /* values on the stack at a time */

/* A value and its derivative by the first variable. */
struct expression_dual {
	double value, slope;
};

enum expression_step_kind { EXPRESSION_NUMBER, EXPRESSION_VARIABLE, EXPRESSION_UNARY, EXPRESSION_BINARY };

struct expression_function {
	const char *name;
	enum expression_step_kind kind; /* EXPRESSION_UNARY or EXPRESSION_BINARY */
	double (*f)(double x);
	double (*df)(double x, double y); /* of x, with y = f(x) */
	struct expression_dual (*apply)(struct expression_dual a, struct expression_dual b); /* EXPRESSION_BINARY */
	bool kinked; /* at 0, or where both arguments are equal */
};

struct expression_step {
	enum expression_step_kind kind;
	double number;               /* EXPRESSION_NUMBER */
	size_t variable;             /* EXPRESSION_VARIABLE */
	const struct expression_function *call; /* EXPRESSION_UNARY, EXPRESSION_BINARY */
};

struct expression {
	uint32_t number;
	const char *const *variables;
	char text[EXPRESSION_TEXT_SIZE];
	size_t steps;
	struct expression_step step[EXPRESSION_MAX_STEPS];
	struct expression_shape shape; /* where there is one variable */
	const struct expression *older; /* the formula compiled before this one */
};

/* The operators: the signs, and what has two operands. */
extern const struct expression_function expression_negation, expression_plus, expression_addition,
	expression_subtraction, expression_multiplication, expression_division, expression_powering;

/* The function of this name; NULL if there is none. */
const struct expression_function *expression_function_named(const char *name);

/* slope * by, but 0 where the slope is 0: Inf * 0 would make a NaN of a part that
 * does not depend on the variable. */
double expression_scaled(double slope, double by);

/* Compiles e->text.  ERR_USAGE for a syntax error. */
bool expression_read(struct expression *e, struct err *err);

/* The value and the slope.  switches[] (or NULL) receives what each function with
 * a kink compares with 0, in the order of the steps. */
struct expression_dual expression_evaluate(const struct expression *e, const double *value, double *switches);

/* Fills e->shape of a formula of one variable.  ERR_USAGE when it has too many
 * kinks. */
bool expression_find_shape(struct expression *e, struct err *err);

#endif
