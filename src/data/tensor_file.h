/* Files of named arrays of floating-point numbers: safetensors, and NumPy's npz
 * and npy (one array without a name).  The format is recognized
 * by content. */
#ifndef INITVIZ_DATA_TENSOR_FILE_H
#define INITVIZ_DATA_TENSOR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ARRAY_NAME_SIZE 256

enum array_type { ARRAY_F16, ARRAY_BF16, ARRAY_F32, ARRAY_F64, ARRAY_OTHER };

struct array {
	char name[ARRAY_NAME_SIZE]; /* as in the file, not escaped */
	enum array_type type;       /* ARRAY_OTHER: no numbers that are read; only name, rank and shape hold */
	size_t rank;
	size_t shape[2];            /* the first two dimensions */
	size_t count;               /* elements */
	const uint8_t *bytes;       /* [count] elements of the type, in the order of the file; NULL for ARRAY_OTHER of an npz */
	bool big_endian, fortran;   /* fortran: the first index changes fastest */
};

struct tensor_file {
	char name[256];        /* the path, escaped */
	size_t count;
	struct array *array;   /* [count] */
	uint8_t *bytes;        /* the file, which the arrays of safetensors point into; NULL for npz */
	uint8_t **member;      /* [count] the data of each array of an npz; NULL for safetensors */
};

/* Reads the file and checks all of it: every type, shape and place of the header before any memory
 * is allocated for it.  ERR_INPUT, ERR_RESOURCE. */
bool tensor_file_open(struct tensor_file *arrays, const char *path, struct err *err);
void tensor_file_close(struct tensor_file *arrays); /* also of {0} */

/* Element i, row-major, as a float. */
float array_value(const struct array *array, size_t i);

/* Bytes of an element. */
size_t array_size(enum array_type type);

/* The remedy for a file that is neither. */
#define TENSOR_FILE_SAVE_AS "save the weights with safetensors.torch.save_file or numpy.savez"

/* Whether a file that begins with these bytes may be a safetensors file: a length of 8 bytes, then a JSON object. */
bool safetensors_begins(const uint8_t *bytes, size_t size);

/* The same as tensor_file_open() of a safetensors file of `size` bytes, which become the arrays'.  For tensor_file.c and the fuzz target. */
bool safetensors_read(struct tensor_file *arrays, uint8_t *bytes, size_t size, struct err *err);

#endif
