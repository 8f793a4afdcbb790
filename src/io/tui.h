/* The interactive program: keys to the app, the app's canvas to the screen,
 * training in a thread beside. */
#ifndef INITVIZ_IO_TUI_H
#define INITVIZ_IO_TUI_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/settings.h"
#include "app/app.h"
#include "io/tui_screen.h"

struct tui_options {
	struct screen_options screen;
	bool ascii;                          /* glyphs from the ASCII table */
	const struct history *replay;        /* a saved run to be shown; NULL: train one */
	const char *notice;                  /* said at first; NULL: nothing */
	const char *const *command;          /* [commands] to be carried out first, as after `:` */
	size_t commands;
	const char *record;                  /* file for the run, saved at the end; NULL: none */
	void (*last_wish)(void);             /* for terminal_begin() */
	const struct app_services *services; /* suspend and redraw are filled in here */
};

/* Runs until the user quits.  ERR_USAGE when there is no terminal to draw on,
 * ERR_OUTPUT when it has gone away, else what the app or its runner says.
 * Does not return when a signal ends it: the process then dies of that signal,
 * the terminal restored.  *abandoned: training did not let go, and the process
 * must leave with _exit(). */
bool tui_run(bool *abandoned, const struct settings *settings, const struct tui_options *options, struct err *err);

#endif
