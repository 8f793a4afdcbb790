/* The marks of a run: distances, memory and sharing. */
#include "lab/marks.h"

#include "base/alloc.h"

static uint64_t distance_of(const struct marks *marks)
{
	return marks->distance ? marks->distance : MARKS_DISTANCE;
}

bool marks_are_due(const struct marks *marks, uint64_t step)
{
	bool marked = marks->count && marks->mark[marks->count - 1]->step >= step;
	return step > 0 && step % distance_of(marks) == 0 && !marked;
}

struct mark *mark_create(size_t lanes, struct err *err)
{
	size_t bytes = sizeof(struct mark) + lanes * sizeof(struct mark_lane);
	struct mark *mark = alloc_array(1, bytes, err);
	if (mark) {
		mark->lanes = lanes;
		mark->bytes = bytes;
	}
	return mark;
}

void mark_destroy(struct mark *mark)
{
	for (size_t i = 0; i < mark->lanes; i++)
		session_checkpoint_destroy(mark->lane[i].checkpoint);
	alloc_free(mark);
}

static void drop(struct mark *mark)
{
	if (--mark->references == 0)
		mark_destroy(mark);
}

/* Keeps the marks at multiples of the distance. */
static void thin(struct marks *marks)
{
	size_t kept = 0;
	for (size_t i = 0; i < marks->count; i++) {
		struct mark *mark = marks->mark[i];
		if (mark->step % marks->distance == 0) {
			marks->mark[kept++] = mark;
			continue;
		}
		marks->bytes -= mark->bytes;
		drop(mark);
	}
	marks->count = kept;
}

void marks_add(struct marks *marks, struct mark *mark)
{
	marks->distance = distance_of(marks);
	mark->references = 1;
	while (mark->bytes <= MARKS_BYTES && (marks->count == MARKS_MOST || marks->bytes + mark->bytes > MARKS_BYTES)) {
		marks->distance *= 2;
		thin(marks);
	}
	if (mark->bytes > MARKS_BYTES || mark->step % marks->distance != 0) {
		drop(mark);
		return;
	}
	marks->mark[marks->count++] = mark;
	marks->bytes += mark->bytes;
}

void marks_share(struct marks *to, const struct marks *from, uint64_t step)
{
	to->distance = from->distance;
	for (size_t i = 0; i < from->count && from->mark[i]->step <= step; i++) {
		from->mark[i]->references++;
		to->mark[to->count++] = from->mark[i];
		to->bytes += from->mark[i]->bytes;
	}
}

void marks_clear(struct marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		drop(marks->mark[i]);
	*marks = (struct marks){ .count = 0 };
}
