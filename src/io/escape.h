/* A filter behind the keyboard: swallows the escape sequences that the screen
 * library does not know, so that their letters are not taken for keys, and
 * keeps a paste apart from typing. */
#ifndef INITVIZ_IO_ESCAPE_H
#define INITVIZ_IO_ESCAPE_H

#include <stdbool.h>

enum escape_state {
	ESCAPE_NONE,
	ESCAPE_BEGUN,    /* after ESC */
	ESCAPE_CONTROL,  /* in ESC [ ... final */
	ESCAPE_ONE_MORE, /* in ESC O final */
	ESCAPE_MOUSE,    /* in ESC [ M and three bytes */
	ESCAPE_STRING,   /* in ESC ] ... BEL or ESC \, and its kind */
};

/* Starts as {0}. */
struct escape {
	enum escape_state state;
	int parameter;  /* the last number of a control sequence, -1 for none */
	int left;       /* bytes of a mouse report still to come */
	double since;   /* when its last byte came */
	bool pasting;   /* between the marks of a bracketed paste */
};

/* Takes one character at a time (seconds on a monotonic clock); returns it, or
 * -1 when it belongs to a sequence or is a control character in a paste. */
int escape_feed(struct escape *escape, int character, double now);

/* To be called when nothing more is waiting: 27 when the last was an ESC
 * alone, else -1. */
int escape_pause(struct escape *escape);

#endif
