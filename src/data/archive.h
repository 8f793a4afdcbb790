/* Zip archives, which NumPy's .npz files are, read and written by libzip: archive_libzip.c, or
 * archive_none.c where configure found none. */
#ifndef INITVIZ_DATA_ARCHIVE_H
#define INITVIZ_DATA_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/stream.h"

struct archive;

/* Reads the directory of an archive (also one within gzip).  ERR_INPUT, with the remedy, for
 * what is no whole zip archive, and where no library is built in. */
struct archive *archive_open(const char *path, struct err *err);
void archive_close(struct archive *archive); /* NULL is allowed */

size_t archive_count(const struct archive *archive);
const char *archive_member(const struct archive *archive, size_t i); /* its name, not escaped; "" for none */

/* Opens member i; archive_close_member() ends the stream, which the next one needs.  Refuses
 * with ERR_INPUT encrypted members and those that declare more than deflate can make of them. */
bool archive_open_member(struct stream *stream, struct archive *archive, size_t i, struct err *err);
void archive_close_member(struct archive *archive);

/* An archive that is written in memory, without compression. */
struct archive_writer;

/* ERR_OUTPUT where no library is built in, ERR_RESOURCE; so below. */
struct archive_writer *archive_write(struct err *err);

/* Adds a member; its bytes, allocated by alloc_array(), become the archive's, also after a failure. */
bool archive_add(struct archive_writer *writer, const char *name, uint8_t *bytes, size_t size, struct err *err);

/* Ends the archive with a comment of at most 65535 bytes.  *bytes[*size] is to be freed by alloc_free(). */
bool archive_end(struct archive_writer *writer, const char *comment, uint8_t **bytes, size_t *size, struct err *err);
void archive_drop(struct archive_writer *writer); /* NULL is allowed */

/* The library and its version for --version: "libzip 1.7.3", "none". */
const char *archive_library(void);

#endif
