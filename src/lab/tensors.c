/* Lists of named arrays. */
#include "lab/tensors.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"

size_t tensor_size(enum tensor_type type)
{
	return type == TENSOR_F32 ? sizeof(float) : type == TENSOR_F64 ? sizeof(double) : sizeof(int64_t);
}

struct tensors *tensors_create(enum tensors_kind kind, struct err *err)
{
	struct tensors *tensors = alloc_array(1, sizeof *tensors, err);
	if (tensors)
		tensors->kind = kind;
	return tensors;
}

void tensors_destroy(struct tensors *tensors)
{
	if (tensors == NULL)
		return;
	for (size_t i = 0; i < tensors->count; i++)
		alloc_free(tensors->tensor[i].values);
	alloc_free(tensors->tensor);
	alloc_free(tensors);
}

static bool make_room(struct tensors *tensors, struct err *err)
{
	if (tensors->count < tensors->room)
		return true;
	size_t room = 2 * tensors->room + 16;
	struct tensor *more = alloc_resize(tensors->tensor, room, sizeof *more, err);
	if (more == NULL)
		return false;
	tensors->tensor = more;
	tensors->room = room;
	return true;
}

void *tensors_add(struct tensors *tensors, enum tensor_type type, size_t rows, size_t columns, struct err *err,
                  const char *format, ...)
{
	if (!make_room(tensors, err))
		return NULL;
	struct tensor *tensor = &tensors->tensor[tensors->count];
	*tensor = (struct tensor){ .type = type, .rank = columns ? 2 : rows ? 1 : 0, .shape = { rows, columns } };
	tensor->count = (rows ? rows : 1) * (columns ? columns : 1);
	tensor->values = alloc_array(tensor->count, tensor_size(type), err);
	if (tensor->values == NULL)
		return NULL;
	va_list words;
	va_start(words, format);
	vsnprintf(tensor->name, sizeof tensor->name, format, words);
	va_end(words);
	tensors->count++;
	return tensor->values;
}
