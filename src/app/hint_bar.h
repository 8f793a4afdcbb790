/* The hint bar: the bottom row of the screen, with keys and what they do. */
#ifndef INITVIZ_APP_HINT_BAR_H
#define INITVIZ_APP_HINT_BAR_H

#include "draw/canvas.h"

struct app;

void hint_bar_draw(const struct app *app, struct canvas *canvas, struct rect rect);

#endif
