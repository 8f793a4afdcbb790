/* Reading of files, plain and gzip (RFC 1952).  Deflate data are
 * inflated by a library. */
#include "data/source.h"

#include <string.h>

#include "base/alloc.h"
#include "data/inflate.h"
#include "data/input.h"

_Static_assert(INPUT_BACK >= INFLATE_BACK, "what was read too far can be given back");

enum {
	GZIP_LEAST = 18,  /* bytes of the shortest gzip file: header, empty block, CRC, length */
	GZIP_TRAILER = 8, /* CRC, length, each with the low byte first */
	DEFLATE = 8,      /* the compression method */
	MOST_EXPANSION = 1032, /* no deflate stream grows further (zlib's technical notes) */
	/* flags of the header */
	HAS_CRC = 0x02,
	HAS_EXTRA = 0x04,
	HAS_NAME = 0x08,
	HAS_COMMENT = 0x10,
	UNKNOWN_FLAGS = 0xE0,
};

struct source {
	struct inflate *inflate;  /* NULL: the file is plain */
	bool in_data;             /* of a gzip member, whose header was read */
	bool ended, cut;          /* ended: there are no more bytes; cut: a gzip member is incomplete */
	uint64_t garbage;
	uint32_t crc, length;     /* of what the member inflated to so far */
	uint32_t header_crc;
	struct err fault; /* repeated by every later call */
	struct input input; /* last: zeros in its buffer would take most of the time of opening a small file */
};

static bool corrupt(const struct source *source, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: corrupt gzip: %s: fetch the file again", source->input.name, what);
}

/* ---- gzip headers and trailers ---- */

static bool gzip_begins(const struct source *source)
{
	const struct input *input = &source->input;
	return input->left >= 2 && input->next[0] == 0x1F && input->next[1] == 0x8B;
}

/* The next bytes of the file (skipped if `bytes` is NULL).  False on a device
 * error, and at a premature end of the file: then source->cut is set. */
static bool read_exactly(struct source *source, uint8_t *bytes, size_t size, struct err *err)
{
	struct input *input = &source->input;
	while (size > 0) {
		if (!input_fill(input, 1, err))
			return false;
		size_t part = size < input->left ? size : input->left;
		source->ended = source->cut = part == 0;
		if (source->cut)
			return false;
		source->header_crc = inflate_crc(source->header_crc, input->next, part);
		if (bytes)
			bytes = (uint8_t *)memcpy(bytes, input->next, part) + part;
		input->next += part;
		input->left -= part;
		size -= part;
	}
	return true;
}

static bool skip_string(struct source *source, struct err *err)
{
	uint8_t byte;
	do
		if (!read_exactly(source, &byte, 1, err))
			return false;
	while (byte != 0);
	return true;
}

static uint32_t low_byte_first(const uint8_t *bytes, size_t size)
{
	uint32_t value = 0;
	while (size-- > 0)
		value = value << 8 | bytes[size];
	return value;
}

/* Skips the members of a header after method and flags. */
static bool skip_fields(struct source *source, uint8_t flags, struct err *err)
{
	uint8_t size[2];
	return read_exactly(source, NULL, 6, err) && /* time, speed, system */
	       (!(flags & HAS_EXTRA) || (read_exactly(source, size, 2, err) && read_exactly(source, NULL, low_byte_first(size, 2), err))) &&
	       (!(flags & HAS_NAME) || skip_string(source, err)) && (!(flags & HAS_COMMENT) || skip_string(source, err));
}

static bool read_header(struct source *source, struct err *err)
{
	uint8_t begin[4], crc[2]; /* magic, method, flags */
	source->header_crc = 0;
	if (!read_exactly(source, begin, sizeof begin, err))
		return source->cut;
	if (begin[2] != DEFLATE)
		return corrupt(source, "the gzip header names an unknown compression method", err);
	if (begin[3] & UNKNOWN_FLAGS)
		return corrupt(source, "the gzip header has unknown flags", err);
	if (!skip_fields(source, begin[3], err))
		return source->cut;
	uint32_t right = source->header_crc & 0xFFFF;
	if ((begin[3] & HAS_CRC) && !read_exactly(source, crc, sizeof crc, err))
		return source->cut;
	if ((begin[3] & HAS_CRC) && low_byte_first(crc, sizeof crc) != right)
		return corrupt(source, "the CRC of the gzip header is wrong", err);
	inflate_begin(source->inflate);
	source->crc = source->length = 0;
	source->in_data = true;
	return true;
}

