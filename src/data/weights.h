/* A net that others made: a chain of Linear layers found in a file of named arrays. */
#ifndef INITVIZ_DATA_WEIGHTS_H
#define INITVIZ_DATA_WEIGHTS_H

#include "base/warnings.h"
#include "data/tensor_file.h"

struct weights_layer {
	const struct array *w;            /* rank 2 */
	const struct array *b;            /* (fan_out), or NULL */
	const struct array *gain, *shift; /* (fan_out) of a normalization after the layer, or both NULL */
};

struct weights {
	struct tensor_file file;
	bool inputs_first;                /* w is (fan_in, fan_out), as in Keras and Flax; else (fan_out, fan_in), as in torch */
	size_t layers;
	struct weights_layer *layer;      /* [layers] from input to output */
	const struct warnings *warnings;  /* arrays that belong to no layer */
};

/* Opens "FILE" or "FILE:PREFIX", of which only arrays whose names begin with PREFIX are used.  The arrays of
 * rank 2 in the order of their names, in which numbers are ordered as numbers, are the layers: each must
 * have as many inputs as the one before has outputs.  A bias is called as its layer's array with "bias" for
 * "weight" or "kernel", or "b" for "W".  ERR_INPUT when there is no such chain, or the file is bad; ERR_RESOURCE. */
bool weights_open(struct weights *weights, const char *spec, struct err *err);
void weights_close(struct weights *weights); /* also of {0} */

size_t weights_fan_in(const struct weights *weights, size_t layer);
size_t weights_fan_out(const struct weights *weights, size_t layer);

/* w (fan_in, fan_out), row-major. */
void weights_matrix(float *w, const struct weights *weights, size_t layer);

/* The matrix of one layer from "FILE,NAME" or, where the file has one matrix only, "FILE": w (fan_in, fan_out),
 * row-major.  In the file it is (fan_out, fan_in), as torch has it; or (fan_in, fan_out) where its name has "kernel", as
 * Keras and Flax call it, or where only that fits.  ERR_INPUT, ERR_RESOURCE. */
bool weights_read_matrix(float *w, size_t fan_in, size_t fan_out, const char *spec, struct err *err);

/* count elements of an array of rank 1 */
void weights_vector(float *to, const struct array *from);

/* Compares names: digits as numbers, else bytes. */
int weights_compare_names(const char *a, const char *b);

#endif
