/* Reads the safetensors format strictly: 8 bytes with the header's length, the header (JSON), the data.
 * The format's rules are checked: the arrays cover the data without holes and overlaps. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/tensor_file.h"

#define LENGTH 8
#define HEADER_MOST ((uint64_t)16 << 20) /* bytes: more than 100000 arrays */

static const struct {
	const char *name;
	enum array_type type;
	unsigned bits;
} types[] = {
	{ "F16", ARRAY_F16, 16 }, { "BF16", ARRAY_BF16, 16 }, { "F32", ARRAY_F32, 32 }, { "F64", ARRAY_F64, 64 },
	{ "I64", ARRAY_OTHER, 64 }, { "U64", ARRAY_OTHER, 64 }, { "I32", ARRAY_OTHER, 32 }, { "U32", ARRAY_OTHER, 32 },
	{ "I16", ARRAY_OTHER, 16 }, { "U16", ARRAY_OTHER, 16 }, { "I8", ARRAY_OTHER, 8 }, { "U8", ARRAY_OTHER, 8 },
	{ "BOOL", ARRAY_OTHER, 8 }, { "C64", ARRAY_OTHER, 64 }, { "F8_E4M3", ARRAY_OTHER, 8 }, { "F8_E5M2", ARRAY_OTHER, 8 },
};

/* "FILE: ARRAY: what" */
static bool bad(const struct tensor_file *arrays, const char *name, const char *what, struct err *err)
{
	char safe[80];
	return err_set(err, ERR_INPUT, "%s: '%s': %s", arrays->name, text_escape(safe, sizeof safe, name), what);
}

/* Where an array is in the data. */
struct span {
	uint64_t begin, end;
};

static bool read_offset(const json_t *offsets, size_t i, uint64_t *offset)
{
	const json_t *item = json_array_get(offsets, i);
	*offset = (uint64_t)json_integer_value(item);
	return json_is_integer(item) && json_integer_value(item) >= 0;
}

/* One entry of the header.  size: bytes of data. */
static bool read_entry(const struct tensor_file *arrays, struct array *array, const char *name, const json_t *entry,
                       const uint8_t *data, uint64_t size, struct span *span, struct err *err)
{
	const json_t *shape = json_object_get(entry, "shape"), *offsets = json_object_get(entry, "data_offsets");
	const char *type = json_string_value(json_object_get(entry, "dtype"));
	size_t kind = 0, kinds = sizeof types / sizeof types[0];
	uint64_t bytes;
	if (!json_is_object(entry) || json_object_size(entry) != 3 || type == NULL || !json_is_array(shape) || !json_is_array(offsets))
		return bad(arrays, name, "an entry must have dtype, shape and data_offsets: the header is damaged", err);
	if (strlen(name) >= sizeof array->name)
		return bad(arrays, name, "the name is too long", err);
	while (kind < kinds && strcmp(types[kind].name, type) != 0)
		kind++;
	if (kind == kinds)
		return bad(arrays, name, "its dtype is not one of the safetensors format", err);
	strcpy(array->name, name);
	array->type = types[kind].type;
	array->rank = json_array_size(shape);
	array->count = 1;
	for (size_t i = 0; i < array->rank; i++) {
		const json_t *item = json_array_get(shape, i);
		if (!json_is_integer(item) || json_integer_value(item) < 0 ||
		    __builtin_mul_overflow(array->count, (uint64_t)json_integer_value(item), &array->count))
			return bad(arrays, name, "its shape is not a list of sizes", err);
		if (i < 2)
			array->shape[i] = (size_t)json_integer_value(item);
	}
	if (json_array_size(offsets) != 2 || !read_offset(offsets, 0, &span->begin) || !read_offset(offsets, 1, &span->end) ||
	    span->begin > span->end || span->end > size)
		return bad(arrays, name, "its data_offsets are outside the file: the file is truncated or damaged", err);
	if (__builtin_mul_overflow((uint64_t)array->count, (uint64_t)(types[kind].bits / 8), &bytes) || bytes != span->end - span->begin)
		return bad(arrays, name, "its data_offsets do not fit its dtype and shape: the file is damaged", err);
	array->bytes = data + span->begin;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct span *one = a, *other = b;
	if (one->begin != other->begin)
		return one->begin < other->begin ? -1 : 1;
	return (one->end > other->end) - (one->end < other->end);
}

