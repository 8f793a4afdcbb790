/* Writes screens and runs to files on behalf of the app. */
#ifndef INITVIZ_IO_EXPORT_H
#define INITVIZ_IO_EXPORT_H

#include <stdbool.h>

#include "base/err.h"
#include "lab/history.h"
#include "draw/canvas.h"
#include "draw/palette.h"
#include "app/app.h"
#include "io/writer.h"

/* Writes the screen in the format of the path's suffix, whole or not at all;
 * "-" is standard output, as text.  palette NULL: the first of the table.
 * ERR_USAGE for an unknown suffix or a script in use, ERR_OUTPUT. */
bool export_screen(const struct canvas *canvas, const struct palette *palette, const char *path, struct err *err);

/* Writes all observations and changes kept: as JSON lines that in_run.h reads
 * back, or in the format of the path's suffix; whole or not at all.  ERR_RUN
 * when there is none, ERR_OUTPUT. */
bool export_run(const struct history *history, const char *path, struct err *err);

/* The state of the services of an app. */
struct export {
	const struct palette *palette; /* in use; NULL: the first of the table */
	bool colour;                   /* false: no colours, so the palette cannot be changed */
	void (*restyle)(const struct palette *palette); /* the screen; NULL for none */
	struct writer *writer;         /* writes what the app saves in a thread of its own; NULL: within the call; not owned */
	bool pending;                  /* the file saved last was still being written when the call returned */
	char computing[400];           /* filled by export_services() */
};

/* Services that save, and choose the palette; `export` must outlive the app. */
struct app_services export_services(struct export *export);

#endif
