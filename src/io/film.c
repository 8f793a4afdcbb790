/* Time is what the frames state, not what a clock says. */
#include "io/film.h"

#include "app/app.h"

bool film_open(struct film *film, const struct cli *cli, const struct palette *const *palette, struct err *err)
{
	*film = (struct film){ .palette = palette };
	if (cli->cast == NULL)
		return true;
	if (!canvas_create(&film->canvas, cli->width, cli->height, cli->glyphs == CLI_GLYPHS_ASCII, err))
		return false;
	film->cast = cast_open(cli->cast, err);
	return film->cast != NULL;
}

bool film_show(struct film *film, const struct app *app, struct err *err)
{
	if (film == NULL || film->cast == NULL || app_hold(app) <= 0)
		return true;
	canvas_clear(&film->canvas);
	app_draw(app, &film->canvas);
	if (!cast_frame(film->cast, &film->canvas, *film->palette, film->seconds, err))
		return false;
	film->seconds += app_hold(app);
	return true;
}

bool film_close(struct film *film, bool done, struct err *err)
{
	if (film->cast && done)
		done = cast_close(film->cast, film->seconds, err);
	else
		cast_abandon(film->cast);
	canvas_destroy(&film->canvas);
	*film = (struct film){0};
	return done;
}
