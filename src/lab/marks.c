/* The marks of a run: distances, memory, the file, and sharing. */
#include "lab/marks.h"

#include <string.h>

#include "base/alloc.h"
#include "base/warnings.h"

size_t marks_memory = MARKS_BYTES;

static uint64_t distance_of(const struct marks *marks)
{
	return marks->distance ? marks->distance : MARKS_DISTANCE;
}

bool marks_are_due(const struct marks *marks, uint64_t step)
{
	bool marked = marks->count && marks->mark[marks->count - 1]->step >= step;
	return step > 0 && step % distance_of(marks) == 0 && !marked;
}

/* ---- one mark ---- */

struct mark *mark_create(size_t lanes, struct err *err)
{
	size_t own = sizeof(struct mark) + lanes * sizeof(const struct warnings *);
	struct mark *mark = alloc_array(1, own, err);
	if (mark == NULL)
		return NULL;
	mark->lanes = lanes;
	mark->bytes = own + lanes * sizeof *mark->lane;
	mark->lane = alloc_array(lanes, sizeof *mark->lane, err);
	if (mark->lane)
		return mark;
	alloc_free(mark);
	return NULL;
}

static void free_lanes(struct mark_lane *lane, size_t lanes)
{
	for (size_t i = 0; lane && i < lanes; i++)
		session_checkpoint_destroy(lane[i].checkpoint);
	alloc_free(lane);
}

void mark_destroy(struct mark *mark)
{
	free_lanes(mark->lane, mark->lanes);
	for (size_t i = 0; i < mark->lanes; i++)
		warnings_drop(mark->warnings[i]);
	if (mark->file)
		mark_file_release(mark->file, &mark->block);
	mark_file_drop(mark->file);
	alloc_free(mark);
}

static void drop(struct mark *mark)
{
	if (--mark->references == 0)
		mark_destroy(mark);
}

/* ---- in the file: for each lane both ranges, the size and the content of the checkpoint ---- */

static size_t bytes_in_file(const struct mark *mark)
{
	size_t all = 0, bytes;
	for (size_t i = 0; i < mark->lanes; i++) {
		session_checkpoint_content(mark->lane[i].checkpoint, &bytes);
		all += 2 * sizeof(struct session_ranges) + sizeof bytes + bytes;
	}
	return all;
}

/* A place in a block of the file, which moves on with everything written or read. */
struct cursor {
	struct mark_file *file;
	const struct mark_block *block;
	uint64_t at;
};

static bool put(struct cursor *cursor, const void *bytes, size_t size)
{
	bool written = mark_file_write(cursor->file, cursor->block, cursor->at, bytes, size);
	cursor->at += size;
	return written;
}

static bool get(struct cursor *cursor, void *bytes, size_t size, struct err *err)
{
	bool read = mark_file_read(cursor->file, cursor->block, cursor->at, bytes, size, err);
	cursor->at += size;
	return read;
}

static bool write_lane(struct cursor *cursor, const struct mark_lane *lane)
{
	size_t bytes;
	const void *content = session_checkpoint_content(lane->checkpoint, &bytes);
	return put(cursor, &lane->scheduled, sizeof lane->scheduled) && put(cursor, &lane->screen, sizeof lane->screen) &&
	       put(cursor, &bytes, sizeof bytes) && put(cursor, content, bytes);
}

/* Moves a mark from memory to the file; false leaves it in memory. */
static bool move_to_file(struct mark *mark, struct mark_file *file)
{
	struct mark_block block;
	struct cursor cursor = { file, &block, 0 };
	bool written = mark_file_reserve(file, bytes_in_file(mark), &block);
	if (!written)
		return false;
	for (size_t i = 0; written && i < mark->lanes; i++)
		written = write_lane(&cursor, &mark->lane[i]);
	if (!written) {
		mark_file_release(file, &block);
		return false;
	}
	for (size_t i = 0; i < mark->lanes; i++)
		mark->warnings[i] = warnings_keep(session_checkpoint_warnings(mark->lane[i].checkpoint));
	free_lanes(mark->lane, mark->lanes);
	mark->lane = NULL;
	mark->bytes = sizeof *mark + mark->lanes * sizeof mark->warnings[0];
	mark->file = mark_file_keep(file);
	mark->block = block;
	return true;
}

