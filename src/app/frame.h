/* The whole screen. */
#ifndef INITVIZ_APP_FRAME_H
#define INITVIZ_APP_FRAME_H

#include "draw/canvas.h"

struct app;

/* Draws it.  Changes nothing in the app. */
void frame_draw(const struct app *app, struct canvas *canvas);

#endif
