/* The curses adapter: draws a canvas on the terminal and reads keys. */
#ifndef INITVIZ_IO_TUI_SCREEN_H
#define INITVIZ_IO_TUI_SCREEN_H

#include <stdbool.h>

#include "base/err.h"
#include "draw/canvas.h"
#include "draw/palette.h"

struct screen_options {
	const struct palette *palette;
	bool colour; /* false: only bold, dim and reverse */
	bool mouse;  /* clicks and the wheel are reported; the terminal then does not select text */
};

/* Takes the screen.  ERR_RESOURCE. */
bool screen_open(const struct screen_options *options, struct err *err);
void screen_close(void);

/* Changes the palette from the next frame on. */
void screen_restyle(const struct palette *palette);

/* Asks the terminal for its background colour (OSC 11); the answer comes among the
 * keys, as a report (escape.h).  False where the kind of terminal is not known to
 * understand the question. */
bool screen_ask_background(void);

/* Gives the screen back for a while (Ctrl-Z), and takes it again. */
void screen_leave(void);
void screen_return(void);

/* The next frame is drawn completely.  ERR_RESOURCE. */
bool screen_resize(int width, int height, struct err *err);
void screen_redraw(void *unused); /* draws the next frame completely (Ctrl-L) */
void screen_draw(const struct canvas *canvas); /* of that size */

enum screen_key {
	SCREEN_KEY_NONE = -1,    /* no input is pending */
	SCREEN_KEY_UNKNOWN = -2, /* a key that is not bound */
	SCREEN_KEY_CLICK = -3,   /* of the mouse, at screen_clicked() */
};
/* The next key without waiting: a code point or an enum app_key. */
int screen_key(void);

/* The cell of the last click. */
void screen_clicked(int *x, int *y);

/* "ncurses 6.4.20221231" */
const char *screen_library(void);

#endif
