/* Clicks on the screen. */
#ifndef INITVIZ_APP_CLICK_H
#define INITVIZ_APP_CLICK_H


struct app;

/* Explains what is at a cell, and does what a click on it does. */
void click_at(struct app *app, int x, int y);

#endif
