/* Reading of regular files, plain and gzip.  Knows nothing of what is in them
 * and reads no further than it is asked to, one buffer at most. */
#include "data/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/text.h"

enum {
	BUFFER = 64 * 1024,
	GZIP_LEAST = 18, /* bytes of the shortest gzip file: header, empty block, CRC, length */
	GZIP_ONLY = 16,  /* added to zlib's window bits: a gzip header is required */
};

struct source {
	int file;
	uint64_t size;
	char name[256];
	bool gzip;
	bool ended, cut; /* nothing more comes; a gzip member lacks its end */
	uint64_t garbage;
	uint64_t taken; /* bytes of the file read so far */
	z_stream zlib;  /* its next_in, avail_in are what the buffer still holds */
	uint8_t buffer[BUFFER];
};

/* ---- opening ---- */

static const char *kind_of(mode_t mode)
{
	return S_ISDIR(mode)  ? "is a directory"
	       : S_ISFIFO(mode) ? "is a pipe"
	       : S_ISSOCK(mode) ? "is a socket"
	       : S_ISCHR(mode)  ? "is a device or terminal"
	       : S_ISBLK(mode)  ? "is a block device"
	                        : "is a special file";
}

/* Fails with what was found, unless it is a regular file with content. */
static bool check_kind(struct source *source, const struct stat *found, struct err *err)
{
	if (!S_ISREG(found->st_mode))
		return err_set(err, ERR_INPUT, "%s: %s: not a regular file, give the path of an IDX file", source->name,
		               kind_of(found->st_mode));
	if (found->st_size == 0)
		return err_set(err, ERR_INPUT, "%s: is empty: it may be an interrupted download, fetch it again",
		               source->name);
	source->size = (uint64_t)found->st_size;
	return true;
}

static bool open_file(struct source *source, const char *path, struct err *err)
{
	/* The kind is asked for first, since opening some devices does something. */
	struct stat found;
	if (stat(path, &found) == 0 && !check_kind(source, &found, err))
		return false;
	do
		source->file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	while (source->file < 0 && errno == EINTR);
	if (source->file < 0 || fstat(source->file, &found) != 0)
		return err_set(err, ERR_INPUT, "%s: cannot be read: %s", source->name, strerror(errno));
	return check_kind(source, &found, err);
}

/* ---- bytes of the file ---- */

static bool broken(const struct source *source, struct err *err, int error)
{
	return err_set(err, ERR_INPUT, "%s: reading failed: %s", source->name, strerror(error));
}

/* Up to `size` bytes; *got is 0 at the end only. */
static bool read_some(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	ssize_t n;
	do
		n = read(source->file, out, size);
	while (n < 0 && errno == EINTR);
	*got = n < 0 ? 0 : (size_t)n;
	source->taken += *got;
	return n >= 0 || broken(source, err, errno);
}

/* Brings at least `least` bytes into the buffer, if the file has them. */
static bool fill(struct source *source, size_t least, struct err *err)
{
	z_stream *zlib = &source->zlib;
	if (zlib->avail_in >= least)
		return true;
	if (zlib->avail_in > 0)
		memmove(source->buffer, zlib->next_in, zlib->avail_in);
	zlib->next_in = source->buffer;
	for (size_t got = 1; got > 0 && zlib->avail_in < least; zlib->avail_in += (uInt)got)
		if (!read_some(source, source->buffer + zlib->avail_in, BUFFER - zlib->avail_in, &got, err))
			return false;
	return true;
}

static bool gzip_begins(const struct source *source)
{
	const z_stream *zlib = &source->zlib;
	return zlib->avail_in >= 2 && zlib->next_in[0] == 0x1F && zlib->next_in[1] == 0x8B;
}

/* ---- inflating ---- */

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

static bool start_inflating(struct source *source, struct err *err)
{
	source->zlib.zalloc = zlib_alloc;
	source->zlib.zfree = zlib_free;
	if (inflateInit2(&source->zlib, MAX_WBITS + GZIP_ONLY) != Z_OK)
		return err_set(err, ERR_RESOURCE, "%s: out of memory for inflating", source->name);
	source->gzip = true;
	return true;
}

