/* Warnings: lines of text in the order in which their causes were found, each once.
 *
 * A list is never changed: adding makes a longer one.  It is counted by reference,
 * so that snapshots and threads share it.  NULL is the empty list. */
#ifndef INITVIZ_BASE_WARNINGS_H
#define INITVIZ_BASE_WARNINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct warnings;

/* Appends a line: *list is released and replaced by a longer list.  Does nothing when
 * the list already has the line.  The line is kept whole, whatever its length.
 * Foreign text among the arguments must have gone through text_escape().
 * ERR_RESOURCE leaves *list alone. */
bool warnings_add(const struct warnings **list, struct err *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for every line of `more`. */
bool warnings_add_all(const struct warnings **list, const struct warnings *more, struct err *err);

size_t warnings_count(const struct warnings *list);
const char *warnings_at(const struct warnings *list, size_t i); /* 0 <= i < count */
bool warnings_have(const struct warnings *list, const char *line);

/* References are counted atomically; both allow NULL. */
const struct warnings *warnings_keep(const struct warnings *list);
void warnings_drop(const struct warnings *list);

#endif
