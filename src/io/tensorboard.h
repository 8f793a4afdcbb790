/* TensorBoard's event files (--tensorboard): one folder for each run, in it one file
 * of scalars and histograms, which TensorBoard reads while it grows. */
#ifndef INITVIZ_IO_TENSORBOARD_H
#define INITVIZ_IO_TENSORBOARD_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"
#include "lab/snapshot.h"

/* A folder of runs. */
struct tensorboard;

/* Creates the folder, or takes an empty one: ERR_OUTPUT for any other, because TensorBoard
 * would draw the old and the new run as one zigzag; ERR_USAGE where initviz was built
 * without protobuf-c. */
struct tensorboard *tensorboard_open(const char *folder, struct err *err);

/* Appends an observation as one whole record to the file of its run.  A run begins
 * with step 0; its folder has the name of its scenario, later ones of the same name end in
 * -2, -3.  ERR_OUTPUT, ERR_RESOURCE. */
bool tensorboard_add(struct tensorboard *tensorboard, const struct snapshot *snapshot, struct err *err);

/* Closes the files and frees; NULL is allowed.  ERR_OUTPUT if the last bytes cannot be
 * written. */
bool tensorboard_close(struct tensorboard *tensorboard, struct err *err);

/* The library and its version for --version: "protobuf-c 1.4.1", "none". */
const char *tensorboard_library(void);

/* Appends the record that an event file begins with; time: seconds since 1970. */
void tensorboard_first_record(struct text *file, double time);

/* Appends the record of an observation: an event with all its scalars and histograms. */
void tensorboard_record(struct text *file, const struct snapshot *snapshot, double time);

/* The cyclic redundancy check CRC-32C (Castagnoli) of `length` bytes. */
uint32_t tensorboard_crc(const void *bytes, size_t length);

/* Appends the tags, one a line with what they mean; for the manual. */
void tensorboard_tags(struct text *text);

#endif
