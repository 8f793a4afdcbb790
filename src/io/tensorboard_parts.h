/* The parts of TensorBoard's output that only its own files share. */
#ifndef INITVIZ_IO_TENSORBOARD_PARTS_H
#define INITVIZ_IO_TENSORBOARD_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "io/tensorboard.h"

/* A tag; the predictions of theory are written besides. */
struct tensorboard_tag {
	const char *stem; /* of a layer's: its number, from 1, follows */
	const char *summary;
	const char *quantity; /* of a scalar; NULL: the histogram of the tensor */
	enum mlp_tensor tensor;
	bool of_layer;
};
extern const struct tensorboard_tag tensorboard_tag[]; /* [tensorboard_tag_count] */
extern const size_t tensorboard_tag_count;

/* Appends `length` bytes of data as a record. */
void tensorboard_add_record(struct text *file, const void *data, size_t length);

/* Rows of a histogram as TensorBoard takes it: left edge, right edge, count. */
#define TENSORBOARD_ROWS (HISTOGRAM_BINS + 2)
struct tensorboard_histogram {
	double row[TENSORBOARD_ROWS][3];
	size_t rows; /* >= 1 */
};

/* Values beyond the bins are in a row that reaches to the least or largest value; runs
 * of empty bins are one row; values of an atom are counted in the bin that they are in.
 * NaN and infinities are left out, as TensorBoard has no place for them.  If no value is
 * finite, there is one row of zeros. */
void tensorboard_histogram(struct tensorboard_histogram *out, const struct tensor_observation *tensor);

#endif
