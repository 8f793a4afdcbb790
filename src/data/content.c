/* File formats by their first bytes (the lists of file(1) and of the formats' own
 * documents).  Independent of IDX. */
#include "data/content.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define FETCH_AGAIN "the download failed, fetch the file again"
#define UNPACK "unpack it first"

/* Formats that begin with fixed bytes, at `offset`. */
static const struct {
	struct content content;
	size_t offset, size;
	const char *bytes;
} formats[] = {
#define BEGINS(string) .bytes = (string), .size = sizeof(string) - 1
	{ { "a Git LFS pointer", "run `git lfs pull` to get the file itself", CONTENT_OTHER }, BEGINS("version https://git-lfs") },
	{ { "a zip archive", UNPACK, CONTENT_ZIP }, BEGINS("PK\3\4") },
	{ { "an empty zip archive", FETCH_AGAIN, CONTENT_OTHER }, BEGINS("PK\5\6") },
	{ { "an xz file", "decompress it with `xz -d`", CONTENT_OTHER }, BEGINS("\xFD" "7zXZ\0") },
	{ { "a bzip2 file", "decompress it with `bzip2 -d`", CONTENT_OTHER }, BEGINS("BZh") },
	{ { "a Zstandard file", "decompress it with `zstd -d`", CONTENT_OTHER }, BEGINS("\x28\xB5\x2F\xFD") },
	{ { "a file of compress(1)", "decompress it with `uncompress`", CONTENT_OTHER }, BEGINS("\x1F\x9D") },
	{ { "a 7z archive", UNPACK, CONTENT_OTHER }, BEGINS("7z\xBC\xAF\x27\x1C") },
	{ { "a RAR archive", UNPACK, CONTENT_OTHER }, BEGINS("Rar!\x1A\7") },
	{ { "a tar archive", UNPACK, CONTENT_OTHER }, .offset = 257, BEGINS("ustar") },
	{ { "a NumPy array", "give the IDX files of the data set", CONTENT_NUMPY }, BEGINS("\x93NUMPY") },
	{ { "an HDF5 file", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("\x89HDF\r\n") },
	{ { "a Parquet file", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("PAR1") },
	{ { "a Python pickle", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("\x80\2") },
	{ { "a Python pickle", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("\x80\3") },
	{ { "a Python pickle", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("\x80\4") },
	{ { "a PNG picture", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("\x89PNG\r\n\x1A\n") },
	{ { "a JPEG picture", "give the IDX files of the data set", CONTENT_OTHER }, BEGINS("\xFF\xD8\xFF") },
	{ { "text in UTF-16", "save it in UTF-8", CONTENT_OTHER }, BEGINS("\xFF\xFE") },
	{ { "text in UTF-16", "save it in UTF-8", CONTENT_OTHER }, BEGINS("\xFE\xFF") },
	{ { "a PDF document", FETCH_AGAIN, CONTENT_OTHER }, BEGINS("%PDF") },
#undef BEGINS
};

static const struct content html = { "an HTML page", FETCH_AGAIN, CONTENT_OTHER };
static const struct content xml = { "an XML document", FETCH_AGAIN, CONTENT_OTHER };
static const struct content json = { "JSON text", FETCH_AGAIN, CONTENT_OTHER };
static const struct content plain_text = { "text", "give the IDX files of the data set", CONTENT_TEXT };

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

static bool begins_with(const uint8_t *bytes, size_t size, const char *word)
{
	for (; *word; word++, bytes++, size--)
		if (size == 0 || lower(*bytes) != (uint8_t)*word)
			return false;
	return true;
}

static bool is_text(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\n' && bytes[i] != '\r')
			return false;
	return size > 0;
}

/* The kind of text, whatever blanks and byte order mark come before them. */
static const struct content *text_of(const uint8_t *bytes, size_t size)
{
	if (!is_text(bytes, size))
		return NULL;
	size_t skip = text_byte_order_mark((const char *)bytes, size);
	while (skip < size && bytes[skip] <= ' ')
		skip++;
	bytes += skip;
	size -= skip;
	static const char *const html_words[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<!--" };
	for (size_t i = 0; i < sizeof html_words / sizeof html_words[0]; i++)
		if (begins_with(bytes, size, html_words[i]))
			return &html;
	if (begins_with(bytes, size, "<"))
		return &xml;
	return begins_with(bytes, size, "{") ? &json : &plain_text;
}

const struct content *content_of(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (size >= formats[i].offset + formats[i].size &&
		    memcmp(bytes + formats[i].offset, formats[i].bytes, formats[i].size) == 0)
			return &formats[i].content;
	return text_of(bytes, size);
}