/* The end of a member; then another one, or the end of it all. */
static bool read_trailer(struct source *source, struct err *err)
{
	struct input *input = &source->input;
	uint8_t trailer[GZIP_TRAILER];
	if (!read_exactly(source, trailer, sizeof trailer, err))
		return source->cut;
	if (low_byte_first(trailer, 4) != source->crc)
		return corrupt(source, "the CRC of the decompressed content is wrong", err);
	if (low_byte_first(trailer + 4, 4) != source->length)
		return corrupt(source, "the length of the decompressed content is wrong", err);
	if (!input_fill(input, 2, err))
		return false;
	source->in_data = false;
	source->ended = !gzip_begins(source);
	uint64_t used = input->taken - input->left;
	source->garbage = source->ended && input->size > used ? input->size - used : 0;
	return true;
}

/* ---- inflating ---- */

static bool read_data(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	struct input *input = &source->input;
	if (!input_fill(input, 1, err))
		return false;
	struct inflate_place place = { input->next, input->left, out, size };
	enum inflate_result result = inflate_some(source->inflate, &place);
	*got = size - place.out_left;
	source->crc = inflate_crc(source->crc, out, *got);
	source->length += (uint32_t)*got;
	if (result == INFLATE_MORE && *got == 0 && input->left == 0)
		source->ended = source->cut = true;
	input->next = place.in;
	input->left = place.in_left;
	switch (result) {
	case INFLATE_MORE:
		return true;
	case INFLATE_END:
		return read_trailer(source, err);
	case INFLATE_NO_MEMORY:
		return err_set(err, ERR_RESOURCE, "%s: out of memory while inflating", input->name);
	case INFLATE_BROKEN:
		break;
	}
	return corrupt(source, "the compressed data are invalid", err);
}

/* ---- the interface ---- */

static bool start_inflating(struct source *source, struct err *err)
{
	source->inflate = inflate_create();
	return source->inflate || err_set(err, ERR_RESOURCE, "%s: out of memory for inflating", source->input.name);
}

struct source *source_open(const char *path, struct err *err)
{
	struct source *source = alloc_resize(NULL, 1, sizeof *source, err);
	if (source == NULL)
		return NULL;
	memset(source, 0, offsetof(struct source, input.buffer));
	if (input_open(&source->input, path, err) && input_fill(&source->input, 2, err) &&
	    (!gzip_begins(source) || start_inflating(source, err)))
		return source;
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	if (source == NULL)
		return;
	inflate_destroy(source->inflate);
	input_close(&source->input);
	alloc_free(source);
}

const char *source_name(const struct source *source)
{
	return source->input.name;
}

uint64_t source_size(const struct source *source)
{
	return source->input.size;
}

bool source_is_gzip(const struct source *source)
{
	return source->inflate != NULL;
}

uint64_t source_most(const struct source *source)
{
	uint64_t size = source->input.size, inflated;
	return !source_is_gzip(source) ? size
	       : __builtin_mul_overflow(size + 1, (uint64_t)MOST_EXPANSION, &inflated) ? UINT64_MAX : inflated;
}

bool source_is_cut(const struct source *source)
{
	return source->cut;
}

uint64_t source_garbage(const struct source *source)
{
	return source->garbage;
}

static bool read_some(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	return source->inflate == NULL ? input_read(&source->input, out, size, got, err)
	       : source->in_data       ? read_data(source, out, size, got, err)
	                               : read_header(source, err);
}

bool source_read(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < size && !source->ended && source->fault.code == ERR_NONE) {
		size_t more = 0;
		read_some(source, out + *got, size - *got, &more, &source->fault);
		*got += more;
		if (source->inflate == NULL && more == 0)
			break;
	}
	if (source->fault.code != ERR_NONE && err)
		*err = source->fault;
	return source->fault.code == ERR_NONE;
}

bool source_read_at(const struct source *source, uint64_t offset, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	return input_read_at(&source->input, offset, out, size, got, err);
}

bool source_rewind(struct source *source, struct err *err)
{
	source->in_data = source->ended = source->cut = false;
	source->garbage = 0;
	source->fault = (struct err){0};
	return input_rewind(&source->input, err) && input_fill(&source->input, 2, err);
}

bool source_promised_crc(const struct source *source, uint32_t *crc, struct err *err)
{
	uint8_t trailer[GZIP_TRAILER];
	if (source->input.size < GZIP_LEAST)
		return err_set(err, ERR_INPUT, "%s: truncated: %llu bytes are too few for a gzip file: fetch it again",
		               source->input.name, (unsigned long long)source->input.size);
	if (!input_last(&source->input, trailer, sizeof trailer, err))
		return false;
	*crc = low_byte_first(trailer, 4);
	return true;
}
