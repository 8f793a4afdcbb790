/* A data set: three splits of images with labels, kept packed, available on
 * demand (drawn, or inflated as far as needed).  Used by one thread at a
 * time. */
#ifndef INITVIZ_DATA_DATASET_H
#define INITVIZ_DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"
#include "base/err.h"
#include "base/warnings.h"

enum dataset_split { DATASET_TRAIN, DATASET_VALIDATION, DATASET_TEST, DATASET_SPLITS };

struct dataset;

/* The named sources: digits, mnist, fashion; for --list and completion. */
extern const struct table dataset_sources;

/* Opens `spec`: a name of dataset_sources, a directory with the four IDX
 * files (plain or .gz), or NULL for the default: MNIST where it is found
 * ($INITVIZ_DATA, then initviz/mnist below the XDG data and cache folders),
 * else, or with a warning when what was found is broken, the built-in digits.  MNIST's split is the article's: the first 5000
 * training images validate, the rest trains; a file with fewer than 10000
 * gives a twelfth of its images to validation.
 * ERR_INPUT with a message that names the missing or bad file and the way out. */
struct dataset *dataset_open(const char *spec, struct err *err);
void dataset_close(struct dataset *dataset);

/* "MNIST", "Fashion-MNIST", "built-in digits", or the directory's last name,
 * escaped; known files are recognised by the CRC of their decompressed
 * content.  A known set with a foreign file says "MNIST (modified)". */
const char *dataset_name(const struct dataset *dataset);

/* What was found that the user may not expect (ignored bytes, a modified file, classes
 * without images); grows as files are read on.  Belongs to the data set. */
const struct warnings *dataset_warnings(const struct dataset *dataset);

/* The spec under which dataset_open() finds it again: "digits", "mnist", "fashion",
 * or the directory. */
const char *dataset_spec(const struct dataset *dataset);

size_t dataset_count(const struct dataset *dataset, enum dataset_split split);
size_t dataset_rows(const struct dataset *dataset);    /* of one image, pixels */
size_t dataset_columns(const struct dataset *dataset);
size_t dataset_pixels(const struct dataset *dataset);  /* rows x columns */
size_t dataset_classes(const struct dataset *dataset); /* largest label + 1, at least 2 (10 for MNIST) */

/* An image as it is kept, row-major: bit i % 64 of on[i / 64] tells that pixel i is
 * not 0, the bytes of those pixels follow each other in value[].  The bits behind
 * the last pixel are 0. */
struct dataset_image {
	const uint64_t *on;   /* ((dataset_pixels() + 63) / 64) */
	const uint8_t *value; /* 1..255, as many as bits are set */
};

/* Image `index` of the split; what it points to is valid until
 * dataset_close().  ERR_INPUT when reading on finds the file broken,
 * ERR_RESOURCE when there is no memory for more images. */
bool dataset_image(struct dataset_image *image, struct dataset *dataset, enum dataset_split split, size_t index,
                   struct err *err);

/* The bytes[pixels] of an image, 0..255. */
void dataset_unpack(uint8_t *bytes, const struct dataset_image *image, size_t pixels);

/* Has the CPU fetch an image from memory that is to be asked for soon; nothing
 * is done about one that is not loaded. */
void dataset_prefetch(const struct dataset *dataset, enum dataset_split split, size_t index);

/* Label of an image; all labels are checked when opening. */
int dataset_label(struct dataset *dataset, enum dataset_split split, size_t index);

/* Reads on by some thousand images of a file, for who wants to tell how far it
 * is; *more: there is more to read.  Digits are drawn when asked for: none. */
bool dataset_load_more(struct dataset *dataset, bool *more, struct err *err);

/* Loads whatever is not loaded yet; share 0..1 of it done so far. */
bool dataset_load(struct dataset *dataset, struct err *err);
double dataset_loaded(const struct dataset *dataset);

/* How pixels become inputs: x = scale * byte + shift, (unit) 1/255, 0;
 * (standard) mean 0 and variance 1 over the training split; (symmetric)
 * [-1, 1]. */
enum dataset_scale { DATASET_UNIT, DATASET_STANDARD, DATASET_SYMMETRIC };
extern const struct table dataset_scales; /* entries in the order of the enum */
struct dataset_affine {
	float scale, shift;
};
bool dataset_scaling(struct dataset *dataset, enum dataset_scale scale, struct dataset_affine *affine, struct err *err);

#endif
