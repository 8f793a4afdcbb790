/* Training the cured net beside the ill one, and judging the prediction. */
#include "app/curing.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "lab/run_label.h"
#include "app/app_parts.h"
#include "app/branch.h"
#include "app/change.h"
#include "app/compare.h"
#include "app/experiment.h"
#include "app/findings.h"
#include "app/lanes.h"
#include "app/message.h"

enum { BESIDE, APPLY };

static const struct entry words[] = {
	[BESIDE] = { .name = "beside", .summary = "the cured net beside this one in lock-step, same seeds and batches" },
	[APPLY] = { .name = "apply", .summary = "the cured net instead of this one; undo brings this one back" },
};
const struct table curing_words = TABLE_OF(words, "choice", "choices");

/* Compares the settings of the runs: a change, which starts others, may be requested
 * before the runner has begun the comparison. */
bool curing_is_comparing(const struct app *app)
{
	const struct curing *curing = app->curing;
	return curing->begun && app->lanes->beside == 1 && app->experiment->status.run != app->experiment->run_left &&
	       settings_equal(&app->lanes->started[0], &curing->own) && settings_equal(&app->lanes->started[1], &curing->cured);
}

/* ---- the command ---- */

static bool start_beside(struct app *app, const struct cure *cure, struct err *err)
{
	struct settings own, cured;
	if (app->lanes->chosen == 0)
		branch_settings(app, &own);
	else
		own = app->lanes->lane[app->lanes->chosen].settings;
	cured = own;
	if (!cure_apply(cure, &cured, err))
		return false;
	struct curing *curing = app->curing; /* in place: a further copy of all settings is too much for a stack frame */
	curing->begun = true;
	curing->own = own;
	curing->cured = cured;
	curing->run = curing->undone = curing->judged = 0;
	curing->cure = *cure;
	return compare_pair(app, &own, &cured);
}

static bool apply(struct app *app, const struct cure *cure, struct err *err)
{
	struct settings settings;
	if (curing_is_comparing(app))
		settings = app->lanes->lane[1].settings;
	else {
		branch_settings(app, &settings);
		if (!cure_apply(cure, &settings, err))
			return false;
	}
	lanes_remove(app);
	app->lanes->lane[0].settings = settings;
	change_restart(app);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run with the cure: %s", cure->changes);
	return true;
}

bool curing_cure(struct app *app, char *line, struct err *err)
{
	const struct entry *word = table_find(&curing_words, line[0] ? line : words[BESIDE].name, err);
	if (word == NULL)
		return err_prefix(err, "cure");
	bool applies = word == &words[APPLY];
	if (applies && curing_is_comparing(app))
		return apply(app, &app->curing->cure, err);
	findings_update(app);
	const struct cure *cure = &app->findings->cure;
	if (app->findings->of == NULL)
		return err_set(err, ERR_RUN, "cure: there is no observation yet: wait until the images are loaded");
	if (cure->outcome != CURE_FOUND)
		return err_set(err, ERR_RUN, "cure: %s", wording_fit(&cure->words, sizeof cure->words));
	return applies ? apply(app, cure, err) : start_beside(app, cure, err);
}

/* ---- the judgement ---- */

#define STEPS_TO_JUDGE 10 /* so that single steps do not show a message each */

/* Whether a measured number agrees with its prediction: within a factor 2, or
 * twice its band. */
static bool agree(double predicted, double observed, double band)
{
	return (isnan(predicted) && isnan(observed)) || fabs(log(observed / predicted)) <= fmax(log(2), 2 * band);
}

static void show_judgement(struct app *app)
{
	const struct cure *cure = &app->curing->cure;
	const struct history *own = lanes_history(app, 0), *cured = lanes_history(app, 1);
	const struct snapshot *start = cured->count ? cured->snapshot[0] : NULL;
	struct net_factors seen;
	const struct net_factors *foretold = &cure->predicted;
	char gradient[96] = "", one[NUMBER_SIZE], other[NUMBER_SIZE];
	if (start == NULL || start->step > 0 || app->lanes->lane[0].held == NULL || app->lanes->lane[1].held == NULL)
		return;
	factors_observed(&seen, start);
	bool held = agree(foretold->z_square, seen.z_square, 0) && agree(foretold->gradient, seen.gradient, foretold->band + foretold->doubt);
	if (foretold->hidden > 1)
		snprintf(gradient, sizeof gradient, ", layer 1 receives %s %s layer %zu's gradient² (measured %s)",
		         number_ratio(one, foretold->gradient), number_of_or_times(foretold->gradient), foretold->hidden,
		         number_ratio(other, seen.gradient));
	const struct snapshot *now = app->lanes->lane[0].held;
	message_show(app->message, held ? ROLE_GOOD : ROLE_NOTE, 0,
	             "the prediction for %s %s: E[z²] %.2g (measured %.2g)%s.  Test accuracy at step %llu: %s as it was, %s cured",
	             cure->changes, held ? "held" : "did not hold", foretold->z_square, seen.z_square, gradient,
	             (unsigned long long)run_test_step(now, own), number_share(one, run_test_accuracy(now, own)),
	             number_share(other, run_test_accuracy(app->lanes->lane[1].held, cured)));
}

void curing_describe(const struct app *app, struct wording *wording)
{
	const struct app_lane *own = &app->lanes->lane[0], *cured = &app->lanes->lane[1];
	const char *changes = app->curing->cure.changes;
	char one[NUMBER_SIZE], other[NUMBER_SIZE];
	if (own->held == NULL || cured->held == NULL || own->held->step == 0) {
		wording_add(wording, "B is the cured net: %.100s", changes);
		wording_add(wording, "B is the cured net");
		return;
	}
	number_share(one, run_test_accuracy(own->held, lanes_history(app, 0)));
	number_share(other, run_test_accuracy(cured->held, lanes_history(app, 1)));
	wording_add(wording, "B is the cured net (%.100s): test accuracy %s as it was, %s cured", changes, one, other);
	wording_add(wording, "B is the cured net: test accuracy %s as it was, %s cured", one, other);
	wording_add(wording, "test %s as it was, %s cured", one, other);
}

/* A run that undo brought back has been judged before. */
static void follow_run(struct curing *curing, const struct runner_status *status)
{
	if (status->undone != curing->undone)
		curing->judged = status->step;
	else if (status->run != curing->run)
		curing->judged = 0;
	curing->undone = status->undone;
	curing->run = status->run;
}

/* The runner may have paused before the observations of that step are here. */
static bool has_seen(const struct app *app, uint64_t step)
{
	for (size_t i = 0; i < 2; i++) {
		const struct snapshot *last = app->lanes->lane[i].held;
		if (last == NULL || last->step < step)
			return false;
	}
	return true;
}

void curing_follow(struct app *app)
{
	struct curing *curing = app->curing;
	const struct runner_status *status = &app->experiment->status;
	if (!curing_is_comparing(app))
		return;
	follow_run(curing, status);
	bool end = status->step >= app->lanes->lane[0].settings.steps, more = status->step >= curing->judged + STEPS_TO_JUDGE;
	if (status->state != RUNNER_PAUSED || status->step == curing->judged || !(end || more) || !has_seen(app, status->step))
		return;
	curing->judged = status->step;
	show_judgement(app);
}
