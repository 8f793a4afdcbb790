/* The header: the top row of the screen. */
#ifndef INITVIZ_APP_HEADER_H
#define INITVIZ_APP_HEADER_H

#include "draw/canvas.h"

struct app;

/* The right end of the header alone: whether it runs, and the step. */
void header_draw_step(const struct app *app, struct canvas *canvas, struct rect rect);
void header_draw(const struct app *app, struct canvas *canvas, struct rect rect);

#endif
