/* --cast: a recording of the screen, as asciicast v2 for players of terminals, or as an animated picture. */
#ifndef INITVIZ_IO_CAST_H
#define INITVIZ_IO_CAST_H

#include <stdbool.h>

#include "base/entry.h"
#include "base/err.h"
#include "draw/canvas.h"
#include "draw/palette.h"

/* The formats, whose names are suffixes: cast, svg. */
extern const struct table cast_formats;

/* ERR_USAGE for another suffix. */
bool cast_check(const char *path, struct err *err);

struct cast;

/* Begins the file, which exists under its name only after cast_close(); ERR_USAGE, ERR_OUTPUT, ERR_RESOURCE. */
struct cast *cast_open(const char *path, struct err *err);

/* Adds what the screen shows from `seconds` after the beginning on, which must not go back.  ERR_OUTPUT, ERR_RESOURCE;
 * an animated picture has at most CAST_FRAMES frames, all of one size. */
#define CAST_FRAMES 2000
bool cast_frame(struct cast *cast, const struct canvas *canvas, const struct palette *palette, double seconds, struct err *err);

/* Ends the recording; the last frame was shown until then.  ERR_OUTPUT, and ERR_RUN when there was no frame. */
bool cast_close(struct cast *cast, double seconds, struct err *err);
void cast_abandon(struct cast *cast); /* NULL is allowed */

#endif
