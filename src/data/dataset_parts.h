/* The members of a data set; used by dataset*.c only. */
#ifndef INITVIZ_DATA_DATASET_PARTS_H
#define INITVIZ_DATA_DATASET_PARTS_H

#include "data/dataset.h"
#include "data/folder.h"
#include "data/packed.h"
#include "data/vectors.h"

#define DATASET_DIGITS 70000 /* images of the endless series that a data set holds */

/* Where samples come from.  Positions count in the file or series of a split, from 0. */
struct dataset_kind {
	const char *(*name)(const struct dataset *dataset);
	const struct warnings *(*warnings)(const struct dataset *dataset);
	const struct published *(*published)(const struct dataset *dataset); /* the set whose bytes these are, or NULL */
	/* The store of a split's bytes, as far as they are loaded; NULL: the samples are floats. */
	const struct packed *(*store)(const struct dataset *dataset, enum dataset_split split);
	/* Loads the sample at a position that is not in the store. */
	bool (*read)(struct dataset *dataset, enum dataset_split split, size_t position, struct err *err);
	/* Loads samples at positions[count], ascending, and no others where this saves time. */
	bool (*read_some)(struct dataset *dataset, enum dataset_split split, const uint32_t *positions, size_t count,
	                  struct err *err);
	int (*label)(const struct dataset *dataset, enum dataset_split split, size_t position);
	bool (*load_more)(struct dataset *dataset, bool *more, struct err *err);
	bool (*load)(struct dataset *dataset, struct err *err);
	bool (*verify)(struct dataset *dataset, struct err *err);
	double (*loaded)(const struct dataset *dataset); /* share, 0..1 */
	size_t sample; /* training samples from which moments are estimated; 0: all */
};

extern const struct dataset_kind dataset_of_digits, dataset_of_folder, dataset_of_vectors;

struct digits {
	uint64_t seed;
	struct packed *images; /* those drawn so far */
};

struct dataset {
	const struct dataset_kind *kind;
	struct digits digits;   /* one of these three is in use */
	struct folder folder;
	struct vectors vectors;
	size_t first[DATASET_SPLITS], count[DATASET_SPLITS]; /* in the digits' series, or in the split's file, or in order[] */
	uint32_t *order; /* positions in the order in which a single set is split; NULL: that of the file */
	size_t pixels, classes; /* pixels of one image */
	const struct warnings *warnings; /* of the digits: why they are in use */
	float *feature_scale, *feature_shift; /* (pixels), of the scaling by features; NULL until it is used */
};

/* Position of a sample in the file or series of its split. */
static inline size_t dataset_position(const struct dataset *dataset, enum dataset_split split, size_t index)
{
	size_t at = dataset->first[split] + index;
	return dataset->order ? dataset->order[at] : at;
}

#endif
