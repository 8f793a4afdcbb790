/* In which formats and under which names data sets are kept: one table, read by the search in a
 * folder and by the message when nothing is found. */
#ifndef INITVIZ_DATA_LAYOUT_H
#define INITVIZ_DATA_LAYOUT_H

#include <stdbool.h>

#include "base/err.h"
#include "data/place.h"

enum layout_format { LAYOUT_IDX, LAYOUT_NPZ, LAYOUT_NPY, LAYOUT_CSV, LAYOUT_FORMATS };

struct layout_found {
	enum layout_format format;
	/* IDX: a folder.  NPZ: a file.  NPY: a folder, or the files of samples and of labels.  CSV: the training file,
	 * and the test file.  [1] is empty where there is none. */
	char path[2][PLACE_PATH_SIZE];
};

/* Finds the data set at a path: a folder, a file, or two files joined by a comma.  Only the
 * beginnings of files are read.  ERR_INPUT names what is there instead, and what is read. */
bool layout_find(struct layout_found *found, const char *path, struct err *err);

/* Whether a folder has a data set, or part of one. */
bool layout_in_folder(const char *path);

#endif
