/* Inflating with ISA-L.  gzip headers and trailers are read by source.c. */
#include "data/inflate.h"

#include <isa-l.h>

#include "base/alloc.h"

#define MOST ((size_t)1 << 30) /* bytes at once, ISA-L counts in 32 bits */

struct inflate {
	struct inflate_state isal;
};

struct inflate *inflate_create(void)
{
	struct inflate *inflate = alloc_array(1, sizeof *inflate, NULL);
	if (inflate)
		isal_inflate_init(&inflate->isal);
	return inflate;
}

void inflate_destroy(struct inflate *inflate)
{
	alloc_free(inflate);
}

void inflate_begin(struct inflate *inflate)
{
	isal_inflate_reset(&inflate->isal);
}

enum inflate_result inflate_some(struct inflate *inflate, struct inflate_place *place)
{
	struct inflate_state *isal = &inflate->isal;
	isal->next_in = (uint8_t *)(uintptr_t)place->in;
	isal->avail_in = (uint32_t)(place->in_left < MOST ? place->in_left : MOST);
	isal->next_out = place->out;
	isal->avail_out = (uint32_t)(place->out_left < MOST ? place->out_left : MOST);
	int result = isal_inflate(isal);
	if (result >= ISAL_DECOMP_OK && isal->block_state == ISAL_BLOCK_FINISH) { /* gives back whole bytes that were read ahead */
		isal->next_in -= isal->read_in_length / 8;
		isal->read_in_length = 0;
	}
	place->in_left -= (size_t)(isal->next_in - place->in);
	place->in = isal->next_in;
	place->out_left -= (size_t)(isal->next_out - place->out);
	place->out = isal->next_out;
	return result < ISAL_DECOMP_OK                       ? INFLATE_BROKEN
	       : isal->block_state == ISAL_BLOCK_FINISH ? INFLATE_END
	                                                : INFLATE_MORE;
}

uint32_t inflate_crc(uint32_t crc, const uint8_t *bytes, size_t size)
{
	return crc32_gzip_refl(crc, bytes, size);
}

#define WRITTEN(major, minor, patch) WRITTEN_OUT(major, minor, patch)
#define WRITTEN_OUT(major, minor, patch) #major "." #minor "." #patch

const char *inflate_library(void)
{
	return "ISA-L " WRITTEN(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}
