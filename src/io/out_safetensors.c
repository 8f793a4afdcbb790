/* The safetensors format: the length of the header as 8 bytes, least significant first; the header,
 * a JSON object that gives each array its type, shape and place; the arrays' bytes.
 * https://github.com/huggingface/safetensors */
#include <string.h>

#include "base/text.h"
#include "io/json_value.h"
#include "io/out_tensors.h"

#define ALIGNMENT 8 /* of the arrays in the file: the header is padded with blanks */

struct header {
	json_t *object, *notes;
	bool failed;
};

static void put_note(void *context, const char *key, const char *value)
{
	struct header *header = context;
	json_put(header->notes, key, json_string(value), &header->failed);
}

/* {"dtype":"F32","shape":[100,784],"data_offsets":[0,313600]} */
static json_t *entry_of(const struct tensor *tensor, uint64_t offset, bool *failed)
{
	static const char *const types[] = { [TENSOR_F32] = "F32", [TENSOR_F64] = "F64", [TENSOR_I64] = "I64" };
	json_t *entry = json_object(), *shape = json_array(), *offsets = json_array();
	for (size_t i = 0; i < tensor->rank; i++)
		json_append(shape, json_integer((json_int_t)tensor->shape[i]), failed);
	json_append(offsets, json_integer((json_int_t)offset), failed);
	json_append(offsets, json_integer((json_int_t)(offset + tensor->count * tensor_size(tensor->type))), failed);
	json_put(entry, "dtype", json_string(types[tensor->type]), failed);
	json_put(entry, "shape", shape, failed);
	json_put(entry, "data_offsets", offsets, failed);
	return entry;
}

static void describe(struct text *text, const struct tensors *tensors)
{
	struct header header = { json_object(), json_object(), false };
	uint64_t offset = 0;
	out_tensors_describe(tensors, put_note, &header);
	json_put(header.object, "__metadata__", header.notes, &header.failed);
	for (size_t i = 0; i < tensors->count; i++) {
		const struct tensor *tensor = &tensors->tensor[i];
		json_put(header.object, tensor->name, entry_of(tensor, offset, &header.failed), &header.failed);
		offset += tensor->count * tensor_size(tensor->type);
	}
	json_add_line(text, header.object, header.failed);
	if (text->length)
		text->bytes[--text->length] = '\0'; /* the end of the line */
	while (text->length % ALIGNMENT && !text->failed)
		text_add(text, " ");
}

bool out_safetensors_write(struct save *save, const struct tensors *tensors, struct err *err)
{
	struct text text = {0};
	char length[8];
	json_begin();
	describe(&text, tensors);
	for (size_t i = 0; i < sizeof length; i++)
		length[i] = (char)((uint64_t)text.length >> (8 * i) & 0xff);
	bool written = text_check(&text, err) && save_write(save, length, sizeof length, err) &&
	               save_write(save, text_string(&text), text.length, err);
	text_free(&text);
	for (size_t i = 0; written && i < tensors->count; i++)
		written = out_tensor_values(save, &tensors->tensor[i], err);
	return written;
}
