/* Changes made during a run, and repeating a run with its changes. */
#include <stdio.h>
#include <string.h>

#include "lab/run_parts.h"

/* ---- changes ---- */

bool run_past_edit(const struct run *run, size_t i, struct runner_edit *edit)
{
	if (i < run->edits)
		*edit = run->edit[i];
	return i < run->edits;
}

static bool apply_to(struct lane *lane, const struct runner_edit *edit, struct err *err)
{
	struct session *session = lane->session;
	if (edit->layer)
		return session_scale_weights(session, edit->layer, edit->factor, err);
	struct spec activation = session_settings(session)->activation;
	if (!session_edit(session, edit->name, edit->value, err))
		return false;
	if (!spec_equal(&activation, &session_settings(session)->activation)) { /* z and a have another range */
		memset(&lane->scheduled, 0, sizeof lane->scheduled);
		memset(&lane->screen, 0, sizeof lane->screen);
	}
	return true;
}

static bool apply(struct run *run, const struct runner_edit *edit, struct err *err)
{
	const struct settings *settings = session_settings(run->lane[0].session);
	uint64_t steps = settings->steps;
	for (size_t i = 0; i < run->lanes; i++)
		if (!apply_to(&run->lane[i], edit, err))
			return false;
	run->stale = true;
	if (settings->steps != steps)
		run->target = settings->steps;
	return true;
}

static bool note(struct run *run, const struct runner_edit *edit, struct err *err)
{
	if (run->edits == RUN_MAX_EDITS)
		return err_set(err, ERR_RUN, "more than %d changes in one run: the later ones cannot be repeated", RUN_MAX_EDITS);
	run->edit[run->edits++] = *edit;
	return true;
}

/* A change that undo takes back, with the rewinding that led to it if any. */
static bool change(struct run *run, const struct runner_edit *edit, struct err *err)
{
	struct parked_run *before = run->branching ? NULL : run_parked(run);
	if (!apply(run, edit, err)) {
		parked_destroy(before);
		return false;
	}
	run->branching = false;
	run_push_undo(run, before);
	return note(run, edit, err);
}

bool run_settings(const struct run *run, size_t lane, struct settings *start, struct settings *now)
{
	bool repeating = run_is_repeating(run);
	const struct runner_edit *edit = repeating ? run->replayed : run->edit;
	size_t edits = repeating ? run->replayed_count : run->edits;
	if (lane >= run->lanes)
		return false;
	*start = *now = run->start[lane];
	for (size_t i = 0; i < edits; i++)
		if (edit[i].layer == 0)
			settings_set(now, edit[i].name, edit[i].value, NULL);
	return true;
}

bool run_edit(struct run *run, const char *name, const char *value, struct err *err)
{
	struct runner_edit edit = { .step = run_steps(run) };
	snprintf(edit.name, sizeof edit.name, "%s", name);
	snprintf(edit.value, sizeof edit.value, "%s", value);
	return change(run, &edit, err);
}

bool run_scale(struct run *run, uint32_t layer, double factor, struct err *err)
{
	struct runner_edit edit = { .step = run_steps(run), .layer = layer, .factor = factor };
	return change(run, &edit, err);
}

/* ---- repeating ---- */

/* Repeats each change after the same step and its observation. */
bool run_go_on_repeating(struct run *run, struct err *err)
{
	uint64_t step = run_steps(run);
	for (; run->replayed_next < run->replayed_count && run->replayed[run->replayed_next].step <= step; run->replayed_next++)
		if (!apply(run, &run->replayed[run->replayed_next], err) || !note(run, &run->replayed[run->replayed_next], err))
			return false;
	if (run->target <= step && run->target < run->rewind_target) /* "run" continued it after its end */
		run_aim(run);
	return true;
}

bool run_repeat(struct run *run, const struct parked_run *plan, uint64_t quiet, struct err *err)
{
	memcpy(run->replayed, plan->edit, plan->edits * sizeof plan->edit[0]);
	if (!run_begin(run, plan->start, plan->lanes, quiet, err))
		return false;
	run->replayed_count = plan->edits;
	run->rewind_to = plan->steps;
	run->rewind_target = plan->target;
	return run_go_on_repeating(run, err);
}

bool run_is_repeating(const struct run *run)
{
	return run_steps(run) < run->rewind_to;
}
