/* A data set of labelled vectors in memory: read from arrays or tables, checked, named.
 * Splits and scaling are in dataset*.c. */
#ifndef INITVIZ_DATA_VECTORS_H
#define INITVIZ_DATA_VECTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/warnings.h"
#include "data/layout.h"
#include "data/published.h"
#include "data/samples.h"

struct vectors {
	struct samples train, test; /* test.count is 0 where the set has one part */
	unsigned classes;           /* largest label + 1, at least 2 */
	const struct published *known; /* the data set it is or should be, NULL for none */
	bool modified;              /* it is not that set */
	char name[96];              /* "MNIST", "MNIST (modified)", or the last component of the path, escaped */
	const struct warnings *warnings;
};

/* Reads what layout_find() found at a path, which names the set.  `promised` is the spec of the
 * published set that should be there, NULL for any.  ERR_INPUT, ERR_RESOURCE. */
bool vectors_open(struct vectors *vectors, const struct layout_found *found, const char *path, const char *promised,
                  struct err *err);
void vectors_close(struct vectors *vectors);

/* Training or test samples; all are training samples where the set has one part. */
static inline const struct samples *vectors_part(const struct vectors *vectors, bool test)
{
	return test && vectors->test.count ? &vectors->test : &vectors->train;
}

#endif
