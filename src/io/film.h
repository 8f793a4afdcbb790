/* A recording without a terminal: each command of a script leaves a frame, shown for as long as the command `hold`
 * says.  The same script gives the same bytes. */
#ifndef INITVIZ_IO_FILM_H
#define INITVIZ_IO_FILM_H

#include "io/cast.h"
#include "io/cli.h"

struct app;

struct film {
	struct cast *cast;                    /* NULL: nothing is recorded */
	struct canvas canvas;
	const struct palette *const *palette; /* the one in use */
	double seconds;                       /* of all frames so far */
};

/* Begins the file of --cast, if it is asked for; *palette must outlive the film.  Errors as those of cast_open(). */
bool film_open(struct film *film, const struct cli *cli, const struct palette *const *palette, struct err *err);

/* Adds the screen as it is now. */
bool film_show(struct film *film, const struct app *app, struct err *err);

/* done: ends the file; else there will be none. */
bool film_close(struct film *film, bool done, struct err *err);

#endif
