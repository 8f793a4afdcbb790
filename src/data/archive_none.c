/* Without libzip an archive is not read: the message says how to do without. */
#include "data/archive.h"

#include "base/text.h"

struct archive *archive_open(const char *path, struct err *err)
{
	char safe[256];
	err_set(err, ERR_INPUT, "%s: is a zip archive (.npz), and this initviz was built without libzip: unpack it with `unzip` "
	        "and give the directory", text_escape(safe, sizeof safe, path));
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

const char *archive_library(void)
{
	return "none (.npz files are not read)";
}
