/* What the outside world does for the app. */
#ifndef INITVIZ_APP_SERVICES_H
#define INITVIZ_APP_SERVICES_H

#include <stdbool.h>
#include "base/err.h"
#include "base/text.h"
#include "lab/history.h"
#include "lab/tensors.h"
#include "draw/canvas.h"
#include "draw/palette.h"

struct lesson;

/* The result for a file that was still being written when the
 * function that saves it returned. */
struct saved {
	char name[256]; /* of the file, escaped */
	bool done;
	struct err err; /* why it was not written, or is not yet */
};

/* Each may be NULL; then the command reports that it cannot be done here. */
struct app_services {
	/* Writes the screen to a file; its suffix chooses the format. */
	bool (*save_screen)(void *context, const struct canvas *canvas, const char *path, struct err *err);
	/* Writes the history to a file, in the format of its suffix, or to be replayed. */
	bool (*save_run)(void *context, const struct history *history, const char *path, struct err *err);
	/* That format, for messages: "CSV". */
	const char *(*run_format)(void *context, const char *path);
	/* Writes arrays to a file, in the format of its suffix; takes them over in every case. */
	bool (*save_tensors)(void *context, struct tensors *tensors, const char *path, struct err *err);
	/* Whether the file saved last was still being written when the call returned.
	 * NULL: saving is always complete by then. */
	bool (*is_saving)(void *context);
	/* Takes the result of such a file, or that it takes long; false if there is none. */
	bool (*take_saved)(void *context, struct saved *saved);
	/* Whether a file of that name exists, or is being written. */
	bool (*file_exists)(void *context, const char *path);
	/* Reads a lesson by name or path, to be destroyed with lesson_destroy(); NULL with err. */
	struct lesson *(*read_lesson)(void *context, const char *name, struct err *err);
	/* Appends the names of the lessons that are installed, separated by blanks. */
	void (*list_lessons)(void *context, struct text *names);
	/* Changes the palette of the screen and of pictures. */
	bool (*choose_palette)(void *context, const struct palette *palette, struct err *err);
	const struct palette *palette;  /* in use at first; NULL: the first of the table */
	void (*suspend)(void *context); /* Ctrl-Z */
	void (*redraw)(void *context);  /* Ctrl-L: the next screen is painted from scratch */
	const char *computing;          /* the libraries that compute, for `?`; NULL: not shown */
	void *context;
};

#endif
