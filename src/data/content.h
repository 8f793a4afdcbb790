/* Recognizes the format of a file that is not an IDX file by its first bytes. */
#ifndef INITVIZ_DATA_CONTENT_H
#define INITVIZ_DATA_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#define CONTENT_BYTES 512 /* enough for every format of the table */

/* Formats of data sets; CONTENT_OTHER: named in messages only. */
enum content_format { CONTENT_OTHER, CONTENT_ZIP, CONTENT_NUMPY, CONTENT_TEXT };

struct content {
	const char *name;   /* "a zip archive" */
	const char *remedy; /* "unpack it": where an IDX file is expected */
	enum content_format format;
};

/* Returns NULL for an unknown format. */
const struct content *content_of(const uint8_t *bytes, size_t size);

#endif
