/* The `?` screen. */
#ifndef INITVIZ_APP_HELP_SCREEN_H
#define INITVIZ_APP_HELP_SCREEN_H

#include <stdbool.h>
#include "base/err.h"
#include "draw/canvas.h"
#include "app/pager.h"

struct app;

struct help_screen {
	bool open;
	struct pager pager;
};

/* Lines of the page at this width. */
int help_lines(const struct app *app, int width);
void help_draw(const struct app *app, struct canvas *canvas, struct rect area);

/* The command `help`. */
bool help_toggle(struct app *app, char *words, struct err *err);

#endif
