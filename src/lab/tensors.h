/* A list of named arrays, copied out of a session: the weights of a net, or what the net
 * computes of the probe.  A plain value, which outlives the session. */
#ifndef INITVIZ_LAB_TENSORS_H
#define INITVIZ_LAB_TENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "lab/settings.h"

#define TENSOR_NAME_SIZE 32

enum tensor_type { TENSOR_F32, TENSOR_F64, TENSOR_I64 };

struct tensor {
	char name[TENSOR_NAME_SIZE]; /* unique within the list; letters, digits, dots */
	enum tensor_type type;
	size_t rank, shape[2];       /* row-major; rank 0: a single number */
	size_t count;                /* elements: the product of shape[] */
	void *values;                /* [count] float, double or int64_t, by type */
};

/* Which list. */
enum tensors_kind {
	TENSORS_WEIGHTS, /* the parameters, for torch.nn.Sequential.load_state_dict() */
	TENSORS_PROBE,   /* the probe's x and label, z, a and delta of each layer, gradients, the loss */
};

struct tensors {
	enum tensors_kind kind;
	struct settings settings; /* fitted, of the net */
	uint64_t step;            /* the parameters are those after so many steps */
	size_t count, room;
	struct tensor *tensor;    /* [count] */
};

/* An empty list, to be freed by tensors_destroy().  NULL with ERR_RESOURCE; so below. */
struct tensors *tensors_create(enum tensors_kind kind, struct err *err);
void tensors_destroy(struct tensors *tensors); /* NULL is allowed */

/* Adds an array of zeros, (rows, columns), or of rank 1 where columns is 0, or of rank 0 where
 * both are.  Returns its values. */
void *tensors_add(struct tensors *tensors, enum tensor_type type, size_t rows, size_t columns, struct err *err,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Bytes of one element. */
size_t tensor_size(enum tensor_type type);

#endif
