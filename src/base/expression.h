/* Formulas that a user types, such as "sqrt(2/fan_in)" or
 * "z*sigmoid(1.702*z)": compiled once, evaluated often, differentiated exactly.
 *
 *   sum     = product { ("+" | "-") product }
 *   product = sign { ("*" | "/") sign }
 *   sign    = ("-" | "+") sign | power
 *   power   = atom [ "^" sign ]
 *   atom    = number | name | name "(" sum { "," sum } ")" | "(" sum ")"
 *
 * A name is a variable, a constant (pi, e) or a function. */
#ifndef INITVIZ_BASE_EXPRESSION_H
#define INITVIZ_BASE_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

#define EXPRESSION_TEXT_SIZE 160 /* bytes of a formula, the final 0 included */
#define EXPRESSION_MAX_VARIABLES 6
#define EXPRESSION_MAX_KINKS 4

struct expression;

/* Appends the names of all functions: "abs, atan, ...". */
void expression_list_functions(struct text *text);

/* The formula as a value: the same text with the same variables gives the same
 * number, from 1 on; 0 with ERR_USAGE for a syntax error, with ERR_RESOURCE when
 * memory or numbers run out.  variables: names, ended by NULL, at most
 * EXPRESSION_MAX_VARIABLES, valid until the program ends.  A formula of one variable may
 * have EXPRESSION_MAX_KINKS kinks.  Compiled formulas are kept
 * until the program ends.  May be called by several threads. */
uint32_t expression_compile(const char *text, const char *const *variables, struct err *err);

/* The formula of such a number; of 0, the first variable alone, called z. */
const struct expression *expression_at(uint32_t number);

/* Its text, without blanks. */
const char *expression_text(const struct expression *expression);

/* The value; value[] are the variables', in their order.  NaN and Inf
 * follow IEEE 754 arithmetic. */
double expression_value(const struct expression *expression, const double *value);

/* The derivative by the first variable, by forward-mode automatic
 * differentiation.  At a kink it is the right-hand rule of frameworks:
 * relu'(0) = 0, abs'(0) = 0, min and max take the first argument's. */
double expression_slope(const struct expression *expression, const double *value);

/* a[n] = f(z[n]) and delta[n] *= f'(z[n]), of a formula of one variable.  a and
 * z may be the same array.  A slope of 0 drops the gradient, so that Inf * 0
 * makes no NaN. */
void expression_forward(const struct expression *expression, float *a, const float *z, size_t n);
void expression_backward(const struct expression *expression, float *delta, const float *z, size_t n);

/* The shape of a formula of one variable, found once by evaluating it at 4000
 * points within +-1000, denser near 0. */
struct expression_shape {
	/* The arguments at which it is not smooth, in increasing order: there the
	 * argument of abs, sign, step or relu is 0, or the two arguments of min or max
	 * are equal. */
	int kinks; /* at most EXPRESSION_MAX_KINKS */
	double kink[EXPRESSION_MAX_KINKS];
	double low, high; /* range of its values; infinite where it is unbounded; rounded outwards to 1e-4 */
	double max_slope; /* largest |f'|; NaN if it is unbounded */
};

const struct expression_shape *expression_shape(const struct expression *expression);

#endif
