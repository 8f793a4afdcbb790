/* The rows of a sweep's table, one for each net: their columns, and how they are
 * written and read as CSV and as JSON lines. */
#ifndef INITVIZ_IO_SWEEP_ROW_H
#define INITVIZ_IO_SWEEP_ROW_H

#include <jansson.h>

#include "base/text.h"
#include "lab/sweep.h"

#define SWEEP_ROW_SIZE 65536 /* bytes of a line at most */
#define SWEEP_MOST_COLUMNS (SWEEP_MAX_AXES + SWEEP_VALUES + 8)

/* The columns of text: the net's number before the axes, the others after the
 * numbers of sweep_values. */
enum sweep_word { SWEEP_NET, SWEEP_VERDICT, SWEEP_CURE, SWEEP_ERROR, SWEEP_DATA, SWEEP_COMMAND, SWEEP_WORDS };
TABLE_DECLARE(sweep_columns, struct entry, sweep_column) /* in the order of the enum */

/* How rows are written. */
struct sweep_format {
	struct entry entry;
	bool has_header;
};
TABLE_DECLARE(sweep_formats, struct sweep_format, sweep_format)

/* The table of a sweep. */
struct sweep_table {
	const struct sweep_format *format;
	const struct sweep_grid *grid;
	bool cure;                      /* there is a column for it */
	size_t columns;
	const char *name[SWEEP_MOST_COLUMNS];
};

void sweep_table_begin(struct sweep_table *table, const struct sweep_format *format, const struct sweep_grid *grid, bool cure);

/* Append the line before the first row, if the format has one, and a row. */
void sweep_row_header(struct text *text, const struct sweep_table *table);
void sweep_row_add(struct text *text, const struct sweep_table *table, const struct sweep_result *result);

/* The fields of a row as text; those of JSON point into `row` or `number`, those of CSV into the line. */
struct sweep_fields {
	char *field[SWEEP_MOST_COLUMNS];
	char number[SWEEP_MOST_COLUMNS][TEXT_EXACT_SIZE];
	json_t *row;
};

/* Splits a row into table->columns fields; of the table only the format and the names of the columns
 * are used.  line: without its end; is changed, and outlives the fields.  ERR_INPUT. */
bool sweep_fields_split(struct sweep_fields *fields, const struct sweep_table *table, char *line, struct err *err);
void sweep_fields_free(struct sweep_fields *fields);

/* Reads a row, which must be that of this net of this grid, trained with this data set (NULL: any).
 * ERR_INPUT says what is different.  line: without its end; is changed. */
bool sweep_row_read(struct sweep_result *result, const struct sweep_table *table, char *line, uint64_t net,
                    const char *data_name, struct err *err);

/* Appends the columns and their meaning, one a line; for lists and the manual. */
void sweep_row_columns(struct text *text);

#endif
