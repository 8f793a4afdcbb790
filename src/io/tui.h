/* The interactive program: passes keys to the app, draws the app's canvas on the
 * screen and trains in a separate thread. */
#ifndef INITVIZ_IO_TUI_H
#define INITVIZ_IO_TUI_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/settings.h"
#include "app/app.h"
#include "io/end_files.h"
#include "io/tui_screen.h"

struct tui_options {
	struct screen_options screen;
	bool ascii;                          /* glyphs from the ASCII table */
	const struct history *replay;        /* a saved run to show; NULL: train */
	struct sweep_map *map;               /* a finished sweep to show; NULL: none */
	bool ask_background;                 /* ask the terminal for its background, and choose the palette by it */
	const char *notice;                  /* the initial message; NULL: none */
	const char *const *command;          /* [commands] to run first, as if typed after `:` */
	size_t commands;
	const char *lesson;                  /* name or file of the lesson to open; NULL: none */
	bool lock;                           /* keep to its keys */
	const char *cast;                    /* file of the recording of the screen; NULL: none */
	const struct palette *const *palette; /* the one in use, for the recording */
	const struct end_files *end;         /* files that are saved at the end */
	void (*cleanup)(void);             /* for terminal_begin() */
	const struct app_services *services; /* suspend and redraw are filled in here */
};

/* Runs until the user quits.  ERR_USAGE when there is no terminal to draw on,
 * ERR_OUTPUT when it was closed, else the error of the app or its runner.
 * Does not return when a signal ends it: the process then dies of that signal,
 * the terminal restored.  *abandoned: the training thread did not stop, and the
 * process must exit by _exit(). */
bool tui_run(bool *abandoned, const struct settings *settings, const struct tui_options *options, struct err *err);

#endif