/* zlib's word for the fault ("incorrect data check" is the CRC) in ours. */
static bool bad_gzip(const struct source *source, int result, struct err *err)
{
	static const struct {
		const char *zlib, *ours;
	} words[] = {
		{ "incorrect data check", "the CRC of the decompressed content is wrong" },
		{ "incorrect length check", "the length of the decompressed content is wrong" },
		{ "header crc mismatch", "the CRC of the gzip header is wrong" },
		{ "unknown compression method", "the gzip header names an unknown compression method" },
		{ "unknown header flags set", "the gzip header has unknown flags" },
		{ "incorrect header check", "the gzip header is broken" },
	};
	if (result == Z_MEM_ERROR)
		return err_set(err, ERR_RESOURCE, "%s: out of memory while inflating", source->name);
	const char *what = source->zlib.msg ? source->zlib.msg : "invalid data";
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(what, words[i].zlib) == 0)
			what = words[i].ours;
	return err_set(err, ERR_INPUT, "%s: corrupt gzip: %s: fetch the file again", source->name, what);
}

/* After a member: another one, or the end of it all. */
static bool next_member(struct source *source, struct err *err)
{
	if (!fill(source, 2, err))
		return false;
	if (gzip_begins(source))
		return inflateReset(&source->zlib) == Z_OK || bad_gzip(source, Z_STREAM_ERROR, err);
	source->ended = true;
	uint64_t used = source->taken - source->zlib.avail_in;
	source->garbage = source->size > used ? source->size - used : 0;
	return true;
}

static bool inflate_some(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	z_stream *zlib = &source->zlib;
	const uInt most = 1u << 30;
	if (!fill(source, 1, err))
		return false;
	if (zlib->avail_in == 0) {
		source->ended = source->cut = true;
		return true;
	}
	zlib->next_out = out;
	zlib->avail_out = size < most ? (uInt)size : most;
	int result = inflate(zlib, Z_NO_FLUSH);
	*got = (size_t)(zlib->next_out - out);
	if (result == Z_STREAM_END)
		return next_member(source, err);
	return result == Z_OK || result == Z_BUF_ERROR || bad_gzip(source, result, err);
}

/* ---- the interface ---- */

struct source *source_open(const char *path, struct err *err)
{
	struct source *source = alloc_array(1, sizeof *source, err);
	if (source == NULL)
		return NULL;
	source->file = -1;
	text_escape(source->name, sizeof source->name, path);
	bool good = open_file(source, path, err) && fill(source, 2, err) &&
	            (!gzip_begins(source) || start_inflating(source, err));
	if (good)
		return source;
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	if (source == NULL)
		return;
	if (source->gzip)
		inflateEnd(&source->zlib);
	if (source->file >= 0)
		close(source->file);
	alloc_free(source);
}

const char *source_name(const struct source *source)
{
	return source->name;
}

uint64_t source_size(const struct source *source)
{
	return source->size;
}

bool source_is_gzip(const struct source *source)
{
	return source->gzip;
}

bool source_is_cut(const struct source *source)
{
	return source->cut;
}

uint64_t source_garbage(const struct source *source)
{
	return source->garbage;
}

/* What the buffer holds, then straight from the file. */
static bool copy_some(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	z_stream *zlib = &source->zlib;
	if (zlib->avail_in == 0)
		return read_some(source, out, size, got, err);
	*got = size < zlib->avail_in ? size : zlib->avail_in;
	memcpy(out, zlib->next_in, *got);
	zlib->next_in += *got;
	zlib->avail_in -= (uInt)*got;
	return true;
}

bool source_read(struct source *source, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < size && !source->ended) {
		size_t more = 0;
		bool good = source->gzip ? inflate_some(source, out + *got, size - *got, &more, err)
		                         : copy_some(source, out + *got, size - *got, &more, err);
		*got += more;
		if (!good)
			return false;
		if (!source->gzip && more == 0)
			break;
	}
	return true;
}

bool source_promised_crc(const struct source *source, uint32_t *crc, struct err *err)
{
	uint8_t trailer[8]; /* CRC, length, each with the low byte first */
	if (source->size < GZIP_LEAST)
		return err_set(err, ERR_INPUT, "%s: truncated: %llu bytes are too few for a gzip file: fetch it again",
		               source->name, (unsigned long long)source->size);
	ssize_t n;
	do
		n = pread(source->file, trailer, sizeof trailer, (off_t)(source->size - sizeof trailer));
	while (n < 0 && errno == EINTR);
	if (n != sizeof trailer)
		return broken(source, err, n < 0 ? errno : EIO);
	*crc = (uint32_t)trailer[0] | (uint32_t)trailer[1] << 8 | (uint32_t)trailer[2] << 16 | (uint32_t)trailer[3] << 24;
	return true;
}
