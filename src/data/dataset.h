/* A data set: three splits of samples with labels, available on demand (drawn, inflated as far as
 * needed, or all in memory).  Samples are images of bytes, kept packed, or vectors of floats; what
 * is said of the pixels of images holds for the features of vectors.  Used by one thread at a
 * time; once dataset_load() has succeeded nothing changes any more, and any number of
 * threads may read it at once. */
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

/* How a set that has no test samples of its own is split. */
struct dataset_division {
	uint64_t seed;        /* of the order from which the parts are cut */
	uint64_t test_percent; /* of all samples, 1..99 */
};

#define DATASET_TEST_PERCENT 20
#define DATASET_DIVISION ((const struct dataset_division){ .seed = 1, .test_percent = DATASET_TEST_PERCENT })

/* Opens `spec`: a name of dataset_sources, a directory or a file in one of the formats of
 * data/layout.h, two files joined by a comma, or NULL for the default: MNIST where it is found
 * ($INITVIZ_DATA, then initviz/mnist below the XDG data and cache folders), else, or
 * with a warning when what was found is broken, the built-in digits.
 * MNIST's split is the article's: the first 5000 training images validate, the rest trains; a
 * file with fewer than 10000 gives a twelfth of its images to validation.  A set without test
 * samples is shuffled and divided first.
 * ERR_INPUT with a message that names the missing or bad file and the way out. */
struct dataset *dataset_open_divided(const char *spec, const struct dataset_division *division, struct err *err);
struct dataset *dataset_open(const char *spec, struct err *err); /* with DATASET_DIVISION, and verified */
void dataset_close(struct dataset *dataset);

/* Whether the default finds files that may be MNIST's; none of them is read. */
bool dataset_finds_mnist(void);

/* A known set in plain files is recognized by its labels and by a sample of its images when it is
 * opened.  This compares all images, of which it reads those not read yet; the set's name may then
 * say that it is modified.  Errors as those of dataset_load(). */
bool dataset_verify(struct dataset *dataset, struct err *err);

/* "MNIST", "Fashion-MNIST", "built-in digits", or the directory's last name,
 * escaped; known files are recognised by the CRC of their decompressed
 * content.  A known set of which a file differs is called "MNIST (modified)". */
const char *dataset_name(const struct dataset *dataset);

/* Warnings about unexpected content (ignored bytes, a modified file, classes without
 * images); more are added while files are read.  Owned by the data set. */
const struct warnings *dataset_warnings(const struct dataset *dataset);

size_t dataset_count(const struct dataset *dataset, enum dataset_split split);
size_t dataset_pixels(const struct dataset *dataset);  /* of one image */
size_t dataset_classes(const struct dataset *dataset); /* largest label + 1, at least 2 (10 for MNIST) */

/* Whether samples are images of bytes; else vectors of floats. */
bool dataset_has_bytes(const struct dataset *dataset);

/* An image as it is kept, row-major: bit i % 64 of on[i / 64] is 1 if pixel i is
 * not 0; value[] holds the bytes of those pixels in order.  The bits after the
 * last pixel are 0. */
struct dataset_image {
	const uint64_t *on;   /* ((dataset_pixels() + 63) / 64) */
	const uint8_t *value; /* 1..255, as many as bits are set */
};

/* Image `index` of the split, of a data set of bytes; what it points to is valid until
 * dataset_close().  ERR_INPUT when further reading finds the file corrupt,
 * ERR_RESOURCE when memory for more images runs out. */
bool dataset_image(struct dataset_image *image, struct dataset *dataset, enum dataset_split split, size_t index,
                   struct err *err);

/* Makes images index[count] of the split available, in any order, and no others where this saves
 * time: for a net that uses a few images.  Errors as those of dataset_image(). */
bool dataset_need(struct dataset *dataset, enum dataset_split split, const uint32_t *index, size_t count, struct err *err);

/* Prefetches an image that will be used soon into the CPU's cache; does nothing
 * for one that is not loaded. */
void dataset_prefetch(const struct dataset *dataset, enum dataset_split split, size_t index);

/* Label of an image; all labels are checked when opening. */
int dataset_label(struct dataset *dataset, enum dataset_split split, size_t index);

/* Reads some thousand further images of a file, so that the caller can show progress;
 * *more: images remain to be read.  It is false for the built-in digits, which are
 * drawn on demand. */
bool dataset_load_more(struct dataset *dataset, bool *more, struct err *err);

/* Loads all remaining images; dataset_loaded() is the share loaded so far, 0..1. */
bool dataset_load(struct dataset *dataset, struct err *err);
double dataset_loaded(const struct dataset *dataset);

/* How the pixels v of a sample, bytes or floats, become inputs: x = scale * v + shift.
 * (unit) bytes/255, floats as they are; (standard) mean 0 and variance 1 over the training split;
 * (symmetric) 2u - 1 for the u of `unit`; (feature) mean 0 and variance 1 of each pixel over the
 * training split; (raw) x = v.  Means and variances are those of finite values. */
enum dataset_scale { DATASET_UNIT, DATASET_STANDARD, DATASET_SYMMETRIC, DATASET_FEATURE, DATASET_RAW };
extern const struct table dataset_scales; /* entries in the order of the enum */
struct dataset_affine {
	float scale, shift;
	const float *feature_scale, *feature_shift; /* [dataset_pixels()] of each pixel instead, until dataset_close(); or NULL */
};
bool dataset_scaling(struct dataset *dataset, enum dataset_scale scale, struct dataset_affine *affine, struct err *err);

/* Writes the inputs x[dataset_pixels()] of a sample of any data set.  Errors as those of
 * dataset_image(). */
bool dataset_inputs(float *x, struct dataset *dataset, enum dataset_split split, size_t index,
                    const struct dataset_affine *affine, struct err *err);

#endif
