/* Reading and writing of specs.  Independent of any particular table. */
#include "base/spec.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/expression.h"
#include "base/whole.h"
#include "base/words.h"

/* The index of a parameter, or the number of parameters if there is none. */
static size_t parameter_index(const struct entry *entry, const char *name)
{
	size_t count = entry_parameter_count(entry), i = 0;
	while (i < count && !text_same_name(entry->parameters[i].name, name))
		i++;
	return i;
}

struct spec spec_of(const struct entry *entry)
{
	struct spec spec = { .entry = entry };
	for (size_t i = 0; i < entry_parameter_count(entry); i++)
		spec.value[i] = entry->parameters[i].initial;
	return spec;
}

static bool unknown_parameter(const struct entry *entry, const char *name, struct err *err)
{
	char safe[64];
	text_escape(safe, sizeof safe, name);
	struct text list = {0};
	size_t count = entry_parameter_count(entry);
	for (size_t i = 0; i < count; i++)
		text_addf(&list, "%s%s", i ? ", " : "", entry->parameters[i].name);
	err_set(err, ERR_USAGE, "%s has no parameter '%s': it has %s", entry->name, safe,
	        count ? text_string(&list) : "none");
	text_free(&list);
	return false;
}

static bool out_of_range(const struct entry *entry, const struct parameter *p, const char *word, struct err *err)
{
	char safe[64], low[TEXT_EXACT_SIZE], high[TEXT_EXACT_SIZE];
	text_escape(safe, sizeof safe, word);
	return err_set(err, ERR_USAGE, "%s: %s is '%s': give a number from %s to %s", entry->name, p->name, safe,
	               text_exact(low, p->low), text_exact(high, p->high));
}

/* A formula, or a plain number where formulas are allowed. */
static bool parse_formula(struct spec *spec, size_t i, const char *const *variables, const char *word, struct err *err)
{
	uint32_t number = expression_compile(word, variables, err);
	if (number == 0)
		return err_prefix(err, "%s", spec->entry->name);
	spec->formula[i] = number;
	spec->value[i] = spec->entry->parameters[i].variables ? (double)number : NAN;
	return true;
}

static bool parse_number(struct spec *spec, size_t i, const char *const *variables, const char *word, struct err *err)
{
	const struct parameter *p = &spec->entry->parameters[i];
	double number;
	if (!text_real(word, &number)) {
		if (variables && *word)
			return parse_formula(spec, i, variables, word, err);
		return out_of_range(spec->entry, p, word, err);
	}
	if (!(number >= p->low && number <= p->high))
		return out_of_range(spec->entry, p, word, err);
	spec->value[i] = number;
	spec->formula[i] = 0;
	return true;
}

static bool parse_word(struct spec *spec, size_t at, const char *word, struct err *err)
{
	const struct parameter *p = &spec->entry->parameters[at];
	struct text list = {0};
	for (size_t i = 0; p->words[i]; i++) {
		if (text_same_name(p->words[i], word)) {
			spec->value[at] = (double)i;
			text_free(&list);
			return true;
		}
		text_addf(&list, "%s%s", i ? ", " : "", p->words[i]);
	}
	char safe[64];
	err_set(err, ERR_USAGE, "%s: %s is '%s': choose from %s", spec->entry->name, p->name,
	        text_escape(safe, sizeof safe, word), text_string(&list));
	text_free(&list);
	return false;
}

/* One "value" or "key=value" between the parentheses, the position-th. */
static bool parse_argument(struct spec *spec, const struct table *table, char *argument, size_t position, struct err *err)
{
	const struct entry *entry = spec->entry;
	size_t count = entry_parameter_count(entry), i = position;
	char *word = argument, *equals = strchr(argument, '=');
	if (equals) {
		*equals = '\0';
		word = equals + 1;
		i = parameter_index(entry, argument);
		if (i == count)
			return unknown_parameter(entry, argument, err);
	}
	if (i >= count)
		return err_set(err, ERR_USAGE, "%s takes %zu parameter%s: there are more in the parentheses", entry->name,
		               count, count == 1 ? "" : "s");
	spec->given |= 1u << i;
	const struct parameter *parameter = &entry->parameters[i];
	if (parameter->words)
		return parse_word(spec, i, word, err);
	if (parameter->variables)
		return parse_formula(spec, i, parameter->variables, word, err);
	return parse_number(spec, i, table->variables, word, err);
}

/* The parenthesis that closes the one at *open; NULL for none. */
static char *closing(char *open)
{
	int depth = 0;
	for (char *p = open; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (depth == 0)
			return p;
	}
	return NULL;
}

/* The comma after an argument, which may have commas within parentheses; NULL
 * after the last. */
static char *argument_end(char *argument)
{
	int depth = 0;
	for (char *p = argument; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (*p == ',' && depth == 0)
			return p;
	}
	return NULL;
}

