/* NumPy's npz: a zip archive of an array file (.npy) for each array.  What is known of the net is the archive's
 * comment, which NumPy ignores.  https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/archive.h"
#include "io/out_tensors.h"

#define ALIGNMENT 64 /* of the elements in an array file: the header is padded with blanks */
#define BEGINNING 10 /* bytes: magic, version 1.0, length of the dictionary */

static void put_line(void *context, const char *key, const char *value)
{
	text_addf(context, "%s: %s\n", key, value);
}

/* "{'descr': '<f4', 'fortran_order': False, 'shape': (100, 784), }" and its length before it. */
static void add_header(struct text *text, const struct tensor *tensor)
{
	static const char *const types[] = { [TENSOR_F32] = "<f4", [TENSOR_F64] = "<f8", [TENSOR_I64] = "<i8" };
	struct text words = {0};
	text_addf(&words, "{'descr': '%s', 'fortran_order': False, 'shape': (", types[tensor->type]);
	for (size_t i = 0; i < tensor->rank; i++)
		text_addf(&words, i ? " %zu," : "%zu,", tensor->shape[i]);
	text_add(&words, "), }");
	while ((BEGINNING + words.length + 1) % ALIGNMENT && !words.failed)
		text_add(&words, " ");
	text_add(&words, "\n");
	const char beginning[BEGINNING] = { '\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, (char)(words.length & 0xff), (char)(words.length >> 8) };
	text_add_bytes(text, beginning, sizeof beginning);
	text_add_bytes(text, text_string(&words), words.length);
	text->failed |= words.failed;
	text_free(&words);
}

static bool add_array(struct archive_writer *writer, const struct tensor *tensor, struct err *err)
{
	char name[TENSOR_NAME_SIZE + sizeof ".npy"];
	struct text header = {0};
	add_header(&header, tensor);
	size_t size = header.length + tensor->count * tensor_size(tensor->type);
	uint8_t *bytes = text_check(&header, err) ? alloc_array(size, 1, err) : NULL;
	if (bytes) {
		memcpy(bytes, text_string(&header), header.length);
		out_tensor_bytes(bytes + header.length, tensor);
	}
	text_free(&header);
	snprintf(name, sizeof name, "%s.npy", tensor->name);
	return bytes && archive_add(writer, name, bytes, size, err);
}

static bool end(struct archive_writer *writer, struct save *save, const struct tensors *tensors, struct err *err)
{
	struct text comment = {0};
	uint8_t *bytes = NULL;
	size_t size = 0;
	out_tensors_describe(tensors, put_line, &comment);
	bool made = text_check(&comment, err) && archive_end(writer, text_string(&comment), &bytes, &size, err);
	text_free(&comment);
	bool written = made && save_write(save, (const char *)bytes, size, err);
	if (made)
		alloc_free(bytes);
	return written;
}

bool out_npz_write(struct save *save, const struct tensors *tensors, struct err *err)
{
	struct archive_writer *writer = archive_write(err);
	bool added = writer != NULL;
	for (size_t i = 0; added && i < tensors->count; i++)
		added = add_array(writer, &tensors->tensor[i], err);
	bool written = added && end(writer, save, tensors, err);
	archive_drop(writer);
	return written;
}
