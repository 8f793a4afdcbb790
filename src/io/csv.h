/* Fields of CSV (RFC 4180, lines end in \n). */
#ifndef INITVIZ_IO_CSV_H
#define INITVIZ_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* With enough digits to be read back exactly; a value that is not finite is an empty field. */
void csv_add_real(struct text *text, double value);

/* In quotes where it must be. */
void csv_add_string(struct text *text, const char *string);

/* Splits a line without its end into its fields, in place.  False if there are more
 * than `most`, or a quote is not closed. */
bool csv_read(char *line, char **field, size_t most, size_t *count);

#endif
