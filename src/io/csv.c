/* Fields of CSV, written and read. */
#include "io/csv.h"

#include <math.h>
#include <string.h>

void csv_add_real(struct text *text, double value)
{
	char digits[TEXT_EXACT_SIZE];
	if (isfinite(value))
		text_add(text, text_exact(digits, value));
}

void csv_add_string(struct text *text, const char *string)
{
	if (strpbrk(string, ",\"\r\n") == NULL) {
		text_add(text, string);
		return;
	}
	text_add(text, "\"");
	for (const char *p = string; *p; p++)
		text_addf(text, *p == '"' ? "\"\"" : "%c", *p);
	text_add(text, "\"");
}

bool csv_read(char *line, char **field, size_t most, size_t *count)
{
	for (*count = 0;; (*count)++) {
		if (*count == most)
			return false;
		char *to = field[*count] = line;
		bool quoted = *line == '"';
		line += quoted;
		while (*line && (quoted || *line != ',')) {
			if (quoted && *line == '"' && *++line != '"')
				quoted = false;
			else
				*to++ = *line++;
		}
		char end = *line++;
		*to = '\0';
		if (quoted)
			return false;
		if (end == '\0') {
			++*count;
			return true;
		}
	}
}
