/* Where the rows of a sweep go: standard output, a pipe, or a file that is
 * continued after an interruption.  Rows are written whole and in order, so a file
 * always holds the first ones, and perhaps a part of the next. */
#ifndef INITVIZ_IO_SWEEP_FILE_H
#define INITVIZ_IO_SWEEP_FILE_H

#include "io/sweep_row.h"

struct sweep_file;

/* Opens without writing; path NULL or "-": standard output.  ERR_OUTPUT: it cannot be
 * written, or another process is writing it. */
struct sweep_file *sweep_file_open(const char *path, struct err *err);

/* Called with each row that the file already has. */
typedef void sweep_file_seen(void *context, const struct sweep_result *result);

/* Checks that the file holds nothing but the header, if `header`, and then the
 * first rows of nets first..end-1; cuts off an unfinished row.  *next: the first
 * net that is missing.  data_name(context, net): of each net's data set.  ERR_INPUT:
 * it holds something else, and is left as it was. */
struct sweep_file_check {
	const struct sweep_table *table;
	bool header;
	uint64_t first, end;
	const char *(*data_name)(void *context, uint64_t net);
	sweep_file_seen *seen;
	void *context;
};
bool sweep_file_resume(struct sweep_file *file, const struct sweep_file_check *check, uint64_t *next, struct err *err);

/* Appends a row.  ERR_OUTPUT; an empty message where the reader of standard output has closed it. */
bool sweep_file_write(struct sweep_file *file, const struct text *row, struct err *err);

/* Writes to the disk what was appended and closes; NULL is allowed. */
bool sweep_file_close(struct sweep_file *file, struct err *err);

#endif
