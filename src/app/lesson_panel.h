/* The panel with a lesson's text, below the view. */
#ifndef INITVIZ_APP_LESSON_PANEL_H
#define INITVIZ_APP_LESSON_PANEL_H

#include "draw/canvas.h"

struct app;

/* Where the panel is in an area, and what it leaves to the view; the height is
 * the same for all pages of a lesson. */
struct rect lesson_panel_place(const struct app *app, struct rect area, struct rect *view);

/* Rows of the page's text, and those that the panel shows at once, on the app's screen. */
int lesson_panel_rows(const struct app *app);
int lesson_panel_room(const struct app *app);

void lesson_panel_draw(const struct app *app, struct canvas *canvas, struct rect panel);

/* Marks what the page points at in what was drawn of the view. */
void lesson_panel_point(const struct app *app, struct canvas *canvas, struct rect view);

#endif
