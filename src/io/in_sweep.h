/* Reads the table of a sweep, CSV or JSON lines, as a map. */
#ifndef INITVIZ_IO_IN_SWEEP_H
#define INITVIZ_IO_IN_SWEEP_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/sweep_map.h"

/* Whether the file begins as the table of a sweep does.  False also for a file that cannot
 * be read. */
bool in_sweep_is(const char *path);

/* The nets of a file that --sweep has written.  The settings that they have in common come from
 * the commands of the rows, and each row must be the one that its net would have.  Rows may be
 * missing at the end.  To be freed with sweep_map_free().  ERR_INPUT says "file:line: what";
 * ERR_RESOURCE. */
struct sweep_map *in_sweep_read(const char *path, struct err *err);

#endif