static bool read_lane(struct cursor *cursor, const struct warnings *warnings, struct mark_lane *lane, struct err *err)
{
	size_t bytes;
	if (!get(cursor, &lane->scheduled, sizeof lane->scheduled, err) || !get(cursor, &lane->screen, sizeof lane->screen, err) ||
	    !get(cursor, &bytes, sizeof bytes, err))
		return false;
	void *content = alloc_array(bytes, 1, err);
	if (content == NULL)
		return false;
	if (!get(cursor, content, bytes, err)) {
		alloc_free(content);
		return false;
	}
	lane->checkpoint = session_checkpoint_of(content, warnings);
	return true;
}

struct mark_lane *mark_open(const struct mark *mark, struct err *err)
{
	struct cursor cursor = { mark->file, &mark->block, 0 };
	if (mark->lane)
		return mark->lane;
	struct mark_lane *lane = alloc_array(mark->lanes, sizeof *lane, err);
	for (size_t i = 0; lane && i < mark->lanes; i++)
		if (!read_lane(&cursor, mark->warnings[i], &lane[i], err)) {
			free_lanes(lane, mark->lanes);
			return NULL;
		}
	return lane;
}

void mark_close(const struct mark *mark, struct mark_lane *lane)
{
	if (lane != mark->lane)
		free_lanes(lane, mark->lanes);
}

/* ---- the marks of a run ---- */

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

static bool fits_in_memory(const struct marks *marks, size_t bytes)
{
	return marks->count < MARKS_MOST && bytes <= marks_memory && marks->bytes <= marks_memory - bytes;
}

bool marks_need_file(const struct marks *marks, size_t bytes, uint64_t enough)
{
	return !fits_in_memory(marks, bytes) && (bytes > marks_memory || distance_of(marks) >= enough);
}

/* Moves the oldest mark that is in memory, or the new one if there is none. */
static bool move_one(struct marks *marks, struct mark *added, struct mark_file *file)
{
	struct mark *mark = added;
	for (size_t i = 0; i < marks->count && mark == added; i++)
		if (marks->mark[i]->lane)
			mark = marks->mark[i];
	size_t before = mark->bytes;
	if (!move_to_file(mark, file))
		return false;
	marks->bytes -= mark == added ? 0 : before - mark->bytes;
	return true;
}

static bool has_place(const struct marks *marks, const struct mark *mark)
{
	return mark->file ? marks->count < MARKS_MOST : fits_in_memory(marks, mark->bytes);
}

void marks_add(struct marks *marks, struct mark *mark, uint64_t enough, struct mark_file *file)
{
	marks->distance = distance_of(marks);
	mark->references = 1;
	if (mark->bytes > marks_memory && (file == NULL || mark_file_fault(file))) {
		drop(mark);
		return;
	}
	while (!has_place(marks, mark)) {
		bool full = marks->count == MARKS_MOST;
		if (!full && file && marks_need_file(marks, mark->bytes, enough) && move_one(marks, mark, file))
			continue;
		if (marks->count == 0)
			break;
		marks->distance *= 2;
		thin(marks);
		if (mark->step % marks->distance != 0)
			break;
	}
	if (!has_place(marks, mark) || mark->step % marks->distance != 0) {
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

void marks_drop_last(struct marks *marks)
{
	struct mark *mark = marks->mark[--marks->count];
	marks->bytes -= mark->bytes;
	drop(mark);
}

void marks_clear(struct marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		drop(marks->mark[i]);
	memset(marks, 0, sizeof *marks);
}
