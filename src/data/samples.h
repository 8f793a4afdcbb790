/* Labelled vectors in memory, as bytes or as floats: what the readers of arrays and of
 * tables make. */
#ifndef INITVIZ_DATA_SAMPLES_H
#define INITVIZ_DATA_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/packed.h"
#include "data/stream.h"

#define SAMPLES_MOST 10000000            /* samples of a set */
#define SAMPLES_FEATURES (4096 * 4096)   /* of a sample */

struct samples {
	size_t count, features;
	size_t rows, columns;   /* of a picture; features = rows * columns; 1 row when the shape is not known */
	struct packed *bytes;   /* features of bytes, 0..255; NULL when they are floats */
	float *values;          /* (count, features); NULL when they are bytes */
	uint8_t *label;         /* (count); NULL until they are read */
	uint64_t nan, inf;      /* values that are not finite */
	size_t bad_sample, bad_feature; /* the first of them, from 0 */
	uint32_t crc, label_crc; /* of the IDX files that would hold these bytes and labels, when rows and columns are
	                          * those of pictures and the bytes came in order */
	char name[STREAM_NAME_SIZE]; /* of the file or the array, escaped */
};

/* Whether so many values of `size` bytes each may be read: ERR_INPUT beyond the limits
 * above or 2 GiB, and for 0 samples or features.  `name` is escaped. */
bool samples_check_size(const char *name, size_t count, size_t features, size_t size, struct err *err);

/* Sets count, features, the shape of pictures and the name, and makes room for bytes or
 * floats.  After a failure, as after use, samples_free() releases all. */
bool samples_begin(struct samples *samples, const char *name, size_t count, size_t rows, size_t columns, bool bytes,
                   struct err *err);
void samples_free(struct samples *samples); /* back to {0} */

/* Appends sample `index` of bytes; PACKED_BEHIND bytes after it are read and ignored. */
bool samples_put_bytes(struct samples *samples, size_t index, const uint8_t *bytes, struct err *err);

/* Writes one float of the array and counts it if it is not finite. */
void samples_put_value(struct samples *samples, size_t index, size_t feature, double value);

/* Makes room for the labels. */
bool samples_begin_labels(struct samples *samples, struct err *err);

/* After all labels are written: their CRC. */
void samples_end_labels(struct samples *samples);

#endif
