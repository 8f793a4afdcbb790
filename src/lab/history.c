/* The bounded list of observations.  Uses only their step
 * and size. */
#include "lab/history.h"

#include <string.h>

#include "base/alloc.h"

static void drop_at(struct history *history, size_t i)
{
	history->bytes -= snapshot_size(history->snapshot[i]);
	snapshot_drop(history->snapshot[i]);
	memmove(&history->snapshot[i], &history->snapshot[i + 1],
	        (history->count - i - 1) * sizeof history->snapshot[0]);
	history->count--;
}

/* Drops every second observation of the later half, the newest excepted. */
static void thin(struct history *history)
{
	for (size_t i = history->count / 2; i + 1 < history->count; i++)
		drop_at(history, i);
}

bool history_add(struct history *history, const struct snapshot *snapshot, struct err *err)
{
	size_t limit = history->limit ? history->limit : HISTORY_BYTES;
	size_t bytes = snapshot_size(snapshot);
	size_t same = history_index(history, snapshot->step);
	if (same < history->count && history->snapshot[same]->step == snapshot->step)
		drop_at(history, same);
	while (history->bytes + bytes > limit && history->count > 2) {
		size_t before = history->count;
		thin(history);
		if (history->count == before)
			break;
	}
	if (history->count == history->room) {
		size_t room = history->room ? history->room * 2 : 64;
		const struct snapshot **grown = alloc_resize(history->snapshot, room, sizeof *grown, err);
		if (grown == NULL)
			return false;
		history->snapshot = grown;
		history->room = room;
	}
	size_t before = history_index(history, snapshot->step);
	size_t place = before < history->count ? before + 1 : 0;
	memmove(&history->snapshot[place + 1], &history->snapshot[place],
	        (history->count++ - place) * sizeof history->snapshot[0]);
	history->snapshot[place] = snapshot_keep(snapshot);
	history->bytes += bytes;
	return true;
}

void history_clear(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		snapshot_drop(history->snapshot[i]);
	alloc_free(history->snapshot);
	alloc_free(history->edit);
	*history = (struct history){ .limit = history->limit };
}

bool history_note(struct history *history, const struct runner_edit *edit, struct err *err)
{
	struct runner_edit *grown = alloc_resize(history->edit, history->edits + 1, sizeof *grown, err);
	if (grown == NULL)
		return false;
	history->edit = grown;
	history->edit[history->edits++] = *edit;
	return true;
}

size_t history_index(const struct history *history, uint64_t step)
{
	size_t low = 0, high = history->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (history->snapshot[middle]->step <= step)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : history->count;
}

const struct snapshot *history_at(const struct history *history, uint64_t step)
{
	size_t i = history_index(history, step);
	return i < history->count ? history->snapshot[i] : NULL;
}

const struct snapshot *history_start(const struct history *history)
{
	return history && history->count && history->snapshot[0]->step == 0 ? history->snapshot[0] : NULL;
}
