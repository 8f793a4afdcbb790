/* The members of a data set; used by dataset.c and dataset_open.c only. */
#ifndef INITVIZ_DATA_DATASET_PARTS_H
#define INITVIZ_DATA_DATASET_PARTS_H

#include "data/dataset.h"
#include "data/folder.h"
#include "data/packed.h"

#define DATASET_DIGITS 70000 /* images of the endless series that a data set holds */

struct digits {
	uint64_t seed;
	struct packed *images; /* those drawn so far */
};

struct dataset {
	bool drawn; /* digits are in use, else the folder */
	struct digits digits;
	struct folder folder;
	size_t first[DATASET_SPLITS], count[DATASET_SPLITS]; /* in the digits' series, or in the split's file */
	size_t pixels, classes; /* pixels of one image */
	const struct warnings *warnings; /* of the digits: why they are in use */
};

#endif
