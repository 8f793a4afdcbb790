/* Published data sets: recognized by the CRC-32 of their decompressed IDX files, and where they
 * can be downloaded. */
#ifndef INITVIZ_DATA_PUBLISHED_H
#define INITVIZ_DATA_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"

enum published_file {
	PUBLISHED_TRAIN_IMAGES,
	PUBLISHED_TRAIN_LABELS,
	PUBLISHED_TEST_IMAGES,
	PUBLISHED_TEST_LABELS,
	PUBLISHED_FILES
};

#define PUBLISHED_DISTANCE 500 /* images between those of a sample */

/* A file as mirrors have it: gzip. */
struct published_download {
	uint64_t size;      /* bytes */
	const char *sha256; /* 64 hexadecimal digits */
};

#define PUBLISHED_MIRRORS 4

struct published {
	struct entry entry;              /* its name as the user types it */
	const char *name;                /* as shown on the screen */
	const char *mirror[PUBLISHED_MIRRORS]; /* URLs to which the files' names are added; the first is preferred, NULL after the last */
	struct published_download download[PUBLISHED_FILES];
	uint32_t crc[PUBLISHED_FILES];   /* of the decompressed IDX files */
	uint32_t sample[PUBLISHED_FILES]; /* of images 0, PUBLISHED_DISTANCE, ... of a file; 0: not known */
	uint64_t sum, square_sum;        /* of the bytes of training images 5000..59999 */
};

TABLE_DECLARE(published_sets, struct published, published_set)

/* Whether the data may be a published set, by their numbers: only then their CRCs are needed. */
bool published_may_be(size_t train, size_t test, size_t rows, size_t columns);

/* The published data set of which most files have these CRCs, else the one of the name
 * `promised`, else NULL.  `promised` may be NULL. */
const struct published *published_find(const uint32_t crc[PUBLISHED_FILES], const char *promised);

/* The CRC that a file of images has if it is the published one of which it has the sample; 0 when
 * its sample is that of no set. */
uint32_t published_expect(enum published_file file, uint32_t sample);

/* Whether a file differs from the published one; `set` may be NULL. */
bool published_differs(const struct published *set, const uint32_t crc[PUBLISHED_FILES]);

/* Writes the name of a data set that was read from `path`: "MNIST", "MNIST (modified)", or
 * for set = NULL the last component of the path that torchvision or tensorflow-datasets did not
 * add, escaped: "MNIST" of DIR/MNIST/raw, "DIR" of DIR/downloads/manual. */
void published_name(char *name, size_t size, const struct published *set, bool modified, const char *path);

#endif
