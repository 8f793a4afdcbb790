/* Writes lists of named arrays: safetensors, NumPy's npz. */
#ifndef INITVIZ_IO_OUT_TENSORS_H
#define INITVIZ_IO_OUT_TENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"
#include "lab/tensors.h"
#include "io/save.h"

struct tensor_format {
	struct entry entry; /* name: the suffix */
	bool (*write)(struct save *save, const struct tensors *tensors, struct err *err);
};
TABLE_DECLARE(tensor_formats, struct tensor_format, tensor_format)

/* By the suffix of a path; ERR_USAGE lists the suffixes. */
const struct tensor_format *tensor_format_for(const char *path, struct err *err);

/* Writes the file in the format of the path's suffix, whole or not at all.  ERR_USAGE, ERR_OUTPUT. */
bool out_tensors(const struct tensors *tensors, const char *path, struct err *err);

/* The formats' functions. */
bool out_safetensors_write(struct save *save, const struct tensors *tensors, struct err *err);
bool out_npz_write(struct save *save, const struct tensors *tensors, struct err *err);

/* Copies a tensor's elements, row-major, least significant byte first, to bytes[tensor->count * tensor_size()]. */
void out_tensor_bytes(uint8_t *bytes, const struct tensor *tensor);

/* Writes them. */
bool out_tensor_values(struct save *save, const struct tensor *tensor, struct err *err);

/* What is known of the net besides its arrays: each pair as key and value. */
void out_tensors_describe(const struct tensors *tensors, void (*pair)(void *context, const char *key, const char *value),
                          void *context);

#endif
