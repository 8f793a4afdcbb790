/* Going back in a run: marks, rewinding to the nearest one, and observations of
 * steps that are past. */
#include <string.h>

#include "base/alloc.h"
#include "lab/run_parts.h"

/* Repeating 0.2 s is not noticed as a wait; a net that computes with half of this speed is still
 * within it where its marks have the distance below. */
#define WITHOUT_WAIT 0.1
#define FLOPS_PER_SECOND 100e9
#define MOST_WITHOUT_WAIT 4096

/* ---- marks ---- */

static size_t mark_bytes(const struct run *run)
{
	size_t bytes = 0;
	for (size_t i = 0; i < run->lanes; i++)
		bytes += session_checkpoint_bytes(run->lane[i].session);
	return bytes;
}

static struct mark *mark_of(const struct run *run)
{
	struct mark *mark = mark_create(run->lanes, NULL);
	for (size_t i = 0; mark && i < run->lanes; i++) {
		const struct lane *lane = &run->lane[i];
		struct session_checkpoint *checkpoint = session_checkpoint(lane->session, NULL);
		mark->lane[i].checkpoint = checkpoint; /* one by one: all three are too large for a stack frame */
		mark->lane[i].scheduled = lane->scheduled;
		mark->lane[i].screen = lane->screen;
		mark->bytes += session_checkpoint_bytes(lane->session);
		if (checkpoint == NULL) {
			mark_destroy(mark);
			mark = NULL;
		}
	}
	return mark;
}

/* Steps that are repeated without a noticeable wait, a power of two from MARKS_DISTANCE on. */
static uint64_t steps_without_wait(const struct run *run)
{
	double flops = 0;
	uint64_t steps = MARKS_DISTANCE;
	for (size_t i = 0; i < run->lanes; i++)
		flops += settings_step_flops(session_settings(run->lane[i].session));
	while (steps < MOST_WITHOUT_WAIT && (double)(2 * steps) * flops < WITHOUT_WAIT * FLOPS_PER_SECOND)
		steps *= 2;
	return steps;
}

/* The file for marks that do not fit in memory; NULL: without one.  Marks of runs that were replaced
 * make room for those of this run. */
static struct mark_file *file_for(struct run *run, size_t bytes, uint64_t enough)
{
	if (!marks_need_file(&run->marks, bytes, enough))
		return run->mark_file;
	if (run->mark_file == NULL)
		run->mark_file = mark_file_create();
	while (run->mark_file && mark_file_is_full(run->mark_file, bytes) && parked_release_file(&run->undo, &run->redo))
		;
	return run->mark_file;
}

/* Says once that the file cannot be used. */
static void warn_of_fault(struct run *run)
{
	const char *fault = run->mark_file ? mark_file_fault(run->mark_file) : NULL;
	if (fault && !run->warned_of_file)
		session_warn(run->lane[0].session, fault);
	run->warned_of_file |= fault != NULL;
}

void run_mark(struct run *run)
{
	if (run->unmarked || !marks_are_due(&run->marks, run_steps(run)))
		return;
	size_t bytes = mark_bytes(run);
	uint64_t enough = steps_without_wait(run);
	struct mark_file *file = bytes <= MARKS_LARGEST ? file_for(run, bytes, enough) : NULL;
	warn_of_fault(run);
	if (bytes > marks_memory && (file == NULL || mark_file_fault(file)))
		return;
	struct mark *mark = mark_of(run);
	if (mark == NULL)
		return;
	mark->step = run_steps(run);
	mark->target = run->target;
	mark->edits = run->edits;
	marks_add(&run->marks, mark, enough, file);
	warn_of_fault(run);
}

/* ---- rewinding ---- */

/* A plan that repeats the run up to `step`, with the changes made before that step. */
static struct parked_run *plan_until(const struct run *run, uint64_t step, struct err *err)
{
	struct parked_run *plan = run_plan(run, err);
	if (plan == NULL)
		return NULL;
	plan->steps = step;
	plan->target = 0; /* only the steps up to `step` are repeated, not a later target */
	while (plan->edits && plan->edit[plan->edits - 1].step >= step)
		plan->edits--;
	return plan;
}

/* Moves the observations up to `step` from `from`, which is emptied, to the lane. */
static bool keep_observations(struct run *run, size_t i, struct history *from, uint64_t step, struct err *err)
{
	struct lane *lane = &run->lane[i];
	bool kept = true;
	for (size_t k = 0; kept && k < from->count && from->snapshot[k]->step <= step; k++) {
		kept = history_add(&lane->history, from->snapshot[k], err) &&
		       (run->sink.receive == NULL || run->sink.receive(run->sink.context, i, from->snapshot[k], err));
		snapshot_drop(lane->latest);
		lane->latest = snapshot_keep(from->snapshot[k]);
	}
	history_clear(from);
	return kept;
}

/* Continues from the last of `marks`, whose lanes are lane[], with the observations of `past` up to
 * there. */
