/* Lists of named arrays as files: the table of formats, and what they have in common. */
#include "io/out_tensors.h"

#include <stdint.h>
#include <string.h>

#include "lab/sequential.h"
#include "io/out.h"

static const struct tensor_format format_list[] = {
	{ .entry = { .name = "safetensors", .summary = "arrays as PyTorch and others read them, described in the file's header" },
	  .write = out_safetensors_write },
	{ .entry = { .name = "npz", .summary = "arrays as numpy.load() reads them, described in the archive's comment" },
	  .write = out_npz_write },
};
const struct table tensor_formats = TABLE_OF(format_list, "format of weights", "formats of weights");

const struct tensor_format *tensor_format_for(const char *path, struct err *err)
{
	const struct entry *entry = out_by_suffix(&tensor_formats, "format of weights", path, err);
	return entry ? tensor_format_from(entry) : NULL;
}

bool out_tensors(const struct tensors *tensors, const char *path, struct err *err)
{
	const struct tensor_format *format = tensor_format_for(path, err);
	struct save *save = format ? save_open(path, err) : NULL;
	if (save == NULL)
		return false;
	if (format->write(save, tensors, err))
		return save_commit(save, err);
	save_abandon(save);
	return false;
}

/* size bytes of each element in the other order */
static void swap(uint8_t *bytes, size_t size, size_t count)
{
	for (size_t i = 0; i < count; i++, bytes += size)
		for (size_t j = 0; j < size / 2; j++) {
			uint8_t byte = bytes[j];
			bytes[j] = bytes[size - 1 - j];
			bytes[size - 1 - j] = byte;
		}
}

void out_tensor_bytes(uint8_t *bytes, const struct tensor *tensor)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	size_t size = tensor_size(tensor->type);
	memcpy(bytes, tensor->values, tensor->count * size);
	if (!little)
		swap(bytes, size, tensor->count);
}

bool out_tensor_values(struct save *save, const struct tensor *tensor, struct err *err)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	size_t size = tensor_size(tensor->type);
	const uint8_t *bytes = tensor->values;
	if (little)
		return save_write(save, (const char *)bytes, tensor->count * size, err);
	uint8_t piece[4096];
	for (size_t left = tensor->count * size, taken; left; left -= taken, bytes += taken) {
		taken = left < sizeof piece ? left : sizeof piece;
		memcpy(piece, bytes, taken);
		swap(piece, size, taken / size);
		if (!save_write(save, (const char *)piece, taken, err))
			return false;
	}
	return true;
}

void out_tensors_describe(const struct tensors *tensors, void (*pair)(void *context, const char *key, const char *value),
                          void *context)
{
	struct text text = {0};
	pair(context, "format", "pt");
	pair(context, "writer", "initviz " PACKAGE_VERSION);
	pair(context, "content", tensors->kind == TENSORS_PROBE ? "probe" : "weights");
	text_addf(&text, "%llu", (unsigned long long)tensors->step);
	pair(context, "step", text_string(&text));
	text_clear(&text);
	settings_command_line(&tensors->settings, &text);
	pair(context, "command", text_string(&text));
	text_clear(&text);
	sequential_add(&tensors->settings, &text);
	pair(context, "module", text_string(&text));
	text_clear(&text);
	sequential_add_lacking(&tensors->settings, &text);
	if (text.length)
		pair(context, "lacking", text_string(&text));
	text_free(&text);
}
