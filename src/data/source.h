/* The bytes of a regular file, inflated on the way when it is gzip (detected
 * by content, not by name).  Used by idx.c and stream.c only. */
#ifndef INITVIZ_DATA_SOURCE_H
#define INITVIZ_DATA_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct source;

/* Opens anything but a regular file with ERR_INPUT, and never waits for one.
 * Messages of all functions begin with the escaped path. */
struct source *source_open(const char *path, struct err *err);
void source_close(struct source *source);

const char *source_name(const struct source *source); /* the path, escaped */
uint64_t source_size(const struct source *source);    /* of the file as it is, in bytes; at least 1 */
bool source_is_gzip(const struct source *source);

/* No more bytes than this can come: the size of a plain file; of a gzip file what deflate
 * can make of its size. */
uint64_t source_most(const struct source *source);

/* Reads `size` bytes; *got is less only at the end.  The end of a gzip file is
 * where its last member ends with the right CRC and length, or where the file
 * is cut.  ERR_INPUT on a device error and a corrupt gzip stream; further calls fail likewise. */
bool source_read(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err);

/* Reads `size` bytes of a plain file from `offset` on; *got is less only at the end.
 * Leaves the reading position alone.  ERR_INPUT on a device error. */
bool source_read_at(const struct source *source, uint64_t offset, uint8_t *out, size_t size, size_t *got, struct err *err);

/* Back to the first byte; an error is no longer repeated. */
bool source_rewind(struct source *source, struct err *err);

/* Whether the end was reached in the middle of a gzip member. */
bool source_is_cut(const struct source *source);

/* Bytes of the file behind the last gzip member; known after the end was met. */
uint64_t source_garbage(const struct source *source);

/* The CRC-32 that the last eight bytes of a gzip file declare for the
 * decompressed content.  Leaves the reading position alone. */
bool source_promised_crc(const struct source *source, uint32_t *crc, struct err *err);

#endif