static bool continue_from(struct run *run, const struct parked_run *plan, const struct marks *marks,
                          const struct mark_lane *lane, struct history past[RUNNER_MAX_LANES], struct err *err)
{
	const struct mark *mark = marks->mark[marks->count - 1];
	bool done = run_prepare(run, plan->start, plan->lanes, err);
	for (size_t i = 0; done && i < mark->lanes; i++)
		done = run_restore_lane(run, lane[i].checkpoint, &lane[i].scheduled, &lane[i].screen, err) &&
		       keep_observations(run, i, &past[i], mark->step, err);
	if (!done)
		return false;
	marks_share(&run->marks, marks, mark->step);
	memmove(run->start, plan->start, plan->lanes * sizeof *plan->start);
	memcpy(run->replayed, plan->edit, plan->edits * sizeof *plan->edit);
	memcpy(run->edit, plan->edit, mark->edits * sizeof *plan->edit);
	run->edits = run->replayed_next = mark->edits;
	run->replayed_count = plan->edits;
	run->rewind_to = plan->steps;
	run->rewind_target = plan->target;
	run->target = mark->target;
	run->stale = true;
	return run_go_on_repeating(run, err);
}

/* The lanes of the last mark that can be read; marks behind it are dropped.  NULL: none is left. */
static struct mark_lane *open_last(struct marks *marks)
{
	struct mark_lane *lane = NULL;
	while (marks->count && (lane = mark_open(marks->mark[marks->count - 1], NULL)) == NULL)
		marks_drop_last(marks);
	return lane;
}

bool run_rewind(struct run *run, uint64_t step, struct err *err)
{
	struct history past[RUNNER_MAX_LANES] = {{0}};
	struct marks *marks = alloc_array(1, sizeof *marks, err);
	struct parked_run *plan = plan_until(run, step, err);
	if (marks == NULL || plan == NULL) {
		alloc_free(marks);
		parked_destroy(plan);
		return false;
	}
	marks_share(marks, &run->marks, step);
	struct mark_lane *lane = open_last(marks);
	if (lane) {
		for (size_t i = 0; i < run->lanes; i++) {
			past[i] = run->lane[i].history;
			run->lane[i].history = (struct history){ .limit = past[i].limit };
		}
		run_end_sessions(run);
		run->branching = continue_from(run, plan, marks, lane, past, err);
		mark_close(marks->mark[marks->count - 1], lane);
		if (!run->branching)
			run_end_sessions(run);
	} else
		run->branching = run_repeat(run, plan, 0, err);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++)
		history_clear(&past[i]);
	marks_clear(marks);
	alloc_free(marks);
	parked_destroy(plan);
	return run->branching;
}

/* ---- observing the past ---- */

/* Trains `past` up to `step`; false with *given_up when go_on() returns false. */
static bool repeat_until(struct run *past, uint64_t step, bool (*go_on)(void *context), void *context, bool *given_up,
                         struct err *err)
{
	while (run_steps(past) < step) {
		*given_up = go_on && !go_on(context);
		if (*given_up || !run_step(past, err))
			return false;
	}
	return true;
}

/* Begins at the last of `marks`, or else at the start. */
static bool begin_past(struct run *past, const struct parked_run *plan, struct marks *marks, struct err *err)
{
	struct history none[RUNNER_MAX_LANES] = {{0}};
	struct mark_lane *lane = open_last(marks);
	if (lane == NULL)
		return run_repeat(past, plan, 0, err);
	bool begun = continue_from(past, plan, marks, lane, none, err);
	mark_close(marks->mark[marks->count - 1], lane);
	return begun;
}

static bool observe_past(struct run *past, const struct parked_run *plan, struct marks *marks, bool (*go_on)(void *context),
                         void *context, const struct snapshot **seen, struct err *err)
{
	bool given_up = false;
	bool done = begin_past(past, plan, marks, err) && repeat_until(past, plan->steps, go_on, context, &given_up, err) &&
	            run_observe(past, SESSION_FULL, seen, err);
	return done || given_up;
}

bool run_observe_past(struct run *run, uint64_t step, bool (*go_on)(void *context), void *context,
                      const struct snapshot **seen, struct err *err)
{
	struct parked_run *plan = plan_until(run, step, err);
	struct run *past = alloc_array(1, sizeof *past, err);
	struct marks *marks = alloc_array(1, sizeof *marks, err);
	memset(seen, 0, run->lanes * sizeof *seen);
	bool done = plan && past && marks;
	if (done) {
		past->dataset = run->dataset; /* of the run: not closed here */
		past->division = run->division;
		past->pool = run->pool;
		past->images = run->images;
		past->wanted_threads = run->wanted_threads;
		past->data_complete = run->data_complete;
		past->unmarked = true;
		past->measuring = run->measuring;
		memcpy(past->data, run->data, sizeof past->data);
		marks_share(marks, &run->marks, step);
		done = observe_past(past, plan, marks, go_on, context, seen, err);
		marks_clear(marks);
		run_end_sessions(past);
	}
	for (size_t i = 0; done && i < run->lanes && seen[i]; i++)
		done = history_add(&run->lane[i].history, seen[i], err);
	parked_destroy(plan);
	alloc_free(marks);
	alloc_free(past);
	return done;
}
