/* The classes of a data set of CSV files. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "data/csv_parts.h"

struct csv_set *csv_set_create(struct err *err)
{
	return alloc_array(1, sizeof(struct csv_set), err);
}

void csv_set_destroy(struct csv_set *set)
{
	alloc_free(set);
}

int csv_class(struct csv_set *set, const struct csv_cell *cell)
{
	if (cell->length == 0)
		return -4;
	if (cell->length >= CSV_CLASS_NAME || memchr(cell->text, '\0', cell->length))
		return -3;
	for (size_t i = 0; i < set->classes; i++)
		if (strlen(set->class[i].name) == cell->length && memcmp(set->class[i].name, cell->text, cell->length) == 0)
			return (int)i;
	if (set->decided)
		return -1;
	if (set->classes == LABELS_CLASSES)
		return -2;
	set->class[set->classes].number = (uint8_t)set->classes;
	csv_copy(set->class[set->classes].name, CSV_CLASS_NAME, cell);
	return (int)set->classes++;
}

static int compare(const void *a, const void *b)
{
	const struct csv_class *one = a, *other = b;
	return strcmp(one->name, other->name);
}

void csv_set_sort(struct csv_set *set, uint8_t *label, size_t count)
{
	uint8_t sorted[LABELS_CLASSES]; /* by provisional number */
	qsort(set->class, set->classes, sizeof set->class[0], compare);
	for (size_t k = 0; k < set->classes; k++)
		sorted[set->class[k].number] = (uint8_t)k;
	for (size_t i = 0; i < count; i++)
		label[i] = sorted[label[i]];
}
