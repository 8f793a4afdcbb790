/* Zip archives by libzip.  The archive is in memory, so that only data/input.c opens files. */
#include "data/archive.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "base/alloc.h"
#include "base/text.h"

enum {
	MOST_EXPANSION = 1032, /* no deflate stream grows further (zlib's technical notes) */
	MOST_MEMBERS = 10000,
};

struct archive {
	char name[192];   /* the path, escaped */
	uint8_t *bytes;   /* the file */
	zip_t *zip;
	zip_file_t *member; /* the one that is open, or NULL */
	char member_name[STREAM_NAME_SIZE];
};

/* ---- the archive ---- */

static bool failed(const struct archive *archive, zip_error_t *error, struct err *err)
{
	bool memory = zip_error_code_zip(error) == ZIP_ER_MEMORY;
	err_set(err, memory ? ERR_RESOURCE : ERR_INPUT, "%s: damaged zip archive: %s: fetch the file again", archive->name,
	        zip_error_strerror(error));
	return false;
}

static bool open_bytes(struct archive *archive, size_t size, struct err *err)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source = zip_source_buffer_create(archive->bytes, size, 0, &error);
	archive->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (archive->zip == NULL && source)
		zip_source_free(source);
	bool opened = archive->zip || failed(archive, &error, err);
	zip_error_fini(&error);
	return opened;
}

struct archive *archive_open(const char *path, struct err *err)
{
	struct archive *archive = alloc_array(1, sizeof *archive, err);
	size_t size;
	if (archive == NULL)
		return NULL;
	text_escape(archive->name, sizeof archive->name, path);
	if (stream_whole_file(path, &archive->bytes, &size, err) && open_bytes(archive, size, err)) {
		if (archive_count(archive) <= MOST_MEMBERS)
			return archive;
		err_set(err, ERR_INPUT, "%s: more than %d files in the archive", archive->name, MOST_MEMBERS);
	}
	archive_close(archive);
	return NULL;
}

void archive_close(struct archive *archive)
{
	if (archive == NULL)
		return;
	archive_close_member(archive);
	if (archive->zip)
		zip_discard(archive->zip);
	alloc_free(archive->bytes);
	alloc_free(archive);
}

size_t archive_count(const struct archive *archive)
{
	zip_int64_t count = zip_get_num_entries(archive->zip, 0);
	return count > 0 ? (size_t)count : 0;
}

const char *archive_member(const struct archive *archive, size_t i)
{
	const char *name = zip_get_name(archive->zip, i, ZIP_FL_ENC_RAW);
	return name ? name : "";
}

/* ---- a member ---- */

