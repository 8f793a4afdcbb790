/* The coordinate check: its command, its keys, and training in the background. */
#include "app/coordinate_check.h"

#include <string.h>

#include "base/alloc.h"
#include "view/view.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/coordinate_work.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/navigation.h"

enum { AGAIN, STEP, WORDS };

static const struct entry word_list[WORDS] = {
	[AGAIN] = { .name = "again", .summary = "the same widths and seeds around the present settings" },
	[STEP] = { .name = "step", .summary = "show the movement after this step; 0: the sizes at the start" },
};
const struct table coordinate_check_words = TABLE_OF(word_list, "choice", "choices");

static size_t view_index(void)
{
	return table_index(&views, table_find(&views, "coordinates", NULL));
}

bool coordinate_check_is_open(const struct app *app)
{
	return app->navigation->view == view_index();
}

bool coordinate_check_takes_keys(const struct app *app)
{
	return coordinate_check_is_open(app) && app->coordinates->work;
}

bool coordinate_check_is_computing(const struct app *app)
{
	return coordinate_check_takes_keys(app) && coordinate_work_is_missing(app->coordinates->work);
}

/* ---- the nets ---- */

bool coordinate_check_follow(struct app *app)
{
	struct coordinate_check *checks = app->coordinates;
	struct coordinate_work *work = checks->work;
	bool open = coordinate_check_is_open(app);
	if (!open)
		checks->view_before = app->navigation->view;
	coordinate_work_free_replaced(checks);
	if (work == NULL)
		return false;
	bool had_failed = work->job.err.code != ERR_NONE;
	bool changed = sweep_job_follow(&work->job, open);
	if (work->job.sweep == NULL && coordinate_check_is_computing(app))
		changed |= coordinate_work_start(work, app->experiment->interactive);
	if (work->job.err.code && !had_failed) {
		message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", work->job.err.message);
		changed = true;
	}
	return changed;
}

bool coordinate_check_end(struct app *app)
{
	struct coordinate_check *checks = app->coordinates;
	bool ended = true;
	for (struct coordinate_work *work = checks->replaced, *next; work; work = next) {
		next = work->next;
		ended &= coordinate_work_free(work);
	}
	ended &= coordinate_work_free(checks->work);
	*checks = (struct coordinate_check){0};
	return ended;
}

/* ---- the command ---- */

static bool begin(struct app *app, const char *words, struct err *err)
{
	struct coordinate_check *checks = app->coordinates;
	struct coordinate_work *work = alloc_array(1, sizeof *work, err);
	if (work == NULL)
		return false;
	text_add(&work->words, words);
	work->base = app->lanes->lane[app->lanes->chosen].settings;
	work->check = coordinates_create(words, &work->base, err);
	if (work->check == NULL || !text_check(&work->words, err)) {
		coordinate_work_free(work);
		return false;
	}
	if (checks->work) {
		sweep_job_stop(&checks->work->job);
		checks->work->next = checks->replaced;
		checks->replaced = checks->work;
	}
	checks->work = work;
	checks->step = work->check->steps;
	return true;
}

/* Nets that are known already, with the same words and settings, are not trained again. */
static bool begin_or_keep(struct app *app, const char *words, struct err *err)
{
	struct coordinate_check *checks = app->coordinates;
	if (checks->work == NULL || !coordinate_work_is_same(checks->work, words, &app->lanes->lane[app->lanes->chosen].settings))
		return begin(app, words, err);
	checks->step = checks->work->check->steps;
	return true;
}

/* Opens the view; a script sees the whole check. */
static bool show(struct app *app, struct err *err)
{
	if (!coordinate_check_is_open(app))
		app->coordinates->view_before = app->navigation->view;
	app->navigation->view = view_index();
	return app->experiment->interactive || coordinate_work_compute(app->coordinates->work, err);
}

static bool choose_step(struct app *app, const char *word, struct err *err)
{
	uint64_t step;
	size_t last = app->coordinates->work->check->steps;
	if (!text_unsigned(word, &step) || step > last)
		return err_set(err, ERR_USAGE, "coordinates: no such step: give 0 to %zu", last);
	app->coordinates->step = (size_t)step;
	return true;
}

static bool begin_again(struct app *app, struct err *err)
{
	struct text same = {0};
	text_add(&same, text_string(&app->coordinates->work->words));
	bool begun = text_check(&same, err) && begin(app, text_string(&same), err);
	text_free(&same);
	return begun;
}

bool coordinate_check_command(struct app *app, char *words, struct err *err)
{
	if (strchr(words, '='))
		return begin_or_keep(app, words, err) && show(app, err);
	if (app->coordinates->work == NULL && !begin(app, COORDINATES_WORDS, err))
		return false;
	char *rest = command_cut(words);
	if (words[0] == '\0')
		return show(app, err);
	const struct entry *word = table_find(&coordinate_check_words, words, err);
	if (word == NULL)
		return err_prefix(err, "coordinates");
	bool done = table_index(&coordinate_check_words, word) == AGAIN ? begin_again(app, err) : choose_step(app, rest, err);
	return done && show(app, err);
}

/* ---- keys ---- */

void coordinate_check_close(struct app *app)
{
	app->navigation->view = app->coordinates->view_before;
}

bool coordinate_check_key(struct app *app, int key)
{
	size_t last = app->coordinates->work->check->steps, *step = &app->coordinates->step;
	if (key == APP_KEY_LEFT)
		*step -= *step > 0;
	else if (key == APP_KEY_RIGHT)
		*step += *step < last;
	else
		return false;
	return true;
}
