/* Bytes as a safetensors file of weights: all arrays or a message. */
#include <string.h>

#include "base/alloc.h"
#include "data/tensor_file.h"
#include "fuzz/fuzz.h"

static void check_array(const struct tensor_file *file, const struct array *array, size_t size)
{
	REQUIRE(memchr(array->name, '\0', sizeof array->name));
	size_t bytes = array->count * array_size(array->type);
	REQUIRE(array->bytes >= file->bytes && array->bytes + bytes <= file->bytes + size);
	REQUIRE(array->rank != 2 || array->shape[0] * array->shape[1] == array->count);
	for (size_t i = 0; i < array->count && array->type != ARRAY_OTHER; i++)
		(void)array_value(array, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct tensor_file file = { .name = "fuzzed" };
	uint8_t *bytes = alloc_array(size + 1, 1, &err);
	if (bytes == NULL)
		return 0;
	memcpy(bytes, data, size);
	if (safetensors_read(&file, bytes, size, &err))
		for (size_t i = 0; i < file.count; i++)
			check_array(&file, &file.array[i], size);
	else
		fuzz_check_message(&err);
	tensor_file_close(&file);
	return 0;
}