static bool read_member(void *context, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	struct archive *archive = context;
	for (*got = 0; *got < size;) {
		zip_int64_t n = zip_fread(archive->member, out + *got, size - *got);
		if (n < 0)
			return err_set(err, ERR_INPUT, "%s: damaged: %s: fetch the file again", archive->member_name,
			               zip_file_strerror(archive->member));
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return true;
}

/* What the archive's directory declares of a member, before anything is inflated. */
static bool check_member(const struct stream *stream, const zip_stat_t *stat, struct err *err)
{
	const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
	if ((stat->valid & needed) != needed)
		return err_set(err, ERR_INPUT, "%s: damaged: its size is not known: fetch the file again", stream->name);
	if ((stat->valid & ZIP_STAT_ENCRYPTION_METHOD) && stat->encryption_method != ZIP_EM_NONE)
		return err_set(err, ERR_INPUT, "%s: is encrypted: save it without a password", stream->name);
	if (stat->size > STREAM_MOST)
		return err_set(err, ERR_INPUT, "%s: %" PRIu64 " bytes: more than 2 GiB are not read", stream->name, stat->size);
	return stat->size <= MOST_EXPANSION * (stat->comp_size + 1) ||
	       err_set(err, ERR_INPUT, "%s: damaged: %" PRIu64 " bytes cannot come from %" PRIu64 ": fetch the file again",
	               stream->name, stat->size, stat->comp_size);
}

bool archive_open_member(struct stream *stream, struct archive *archive, size_t i, struct err *err)
{
	char safe[96];
	zip_stat_t stat;
	*stream = (struct stream){ .context = archive, .read = read_member };
	snprintf(stream->name, sizeof stream->name, "%s: %s", archive->name,
	         text_escape(safe, sizeof safe, archive_member(archive, i)));
	snprintf(archive->member_name, sizeof archive->member_name, "%s", stream->name);
	archive_close_member(archive);
	if (zip_stat_index(archive->zip, i, 0, &stat) != 0)
		return failed(archive, zip_get_error(archive->zip), err);
	if (!check_member(stream, &stat, err))
		return false;
	stream->most = stat.size;
	archive->member = zip_fopen_index(archive->zip, i, 0);
	if (archive->member)
		return true;
	if (zip_error_code_zip(zip_get_error(archive->zip)) == ZIP_ER_COMPNOTSUPP)
		return err_set(err, ERR_INPUT, "%s: packed by a method that is not read: save it with numpy.savez", stream->name);
	return failed(archive, zip_get_error(archive->zip), err);
}

void archive_close_member(struct archive *archive)
{
	if (archive->member)
		zip_fclose(archive->member);
	archive->member = NULL;
}

/* ---- writing ---- */

/* The bytes of the members are needed until the archive is closed. */
struct archive_writer {
	zip_source_t *target;
	zip_t *zip;
	size_t members;
	uint8_t *member[MOST_MEMBERS];
};

static bool not_written(zip_error_t *error, struct err *err)
{
	bool memory = zip_error_code_zip(error) == ZIP_ER_MEMORY;
	return err_set(err, memory ? ERR_RESOURCE : ERR_OUTPUT, "the zip archive cannot be made: %s", zip_error_strerror(error));
}

struct archive_writer *archive_write(struct err *err)
{
	struct archive_writer *writer = alloc_array(1, sizeof *writer, err);
	if (writer == NULL)
		return NULL;
	zip_error_t error;
	zip_error_init(&error);
	writer->target = zip_source_buffer_create(NULL, 0, 0, &error);
	writer->zip = writer->target ? zip_open_from_source(writer->target, ZIP_CREATE | ZIP_TRUNCATE, &error) : NULL;
	bool opened = writer->zip || not_written(&error, err);
	zip_error_fini(&error);
	if (opened) {
		zip_source_keep(writer->target); /* it is read after the archive is closed */
		return writer;
	}
	archive_drop(writer);
	return NULL;
}

bool archive_add(struct archive_writer *writer, const char *name, uint8_t *bytes, size_t size, struct err *err)
{
	if (writer->members == MOST_MEMBERS) {
		alloc_free(bytes);
		return err_set(err, ERR_OUTPUT, "more than %d files in a zip archive", MOST_MEMBERS);
	}
	writer->member[writer->members++] = bytes;
	zip_source_t *source = zip_source_buffer(writer->zip, bytes, size, 0);
	zip_int64_t i = source ? zip_file_add(writer->zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
	if (i < 0)
		zip_source_free(source);
	/* 1980, the first year of the format: the same arrays are the same bytes */
	bool added = i >= 0 && zip_set_file_compression(writer->zip, (zip_uint64_t)i, ZIP_CM_STORE, 0) == 0 &&
	             zip_file_set_dostime(writer->zip, (zip_uint64_t)i, 0, 1 << 5 | 1, 0) == 0;
	return added || not_written(zip_get_error(writer->zip), err);
}

static bool read_target(struct archive_writer *writer, uint8_t **bytes, size_t *size, struct err *err)
{
	zip_stat_t stat;
	if (zip_source_stat(writer->target, &stat) != 0 || zip_source_open(writer->target) != 0)
		return not_written(zip_source_error(writer->target), err);
	*size = (size_t)stat.size;
	*bytes = alloc_array(*size, 1, err);
	bool read = *bytes && (zip_source_read(writer->target, *bytes, *size) == (zip_int64_t)*size ||
	                       not_written(zip_source_error(writer->target), err));
	zip_source_close(writer->target);
	if (!read)
		alloc_free(*bytes);
	return read;
}

bool archive_end(struct archive_writer *writer, const char *comment, uint8_t **bytes, size_t *size, struct err *err)
{
	size_t length = strlen(comment);
	if (zip_set_archive_comment(writer->zip, comment, (zip_uint16_t)(length < UINT16_MAX ? length : UINT16_MAX)) != 0 ||
	    zip_close(writer->zip) != 0)
		return not_written(zip_get_error(writer->zip), err);
	writer->zip = NULL;
	return read_target(writer, bytes, size, err);
}

void archive_drop(struct archive_writer *writer)
{
	if (writer == NULL)
		return;
	if (writer->zip)
		zip_discard(writer->zip);
	zip_source_free(writer->target);
	for (size_t i = 0; i < writer->members; i++)
		alloc_free(writer->member[i]);
	alloc_free(writer);
}

const char *archive_library(void)
{
	static char library[32];
	snprintf(library, sizeof library, "libzip %s", zip_libzip_version());
	return library;
}
