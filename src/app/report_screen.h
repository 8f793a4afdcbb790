/* The report on the article as a screen. */
#ifndef INITVIZ_APP_REPORT_SCREEN_H
#define INITVIZ_APP_REPORT_SCREEN_H

#include <stdbool.h>
#include "lab/runner.h"
#include "draw/canvas.h"
#include "app/pager.h"

struct app;

struct report_screen {
	bool open;
	struct pager pager;
	struct report report; /* as far as it is measured */
	struct runner_report_status status;
};

/* True while the report is open and not completely measured. */
bool report_is_at_work(const struct app *app);

/* Takes over what the runner has measured since the last call; true when there
 * is something new.  Closes the report, with err filled, when it has failed. */
bool report_refresh(struct app *app, struct err *err);

/* The runner stops measuring; what it has measured is kept for the next time. */
void report_close(struct app *app);

int report_screen_lines(const struct app *app, int width);
void report_screen_draw(const struct app *app, struct canvas *canvas, struct rect area);

/* The command `report`. */
bool report_toggle(struct app *app, char *words, struct err *err);

#endif
