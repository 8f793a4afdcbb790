/* The report on the article as a screen. */
#ifndef INITVIZ_APP_REPORT_SCREEN_H
#define INITVIZ_APP_REPORT_SCREEN_H

#include <stdbool.h>
#include "lab/report_run.h"
#include "lab/settings.h"
#include "draw/canvas.h"
#include "app/pager.h"

struct app;

struct report_screen {
	bool open;
	struct pager pager;
	struct report_run *run; /* NULL before it is first opened */
	char data[SETTINGS_DATA_SIZE]; /* the images that it was measured with */
	uint64_t seed;
};

/* True while the report is open and not completely measured; then
 * report_measure() measures more of it, or closes it on errors. */
bool report_is_at_work(const struct app *app);
bool report_measure(struct app *app, struct err *err);

int report_screen_lines(const struct app *app, int width);
void report_screen_draw(const struct app *app, struct canvas *canvas, struct rect area);

/* The command `report`. */
bool report_toggle(struct app *app, char *words, struct err *err);

#endif
