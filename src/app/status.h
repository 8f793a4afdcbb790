/* The rows around the view that describe the state of the net: what is wrong with
 * it and why, above the view; its numbers and what to try, below. */
#ifndef INITVIZ_APP_STATUS_H
#define INITVIZ_APP_STATUS_H

#include "draw/canvas.h"

struct app;
struct layout;

void status_draw(const struct app *app, struct canvas *canvas, const struct layout *layout);

#endif
