/* Inflating with zlib.  gzip headers and trailers are read by source.c. */
#include "data/inflate.h"

#include <zlib.h>

#include "base/alloc.h"

#define MOST ((size_t)1 << 30) /* bytes at once, zlib counts in unsigned int */

struct inflate {
	z_stream zlib;
};

static voidpf zlib_alloc(voidpf opaque, uInt items, uInt size)
{
	(void)opaque;
	return alloc_array(items, size, NULL);
}

static void zlib_free(voidpf opaque, voidpf address)
{
	(void)opaque;
	alloc_free(address);
}

struct inflate *inflate_create(void)
{
	struct inflate *inflate = alloc_array(1, sizeof *inflate, NULL);
	if (inflate == NULL)
		return NULL;
	inflate->zlib.zalloc = zlib_alloc;
	inflate->zlib.zfree = zlib_free;
	if (inflateInit2(&inflate->zlib, -MAX_WBITS) == Z_OK)
		return inflate;
	alloc_free(inflate);
	return NULL;
}

void inflate_destroy(struct inflate *inflate)
{
	if (inflate == NULL)
		return;
	inflateEnd(&inflate->zlib);
	alloc_free(inflate);
}

void inflate_begin(struct inflate *inflate)
{
	inflateReset(&inflate->zlib);
}

enum inflate_result inflate_some(struct inflate *state, struct inflate_place *place)
{
	z_stream *zlib = &state->zlib;
	zlib->next_in = (Bytef *)(uintptr_t)place->in;
	zlib->avail_in = (uInt)(place->in_left < MOST ? place->in_left : MOST);
	zlib->next_out = place->out;
	zlib->avail_out = (uInt)(place->out_left < MOST ? place->out_left : MOST);
	int result = inflate(zlib, Z_NO_FLUSH);
	place->in_left -= (size_t)(zlib->next_in - place->in);
	place->in = zlib->next_in;
	place->out_left -= (size_t)(zlib->next_out - place->out);
	place->out = zlib->next_out;
	return result == Z_OK || result == Z_BUF_ERROR ? INFLATE_MORE
	       : result == Z_STREAM_END                ? INFLATE_END
	       : result == Z_MEM_ERROR                 ? INFLATE_NO_MEMORY
	                                               : INFLATE_BROKEN;
}

uint32_t inflate_crc(uint32_t crc, const uint8_t *bytes, size_t size)
{
	return (uint32_t)crc32_z(crc, bytes, size);
}

const char *inflate_library(void)
{
	return "zlib " ZLIB_VERSION;
}
