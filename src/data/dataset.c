/* Data sets: samples and labels of splits, whatever they come from (dataset_kinds.c).
 * Independent of settings and network. */
#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "data/dataset_parts.h"

const char *dataset_name(const struct dataset *dataset)
{
	return dataset->kind->name(dataset);
}

const struct warnings *dataset_warnings(const struct dataset *dataset)
{
	return dataset->kind->warnings(dataset);
}

size_t dataset_count(const struct dataset *dataset, enum dataset_split split)
{
	return dataset->count[split];
}

size_t dataset_pixels(const struct dataset *dataset)
{
	return dataset->pixels;
}

size_t dataset_classes(const struct dataset *dataset)
{
	return dataset->classes;
}

bool dataset_has_bytes(const struct dataset *dataset)
{
	return dataset->kind->store(dataset, DATASET_TRAIN) != NULL;
}

bool dataset_image(struct dataset_image *image, struct dataset *dataset, enum dataset_split split, size_t index,
                   struct err *err)
{
	assert(index < dataset->count[split] && dataset_has_bytes(dataset));
	size_t position = dataset_position(dataset, split, index);
	const struct packed *store = dataset->kind->store(dataset, split);
	if (packed_at(store, position) == NULL && !dataset->kind->read(dataset, split, position, err))
		return false;
	image->on = packed_at(store, position);
	image->value = (const uint8_t *)(image->on + packed_words(dataset_pixels(dataset)));
	return true;
}

static int by_position(const void *a, const void *b)
{
	const uint32_t *one = a, *other = b;
	return (*one > *other) - (*one < *other);
}

/* Sorts positions and drops repeated ones; returns how many are left. */
static size_t sort(uint32_t *position, size_t count)
{
	size_t kept = 0;
	qsort(position, count, sizeof *position, by_position);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || position[i] != position[kept - 1])
			position[kept++] = position[i];
	return kept;
}

bool dataset_need(struct dataset *dataset, enum dataset_split split, const uint32_t *index, size_t count, struct err *err)
{
	uint32_t *position = alloc_array(count, sizeof *position, err);
	if (position == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		position[i] = (uint32_t)dataset_position(dataset, split, index[i]);
	bool read = dataset->kind->read_some(dataset, split, position, sort(position, count), err);
	alloc_free(position);
	return read;
}

bool dataset_verify(struct dataset *dataset, struct err *err)
{
	return dataset->kind->verify(dataset, err);
}

void dataset_prefetch(const struct dataset *dataset, enum dataset_split split, size_t index)
{
	assert(index < dataset->count[split]);
	const struct packed *store = dataset->kind->store(dataset, split);
	if (store)
		packed_prefetch(store, dataset_position(dataset, split, index));
}

int dataset_label(struct dataset *dataset, enum dataset_split split, size_t index)
{
	assert(index < dataset->count[split]);
	return dataset->kind->label(dataset, split, dataset_position(dataset, split, index));
}

bool dataset_load_more(struct dataset *dataset, bool *more, struct err *err)
{
	return dataset->kind->load_more(dataset, more, err);
}

bool dataset_load(struct dataset *dataset, struct err *err)
{
	return dataset->kind->load(dataset, err);
}

double dataset_loaded(const struct dataset *dataset)
{
	return dataset->kind->loaded(dataset);
}
