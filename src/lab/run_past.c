/* Going back in a run: marks, rewinding to the nearest one, and observations of
 * steps that are past. */
#include <string.h>

#include "base/alloc.h"
#include "lab/run_parts.h"

/* ---- marks ---- */

static struct mark *mark_of(const struct run *run)
{
	struct mark *mark = mark_create(run->lanes, NULL);
	for (size_t i = 0; mark && i < run->lanes; i++) {
		const struct lane *lane = &run->lane[i];
		struct session_checkpoint *checkpoint = session_checkpoint(lane->session, NULL);
		mark->lane[i] = (struct mark_lane){ checkpoint, lane->scheduled, lane->screen };
		mark->bytes += session_checkpoint_bytes(lane->session);
		if (checkpoint == NULL) {
			mark_destroy(mark);
			mark = NULL;
		}
	}
	return mark;
}

void run_mark(struct run *run)
{
	size_t bytes = 0;
	for (size_t i = 0; i < run->lanes; i++)
		bytes += session_checkpoint_bytes(run->lane[i].session);
	if (bytes > MARKS_BYTES || !marks_are_due(&run->marks, run_steps(run)))
		return;
	struct mark *mark = mark_of(run);
	if (mark == NULL)
		return;
	mark->step = run_steps(run);
	mark->target = run->target;
	mark->edits = run->edits;
	marks_add(&run->marks, mark);
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

/* Continues from the last of `marks`, with the observations of `past` up to there. */
static bool continue_from(struct run *run, const struct parked_run *plan, const struct marks *marks,
                          struct history past[RUNNER_MAX_LANES], struct err *err)
{
	const struct mark *mark = marks->mark[marks->count - 1];
	bool done = run_prepare(run, plan->start, plan->lanes, err);
	for (size_t i = 0; done && i < mark->lanes; i++)
		done = run_restore_lane(run, mark->lane[i].checkpoint, &mark->lane[i].scheduled, &mark->lane[i].screen, err) &&
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

bool run_rewind(struct run *run, uint64_t step, struct err *err)
{
	struct history past[RUNNER_MAX_LANES] = {{0}};
	struct marks marks = {0};
	struct parked_run *plan = plan_until(run, step, err);
	if (plan == NULL)
		return false;
	marks_share(&marks, &run->marks, step);
	if (marks.count) {
		for (size_t i = 0; i < run->lanes; i++) {
			past[i] = run->lane[i].history;
			run->lane[i].history = (struct history){ .limit = past[i].limit };
		}
		run_end_sessions(run);
		run->branching = continue_from(run, plan, &marks, past, err);
		if (!run->branching)
			run_end_sessions(run);
	} else
		run->branching = run_repeat(run, plan, 0, err);
	for (size_t i = 0; i < RUNNER_MAX_LANES; i++)
		history_clear(&past[i]);
	marks_clear(&marks);
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

static bool observe_past(struct run *past, const struct parked_run *plan, bool (*go_on)(void *context), void *context,
                         const struct snapshot **seen, struct err *err)
{
	struct history none[RUNNER_MAX_LANES] = {{0}};
	bool given_up = false;
	struct marks marks = past->marks; /* moved: continue_from() fills past->marks */
	past->marks = (struct marks){0};
	bool begun = marks.count ? continue_from(past, plan, &marks, none, err) : run_repeat(past, plan, 0, err);
	marks_clear(&marks);
	bool done = begun && repeat_until(past, plan->steps, go_on, context, &given_up, err) &&
	            run_observe(past, SESSION_FULL, seen, err);
	return done || given_up;
}

bool run_observe_past(struct run *run, uint64_t step, bool (*go_on)(void *context), void *context,
                      const struct snapshot **seen, struct err *err)
{
	struct parked_run *plan = plan_until(run, step, err);
	struct run *past = alloc_array(1, sizeof *past, err);
	memset(seen, 0, run->lanes * sizeof *seen);
	bool done = plan && past;
	if (done) {
		past->dataset = run->dataset; /* of the run: not closed here */
		past->division = run->division;
		past->pool = run->pool;
		past->wanted_threads = run->wanted_threads;
		past->share_cpu = run->share_cpu;
		memcpy(past->data, run->data, sizeof past->data);
		marks_share(&past->marks, &run->marks, step);
		done = observe_past(past, plan, go_on, context, seen, err);
		run_end_sessions(past);
	}
	for (size_t i = 0; done && i < run->lanes && seen[i]; i++)
		done = history_add(&run->lane[i].history, seen[i], err);
	parked_destroy(plan);
	alloc_free(past);
	return done;
}
