/* Data sets of NumPy arrays: the members of an .npz file, or .npy files, known by the names that
 * Keras and others give them. */
#ifndef INITVIZ_DATA_ARRAYS_H
#define INITVIZ_DATA_ARRAYS_H

#include <stdbool.h>

#include "base/err.h"
#include "data/samples.h"

/* Reads train, and test unless the set has only one part: then test->count stays 0.
 * ERR_INPUT, ERR_RESOURCE; after a failure both are released. */
bool arrays_read_npz(struct samples *train, struct samples *test, const char *path, struct err *err);
bool arrays_read_folder(struct samples *train, struct samples *test, const char *path, struct err *err);
bool arrays_read_pair(struct samples *train, const char *samples, const char *labels, struct err *err);

/* Whether a folder has .npy files under the names of samples and labels. */
bool arrays_in_folder(const char *path);

/* Writes the path of the labels that belong to a .npy file of samples by their names:
 * images.npy, labels.npy.  False if there is no such file. */
#define ARRAYS_PATH 4096
bool arrays_labels_beside(char labels[ARRAYS_PATH], const char *samples);

/* "x_train, y_train, x_test, y_test, or x, y": for messages. */
const char *arrays_names(void);

#endif
