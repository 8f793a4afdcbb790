/* NumPy's array files (.npy, versions 1 to 3), read strictly: numbers only, never Python
 * objects. */
#ifndef INITVIZ_DATA_NPY_H
#define INITVIZ_DATA_NPY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "data/samples.h"
#include "data/stream.h"

#define NPY_RANK 4 /* most dimensions */

struct npy {
	char kind;             /* 'u' and 'i': whole numbers; 'b': booleans; 'f': IEEE floats */
	size_t size;           /* bytes of an element: 1, 2, 4, 8 */
	bool swapped;          /* its bytes are in the other order than this machine's */
	bool fortran;          /* the first index changes fastest, not the last */
	size_t rank;           /* 1..NPY_RANK */
	size_t shape[NPY_RANK];
	size_t elements;       /* the product of shape[] */
};

/* Reads the header.  ERR_INPUT for anything but an array of whole or floating numbers (also
 * for Python objects, text, records, complex numbers), for a shape that is no list of sizes,
 * and when the stream cannot hold as many bytes as the header declares. */
bool npy_read_header(struct npy *npy, const struct stream *stream, struct err *err);

/* The same for an array that may be of no use: of another type, or of another number of dimensions
 * than 1 to NPY_RANK, it is no error, but kind is then '\0', and only rank and the first NPY_RANK
 * sizes of shape hold. */
bool npy_read_any_header(struct npy *npy, const struct stream *stream, struct err *err);

/* Reads the rest of the stream as samples: the first dimension counts them, the others are
 * a sample's features in row-major order.  uint8 stays bytes, other numbers become floats
 * (those too large for a float: infinite). */
bool npy_read_samples(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err);

/* Reads the rest as the labels of the samples: shape (count) or (count, 1), whole numbers
 * from 0 to 255 of any type, floats too. */
bool npy_read_labels(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err);

/* The value of an element in IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
double npy_half(uint64_t bits);

#endif
