/* Cells of a line of CSV and the numbers in them. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/csv_parts.h"

static bool is_blank(char c, char separator)
{
	return (c == ' ' || c == '\t' || c == '\r') && c != separator;
}

/* "text with ""quotes""": decoded to where it is. */
static bool take_quoted(struct csv_cell *cell, char **at, char *end)
{
	char *in = *at + 1, *out = in;
	for (cell->text = out; in < end; in++) {
		if (*in == '"' && (in + 1 == end || in[1] != '"')) {
			cell->length = (size_t)(out - cell->text);
			*at = in + 1;
			return true;
		}
		in += *in == '"';
		*out++ = *in;
	}
	return false;
}

bool csv_take_cell(struct csv_cell *cell, char **at, char *end, char separator)
{
	char *p = *at;
	while (p < end && is_blank(*p, separator))
		p++;
	bool quoted = p < end && *p == '"';
	if (quoted && !take_quoted(cell, &p, end))
		return false;
	char *first = p, *stop = memchr(p, separator, (size_t)(end - p));
	char *last = stop ? stop : end;
	*at = stop ? stop + 1 : NULL;
	while (last > first && is_blank(last[-1], separator))
		last--;
	if (quoted)
		return last == first; /* nothing may follow the closing quote */
	*cell = (struct csv_cell){ first, (size_t)(last - first) };
	return true;
}

char *csv_copy(char *out, size_t size, const struct csv_cell *cell)
{
	size_t length = cell->length < size - 1 ? cell->length : size - 1;
	memcpy(out, cell->text, length);
	out[length] = '\0';
	return out;
}

char *csv_escape(char *out, size_t size, const struct csv_cell *cell)
{
	char word[64];
	return text_escape(out, size, csv_copy(word, sizeof word, cell));
}

/* One to three digits, as pixels are. */
static bool small_number(const struct csv_cell *cell, double *value)
{
	unsigned number = 0;
	if (cell->length < 1 || cell->length > 3)
		return false;
	for (size_t i = 0; i < cell->length; i++) {
		if (cell->text[i] < '0' || cell->text[i] > '9')
			return false;
		number = 10 * number + (unsigned)(cell->text[i] - '0');
	}
	*value = number;
	return true;
}

/* The names of values that are no numbers. */
static bool named_number(const char *word, double *value)
{
	static const struct {
		const char *name;
		double value;
	} names[] = {
		{ "", NAN }, { "nan", NAN }, { "na", NAN }, { "inf", INFINITY }, { "+inf", INFINITY }, { "-inf", -INFINITY },
		{ "infinity", INFINITY }, { "+infinity", INFINITY }, { "-infinity", -INFINITY },
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *a = word, *b = names[i].name;
		while (*a && tolower((unsigned char)*a) == *b) {
			a++;
			b++;
		}
		if (*a == '\0' && *b == '\0') {
			*value = names[i].value;
			return true;
		}
	}
	return false;
}

bool csv_number(const struct csv_cell *cell, double *value)
{
	char word[64];
	if (small_number(cell, value))
		return true;
	if (cell->length >= sizeof word || memchr(cell->text, '\0', cell->length))
		return false;
	csv_copy(word, sizeof word, cell);
	return text_real(word, value) || named_number(word, value);
}

bool csv_is_byte(double value)
{
	return value >= 0 && value <= 255 && floor(value) == value;
}
