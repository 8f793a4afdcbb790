/* The classes of a data set, counted from its labels. */
#ifndef INITVIZ_DATA_LABELS_H
#define INITVIZ_DATA_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/warnings.h"

#define LABELS_CLASSES 256 /* most classes: a label is a byte */

/* How often each label occurs, and where the largest occurs first.  Begins as {0}. */
struct labels {
	size_t samples[LABELS_CLASSES];
	unsigned largest;
	const char *file; /* with the largest; its path, escaped */
	size_t first;     /* sample of the file, from 0 */
};

/* Adds the labels of a file.  `file` is its escaped path, which must stay. */
void labels_count(struct labels *labels, const uint8_t *label, size_t count, const char *file);

/* Largest label + 1, at least 2. */
unsigned labels_classes(const struct labels *labels);

/* Warns of labels below the largest that no sample has: a gap makes a class without
 * samples, and one stray label makes many.  `noun` is "image" or "sample", `safe` the
 * escaped path of the data set.  ERR_RESOURCE. */
bool labels_check_gaps(const struct labels *labels, const char *noun, const char *safe, const struct warnings **warnings,
                       struct err *err);

#endif
