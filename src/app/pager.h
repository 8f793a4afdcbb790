/* A page of text that may be longer than the screen: scrolled and searched. */
#ifndef INITVIZ_APP_PAGER_H
#define INITVIZ_APP_PAGER_H

#include <stdbool.h>

#include "app/line.h"
#include "draw/canvas.h"

struct app;

/* A page.  Its `draw` shows the part from pager_first() on. */
struct pager_page {
	const char *noun;                                /* "the help" */
	int (*lines)(const struct app *app, int width);  /* of the whole page at this width */
	void (*draw)(const struct app *app, struct canvas *canvas, struct rect area);
};

/* Starts as {0}. */
struct pager {
	int scroll;            /* lines above the screen */
	char word[LINE_SIZE];  /* searched last; "" for none */
	int match;             /* the line where it was found, -1: not since the page was scrolled */
	struct line search;    /* being typed */
};

/* At the top of the page, nothing searched. */
void pager_open(struct pager *pager);

/* The first line shown of `lines` in `height` rows. */
int pager_first(const struct pager *pager, int lines, int height);

/* Handles a key: scrolls, opens a search (/), repeats it (n, N); a message
 * explains any other key. */
void pager_key(struct pager *pager, struct app *app, const struct pager_page *page, int key);

/* A key while a search is typed: Enter carries it out. */
void pager_type(struct pager *pager, struct app *app, const struct pager_page *page, int key);

/* Marks the word in what was drawn. */
void pager_mark(const struct pager *pager, struct canvas *canvas, struct rect area);

#endif