/* Whether the arrays cover the data, each byte once; sorts span[count]. */
static bool check_cover(const struct tensor_file *arrays, struct span *span, uint64_t size, struct err *err)
{
	uint64_t at = 0;
	qsort(span, arrays->count, sizeof *span, by_place);
	for (size_t i = 0; i < arrays->count; i++) {
		if (span[i].begin < at)
			return err_set(err, ERR_INPUT, "%s: arrays overlap: the file is damaged", arrays->name);
		if (span[i].begin > at)
			break;
		at = span[i].end;
	}
	return at == size || err_set(err, ERR_INPUT, "%s: there are bytes that belong to no array: the file is damaged", arrays->name);
}

static bool check_metadata(const struct tensor_file *arrays, const json_t *notes, struct err *err)
{
	const char *key;
	json_t *value;
	if (!json_is_object(notes))
		return bad(arrays, "__metadata__", "must be an object of strings", err);
	json_object_foreach((json_t *)notes, key, value)
		if (!json_is_string(value))
			return bad(arrays, "__metadata__", "must be an object of strings", err);
	return true;
}

static bool read_entries(struct tensor_file *arrays, struct span *span, const json_t *header, const uint8_t *data, uint64_t size,
                         struct err *err)
{
	const char *name;
	json_t *entry;
	json_object_foreach((json_t *)header, name, entry) {
		if (strcmp(name, "__metadata__") == 0) {
			if (!check_metadata(arrays, entry, err))
				return false;
			continue;
		}
		if (!read_entry(arrays, &arrays->array[arrays->count], name, entry, data, size, &span[arrays->count], err))
			return false;
		arrays->count++;
	}
	return check_cover(arrays, span, size, err);
}

static bool read_header(struct tensor_file *arrays, const json_t *header, const uint8_t *data, uint64_t size, struct err *err)
{
	size_t most = json_object_size(header);
	struct span *span = alloc_array(most, sizeof *span, err);
	arrays->array = span ? alloc_array(most, sizeof *arrays->array, err) : NULL;
	bool read = arrays->array && read_entries(arrays, span, header, data, size, err);
	alloc_free(span);
	return read;
}

static json_t *parse(const struct tensor_file *arrays, const uint8_t *text, size_t length, struct err *err)
{
	json_error_t error;
	char safe[120];
	json_t *header = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(header))
		return header;
	if (header)
		err_set(err, ERR_INPUT, "%s: the header is not a JSON object: the file is damaged, or no safetensors file", arrays->name);
	else if (json_error_code(&error) == json_error_out_of_memory)
		err_set(err, ERR_RESOURCE, "out of memory while reading JSON");
	else
		err_set(err, ERR_INPUT, "%s: the header is not JSON: %s (byte %d)", arrays->name,
		        text_escape(safe, sizeof safe, error.text), LENGTH + error.position);
	json_decref(header);
	return NULL;
}

bool safetensors_begins(const uint8_t *bytes, size_t size)
{
	return size >= LENGTH + 2 && bytes[LENGTH] == '{';
}

bool safetensors_read(struct tensor_file *arrays, uint8_t *bytes, size_t size, struct err *err)
{
	uint64_t length = 0;
	arrays->bytes = bytes;
	for (size_t i = 0; i < LENGTH && i < size; i++)
		length |= (uint64_t)bytes[i] << (8 * i);
	if (!safetensors_begins(bytes, size))
		return err_set(err, ERR_INPUT, "%s: is neither a safetensors file nor one of NumPy (.npz, .npy): " TENSOR_FILE_SAVE_AS,
		               arrays->name);
	if (length > HEADER_MOST || length > size - LENGTH)
		return err_set(err, ERR_INPUT, "%s: a header of %llu bytes in a file of %zu: the file is truncated or damaged",
		               arrays->name, (unsigned long long)length, size);
	json_t *header = parse(arrays, bytes + LENGTH, (size_t)length, err);
	bool read = header && read_header(arrays, header, bytes + LENGTH + length, size - LENGTH - length, err);
	json_decref(header);
	return read;
}
