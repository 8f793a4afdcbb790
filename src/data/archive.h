/* Zip archives, which NumPy's .npz files are, read by libzip: archive_libzip.c, or
 * archive_none.c where configure found none. */
#ifndef INITVIZ_DATA_ARCHIVE_H
#define INITVIZ_DATA_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

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

/* The library and its version for --version: "libzip 1.7.3", "none". */
const char *archive_library(void);

#endif
