/* The header and the hint bar. */
#ifndef INITVIZ_APP_FURNITURE_H
#define INITVIZ_APP_FURNITURE_H

#include "draw/canvas.h"

struct app;

void furniture_header(const struct app *app, struct canvas *canvas, struct rect rect);
void furniture_hints(const struct app *app, struct canvas *canvas, struct rect rect);

#endif
