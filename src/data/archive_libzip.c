/* Zip archives by libzip.  The archive is in memory, so that only data/input.c opens files. */
#include "data/archive.h"

#include <inttypes.h>
#include <stdio.h>
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

const char *archive_library(void)
{
	static char library[32];
	snprintf(library, sizeof library, "libzip %s", zip_libzip_version());
	return library;
}