static bool is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* Copies the string without its blanks, of which none in parentheses may join two numbers or names. */
static bool copy_without_blanks(char *copy, size_t size, const struct table *table, const char *string, struct err *err)
{
	char safe[64];
	size_t used = 0;
	bool open = false;
	for (const char *p = string; *p; p++) {
		if (used + 1 >= size)
			return err_set(err, ERR_USAGE, "%s '%s' is too long: at most %zu characters", table->noun,
			               text_escape(safe, sizeof safe, string), size - 1);
		if (*p == ' ')
			continue;
		if (open && p[-1] == ' ' && is_of_word(copy[used - 1]) && is_of_word(*p))
			return err_set(err, ERR_USAGE, "%s '%s': two numbers or names with only a blank between them: put a comma or an operator there",
			               table->noun, text_escape(safe, sizeof safe, string));
		open |= *p == '(';
		copy[used++] = *p;
	}
	copy[used] = '\0';
	return true;
}

bool spec_parse(struct spec *spec, const struct table *table, const char *string, struct err *err)
{
	char copy[256], safe[64];
	if (!copy_without_blanks(copy, sizeof copy, table, string, err))
		return false;
	size_t used = strlen(copy);
	char *open = strchr(copy, '(');
	if (open) {
		const char *end = closing(open);
		if (end != copy + used - 1)
			return err_set(err, ERR_USAGE, end ? "%s '%s': something follows its closing parenthesis" : "%s '%s': a closing parenthesis is missing",
			               table->noun, text_escape(safe, sizeof safe, string));
		copy[used - 1] = '\0';
		*open = '\0';
	}
	const struct entry *entry = table_find(table, copy, err);
	if (entry == NULL)
		return false;
	struct spec parsed = spec_of(entry);
	if (open && open[1]) {
		size_t position = 0;
		for (char *argument = open + 1, *comma; argument; argument = comma, position++) {
			comma = argument_end(argument);
			if (comma)
				*comma++ = '\0';
			if (!parse_argument(&parsed, table, argument, position, err))
				return false;
		}
	}
	*spec = parsed;
	return true;
}

const char *parameter_text(const struct parameter *parameter, double value, char number[TEXT_EXACT_SIZE])
{
	if (parameter->variables)
		return expression_text(expression_at((uint32_t)whole_int(value, 0, INT_MAX)));
	if (parameter->made_up)
		return words_at((uint32_t)whole_int(value, 0, INT_MAX));
	if (parameter->words == NULL)
		return text_exact(number, value);
	int last = 0;
	while (parameter->words[last + 1])
		last++;
	return parameter->words[whole_int(value, 0, last)];
}

const char *spec_written(char out[SPEC_VALUE_SIZE], const struct spec *spec, size_t i)
{
	const struct parameter *p = &spec->entry->parameters[i];
	return spec->formula[i] ? expression_text(expression_at(spec->formula[i])) : parameter_text(p, spec->value[i], out);
}

void spec_format(const struct spec *spec, struct text *text)
{
	text_add(text, spec->entry->name);
	bool open = false;
	for (size_t i = 0; i < entry_parameter_count(spec->entry); i++) {
		const struct parameter *p = &spec->entry->parameters[i];
		if (spec->formula[i] == 0 && spec->value[i] == p->initial)
			continue;
		char number[SPEC_VALUE_SIZE];
		text_addf(text, "%s%s%s%s", open ? "," : "(", p->made_up ? "" : p->name, p->made_up ? "" : "=", spec_written(number, spec, i));
		open = true;
	}
	if (open)
		text_add(text, ")");
}

double spec_value(const struct spec *spec, const char *parameter)
{
	size_t i = parameter_index(spec->entry, parameter);
	assert(i < entry_parameter_count(spec->entry));
	return spec->value[i];
}

bool spec_set(struct spec *spec, const char *parameter, double value, struct err *err)
{
	size_t i = parameter_index(spec->entry, parameter);
	if (i == entry_parameter_count(spec->entry))
		return unknown_parameter(spec->entry, parameter, err);
	const struct parameter *p = &spec->entry->parameters[i];
	if (!(value >= p->low && value <= p->high)) {
		char number[TEXT_EXACT_SIZE];
		return out_of_range(spec->entry, p, text_exact(number, value), err);
	}
	spec->value[i] = value;
	spec->given |= 1u << i;
	spec->formula[i] = 0;
	return true;
}

bool spec_evaluate(struct spec *spec, const double *variable, struct err *err)
{
	for (size_t i = 0; i < ENTRY_MAX_PARAMETERS; i++) {
		const struct parameter *p = &spec->entry->parameters[i];
		if (spec->formula[i] == 0 || p->variables)
			continue;
		const struct expression *formula = expression_at(spec->formula[i]);
		double value = expression_value(formula, variable);
		char number[TEXT_EXACT_SIZE], low[TEXT_EXACT_SIZE], high[TEXT_EXACT_SIZE];
		if (!(value >= p->low && value <= p->high))
			return err_set(err, ERR_USAGE, "%s: %s is %s = %s: give a number from %s to %s", spec->entry->name, p->name,
			               expression_text(formula), text_exact(number, value), text_exact(low, p->low), text_exact(high, p->high));
		spec->value[i] = value;
	}
	return true;
}

bool spec_gives(const struct spec *spec, const char *parameter)
{
	size_t i = parameter_index(spec->entry, parameter);
	return i < entry_parameter_count(spec->entry) && spec->given >> i & 1;
}

bool spec_equal(const struct spec *a, const struct spec *b)
{
	return a->entry == b->entry && memcmp(a->value, b->value, sizeof a->value) == 0 &&
	       memcmp(a->formula, b->formula, sizeof a->formula) == 0;
}
