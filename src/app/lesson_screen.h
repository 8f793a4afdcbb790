/* The lesson that is open: its page, the command lines that still have to set
 * up the page's experiment. */
#ifndef INITVIZ_APP_LESSON_SCREEN_H
#define INITVIZ_APP_LESSON_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"
#include "app/lesson.h"

struct app;

struct lesson_screen {
	struct lesson *lesson; /* opened last; NULL: none yet; owned */
	bool open;
	bool locked;           /* only the lesson's own keys work */
	size_t page;           /* from 0 */
	unsigned pages_shown;  /* counts the pages that were set up */
	int scroll;            /* rows of the text above the panel, on small screens */
	size_t line;           /* the next line of the page to be run */
	bool set_up;           /* the net shown is the page's; until then none is shown */
};

/* The page shown; NULL while no lesson is open. */
const struct lesson_page *lesson_page(const struct app *app);

/* Whether a lesson is open whose page hides this part of the screen. */
bool lesson_hides(const struct app *app, enum lesson_part part);

/* Appends the lines of the page that make its net another than the default: "scenario deep_relu_he, depth 20". */
void lesson_add_changes(const struct app *app, struct text *text);

/* Opens a lesson by name or path at a page counted from 1.  ERR_USAGE. */
bool lesson_open(struct app *app, const char *name, size_t page, struct err *err);

/* From the last page to the first page of the next lesson, which the lesson must
 * have.  ERR_USAGE: it cannot be read. */
bool lesson_open_next(struct app *app, struct err *err);

/* From the first page back to the last page of the lesson that led here; there must be one. */
bool lesson_return(struct app *app, struct err *err);

/* Sets up a page, counted from 0, of the lesson opened last. */
bool lesson_show(struct app *app, size_t page, struct err *err);

/* Runs the lines of the page, as far as the runner is ready for them.  Not interactive: all of
 * them, and false with "file:line: message" when one fails; interactive: without `expect`. */
bool lesson_continue(struct app *app, struct err *err);

/* Shows the next page and runs its lines; *more: there is a page after it.  For
 * tests, which run lessons to their end. */
bool lesson_next_page(struct app *app, bool *more, struct err *err);

/* Of the overlay. */
bool lesson_is_open(const struct app *app);
void lesson_close(struct app *app);

#endif
