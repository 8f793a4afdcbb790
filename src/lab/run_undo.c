/* Undo and redo: a run is parked before another replaces it, and restored
 * from its parked state. */
#include <string.h>

#include "base/alloc.h"
#include "lab/run_parts.h"

/* ---- parking ---- */

static bool copy_history(struct history *to, const struct history *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (!history_add(to, from->snapshot[i], NULL))
			return false;
	return true;
}

static bool park_lane(struct parked_run *parked, struct parked_lane *to, const struct lane *lane)
{
	to->checkpoint = session_checkpoint(lane->session, NULL);
	to->scheduled = lane->scheduled;
	to->screen = lane->screen;
	to->latest = lane->latest ? snapshot_keep(lane->latest) : NULL;
	parked->bytes += session_checkpoint_bytes(lane->session) + lane->history.bytes + sizeof *to;
	return to->checkpoint && copy_history(&to->history, &lane->history);
}

static size_t bytes_of_lanes(const struct run *run)
{
	size_t bytes = 0;
	for (size_t i = 0; i < run->lanes; i++)
		bytes += session_checkpoint_bytes(run->lane[i].session);
	return bytes;
}

/* The state that would take time to compute again from settings and changes. */
static void park_lanes(struct parked_run *parked, const struct run *run)
{
	if (bytes_of_lanes(run) > PARKED_BYTES)
		return;
	parked->lane = alloc_array(run->lanes, sizeof *parked->lane, NULL);
	bool kept = parked->lane != NULL;
	for (size_t i = 0; kept && i < run->lanes; i++)
		kept = park_lane(parked, &parked->lane[i], &run->lane[i]);
	if (!kept)
		parked_lighten(parked);
}

struct parked_run *run_plan(const struct run *run, struct err *err)
{
	bool repeating = run_is_repeating(run);
	struct parked_run *plan = alloc_array(1, sizeof *plan, err);
	if (plan == NULL)
		return NULL;
	plan->lanes = run->lanes;
	plan->edits = repeating ? run->replayed_count : run->edits;
	plan->steps = repeating ? run->rewind_to : run_steps(run);
	plan->target = run->target;
	plan->stale = run->stale;
	plan->partial = run->partial;
	plan->start = alloc_array(plan->lanes, sizeof *plan->start, err);
	plan->edit = alloc_array(plan->edits, sizeof *plan->edit, err);
	if (plan->start == NULL || plan->edit == NULL) {
		parked_destroy(plan);
		return NULL;
	}
	memcpy(plan->start, run->start, plan->lanes * sizeof *plan->start);
	memcpy(plan->edit, repeating ? run->replayed : run->edit, plan->edits * sizeof *plan->edit);
	return plan;
}

struct parked_run *run_parked(const struct run *run)
{
	struct parked_run *parked = run->lanes ? run_plan(run, NULL) : NULL;
	if (parked && !run_is_repeating(run)) {
		park_lanes(parked, run);
		marks_share(&parked->marks, &run->marks, parked->steps);
	}
	return parked;
}

static void keep(struct run *run, struct parked_stack *stack, struct parked_run *parked)
{
	if (parked == NULL)
		return;
	parked_push(stack, parked);
	parked_limit(&run->undo, &run->redo, PARKED_BYTES);
}

void run_push_undo(struct run *run, struct parked_run *parked)
{
	if (parked)
		parked_clear(&run->redo);
	run->parked += parked != NULL;
	keep(run, &run->undo, parked);
}

void run_park(struct run *run)
{
	run_push_undo(run, run_parked(run));
}

/* ---- restoring ---- */

const struct parked_run *run_undo_next(const struct run *run, bool redo)
{
	return parked_top(redo ? &run->redo : &run->undo);
}

bool run_restore_lane(struct run *run, const struct session_checkpoint *checkpoint, const struct session_ranges *scheduled,
                      const struct session_ranges *screen, struct err *err)
{
	struct lane *lane = &run->lane[run->lanes];
	lane->session = session_restore(checkpoint, run->dataset, run->pool, err);
	if (lane->session == NULL)
		return false;
	run->lanes++;
	lane->scheduled = *scheduled;
	lane->screen = *screen;
	return true;
}

static bool restore_lane(struct run *run, const struct parked_lane *from, struct err *err)
{
	struct lane *lane = &run->lane[run->lanes];
	if (!run_restore_lane(run, from->checkpoint, &from->scheduled, &from->screen, err))
		return false;
	lane->latest = from->latest ? snapshot_keep(from->latest) : NULL;
	return copy_history(&lane->history, &from->history) ||
	       err_set(err, ERR_RESOURCE, "out of memory for the observations of a run");
}

static bool restore(struct run *run, const struct parked_run *parked, struct err *err)
{
	run_end_sessions(run);
	if (!run_prepare(run, parked->start, parked->lanes, err))
		return false;
	for (size_t i = 0; i < parked->lanes; i++)
		if (!restore_lane(run, &parked->lane[i], err)) {
			run_end_sessions(run);
			return false;
		}
	memcpy(run->start, parked->start, parked->lanes * sizeof *parked->start);
	memcpy(run->edit, parked->edit, parked->edits * sizeof *parked->edit);
	run->edits = parked->edits;
	run->target = parked->target;
	run->stale = parked->stale;
	run->partial = parked->partial;
	marks_share(&run->marks, &parked->marks, parked->steps);
	return true;
}

bool run_undo(struct run *run, bool redo, uint64_t *repeat, struct err *err)
{
	struct parked_stack *from = redo ? &run->redo : &run->undo, *to = redo ? &run->undo : &run->redo;
	struct parked_run *parked = parked_pop(from);
	keep(run, to, run_parked(run));
	*repeat = parked->lane ? 0 : parked->steps;
	bool done = parked->lane ? restore(run, parked, err)
	                         : run_repeat(run, parked, parked->steps + 1, err);
	if (!done) {
		parked_push(from, parked);
		return false;
	}
	run->undone++;
	parked_destroy(parked);
	return true;
}
