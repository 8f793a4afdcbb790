/* The temporary file of marks that do not fit in memory.  It has no name: the system removes it
 * when the program ends, in whatever way.  Everything is kept in blocks, whose place is reused
 * when they are released. */
#ifndef INITVIZ_LAB_MARK_FILE_H
#define INITVIZ_LAB_MARK_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MARK_FILE_BYTES ((uint64_t)4 << 30) /* at most, and at most half of what the file system has free */

struct mark_file;

/* Creates it in $TMPDIR, or else in /var/tmp.  If the system refuses it, the file has a fault and
 * takes no block.  One reference.  NULL without memory. */
struct mark_file *mark_file_create(void);
struct mark_file *mark_file_keep(struct mark_file *file);
void mark_file_drop(struct mark_file *file); /* NULL is allowed */

/* Bytes that the blocks may have together; for tests. */
void mark_file_limit(struct mark_file *file, uint64_t bytes);

/* A block of the file. */
struct mark_block {
	uint64_t offset, bytes; /* bytes 0: none */
};

/* Whether a block of so many bytes has no room; false for a file with a fault. */
bool mark_file_is_full(const struct mark_file *file, uint64_t bytes);

/* Finds room for a block; false when the file is full or has a fault. */
bool mark_file_reserve(struct mark_file *file, uint64_t bytes, struct mark_block *block);
void mark_file_release(struct mark_file *file, const struct mark_block *block);

/* Writes or reads a part of a block, `at` bytes after its beginning.  A failure to write is the file's
 * fault from then on; a failure to read fills err. */
bool mark_file_write(struct mark_file *file, const struct mark_block *block, uint64_t at, const void *bytes, size_t size);
bool mark_file_read(struct mark_file *file, const struct mark_block *block, uint64_t at, void *bytes, size_t size,
                    struct err *err);

/* Why the file takes no further block; NULL: it does.  One line, with the remedy. */
const char *mark_file_fault(const struct mark_file *file);

#endif
