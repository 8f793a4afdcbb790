/* Bytes that are read once from the beginning: a file, plain or gzip, or a member of an
 * archive.  Readers of formats take a stream and need not know where it comes from. */
#ifndef INITVIZ_DATA_STREAM_H
#define INITVIZ_DATA_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define STREAM_NAME_SIZE 320

struct stream {
	char name[STREAM_NAME_SIZE]; /* escaped; messages begin with it */
	uint64_t most;               /* no more bytes than this can come: known before any memory is allocated */
	void *context;
	/* Reads `size` bytes; *got is less only at the end.  ERR_INPUT, ERR_RESOURCE. */
	bool (*read)(void *context, uint8_t *out, size_t size, size_t *got, struct err *err);
};

/* The stream of an open source, which must stay open. */
struct source;
struct stream stream_of_source(struct source *source);

/* Reads exactly `size` bytes; a premature end is ERR_INPUT "truncated: ... missing from
 * the `part`". */
bool stream_exactly(const struct stream *stream, uint8_t *out, size_t size, const char *part, struct err *err);

/* The end must be here: ERR_INPUT when bytes follow, or when the end of gzip data is
 * missing or its CRC is wrong. */
bool stream_end(const struct stream *stream, struct err *err);

/* Reads all of a file into memory; gzip is inflated.  *bytes is the caller's, to be
 * released by alloc_free().  ERR_INPUT also for more than STREAM_MOST bytes. */
#define STREAM_MOST ((uint64_t)1 << 31)
bool stream_whole_file(const char *path, uint8_t **bytes, size_t *size, struct err *err);

/* The first bytes of a file, inflated; *got is less than `size` only for a shorter file. */
bool stream_first_bytes(const char *path, uint8_t *bytes, size_t size, size_t *got, struct err *err);

#endif
