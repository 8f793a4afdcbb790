/* What went wrong: a code that becomes the exit status and one line of text.
 *
 * Functions that can fail take a `struct err *` and return false, NULL or a
 * negative number after filling it.  Nothing below src/io prints it. */
#ifndef INITVIZ_BASE_ERR_H
#define INITVIZ_BASE_ERR_H

#include <stdbool.h>

/* The values are the exit statuses of the program (man page, EXIT STATUS). */
enum err_code {
	ERR_NONE = 0,
	ERR_RUN = 1,      /* a run, an expectation or a download failed */
	ERR_USAGE = 2,    /* command line, script, configuration */
	ERR_INPUT = 3,    /* a data file is missing or malformed */
	ERR_OUTPUT = 4,   /* a result could not be written */
	ERR_RESOURCE = 5, /* memory, threads, address space */
};

#define ERR_MESSAGE_SIZE 512

struct err {
	enum err_code code;
	char message[ERR_MESSAGE_SIZE]; /* thing: what: remedy; one line, escaped */
};

/* Fills *err (which may be NULL) and returns false, so that a failing
 * function ends with `return err_set(err, ERR_INPUT, "...")`.  Foreign text
 * among the arguments must have gone through text_escape(). */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " before the message of a failure; returns false. */
bool err_prefix(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
