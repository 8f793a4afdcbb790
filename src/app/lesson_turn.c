/* The command `lesson` and the keys of a lesson: turning pages. */
#include "app/lesson_turn.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/key.h"
#include "app/lesson_panel.h"
#include "app/lesson_screen.h"
#include "app/message.h"
#include "app/program.h"
#include "app/services.h"

/* ---- pages ---- */

/* After the last page.  Where no lesson follows, the page stays, so that ← still goes back. */
static bool go_to_next_lesson(struct app *app, struct err *err)
{
	if (app->lesson->lesson->next[0])
		return lesson_open_next(app, err);
	message_show(app->message, ROLE_NOTE, MESSAGE_SECONDS, app->lesson->locked ? "this is the last page" :
	             "this is the last page: Esc leaves the lesson");
	return true;
}

/* Whether the panel is too small for the text of the page, and has not shown its end. */
static bool text_goes_on(const struct app *app)
{
	return app->lesson->scroll + lesson_panel_room(app) < lesson_panel_rows(app);
}

/* On a small screen, first scrolls through the text of the page. */
static bool forward(struct app *app, struct err *err)
{
	struct lesson_screen *screen = app->lesson;
	if (text_goes_on(app)) {
		screen->scroll += lesson_panel_room(app);
		return true;
	}
	if (screen->page + 1 < screen->lesson->pages)
		return lesson_show(app, screen->page + 1, err);
	return go_to_next_lesson(app, err);
}

static bool back(struct app *app, struct err *err)
{
	struct lesson_screen *screen = app->lesson;
	int room = lesson_panel_room(app);
	if (screen->scroll > 0) {
		screen->scroll = screen->scroll > room ? screen->scroll - room : 0;
		return true;
	}
	if (screen->page > 0)
		return lesson_show(app, screen->page - 1, err);
	if (screen->lesson->previous)
		return lesson_return(app, err);
	message_show(app->message, ROLE_NOTE, MESSAGE_SECONDS, "this is the first page");
	return true;
}

/* ---- the command ---- */

static bool list_lessons(struct app *app, struct err *err)
{
	struct text names = {0};
	if (app->services->list_lessons == NULL)
		return program_cannot("lesson", err);
	app->services->list_lessons(app->services->context, &names);
	message_show(app->message, ROLE_PLAIN, 0, "lessons: %s", names.length ? text_string(&names) : "none is installed");
	text_free(&names);
	return true;
}

/* Cuts the number of a page off the end of "NAME PAGE"; 1 if there is none. */
static size_t cut_page(char *words)
{
	char *last = strrchr(words, ' ');
	uint64_t page;
	if (last == NULL || !text_unsigned(last + 1, &page) || page > LESSON_PAGES)
		return 1;
	while (last > words && last[-1] == ' ')
		last--;
	*last = '\0';
	return (size_t)page;
}

/* The effect of the key 0: sets up the page again; or reopens the lesson that was
 * closed; or opens the first lesson. */
static bool reopen(struct app *app, struct err *err)
{
	if (app->lesson->lesson == NULL)
		return lesson_open(app, LESSON_FIRST, 1, err);
	app->lesson->open = true;
	return lesson_show(app, app->lesson->page, err);
}

bool lesson_command(struct app *app, char *words, struct err *err)
{
	bool open = app->lesson->open;
	if (words[0] == '\0' || text_same_name(words, "again"))
		return reopen(app, err);
	if (text_same_name(words, "list"))
		return list_lessons(app, err);
	if (open && text_same_name(words, "next"))
		return forward(app, err);
	if (open && text_same_name(words, "back"))
		return back(app, err);
	if (open && text_same_name(words, "off")) {
		lesson_close(app);
		return true;
	}
	size_t page = cut_page(words);
	return lesson_open(app, words, page, err);
}

/* ---- keys ---- */

/* Keys that a locked lesson leaves to the program. */
static bool always_works(int key)
{
	size_t which;
	const struct command *command = command_of_key(key, &which);
	return command && command->in_lock;
}

/* What Enter does next; NULL: nothing, on the last page of the last lesson. */
static const char *enter_does(const struct app *app, char next[80])
{
	const struct lesson_screen *screen = app->lesson;
	if (text_goes_on(app))
		return "more of the text";
	if (screen->page + 1 < screen->lesson->pages)
		return "next page";
	if (screen->lesson->next[0] == '\0')
		return NULL;
	snprintf(next, 80, "next lesson: %.60s", screen->lesson->next);
	return next;
}

void lesson_hint(const struct app *app, bool brief, char *out, size_t size)
{
	char next[80];
	const char *enter = enter_does(app, next), *leave = app->lesson->locked ? "" : "  Esc leave";
	const char *others = brief && enter ? "" : "  ← back  0 this page again";
	if (enter)
		snprintf(out, size, "Enter %s%s%s", enter, others, brief ? "" : leave);
	else
		snprintf(out, size, "the last page%s%s", others, leave);
}

bool lesson_key(struct app *app, int key)
{
	char name[APP_KEY_NAME_SIZE];
	if (key == '\r' || key == APP_KEY_RIGHT)
		command_line_enter(app, "lesson next");
	else if (key == APP_KEY_LEFT)
		command_line_enter(app, "lesson back");
	else if (!app->lesson->locked || always_works(key))
		return false;
	else
		message_show(app->message, ROLE_NOTE, MESSAGE_SECONDS, "%s: the lesson is locked to its keys: Enter, ←, 0, O, ?, q",
		             app_key_name(key, name));
	return true;
}
