/* Files of named arrays: which format, and the values of elements. */
#include "data/tensor_file.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/archive.h"
#include "data/content.h"
#include "data/npy.h"
#include "data/source.h"
#include "data/stream.h"

/* ---- elements ---- */

size_t array_size(enum array_type type)
{
	static const size_t sizes[] = { [ARRAY_F16] = 2, [ARRAY_BF16] = 2, [ARRAY_F32] = 4, [ARRAY_F64] = 8, [ARRAY_OTHER] = 0 };
	return sizes[type];
}

static float float_of(uint32_t bits)
{
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

float array_value(const struct array *array, size_t i)
{
	size_t size = array_size(array->type);
	if (array->fortran && array->rank == 2)
		i = i % array->shape[1] * array->shape[0] + i / array->shape[1];
	const uint8_t *element = array->bytes + i * size;
	uint64_t bits = 0;
	for (size_t j = 0; j < size; j++)
		bits = bits << 8 | element[array->big_endian ? j : size - 1 - j];
	double wide;
	switch (array->type) {
	case ARRAY_F16:
		return (float)npy_half(bits);
	case ARRAY_BF16:
		return float_of((uint32_t)bits << 16);
	case ARRAY_F32:
		return float_of((uint32_t)bits);
	case ARRAY_F64:
		memcpy(&wide, &bits, sizeof wide);
		return (float)wide;
	case ARRAY_OTHER:
		break;
	}
	return NAN;
}

/* ---- npz and npy ---- */

/* The next array, whose name is set and whose header has been read, from a stream of NumPy's
 * format.  Of an array that is no numbers nothing more is read. */
static bool read_npy(struct tensor_file *arrays, const struct npy *npy, const struct stream *stream, struct err *err)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	struct array *array = &arrays->array[arrays->count];
	array->type = npy->kind != 'f' ? ARRAY_OTHER : npy->size == 2 ? ARRAY_F16 : npy->size == 4 ? ARRAY_F32 : ARRAY_F64;
	array->rank = npy->rank;
	array->shape[0] = npy->shape[0];
	array->shape[1] = npy->rank > 1 ? npy->shape[1] : 0;
	array->count = npy->elements;
	array->fortran = npy->fortran;
	array->big_endian = npy->swapped == little;
	if (npy->kind == '\0') {
		arrays->count++;
		return true;
	}
	uint8_t *bytes = alloc_array(npy->elements, npy->size, err);
	array->bytes = arrays->member[arrays->count] = bytes;
	arrays->count++;
	return bytes && stream_exactly(stream, bytes, npy->elements * npy->size, "array", err) && stream_end(stream, err);
}

static bool read_member(struct tensor_file *arrays, struct archive *archive, size_t i, struct err *err)
{
	const char *name = archive_member(archive, i);
	size_t length = strlen(name), suffix = strlen(".npy");
	struct stream stream;
	if (length < suffix || strcmp(name + length - suffix, ".npy") != 0)
		return true; /* not an array */
	struct array *array = &arrays->array[arrays->count];
	if (length - suffix >= sizeof array->name)
		return err_set(err, ERR_INPUT, "%s: the name of array %zu is too long", arrays->name, i + 1);
	memcpy(array->name, name, length - suffix);
	for (size_t j = 0; j < arrays->count; j++)
		if (strcmp(arrays->array[j].name, array->name) == 0) {
			char safe[80];
			return err_set(err, ERR_INPUT, "%s: two arrays are called '%s'", arrays->name, text_escape(safe, sizeof safe, array->name));
		}
	struct npy npy;
	return archive_open_member(&stream, archive, i, err) && npy_read_any_header(&npy, &stream, err) &&
	       read_npy(arrays, &npy, &stream, err);
}

static bool make_room(struct tensor_file *arrays, size_t most, struct err *err)
{
	arrays->array = alloc_array(most, sizeof *arrays->array, err);
	arrays->member = arrays->array ? alloc_array(most, sizeof *arrays->member, err) : NULL;
	return arrays->member != NULL;
}

/* A file of one array, which has no name. */
static bool read_array(struct tensor_file *arrays, const char *path, struct err *err)
{
	struct source *source = source_open(path, err);
	if (source == NULL)
		return false;
	const struct stream stream = stream_of_source(source);
	struct npy npy;
	bool read = make_room(arrays, 1, err) && npy_read_header(&npy, &stream, err) && read_npy(arrays, &npy, &stream, err);
	source_close(source);
	return read;
}

static bool read_archive(struct tensor_file *arrays, const char *path, struct err *err)
{
	struct archive *archive = archive_open(path, err);
	if (archive == NULL)
		return false;
	size_t most = archive_count(archive);
	bool read = make_room(arrays, most, err);
	for (size_t i = 0; read && i < most; i++)
		read = read_member(arrays, archive, i, err);
	archive_close(archive);
	return read;
}

/* ---- all ---- */

bool tensor_file_open(struct tensor_file *arrays, const char *path, struct err *err)
{
	uint8_t first[CONTENT_BYTES], *bytes = NULL;
	size_t size;
	*arrays = (struct tensor_file){0};
	text_escape(arrays->name, sizeof arrays->name, path);
	bool read = stream_first_bytes(path, first, sizeof first, &size, err);
	const struct content *content = read ? content_of(first, size) : NULL;
	if (content && content->format == CONTENT_ZIP)
		read = read_archive(arrays, path, err);
	else if (content && content->format == CONTENT_NUMPY)
		read = read_array(arrays, path, err);
	else
		read = read && stream_whole_file(path, &bytes, &size, err) && safetensors_read(arrays, bytes, size, err);
	if (!read)
		tensor_file_close(arrays);
	return read;
}

void tensor_file_close(struct tensor_file *arrays)
{
	for (size_t i = 0; arrays->member && i < arrays->count; i++)
		alloc_free(arrays->member[i]);
	alloc_free(arrays->member);
	alloc_free(arrays->array);
	alloc_free(arrays->bytes);
	*arrays = (struct tensor_file){0};
}
