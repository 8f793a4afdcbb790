/* Streams from files. */
#include "data/stream.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/alloc.h"
#include "data/source.h"

enum { FIRST_ROOM = 1 << 20 };

static bool read_source(void *context, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	struct source *source = context;
	if (!source_read(source, out, size, got, err))
		return false;
	if (*got < size && source_is_cut(source))
		return err_set(err, ERR_INPUT, "%s: truncated: the gzip data end early: fetch the file again", source_name(source));
	if (*got < size && source_garbage(source))
		return err_set(err, ERR_INPUT, "%s: %" PRIu64 " bytes behind the end of the gzip data: fetch the file again",
		               source_name(source), source_garbage(source));
	return true;
}

struct stream stream_of_source(struct source *source)
{
	struct stream stream = { .most = source_most(source), .context = source, .read = read_source };
	snprintf(stream.name, sizeof stream.name, "%s", source_name(source));
	return stream;
}

bool stream_exactly(const struct stream *stream, uint8_t *out, size_t size, const char *part, struct err *err)
{
	size_t got;
	if (!stream->read(stream->context, out, size, &got, err))
		return false;
	return got == size || err_set(err, ERR_INPUT, "%s: truncated: %zu byte%s missing from the %s: fetch the file again",
	                              stream->name, size - got, size - got == 1 ? "" : "s", part);
}

bool stream_end(const struct stream *stream, struct err *err)
{
	uint8_t more;
	size_t got;
	if (!stream->read(stream->context, &more, 1, &got, err))
		return false;
	return got == 0 || err_set(err, ERR_INPUT, "%s: more bytes follow where the header says that the data end: the header "
	                           "or the file is wrong", stream->name);
}

/* Doubles the room until all is read. */
static bool read_whole(struct source *source, uint8_t **bytes, size_t *size, struct err *err)
{
	struct stream stream = stream_of_source(source);
	size_t room = 0, got = 0;
	for (*bytes = NULL, *size = 0; *size == room; *size += got) {
		if (room > STREAM_MOST)
			return err_set(err, ERR_INPUT, "%s: more than 2 GiB are not read", stream.name);
		room = room ? 2 * room : stream.most < FIRST_ROOM ? (size_t)stream.most + 1 : FIRST_ROOM;
		uint8_t *more = *bytes ? alloc_resize(*bytes, room, 1, err) : alloc_array(room, 1, err);
		if (more == NULL)
			return err_prefix(err, "%s", stream.name);
		*bytes = more;
		if (!stream.read(stream.context, *bytes + *size, room - *size, &got, err))
			return false;
	}
	return true;
}

bool stream_whole_file(const char *path, uint8_t **bytes, size_t *size, struct err *err)
{
	struct source *source = source_open(path, err);
	*bytes = NULL;
	bool read = source && read_whole(source, bytes, size, err);
	source_close(source);
	if (!read) {
		alloc_free(*bytes);
		*bytes = NULL;
	}
	return read;
}

bool stream_first_bytes(const char *path, uint8_t *bytes, size_t size, size_t *got, struct err *err)
{
	struct source *source = source_open(path, err);
	bool read = source && source_read(source, bytes, size, got, err);
	source_close(source);
	return read;
}
