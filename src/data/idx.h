/* IDX files (the format of MNIST), plain or gzip (detected by content), read
 * strictly.  A reader inflates only as far as requested, so that the first images
 * are available long before the last. */
#ifndef INITVIZ_DATA_IDX_H
#define INITVIZ_DATA_IDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/packed.h"

struct idx; /* an open file */

enum idx_kind { IDX_IMAGES, IDX_LABELS };

/* Opens and reads the header.  Refuses with ERR_INPUT and a message that names
 * the file, what was found, what was expected: anything but a regular file,
 * wrong magic, wrong rank, sizes out of bounds (4096 x 4096 pixels, 10^7
 * items, 2 GiB), a file shorter than the header declares. */
struct idx *idx_open(const char *path, enum idx_kind kind, struct err *err);
void idx_close(struct idx *idx);

size_t idx_count(const struct idx *idx);   /* items declared by the header */
size_t idx_rows(const struct idx *idx);    /* pixels; 1 for labels */
size_t idx_columns(const struct idx *idx);

/* Makes items [0, count) available; count is cut to idx_count().  When the
 * last item is read, the end is checked too: CRC, length, what follows.
 * ERR_INPUT on truncation, corruption, or a device error; ERR_RESOURCE when
 * memory for more images runs out. */
bool idx_need(struct idx *idx, size_t count, struct err *err);

/* Makes the images items[count] (ascending, each once) available without keeping others: of
 * a plain file only they are read, a gzip file is inflated up to the last of them.  An
 * idx_need() that follows begins such a file again.  Errors as those of idx_need(). */
bool idx_need_some(struct idx *idx, const uint32_t *items, size_t count, struct err *err);

/* How many items are available from the first on; of a gzip file 0 while others are kept without
 * them.  The items, in file order: labels as bytes, (count), images packed.  Valid until
 * idx_close(). */
size_t idx_available(const struct idx *idx);
const uint8_t *idx_labels(const struct idx *idx);
const struct packed *idx_images(const struct idx *idx);

const char *idx_name(const struct idx *idx); /* its path, escaped */
bool idx_is_gzip(const struct idx *idx);

/* CRC-32 of the images 0, distance, 2 distance, ... of a plain file, which reads only them. */
bool idx_sample_crc(struct idx *idx, size_t distance, uint32_t *crc, struct err *err);

/* CRC-32 of the decompressed file: read from the trailer of a gzip file (of one
 * member) without inflating it, and verified only once all of it is read; of a plain
 * file computed without its extra bytes, which reads all of it. */
bool idx_crc(struct idx *idx, uint32_t *crc, struct err *err);

/* Bytes after the declared end, which are ignored: known from the start for a plain
 * file, after the last item was read for a gzip file.  Of a gzip stream that continues
 * after the declared end only the first byte is counted. */
uint64_t idx_extra(const struct idx *idx);

#endif
