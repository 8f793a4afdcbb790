/* Tables of comma-separated values, one sample a row, with a column of labels.
 *
 * Separators are commas, semicolons or tabs; cells may be in "quotes".  A header is a first
 * row without numbers, or one with the name of a label column (label, class, target, y,
 * species).  Without such a name the label column is the first or the last one: the one with
 * text in it; else the first if it has only whole numbers from 0 to 255, as far as the first
 * bytes of the file go; else the last.  Labels that are text are numbered from 0 in the order
 * of their bytes.  An empty cell, NA and nan are NaN. */
#ifndef INITVIZ_DATA_CSV_H
#define INITVIZ_DATA_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/warnings.h"
#include "data/samples.h"

struct csv_set; /* what the files of a data set have in common: columns, names of classes */

struct csv_set *csv_set_create(struct err *err);
void csv_set_destroy(struct csv_set *set); /* NULL is allowed */

/* Reads a file, plain or gzip, as samples with labels: bytes if all features are whole numbers
 * from 0 to 255, else floats.  A leading column without a name, or named id, is left out,
 * with a warning.  The first file of a set decides about columns and classes; later ones must agree.
 * *unlabelled (may be NULL) tells that a later file has no label column while the first file's
 * has a name: the call succeeds without samples.
 * ERR_INPUT names line and column, both from 1; ERR_RESOURCE. */
bool csv_read_samples(struct samples *samples, const char *path, struct csv_set *set, bool *unlabelled,
                      const struct warnings **warnings, struct err *err);

#endif
