/* Which rows show which layer. */
#include "draw/rows.h"

size_t layer_rows_first(size_t layers, size_t selected, size_t scroll, size_t room)
{
	size_t first = scroll < layers - room ? scroll : layers - room;
	if (selected < first)
		return selected;
	return selected >= first + room ? selected + 1 - room : first;
}

struct layer_rows layer_rows_fit(size_t layers, size_t selected, size_t scroll, int height, int most)
{
	if (height < 1 || layers == 0)
		return (struct layer_rows){0};
	size_t room = (size_t)height;
	if (layers <= room) {
		int rows = height / (int)layers;
		bool all = rows >= most;
		return (struct layer_rows){
			.count = layers, .rows = all ? most : rows, .extra = all ? 0 : height % (int)layers,
		};
	}
	size_t first = layer_rows_first(layers, selected, scroll, room);
	return (struct layer_rows){ .first = first, .count = room, .rows = 1 };
}

int layer_rows_of(const struct layer_rows *rows, size_t i)
{
	return rows->rows + (i < (size_t)rows->extra);
}
