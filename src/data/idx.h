/* IDX files (the format of MNIST), plain or gzip told by content, read
 * strictly.  A reader inflates as far as it is asked to, so that the first
 * images are there long before the last. */
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
 * items, 2 GiB), a file too short for what the header promises. */
struct idx *idx_open(const char *path, enum idx_kind kind, struct err *err);
void idx_close(struct idx *idx);

size_t idx_count(const struct idx *idx);   /* items promised by the header */
size_t idx_rows(const struct idx *idx);    /* pixels; 1 for labels */
size_t idx_columns(const struct idx *idx);

/* Makes items [0, count) available; count is cut to idx_count().  When the
 * last item is read, the end is checked too: CRC, length, what follows.
 * ERR_INPUT on truncation, corruption, or a device error; ERR_RESOURCE when there
 * is no memory for more images. */
bool idx_need(struct idx *idx, size_t count, struct err *err);

/* Items that are available, in file order: labels as bytes, (count), images
 * packed.  Valid until idx_close(). */
size_t idx_available(const struct idx *idx);
const uint8_t *idx_labels(const struct idx *idx);
const struct packed *idx_images(const struct idx *idx);

const char *idx_name(const struct idx *idx); /* its path, escaped */

/* CRC-32 of the decompressed file: what the trailer of a gzip file (of one
 * member) promises, without inflating and proven only when all was needed; of a
 * plain file without its extra bytes, which reads it all. */
bool idx_crc(struct idx *idx, uint32_t *crc, struct err *err);

/* Bytes that follow the promised end and are ignored; of a plain file known from the
 * start, of a gzip file after the whole was needed.  Of a gzip stream that goes on after the promised end only the
 * first byte is counted. */
uint64_t idx_extra(const struct idx *idx);

#endif
