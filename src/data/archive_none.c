/* Without libzip an archive is neither read nor written: the messages say how to do without. */
#include "data/archive.h"

#include "base/alloc.h"
#include "base/text.h"

struct archive *archive_open(const char *path, struct err *err)
{
	char safe[256];
	err_set(err, ERR_INPUT, "%s: is a zip archive (.npz), and this initviz was built without libzip: unpack data with "
	        "`unzip` and give the directory, save weights as .safetensors", text_escape(safe, sizeof safe, path));
	return NULL;
}

void archive_close(struct archive *archive)
{
	(void)archive;
}

size_t archive_count(const struct archive *archive)
{
	(void)archive;
	return 0;
}

const char *archive_member(const struct archive *archive, size_t i)
{
	(void)archive;
	(void)i;
	return "";
}

bool archive_open_member(struct stream *stream, struct archive *archive, size_t i, struct err *err)
{
	(void)archive;
	(void)i;
	return err_set(err, ERR_INPUT, "%s: no zip archive is open", stream->name);
}

void archive_close_member(struct archive *archive)
{
	(void)archive;
}

struct archive_writer *archive_write(struct err *err)
{
	err_set(err, ERR_OUTPUT, ".npz files are zip archives, and this initviz was built without libzip: write .safetensors");
	return NULL;
}

bool archive_add(struct archive_writer *writer, const char *name, uint8_t *bytes, size_t size, struct err *err)
{
	(void)writer, (void)size;
	alloc_free(bytes);
	return err_set(err, ERR_OUTPUT, "%s: no zip archive is open", name);
}

bool archive_end(struct archive_writer *writer, const char *comment, uint8_t **bytes, size_t *size, struct err *err)
{
	(void)writer, (void)comment, (void)bytes, (void)size;
	return err_set(err, ERR_OUTPUT, "no zip archive is open");
}

void archive_drop(struct archive_writer *writer)
{
	(void)writer;
}

const char *archive_library(void)
{
	return "none (no .npz files)";
}
