/* Sets up the pages of a lesson.  Every page begins with the default net on the
 * built-in digits and then runs its own lines. So a page does not depend on what
 * the reader did on the pages before. */
#include "app/lesson_screen.h"

#include <stdio.h>

#include "lab/pins.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/plane.h"
#include "app/program.h"
#include "app/refresh.h"
#include "app/services.h"

#define PATIENCE 0.001 /* seconds that lesson_continue() waits for the runner before the next line */

bool lesson_is_open(const struct app *app)
{
	return app->lesson->open;
}

const struct lesson_page *lesson_page(const struct app *app)
{
	return app->lesson->open ? &app->lesson->lesson->page[app->lesson->page] : NULL;
}

bool lesson_hides(const struct app *app, enum lesson_part part)
{
	const struct lesson_page *page = lesson_page(app);
	return page && page->hidden & 1u << part;
}

/* ---- whether a page is set up ---- */

/* The command that a line of a lesson begins with; NULL: it sets a setting. */
static const struct command *command_of(const struct lesson_line *line)
{
	char word[64];
	snprintf(word, sizeof word, "%s", line->text);
	command_cut(word);
	const char *name = command_name(word, NULL);
	return name ? command_find(name, NULL) : NULL;
}

/* Whether a line that is still to be run gives the page another net, before the first that trains it. */
static bool changes_follow(const struct lesson_screen *screen, const struct lesson_page *page)
{
	for (size_t i = screen->line; i < page->lines; i++) {
		const struct command *command = command_of(&page->line[i]);
		if (command == NULL || command->group == COMMAND_CHANGING)
			return true;
		if (command->group == COMMAND_RUNNING)
			return false;
	}
	return false;
}

void lesson_add_changes(const struct app *app, struct text *text)
{
	const struct lesson_page *page = lesson_page(app);
	const char *before = "";
	for (size_t i = 0; page && i < page->lines; i++) {
		const struct command *command = command_of(&page->line[i]);
		if (command && command->group == COMMAND_RUNNING)
			break;
		if (command && command->group != COMMAND_CHANGING)
			continue;
		text_addf(text, "%s%s", before, page->line[i].text);
		before = ", ";
	}
}

/* The net of the runner is that of the page. */
static bool is_set_up(const struct app *app)
{
	const struct runner_status *status = &app->experiment->status;
	return !changes_follow(app->lesson, lesson_page(app)) && status->run != app->experiment->run_left && app->lanes->lane[0].latest;
}

/* ---- setting up a page ---- */

/* The default net; seed and threads are the user's. */
static void begin_net(struct app *app)
{
	struct settings fresh, *own = &app->lanes->lane[0].settings;
	settings_default(&fresh);
	settings_set(&fresh, "data", "digits", NULL);
	fresh.seed = own->seed;
	fresh.threads = own->threads;
	lanes_remove(app);
	pins_clear(app->pins);
	*own = fresh;
	experiment_request(app, false);
	app->experiment->speed = experiment_first_speed(app);
	app->moment->live = true;
	lanes_start(app);
}

/* Palette and projector mode stay: they belong to the room, not to the page. */
static void begin_look(struct app *app)
{
	struct navigation *navigation = app->navigation;
	navigation->view = 0;
	navigation->layer = 0;
	navigation->tensor = 0;
	navigation->linear = navigation->recent = navigation->log_counts = false;
	navigation->image = navigation->unit = 0;
	navigation->marked = false;
	navigation->zoom = 0;
	app->map->value = SWEEP_TEST_ACCURACY;
	plane_forget_cursor(app->plane);
}

bool lesson_show(struct app *app, size_t page, struct err *err)
{
	app->lesson->page = page;
	app->lesson->pages_shown++;
	app->lesson->scroll = 0;
	app->lesson->line = 0;
	app->lesson->set_up = !app->experiment->interactive;
	begin_look(app);
	begin_net(app);
	app->moment->hidden = !app->lesson->set_up;
	return app->experiment->interactive || lesson_continue(app, err);
}

static bool run_line(struct app *app, const struct lesson_line *line, struct err *err)
{
	refresh_app(app);
	if (app->experiment->interactive && line->expects)
		return true;
	if (!command_line_run(app, line->text, err))
		return err_prefix(err, "%s", line->place);
	message_clear(app->message);
	return true;
}

bool lesson_continue(struct app *app, struct err *err)
{
	const struct lesson_page *page = lesson_page(app);
	double patience = app->experiment->interactive ? PATIENCE : 0;
	bool done = true;
	app->moment->hidden = false; /* commands see the net that there is */
	while (done && page && app->lesson->line < page->lines && app->experiment->status.state != RUNNER_FAILED &&
	       runner_settle(app->experiment->runner, patience)) {
		done = run_line(app, &page->line[app->lesson->line++], err);
		if (!done)
			app->lesson->line = page->lines;
	}
	app->lesson->set_up |= page && is_set_up(app);
	app->moment->hidden = page && !app->lesson->set_up;
	return done;
}

/* ---- pages and lessons ---- */

/* NULL: ERR_USAGE. */
static struct lesson *read_lesson(struct app *app, const char *name, struct err *err)
{
	const struct app_services *services = app->services;
	if (services->read_lesson)
		return services->read_lesson(services->context, name, err);
	program_cannot("lesson", err);
	return NULL;
}

bool lesson_open(struct app *app, const char *name, size_t page, struct err *err)
{
	struct lesson *lesson = read_lesson(app, name, err);
	if (lesson == NULL)
		return false;
	if (page < 1 || page > lesson->pages) {
		err_set(err, ERR_USAGE, "lesson: there is no page %zu: give 1 to %zu", page, lesson->pages);
		lesson_destroy(lesson);
		return false;
	}
	lesson_destroy(app->lesson->lesson);
	app->lesson->lesson = lesson;
	app->lesson->open = true;
	return lesson_show(app, page - 1, err);
}

bool lesson_open_next(struct app *app, struct err *err)
{
	struct lesson *next = read_lesson(app, app->lesson->lesson->next, err);
	if (next == NULL)
		return false;
	next->previous = app->lesson->lesson;
	app->lesson->lesson = next;
	return lesson_show(app, 0, err);
}

bool lesson_return(struct app *app, struct err *err)
{
	struct lesson *left = app->lesson->lesson, *previous = left->previous;
	left->previous = NULL;
	lesson_destroy(left);
	app->lesson->lesson = previous;
	return lesson_show(app, previous->pages - 1, err);
}

void lesson_close(struct app *app)
{
	if (app->lesson->locked) {
		message_show(app->message, ROLE_NOTE, MESSAGE_ALARM_SECONDS, "the lesson is locked: q ends the program");
		return;
	}
	app->lesson->open = false;
	message_show(app->message, ROLE_PLAIN, MESSAGE_ALARM_SECONDS, "the lesson is closed; 0 returns to its page %zu",
	             app->lesson->page + 1);
}

bool lesson_next_page(struct app *app, bool *more, struct err *err)
{
	struct lesson_screen *screen = app->lesson;
	*more = screen->page + 1 < screen->lesson->pages;
	return !*more || lesson_show(app, screen->page + 1, err);
}
