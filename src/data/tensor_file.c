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

/* The type and shape of the next array, whose name is set. */
static void add_array(struct tensor_file *arrays, const struct npy *npy)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	struct array *array = &arrays->array[arrays->count++];
	array->type = npy->kind != 'f' ? ARRAY_OTHER : npy->size == 2 ? ARRAY_F16 : npy->size == 4 ? ARRAY_F32 : ARRAY_F64;
	array->rank = npy->rank;
	array->shape[0] = npy->shape[0];
	array->shape[1] = npy->rank > 1 ? npy->shape[1] : 0;
	array->count = npy->elements;
	array->fortran = npy->fortran;
	array->big_endian = npy->swapped == little;
}

/* The elements of array i, from a stream whose header has been read. */
static bool read_elements(struct tensor_file *arrays, size_t i, const struct stream *stream, struct err *err)
{
	struct array *array = &arrays->array[i];
	size_t size = array_size(array->type);
	uint8_t *bytes = alloc_array(array->count, size, err);
	array->bytes = arrays->member[i] = bytes;
	return bytes && stream_exactly(stream, bytes, array->count * size, "array", err) && stream_end(stream, err);
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
	bool read = make_room(arrays, 1, err) && npy_read_header(&npy, &stream, err);
	if (read)
		add_array(arrays, &npy);
	read = read && (arrays->array[0].type == ARRAY_OTHER || read_elements(arrays, 0, &stream, err));
	source_close(source);
	return read;
}

#define ARRAY_SUFFIX ".npy"

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), of_end = strlen(end);
	return length >= of_end && strcmp(name + length - of_end, end) == 0;
}

/* The length of the name of an array; 0 for a member that is no array. */
static size_t name_length(const char *member)
{
	return ends_in(member, ARRAY_SUFFIX) ? strlen(member) - strlen(ARRAY_SUFFIX) : 0;
}

static bool name_array(struct tensor_file *arrays, const char *member, struct err *err)
{
	struct array *array = &arrays->array[arrays->count];
	size_t length = name_length(member);
	char safe[80];
	if (length >= sizeof array->name)
		return err_set(err, ERR_INPUT, "%s: the name of an array is too long: '%s'", arrays->name, text_escape(safe, sizeof safe, member));
	memcpy(array->name, member, length);
	for (size_t j = 0; j < arrays->count; j++)
		if (strcmp(arrays->array[j].name, array->name) == 0)
			return err_set(err, ERR_INPUT, "%s: two arrays are called '%s'", arrays->name, text_escape(safe, sizeof safe, array->name));
	return true;
}

static bool read_headers(struct tensor_file *arrays, struct archive *archive, struct err *err)
{
	uint64_t total = 0;
	for (size_t i = 0; i < archive_count(archive); i++) {
		const char *member = archive_member(archive, i);
		struct stream stream;
		struct npy npy;
		if (name_length(member) == 0)
			continue;
		if (!name_array(arrays, member, err) || !archive_open_member(&stream, archive, i, err) ||
		    !npy_read_any_header(&npy, &stream, err))
			return false;
		add_array(arrays, &npy);
		const struct array *array = &arrays->array[arrays->count - 1];
		total += (uint64_t)array->count * array_size(array->type); /* each at most STREAM_MOST */
		if (total > STREAM_MOST)
			return err_set(err, ERR_INPUT, "%s: its arrays unpack to more than the 2 GiB that are read: save only the weights",
			               arrays->name);
	}
	return true;
}

/* The elements of the floats, after all headers. */
static bool read_members(struct tensor_file *arrays, struct archive *archive, struct err *err)
{
	for (size_t i = 0, next = 0; i < archive_count(archive); i++) {
		struct stream stream;
		struct npy npy;
		if (name_length(archive_member(archive, i)) == 0 || arrays->array[next++].type == ARRAY_OTHER)
			continue;
		if (!archive_open_member(&stream, archive, i, err) || !npy_read_any_header(&npy, &stream, err) ||
		    !read_elements(arrays, next - 1, &stream, err))
			return false;
	}
	return true;
}

/* Models of other programs that are zip archives, by the end of a member's name. */
static const struct {
	const char *member, *words;
} models[] = {
	{ "data.pkl", "a file of torch.save, a Python pickle, which is never read, because reading it can run any program: save the "
	              "weights with safetensors.torch.save_file(model.state_dict(), PATH)" },
	{ ".weights.h5", "a Keras model, an HDF5 file in an archive, which is not read: save the weights with "
	                 "numpy.savez(PATH, *model.get_weights())" },
};

static bool check_arrays(const struct tensor_file *arrays, const struct archive *archive, struct err *err)
{
	for (size_t i = 0; arrays->count == 0 && i < archive_count(archive); i++)
		for (size_t m = 0; m < sizeof models / sizeof models[0]; m++)
			if (ends_in(archive_member(archive, i), models[m].member))
				return err_set(err, ERR_INPUT, "%s: is %s", arrays->name, models[m].words);
	return true;
}

static bool read_archive(struct tensor_file *arrays, const char *path, struct err *err)
{
	struct archive *archive = archive_open(path, err);
	bool read = archive && make_room(arrays, archive_count(archive), err) && read_headers(arrays, archive, err) &&
	            check_arrays(arrays, archive, err) && read_members(arrays, archive, err);
	archive_close(archive);
	return read;
}

/* ---- all ---- */

static bool read_safetensors(struct tensor_file *arrays, const char *path, const struct content *content, struct err *err)
{
	uint8_t *bytes = NULL;
	size_t size;
	if (content)
		return err_set(err, ERR_INPUT, "%s: is %s, which is not read as weights: " TENSOR_FILE_SAVE_AS, arrays->name, content->name);
	return stream_whole_file(path, &bytes, &size, err) && safetensors_read(arrays, bytes, size, err);
}

bool tensor_file_open(struct tensor_file *arrays, const char *path, struct err *err)
{
	uint8_t first[CONTENT_BYTES];
	size_t size;
	*arrays = (struct tensor_file){0};
	text_escape(arrays->name, sizeof arrays->name, path);
	bool read = stream_first_bytes(path, first, sizeof first, &size, err);
	const struct content *content = read && !safetensors_begins(first, size) ? content_of(first, size) : NULL;
	if (content && content->format == CONTENT_ZIP)
		read = read_archive(arrays, path, err);
	else if (content && content->format == CONTENT_NUMPY)
		read = read_array(arrays, path, err);
	else
		read = read && read_safetensors(arrays, path, content, err);
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
