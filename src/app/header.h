/* The header: the top row of the screen. */
#ifndef INITVIZ_APP_HEADER_H
#define INITVIZ_APP_HEADER_H

#include "draw/canvas.h"

struct app;

void header_draw(const struct app *app, struct canvas *canvas, struct rect rect);

#endif
