/* Reading a formula: a recursive descent along the grammar in expression.h. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/expression_parts.h"
#include "base/text.h"

#define MAX_NESTING 24 /* parentheses and signs */
#define NAME_SIZE 24

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

static bool emit(struct reader *r, struct expression_step step)
{
	size_t taken = step.kind == EXPRESSION_UNARY ? 1 : step.kind == EXPRESSION_BINARY ? 2 : 0;
	r->waiting = r->waiting - taken + 1;
	if (r->to->steps == EXPRESSION_MAX_STEPS || r->waiting > EXPRESSION_MAX_STACK)
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

static bool read_call(struct reader *r, const struct expression_function *function)
{
	if (!accept(r, '('))
		return wrong(r, "a function's argument is missing its '('");
	if (!read_sum(r))
		return false;
	if (function->kind == EXPRESSION_BINARY && !accept(r, ','))
		return wrong(r, "this function takes two arguments");
	if (function->kind == EXPRESSION_BINARY && !read_sum(r))
		return false;
	if (!accept(r, ')'))
		return wrong(r, *r->at == ',' ? "this function takes one argument" : "')' is missing");
	return emit(r, (struct expression_step){ .kind = function->kind, .call = function });
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
			return emit(r, (struct expression_step){ .kind = EXPRESSION_VARIABLE, .variable = i });
	if (strcmp(name, "pi") == 0)
		return emit(r, (struct expression_step){ .kind = EXPRESSION_NUMBER, .number = M_PI });
	if (strcmp(name, "e") == 0)
		return emit(r, (struct expression_step){ .kind = EXPRESSION_NUMBER, .number = M_E });
	const struct expression_function *function = expression_function_named(name);
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
	return emit(r, (struct expression_step){ .kind = EXPRESSION_NUMBER, .number = number });
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
		const struct expression_function *function = *r->at++ == '-' ? &expression_negation : &expression_plus;
		done = read_sign(r) && emit(r, (struct expression_step){ .kind = EXPRESSION_UNARY, .call = function });
	} else {
		done = read_atom(r);
		if (done && accept(r, '^'))
			done = read_sign(r) && emit(r, (struct expression_step){ .kind = EXPRESSION_BINARY, .call = &expression_powering });
	}
	r->nesting--;
	return done;
}

static bool read_product(struct reader *r)
{
	if (!read_sign(r))
		return false;
	while (*r->at == '*' || *r->at == '/') {
		const struct expression_function *function = *r->at++ == '*' ? &expression_multiplication : &expression_division;
		if (!read_sign(r) || !emit(r, (struct expression_step){ .kind = EXPRESSION_BINARY, .call = function }))
			return false;
	}
	return true;
}

static bool read_sum(struct reader *r)
{
	if (!read_product(r))
		return false;
	while (*r->at == '+' || *r->at == '-') {
		const struct expression_function *function = *r->at++ == '+' ? &expression_addition : &expression_subtraction;
		if (!read_product(r) || !emit(r, (struct expression_step){ .kind = EXPRESSION_BINARY, .call = function }))
			return false;
	}
	return true;
}

bool expression_read(struct expression *e, struct err *err)
{
	struct reader reader = { .to = e, .at = e->text, .err = err };
	return read_sum(&reader) && (*reader.at == '\0' || wrong(&reader, "an operator is missing"));
}
