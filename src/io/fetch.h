/* --fetch: a published data set is downloaded by a program of its own, initviz-fetch, so that this one
 * need not load libcurl, and all that libcurl needs, at every start. */
#ifndef INITVIZ_IO_FETCH_H
#define INITVIZ_IO_FETCH_H

#include <stdbool.h>

#include "base/err.h"
#include "data/published.h"

/* Becomes initviz-fetch, from the folder of this program or from where it is installed.  Returns only where
 * that is missing: ERR_USAGE, after what to download, and where to put it, was printed. */
bool fetch_run(const struct published *set, struct err *err);

/* The libraries of initviz-fetch for --version, as configure found them. */
const char *fetch_library(void);

#endif
