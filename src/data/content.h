/* What a file is that is not an IDX file, told by its first bytes. */
#ifndef INITVIZ_DATA_CONTENT_H
#define INITVIZ_DATA_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#define CONTENT_BYTES 512 /* as many as are worth looking at */

struct content {
	const char *name;   /* "a zip archive" */
	const char *remedy; /* "unpack it" */
};

/* NULL: no format that is known here. */
const struct content *content_of(const uint8_t *bytes, size_t size);

#endif
