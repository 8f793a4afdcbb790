/* The library calls for reading gzip: raw deflate data inflated piece by
 * piece, and CRC-32.  Implemented by inflate_isal.c (ISA-L, twice as fast) or
 * inflate_zlib.c, as chosen by configure.  Used by source.c and idx.c. */
#ifndef INITVIZ_DATA_INFLATE_H
#define INITVIZ_DATA_INFLATE_H

#include <stddef.h>
#include <stdint.h>

struct inflate;

/* NULL when memory runs out. */
struct inflate *inflate_create(void);
void inflate_destroy(struct inflate *inflate); /* NULL is allowed */

/* Begins another stream of deflate data. */
void inflate_begin(struct inflate *inflate);

/* Where compressed bytes are and where inflated ones go. */
struct inflate_place {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

enum inflate_result {
	INFLATE_MORE,      /* the input is used up, or the output is full */
	INFLATE_END,       /* of the deflate data: `in` is behind them */
	INFLATE_BROKEN,    /* this is no deflate data */
	INFLATE_NO_MEMORY,
};

/* Inflates all of the input that fits into the output, and advances *place.
 * INFLATE_MORE without progress means that more input is needed.  At the end `in`
 * may be up to INFLATE_BACK bytes before where it was given, because an earlier
 * call may have read ahead. */
#define INFLATE_BACK 8
enum inflate_result inflate_some(struct inflate *inflate, struct inflate_place *place);

/* The CRC-32 of gzip, of bytes that follow those `crc` is of; 0 to begin with. */
uint32_t inflate_crc(uint32_t crc, const uint8_t *bytes, size_t size);

/* The library and its version, for --version. */
const char *inflate_library(void);

#endif
